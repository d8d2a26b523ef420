package ivrtest

import (
	"context"
	"slices"
	"sync"

	"ikomek109/ivr"
)

// Callbacks is an [ivr.Callbacks] in memory.
type Callbacks struct {
	mu   sync.Mutex
	all  []ivr.Callback // guarded by mu
	down error          // guarded by mu
}

// Break makes Ask fail; nil mends.
func (c *Callbacks) Break(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.down = err
}

// All gives every callback.
func (c *Callbacks) All() []ivr.Callback {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.all)
}

// Ask implements [ivr.Callbacks].
func (c *Callbacks) Ask(ctx context.Context, cb ivr.Callback) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return &ivr.Error{Op: "ask", Code: ivr.Unavailable, Message: "gave up before it began", Err: err}
	}
	if c.down != nil {
		return c.down
	}
	if cb.Number == "" || cb.Call == "" || cb.State != ivr.CallbackWaiting || cb.AskedAt.IsZero() || cb.Since.IsZero() || cb.DueAt.IsZero() {
		return failure("ask", ivr.Invalid, "a callback needs a number, a call and its times, and waits")
	}
	for _, other := range c.all {
		switch {
		case other.Number != cb.Number || other.State != ivr.CallbackWaiting && other.State != ivr.CallbackTrying:
		case other.Call == cb.Call:
			return nil
		default:
			return failure("ask", ivr.Conflict, "this number has a callback already")
		}
	}
	cb.ID = int64(len(c.all) + 1)
	c.all = append(c.all, cb)
	return nil
}

// Lookups is an [ivr.Lookups] made of a function.
type Lookups func(ctx context.Context, url string, take map[string]string) (map[string]string, error)

// Look implements [ivr.Lookups].
func (l Lookups) Look(ctx context.Context, url string, take map[string]string) (map[string]string, error) {
	return l(ctx, url, take)
}
