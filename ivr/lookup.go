package ivr

import (
	"context"
	"time"

	"ikomek109/flows"
)

// Lookups asks services of the city on behalf of a call.
type Lookups interface {
	// Look gets an answer and takes values out of it: by variable, by JSON
	// pointer. Every value asked for is there, or it is an error. It ends with ctx.
	Look(ctx context.Context, url string, take map[string]string) (map[string]string, error)
}

// looked is what came of a lookup; it arrives in the call's own mailbox.
type looked struct {
	values map[string]string
	err    error
	nth    int // which lookup of the call it is the answer to
}

func (looked) isEvent() {}

// maxLookup bounds how long a caller hears nothing for a lookup's sake.
const maxLookup = 10 * time.Second

// lookUp asks a service of the city. The caller may hang up meanwhile; keys are
// kept. A failure is a branch of the flow, never the end of a call.
func (c *call) lookUp(ctx context.Context, a flows.Lookup) (flows.Input, error) {
	if c.line.opt.Lookups == nil {
		return flows.Looked{Failed: true}, nil
	}
	c.lookups++
	begun, patience := time.Now(), min(max(a.Timeout, time.Second), maxLookup)
	asking, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	nth, in, look := c.lookups, c.in, c.line.opt.Lookups.Look
	c.line.work.Go(func() {
		got := looked{nth: nth}
		got.err = c.caught(func() (err error) {
			got.values, err = look(asking, a.URL, a.Take)
			return err
		})
		in.Put(got)
	})
	got, err := c.awaitLooked(ctx, nth)
	if err != nil {
		return nil, err
	}
	if got.err != nil {
		c.log.Warn("a lookup failed", "node", a.Node, "after", time.Since(begun).Round(time.Millisecond), "err", got.err)
		return flows.Looked{Failed: true}, nil
	}
	return flows.Looked{Values: got.values}, nil
}

func (c *call) awaitLooked(ctx context.Context, nth int) (looked, error) {
	var later []Event
	defer func() { c.held = append(later, c.held...) }()
	for {
		ev, err := c.next(ctx, time.Time{})
		if err != nil {
			return looked{}, err
		}
		switch e := ev.(type) {
		case looked:
			if e.nth == nth {
				return e, nil
			}
		case KeyPressed: // kept already
		default:
			later = append(later, ev)
		}
	}
}
