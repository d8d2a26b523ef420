package notice

import (
	"context"
	"log/slog"
	"time"

	"ikomek109/ivr"
	"ikomek109/pin"
)

// Phone is a telephone that somebody sets the mode from; see [ivr.Handset].
type Phone interface {
	Agent() ivr.AgentID
	Say(ctx context.Context, said ...ivr.Said) error
	Key(ctx context.Context, within time.Duration) (key byte, ok bool, err error)
	Digits(ctx context.Context, most int, within time.Duration) (string, error)
}

// ByPhoneOptions is how the mode is set by telephone. All fields are needed.
type ByPhoneOptions struct {
	Board *Board
	Mode  func() Mode // in force
	// Open tells who keyed in their number and PIN at a place; Conflict while
	// it is locked. What was keyed in is not kept.
	Open  func(ctx context.Context, keyed, place string) (name string, err error)
	Lasts time.Duration  // how long a mode set by telephone holds
	Zone  *time.Location // of the times that are said
	Log   *slog.Logger
}

const (
	keyWithin = 6 * time.Second // the longest pause between two keys
	phoneTry  = 3               // silences in one call
	// reasonByPhone is the reason on record of a mode set by telephone: nobody
	// can write one with twelve keys.
	reasonByPhone = "by phone"
)

// ByPhone sets the mode from a telephone: a PIN, a key, and a word on what came
// of it.
func ByPhone(ctx context.Context, p Phone, o ByPhoneOptions) error {
	who, err := pin.Question{Open: o.Open, Failed: "agent/mode/failed", Log: o.Log}.Ask(ctx, p)
	if who == "" || err != nil {
		return err
	}
	mode, err := o.choose(ctx, p)
	if err != nil {
		return err
	}
	if mode == "" || mode == o.Mode() && mode == Daily {
		return p.Say(ctx, ivr.Said{ID: "agent/mode/same"})
	}
	s := Switch{Mode: mode, Author: who, Reason: reasonByPhone, By: ByTelephone}
	if mode != Daily {
		s.Until = time.Now().Add(o.Lasts)
	}
	s, err = o.Board.SetMode(ctx, s)
	if err != nil {
		o.Log.Error("the mode was not set by phone", "mode", mode, "author", who, "err", err)
		return p.Say(ctx, ivr.Said{ID: "agent/mode/failed"})
	}
	said := []ivr.Said{{ID: "agent/mode/set/" + string(mode)}}
	if !s.Until.IsZero() {
		until := s.Until.In(o.Zone)
		said = append(said, ivr.Said{ID: "agent/mode/until", Values: map[string]string{
			"date": until.Format("01-02"), "time": until.Format("15:04"),
		}})
	}
	return p.Say(ctx, said...)
}

// choose says the mode in force and offers all; none when no key came.
func (o ByPhoneOptions) choose(ctx context.Context, p Phone) (Mode, error) {
	for range phoneTry {
		said := []ivr.Said{{ID: "agent/mode/is/" + string(o.Mode())}}
		for i, m := range Modes() {
			said = append(said, ivr.Said{ID: "agent/mode/to/" + string(m)}, ivr.Said{ID: "key/" + string(rune('1'+i))})
		}
		if err := p.Say(ctx, said...); err != nil {
			return "", err
		}
		key, ok, err := p.Key(ctx, keyWithin)
		if err != nil {
			return "", err
		}
		if i := int(key) - '1'; ok && i >= 0 && i < len(Modes()) {
			return Modes()[i], nil
		}
	}
	return "", nil
}
