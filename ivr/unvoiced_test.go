package ivr_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

// gaps is a voice that has no sound for some phrases.
type gaps struct {
	ivrtest.Voice
	missing func(phrase string) bool // "kk/welcome/text"
}

func (g gaps) Sounds(lang, id, text string, values map[string]string) ([]string, time.Duration, error) {
	if g.missing(lang + "/" + id) {
		return nil, 0, errors.New("no file for " + lang + "/" + id)
	}
	return g.Voice.Sounds(lang, id, text, values)
}

func everyPhrase(string) bool { return true }

// unvoiced starts a line whose voice has no sound for some phrases.
func (b *bench) unvoiced(missing func(phrase string) bool) {
	b.with(func(o *ivr.Options) { o.Voice = gaps{missing: missing} })
	b.startDesk()
}

// TestPhraseWithoutSound goes the whole way of a self-service call. What has a sound
// is heard, the keys lead where they always do, and an answer that had none was not
// heard.
func TestPhraseWithoutSound(t *testing.T) {
	const answer, after = "ru/transport-fare/text", "ru/answer/again"
	for missing, c := range map[string]struct {
		heard   []string
		outcome ivr.Outcome
		share   string
	}{
		"none":                   {[]string{"ru/topics/to-transport ru/key/3", answer, after, "ru/goodbye"}, ivr.Informed, "100"},
		"welcome/text":           {[]string{"language/text", "ru/topics/to-transport ru/key/3", answer, after, "ru/goodbye"}, ivr.Informed, "100"},
		"topics/to-transport":    {[]string{"ru/topics/to-curfew ru/key/2 ru/key/3 ru/topics/to-health", answer, after, "ru/goodbye"}, ivr.Informed, "100"},
		"key/3":                  {[]string{"ru/topics/to-transport ru/topics/to-health", answer, after, "ru/goodbye"}, ivr.Informed, "100"},
		"transport-fare/text":    {[]string{"ru/topics/to-transport ru/key/3", after, "ru/goodbye"}, ivr.MenuHangup, "0"},
		"answer/again":           {[]string{answer, "ru/key/1 ru/answer/back", "ru/goodbye"}, ivr.Informed, "100"},
		"goodbye":                {[]string{answer, after}, ivr.Informed, "100"},
		"menu/operator":          {[]string{"ru/topics/to-utilities ru/key/5 ru/key/0", answer, after, "ru/goodbye"}, ivr.Informed, "100"},
		"transport/to-transport": {[]string{answer, after, "ru/goodbye"}, ivr.Informed, "100"},
	} {
		t.Run(missing, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.unvoiced(func(phrase string) bool { return strings.Contains(phrase, "/"+missing) })
				b.arrive("a")
				for _, key := range []string{"2", "3", "2"} {
					b.after(time.Second)
					b.press("a", key)
				}
				b.after(25 * time.Second)
				b.press("a", "3")
				b.after(time.Minute)
				for _, want := range c.heard {
					if !heard(b, "play", want) {
						t.Errorf("not heard: %s; but %v", want, b.sw.Did())
					}
				}
				if heard(b, "play", "/"+missing) {
					t.Errorf("%s was played: %v", missing, b.sw.Did())
				}
				r := b.only()
				if r.Outcome != c.outcome || r.Reason != ivr.Goodbye || r.Keys != "2323" || r.Language != flows.Russian || r.Category != "transport/fare" {
					t.Errorf("record %+v", r)
				}
				if got := b.shares(r.ID); !slices.Equal(got, []string{c.share}) {
					t.Errorf("shares heard of answers: %q, want %s", got, c.share)
				}
				b.settled()
			})
		})
	}
}

// shares gives how much of each answer was heard, as the journal has it.
func (b *bench) shares(id ivr.CallID) (all []string) {
	for _, e := range b.journal.Entries(id) {
		if e.Kind == ivr.AnswerHeard {
			all = append(all, e.Detail["share"])
		}
	}
	return all
}

// TestNoSoundLeadsToAnOperator: who hears nothing and presses nothing waits with
// music after three silences, for as long as it takes, and is served.
func TestNoSoundLeadsToAnOperator(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.unvoiced(everyPhrase)
		b.arrive("a")
		const silences = 4 * flows.ListenTimeout // the one of the language, and three
		b.after(silences - 100*time.Millisecond)
		if r := b.only(); r.Waiting() || !r.Live() || len(b.sw.Did()) != 0 {
			t.Fatalf("before the third silence: %v, %v", r.Path, b.sw.Did())
		}
		b.after(200 * time.Millisecond)
		if r := b.only(); !r.Waiting() || r.Path[len(r.Path)-1] != "operator" || r.Language != flows.Kazakh {
			t.Errorf("after three silences: %v, language %q", r.Path, r.Language)
		}
		b.after(15 * time.Minute)
		if did := b.sw.Did(); !slices.Equal(did, []string{"hold true"}) {
			t.Errorf("who waits hears nothing but music; the switch was told %v", did)
		}
		if n := len(b.journal.Entries(b.only().ID)); n > 40 {
			t.Errorf("%d entries for a caller who did nothing", n)
		}
		b.agent("aigerim", ivrtest.Manner{Answer: time.Second})
		b.after(time.Minute)
		b.sw.HangUp("a")
		b.after(time.Second)
		if r := b.only(); r.Outcome != ivr.Served || r.Agent != "aigerim" || r.Heard != 0 || r.Keys != "" {
			t.Errorf("record %+v", r)
		}
		b.settled()
	})
}

// TestKeysWorkWithoutSound: who knows the way goes it, and an answer that was not
// heard does not count as one.
func TestKeysWorkWithoutSound(t *testing.T) {
	for keys, c := range map[string]struct {
		outcome ivr.Outcome
		at      string
	}{
		"2323": {ivr.MenuHangup, "goodbye"},
		"20":   {ivr.Abandoned, "operator"},
		"23*":  {ivr.MenuHangup, "topics"},
		"2#":   {ivr.MenuHangup, "topics"},
	} {
		t.Run(keys, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.unvoiced(everyPhrase)
				b.arrive("a")
				b.press("a", keys)
				b.after(2 * time.Second)
				if r := b.only(); r.Path[len(r.Path)-1] != c.at || r.Language != flows.Russian || r.Keys != keys {
					t.Errorf("at %v in %q, keys %q; want %s", r.Path, r.Language, r.Keys, c.at)
				}
				b.sw.HangUp("a")
				b.after(time.Second)
				if r := b.only(); r.Outcome != c.outcome || r.Heard != 0 {
					t.Errorf("record %+v", r)
				}
				if heard(b, "play", "") {
					t.Errorf("something was played: %v", b.sw.Did())
				}
				b.settled()
			})
		})
	}
}

// TestServicesWithoutSound: nothing but the tone and music is heard, and each service
// leads on: nobody is hung up on who did not leave a message.
func TestServicesWithoutSound(t *testing.T) {
	for name, c := range map[string]struct {
		keys, at string
		outcome  ivr.Outcome // once the caller has hung up
	}{
		"message":  {"1", "goodbye", ivr.LeftWord},
		"callback": {"2", "operator", ivr.Abandoned},
		"partner":  {"3", "operator", ivr.Abandoned},
		"digits":   {"4", "operator", ivr.Abandoned},
		"lookup":   {"41234", "operator", ivr.Abandoned},
	} {
		t.Run(name, func(t *testing.T) {
			inOffices(t, func(t *testing.T, o *offices) {
				o.sw.Partner("112", ivrtest.Manner{})
				o.with(func(opt *ivr.Options) { o.change(opt); opt.Voice = gaps{missing: everyPhrase} })
				o.startDesk()
				o.arriveAt(c.keys, 2*time.Minute)
				if r := o.only(); r.Path[len(r.Path)-1] != c.at {
					t.Errorf("at %v, want %s; %v", r.Path, c.at, o.kinds())
				}
				for _, did := range o.sw.Did() {
					if strings.HasPrefix(did, "play") && did != "play [tone]" {
						t.Errorf("it did: %s", did)
					}
				}
				if n := len(o.kinds()); n > 30 {
					t.Errorf("%d entries: %v", n, o.kinds())
				}
				o.sw.HangUp("a")
				o.ended(c.outcome)
			})
		})
	}
}
