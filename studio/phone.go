package studio

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"ikomek109/ivr"
	"ikomek109/pin"
	"ikomek109/speech"
)

// Phone is the telephone that is read into; see [ivr.Handset].
type Phone interface {
	Agent() ivr.AgentID
	Say(ctx context.Context, said ...ivr.Said) error
	Key(ctx context.Context, within time.Duration) (key byte, ok bool, err error)
	Digits(ctx context.Context, most int, within time.Duration) (string, error)
	Play(ctx context.Context, sounds []string, length time.Duration) error
	Record(ctx context.Context, most, silence time.Duration) ([]byte, error)
	Replay(ctx context.Context) error
}

// Sounds is what is needed of the prompts; see [speech.Library].
type Sounds interface {
	Numbers() (*speech.Numbers, error)
	Sounds(lang, id, text string, values map[string]string) ([]string, time.Duration, error)
	Import(ctx context.Context, t speech.Take) (speech.Taken, error)
}

// Options is how prompts are recorded by telephone. All fields are needed.
type Options struct {
	Sounds Sounds
	// Clips gives the prompts of the menu that is live.
	Clips func() ([]speech.Clip, error)
	// Expected tells how long a prompt takes to say.
	Expected func(speech.Clip) time.Duration
	// Open tells who keyed in their number and PIN at a place; Conflict while it
	// is locked. What was keyed in is not kept.
	Open func(ctx context.Context, keyed, place string) (name string, err error)
	Log  *slog.Logger
}

const (
	keyWithin   = 6 * time.Second // the longest pause between two keys
	numberKeyed = 6               // digits of a phrase's number
	tries       = 3               // wrong numbers, and silences, in a row
	mostSpoken  = 2 * time.Minute // one phrase
	silence     = 4 * time.Second // ends a recording; it is cut off
)

// ByPhone records prompts, one after the other, until the phone is hung up or
// nothing is keyed in any more. The error is that of the phone.
func ByPhone(ctx context.Context, p Phone, o Options) error {
	who, err := pin.Question{Open: o.Open, Failed: "agent/record/failed", Log: o.Log}.Ask(ctx, p)
	if who == "" || err != nil {
		return err
	}
	for range 1000 { // nobody reads more in one call
		clip, ok, err := o.choose(ctx, p)
		if !ok || err != nil {
			return err
		}
		if err := o.record(ctx, p, clip, who); err != nil {
			return err
		}
	}
	return nil
}

func say(ctx context.Context, p Phone, ids ...string) error {
	said := make([]ivr.Said, len(ids))
	for i, id := range ids {
		said[i] = ivr.Said{ID: id}
	}
	return p.Say(ctx, said...)
}

// choose asks for the number of a phrase; false when none comes.
func (o Options) choose(ctx context.Context, p Phone) (speech.Clip, bool, error) {
	for range tries {
		if err := say(ctx, p, "agent/record/number"); err != nil {
			return speech.Clip{}, false, err
		}
		keyed, err := p.Digits(ctx, numberKeyed, keyWithin)
		if err != nil {
			return speech.Clip{}, false, err
		}
		if keyed == "" {
			continue
		}
		clip, ok := o.find(keyed)
		if ok {
			return clip, true, nil
		}
		if err := say(ctx, p, "agent/record/none"); err != nil {
			return speech.Clip{}, false, err
		}
	}
	return speech.Clip{}, false, nil
}

// find gives the prompt of the live menu with that number.
func (o Options) find(keyed string) (speech.Clip, bool) {
	number, err := strconv.Atoi(keyed)
	if err != nil {
		return speech.Clip{}, false
	}
	numbers, err := o.Sounds.Numbers()
	if err != nil {
		o.Log.Error("the numbers of the prompts were not read", "err", err)
		return speech.Clip{}, false
	}
	clips, err := o.Clips()
	if err != nil {
		o.Log.Error("the prompts of the menu were not listed", "err", err)
	}
	for _, c := range clips {
		if numbers.Of(c) == number {
			return c, true
		}
	}
	return speech.Clip{}, false
}

// record has one prompt read until it is kept, or left.
func (o Options) record(ctx context.Context, p Phone, c speech.Clip, who string) error {
	if sounds, length, err := o.Sounds.Sounds(c.Lang, c.ID, c.Text, nil); err == nil {
		if err := say(ctx, p, "agent/record/now"); err != nil {
			return err
		}
		if err := p.Play(ctx, sounds, length); err != nil {
			return err
		}
	}
	for {
		if err := say(ctx, p, "agent/record/speak"); err != nil {
			return err
		}
		sound, err := p.Record(ctx, mostSpoken, silence)
		switch {
		case err != nil && (ivr.HungUp(err) || ctx.Err() != nil):
			return err
		case err != nil:
			o.Log.Error("a prompt was not recorded", "prompt", c.String(), "err", err)
			return say(ctx, p, "agent/record/failed")
		}
		again, err := o.decide(ctx, p, speech.Take{
			Clip: c, Sound: sound, From: who + " (by phone)", Expected: o.Expected(c),
		})
		if !again || err != nil {
			return err
		}
	}
}

// decide plays what was read and asks what is to become of it, until it is kept
// or left; again: it is to be read once more.
func (o Options) decide(ctx context.Context, p Phone, t speech.Take) (again bool, err error) {
	keep := "agent/record/keep"
	if err := o.hear(ctx, p); err != nil {
		return false, err
	}
	for range tries {
		err := say(ctx, p, keep, "key/1", "agent/record/again", "key/2", "agent/record/hear", "key/3", "agent/record/leave", "key/4")
		if err != nil {
			return false, err
		}
		key, _, err := p.Key(ctx, keyWithin)
		if err != nil {
			return false, err
		}
		switch key {
		case '1':
			done, err := o.keep(ctx, p, t)
			if done || err != nil {
				return false, err
			}
			t.Anyway, keep = true, "agent/record/anyway"
		case '2':
			return true, nil
		case '3':
			err = o.hear(ctx, p)
		case '4':
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	return false, nil
}

func (o Options) hear(ctx context.Context, p Phone) error {
	if err := say(ctx, p, "agent/record/yours"); err != nil {
		return err
	}
	return p.Replay(ctx)
}

// keep brings the recording in and says what came of it; false: it has flaws,
// which may be lived with.
func (o Options) keep(ctx context.Context, p Phone, t speech.Take) (done bool, err error) {
	taken, err := o.Sounds.Import(ctx, t)
	var flawed *speech.FlawError
	switch {
	case errors.As(err, &flawed):
		mute := false
		ids := make([]string, len(flawed.Flaws))
		for i, f := range flawed.Flaws {
			ids[i], mute = flawPhrase(f), mute || f.Mute
		}
		return mute, say(ctx, p, ids...)
	case err != nil:
		o.Log.Error("a recording by phone was not kept", "prompt", t.Clip.String(), "err", err)
		return true, say(ctx, p, "agent/record/failed")
	}
	o.Log.Info("a prompt was recorded by phone", "prompt", t.Clip.String(), "by", t.From, "file", taken.File)
	return true, say(ctx, p, "agent/record/kept")
}

// flawPhrase is how a flaw is told.
func flawPhrase(f speech.Flaw) string {
	switch {
	case f.Mute:
		return "agent/record/empty"
	case f.Code == speech.FlawClipped:
		return "agent/record/loud"
	case f.Code == speech.FlawQuiet:
		return "agent/record/quiet"
	case f.Code == speech.FlawSilence:
		return "agent/record/silence"
	default:
		return "agent/record/length"
	}
}
