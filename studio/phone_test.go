package studio_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/speech"
	"ikomek109/studio"
)

// keypad is a telephone on which keys were pressed ahead; a dash is a silence.
type keypad struct {
	keys   string
	said   []string // phrases, "play FILE", "tone", "replay"
	spoken int      // recordings made
	broken bool     // it cannot record
}

var errHungUp = errors.New("the keys are used up: hung up")

func (k *keypad) Agent() ivr.AgentID { return "aigerim" }

func (k *keypad) Say(_ context.Context, said ...ivr.Said) error {
	for _, s := range said {
		k.said = append(k.said, strings.TrimPrefix(s.ID, "agent/"))
	}
	return nil
}

func (k *keypad) Key(context.Context, time.Duration) (byte, bool, error) {
	if k.keys == "" {
		return 0, false, errHungUp
	}
	key := k.keys[0]
	k.keys = k.keys[1:]
	if key == '-' {
		return 0, false, nil
	}
	return key, true, nil
}

func (k *keypad) Digits(ctx context.Context, most int, within time.Duration) (string, error) {
	var all []byte
	for len(all) < most {
		key, ok, err := k.Key(ctx, within)
		if err != nil {
			return "", err
		}
		if !ok || key == '#' {
			break
		}
		all = append(all, key)
	}
	return string(all), nil
}

func (k *keypad) Play(_ context.Context, sounds []string, _ time.Duration) error {
	k.said = append(k.said, "play "+strings.Join(sounds, " "))
	return nil
}

func (k *keypad) Record(context.Context, time.Duration, time.Duration) ([]byte, error) {
	if k.broken {
		return nil, &ivr.Error{Op: "record", Code: ivr.Unavailable}
	}
	k.said = append(k.said, "tone")
	k.spoken++
	return []byte(strconv.Itoa(k.spoken)), nil
}

func (k *keypad) Replay(context.Context) error {
	k.said = append(k.said, "replay")
	return nil
}

// shelf has two prompts, and takes what it is given unless it is flawed.
type shelf struct {
	*speech.Library
	flaw   speech.Flaw
	refuse error
	taken  []speech.Take
}

func (s *shelf) Import(_ context.Context, t speech.Take) (speech.Taken, error) {
	switch {
	case s.refuse != nil:
		return speech.Taken{}, s.refuse
	case s.flaw.Code != "" && (!t.Anyway || s.flaw.Mute):
		return speech.Taken{}, &speech.FlawError{Flaws: []speech.Flaw{s.flaw}}
	}
	s.taken = append(s.taken, t)
	return speech.Taken{File: "/recordings/a.wav"}, nil
}

func (s *shelf) Sounds(lang, id, _ string, _ map[string]string) ([]string, time.Duration, error) {
	if id == "mute" {
		return nil, 0, speech.ErrMissing
	}
	return []string{lang + "/" + id}, time.Second, nil
}

func prompts() []speech.Clip {
	return []speech.Clip{
		{Lang: "kk", ID: "welcome", Text: "Қайырлы күн!"},
		{Lang: "ru", ID: "welcome", Text: "Добрый день!"},
		{Lang: "ru", ID: "mute", Text: "Ещё без звука."},
	}
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	lib, err := speech.Open(t.Context(), speech.Options{
		Cache: t.TempDir(), Recordings: t.TempDir(), Synth: speech.Synth{Version: "1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lib.Number(append(prompts(), speech.Clip{Lang: "kk", ID: "gone", Text: "Бұрынғы."})); err != nil {
		t.Fatal(err)
	}
	return &shelf{Library: lib}
}

func call(t *testing.T, k *keypad, s *shelf) error {
	t.Helper()
	return studio.ByPhone(t.Context(), k, studio.Options{
		Sounds: s, Log: slog.New(slog.DiscardHandler),
		Clips:    func() ([]speech.Clip, error) { return prompts(), nil },
		Expected: func(speech.Clip) time.Duration { return 3 * time.Second },
		Open: func(_ context.Context, keyed, place string) (string, error) {
			switch {
			case keyed == "10274906" && place == "agent aigerim":
				return "Айгерим", nil
			case strings.HasPrefix(keyed, "99"):
				return "", &ivr.Error{Code: ivr.Conflict}
			case strings.HasPrefix(keyed, "88"):
				return "", &ivr.Error{Code: ivr.Unavailable}
			}
			return "", &ivr.Error{Code: ivr.Denied}
		},
	})
}

const (
	asked   = "pin record/number"
	reading = " record/speak tone record/yours replay"
	choice  = " record/keep key/1 record/again key/2 record/hear key/3 record/leave key/4"
	anyway  = " record/anyway key/1 record/again key/2 record/hear key/3 record/leave key/4"
)

func TestByPhone(t *testing.T) {
	loud := speech.Flaw{Code: speech.FlawClipped}
	empty := speech.Flaw{Code: speech.FlawSilence, Mute: true}
	for name, c := range map[string]struct {
		keys   string
		broken bool
		flaw   speech.Flaw
		refuse error
		said   string
		taken  int // which recording was kept; 0: none
	}{
		"kept": {
			keys: "10274906#2#1---", taken: 1,
			said: asked + " record/now play ru/welcome" + reading + choice + " record/kept record/number record/number record/number",
		},
		"read and heard again": {
			keys: "10274906#1#231---", taken: 2,
			said: asked + " record/now play kk/welcome" + reading + choice + reading + choice + " record/yours replay" + choice +
				" record/kept record/number record/number record/number",
		},
		"left for another": {
			keys: "10274906#1#43#1", taken: 2,
			said: asked + " record/now play kk/welcome" + reading + choice + " record/number" + reading + choice + " record/kept record/number",
		},
		"no such phrase":                  {keys: "10274906#0#4#77#9", said: asked + " record/none record/number record/none record/number record/none"},
		"silent":                          {keys: "---", said: "pin pin pin"},
		"wrong PINs":                      {keys: "10000000#-10000001#", said: "pin pin_wrong pin pin pin_wrong"},
		"locked":                          {keys: "99000000#", said: "pin pin_locked"},
		"the store is away":               {keys: "88000000#", said: "pin record/failed"},
		"hung up before it was kept":      {keys: "10274906#1#", said: asked + " record/now play kk/welcome" + reading + choice},
		"nothing pressed: it is not kept": {keys: "10274906#1#---", said: asked + " record/now play kk/welcome" + reading + choice + choice + choice + " record/number"},
		"flawed and kept all the same": {
			keys: "10274906#1#11", flaw: loud, taken: 1,
			said: asked + " record/now play kk/welcome" + reading + choice + " record/loud" + anyway + " record/kept record/number",
		},
		"empty": {keys: "10274906#1#1", flaw: empty, said: asked + " record/now play kk/welcome" + reading + choice + " record/empty record/number"},
		"no disk": {
			keys: "10274906#1#1", refuse: errors.New("disk full"),
			said: asked + " record/now play kk/welcome" + reading + choice + " record/failed record/number",
		},
		"no recorder": {keys: "10274906#1#", broken: true, said: asked + " record/now play kk/welcome record/speak record/failed record/number"},
	} {
		t.Run(name, func(t *testing.T) {
			k, s := &keypad{keys: c.keys, broken: c.broken}, newShelf(t)
			s.flaw, s.refuse = c.flaw, c.refuse
			if err := call(t, k, s); err != nil && !errors.Is(err, errHungUp) {
				t.Error(err)
			}
			if got := strings.Join(k.said, " "); got != c.said {
				t.Errorf("said\n%s, want\n%s", got, c.said)
			}
			if c.taken == 0 && len(s.taken) > 0 || c.taken > 0 && (len(s.taken) != 1 || string(s.taken[0].Sound) != strconv.Itoa(c.taken)) {
				t.Fatalf("taken: %+v", s.taken)
			}
			if c.taken > 0 && (s.taken[0].From != "Айгерим (by phone)" || s.taken[0].Expected != 3*time.Second || !slices.Contains(prompts(), s.taken[0].Clip)) {
				t.Errorf("taken as %+v", s.taken[0])
			}
		})
	}
}
