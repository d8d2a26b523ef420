package pin

import (
	"context"
	"log/slog"
	"time"

	"ikomek109/ivr"
)

// Phone is a telephone that a PIN is keyed into; see [ivr.Handset].
type Phone interface {
	Agent() ivr.AgentID
	Say(ctx context.Context, said ...ivr.Said) error
	Digits(ctx context.Context, most int, within time.Duration) (string, error)
}

// Question is how somebody at a telephone is asked who they are. All fields are
// needed.
type Question struct {
	// Open tells who keyed in their number and PIN at a place; Conflict while
	// it is locked. What was keyed in is not kept.
	Open   func(ctx context.Context, keyed, place string) (name string, err error)
	Failed string // the phrase for a PIN that could not be looked at
	Log    *slog.Logger
}

const (
	keyWithin = 6 * time.Second // the longest pause between two keys
	mostKeyed = 14              // a number of two digits and a PIN of up to twelve
	tries     = 3               // wrong PINs, and silences, in one call
)

// Ask asks for number and PIN. No name: the caller gave up, or was told that it
// is locked. The error is that of the phone.
func (q Question) Ask(ctx context.Context, p Phone) (name string, err error) {
	place := "agent " + string(p.Agent())
	for range tries {
		if err := p.Say(ctx, ivr.Said{ID: "agent/pin"}); err != nil {
			return "", err
		}
		keyed, err := p.Digits(ctx, mostKeyed, keyWithin)
		if err != nil {
			return "", err
		}
		if keyed == "" {
			continue
		}
		who, err := q.Open(ctx, keyed, place)
		if err == nil {
			return who, nil
		}
		q.Log.Warn("a PIN was not accepted", "place", place, "err", err)
		switch ivr.CodeOf(err) {
		case ivr.Denied:
			err = p.Say(ctx, ivr.Said{ID: "agent/pin_wrong"})
		case ivr.Conflict:
			return "", p.Say(ctx, ivr.Said{ID: "agent/pin_locked"})
		default:
			return "", p.Say(ctx, ivr.Said{ID: q.Failed})
		}
		if err != nil {
			return "", err
		}
	}
	return "", nil
}
