package ivr

import (
	"context"
	"errors"
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

// maxLookup bounds how long a caller waits for a service.
const maxLookup = 10 * time.Second

// lookUp asks a service of the city. The caller may hang up meanwhile; keys are
// kept. Who waits long is told so, and hears music. A failure is a branch of the
// flow, never the end of a call.
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
	if err == nil {
		err = c.hold(ctx, false)
	}
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
	told := false
	for until := time.Now().Add(maxSilence); ; {
		ev, err := c.next(ctx, until)
		switch e := ev.(type) {
		case looked:
			if e.nth == nth {
				return e, nil
			}
		case nil, KeyPressed: // keys are kept already
		default:
			later = append(later, ev)
		}
		if errors.Is(err, errTimeUp) {
			until, err = c.soothe(ctx, told)
			told = true
		}
		if err != nil {
			return looked{}, err
		}
	}
}

// soothe keeps a caller company who waits in silence: a word first, then, unless
// the wait is over by then, music. It gives the time to come back at.
func (c *call) soothe(ctx context.Context, told bool) (again time.Time, err error) {
	if !told {
		err = c.tell(ctx, "one_moment")
		return time.Now(), err
	}
	err = c.hold(ctx, true)
	return time.Now().Add(musicAgain), err
}
