package ivrtest

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"ikomek109/ivr"
)

// Callbacks is an [ivr.Callbacks] and an [ivr.Recalls] in memory.
type Callbacks struct {
	// Lives tells which calls are live; nil: none is. Set it before use.
	Lives func(call ivr.CallID) bool

	mu      sync.Mutex
	all     []ivr.Callback      // guarded by mu
	last    int64               // guarded by mu: the ID given last
	claimed map[int64]time.Time // guarded by mu
	down    error               // guarded by mu
}

// Break makes all methods fail; nil mends.
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

// Cancel ends a callback, as a person does.
func (c *Callbacks) Cancel(id int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cb := c.find(id); cb != nil && cb.State.Open() {
		cb.State, cb.EndedAt = ivr.CallbackCancelled, time.Now()
	}
}

// ready gives the error that a method has to return at once; mu is held.
func (c *Callbacks) ready(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return &ivr.Error{Op: "callbacks", Code: ivr.Unavailable, Message: "gave up before it began", Err: err}
	}
	return c.down
}

// find gives a callback; mu is held.
func (c *Callbacks) find(id int64) *ivr.Callback {
	for i := range c.all {
		if c.all[i].ID == id {
			return &c.all[i]
		}
	}
	return nil
}

// Ask implements [ivr.Callbacks].
func (c *Callbacks) Ask(ctx context.Context, cb ivr.Callback) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.ready(ctx); err != nil {
		return err
	}
	if cb.Number == "" || cb.Call == "" && cb.By == "" || cb.State != ivr.CallbackWaiting ||
		cb.AskedAt.IsZero() || cb.Since.IsZero() || cb.DueAt.IsZero() {
		return failure("ask", ivr.Invalid, "a callback needs a number, a call or who asked, and its times, and waits")
	}
	for _, other := range c.all {
		switch {
		case other.Number != cb.Number || !other.State.Open():
		case other.Call == cb.Call && cb.Call != "":
			return nil
		default:
			return failure("ask", ivr.Conflict, "this number has a callback already")
		}
	}
	c.last++
	cb.ID = c.last
	c.all = append(c.all, cb)
	return nil
}

// Met implements [ivr.Callbacks].
func (c *Callbacks) Met(ctx context.Context, number ivr.Number, why string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.ready(ctx); err != nil {
		return err
	}
	for i := range c.all {
		if cb := &c.all[i]; cb.Number == number && cb.State.Open() {
			cb.State, cb.Why, cb.EndedAt = ivr.CallbackCancelled, why, time.Now()
		}
	}
	return nil
}

// Due implements [ivr.Recalls].
func (c *Callbacks) Due(ctx context.Context, now time.Time, limit int) ([]ivr.Callback, error) {
	all, err := c.those(ctx, func(cb ivr.Callback) bool { return cb.State == ivr.CallbackWaiting && !cb.DueAt.After(now) })
	return all[:min(limit, len(all))], err
}

// Trying implements [ivr.Recalls].
func (c *Callbacks) Trying(ctx context.Context) ([]ivr.Callback, error) {
	return c.those(ctx, func(cb ivr.Callback) bool { return cb.State == ivr.CallbackTrying })
}

// those gives the callbacks that are chosen, the longest waiting first.
func (c *Callbacks) those(ctx context.Context, chosen func(ivr.Callback) bool) (all []ivr.Callback, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.ready(ctx); err != nil {
		return nil, err
	}
	for _, cb := range c.all {
		if chosen(cb) {
			all = append(all, cb)
		}
	}
	slices.SortStableFunc(all, func(a, b ivr.Callback) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.ID, b.ID)) })
	return all, nil
}

// Claim implements [ivr.Recalls].
func (c *Callbacks) Claim(ctx context.Context, id int64, call ivr.CallID, at time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.ready(ctx); err != nil {
		return err
	}
	switch cb := c.find(id); {
	case call == "" || at.IsZero():
		return failure("claim", ivr.Invalid, "a claim needs a call and a time")
	case cb == nil:
		return failure("claim", ivr.NotFound, "no callback %d", id)
	case cb.State != ivr.CallbackWaiting:
		return failure("claim", ivr.Conflict, "callback %d is %s", id, cb.State)
	default:
		cb.State, cb.Recall = ivr.CallbackTrying, call
		if c.claimed == nil {
			c.claimed = map[int64]time.Time{}
		}
		c.claimed[id] = at
	}
	return nil
}

// Ours implements [ivr.Recalls].
func (c *Callbacks) Ours(ctx context.Context, id int64, call ivr.CallID) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.ready(ctx); err != nil {
		return err
	}
	switch cb := c.find(id); {
	case cb == nil:
		return failure("confirm", ivr.NotFound, "no callback %d", id)
	case cb.State != ivr.CallbackTrying || cb.Recall != call:
		return failure("confirm", ivr.Conflict, "callback %d is %s by %s", id, cb.State, cb.Recall)
	}
	return nil
}

// Settle implements [ivr.Recalls].
func (c *Callbacks) Settle(ctx context.Context, t ivr.Tried) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.ready(ctx); err != nil {
		return err
	}
	again := t.State == ivr.CallbackWaiting
	if t.Call == "" || t.At.IsZero() || again == t.Due.IsZero() ||
		!again && t.State != ivr.CallbackReached && t.State != ivr.CallbackFailed {
		return failure("settle", ivr.Invalid, "%+v", t)
	}
	cb := c.find(t.ID)
	if cb == nil {
		return failure("settle", ivr.NotFound, "no callback %d", t.ID)
	}
	reached := cb.State == ivr.CallbackCancelled && t.State == ivr.CallbackReached
	if cb.Recall != t.Call || cb.State != ivr.CallbackTrying && !reached {
		return failure("settle", ivr.Conflict, "callback %d is %s by %s", t.ID, cb.State, cb.Recall)
	}
	cb.State, cb.Why = t.State, t.Why
	if t.Counts {
		cb.Tries++
	}
	if again {
		cb.DueAt = t.Due
	} else {
		cb.EndedAt = t.At
	}
	return nil
}

// Tidy implements [ivr.Recalls].
func (c *Callbacks) Tidy(ctx context.Context, t ivr.Tidying) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.ready(ctx); err != nil {
		return err
	}
	for i := range c.all {
		cb := &c.all[i]
		lives := c.Lives != nil && c.Lives(cb.Recall)
		if cb.State == ivr.CallbackTrying && c.claimed[cb.ID].Before(t.Claimed) && !lives {
			cb.State = ivr.CallbackWaiting
		}
	}
	c.all = slices.DeleteFunc(c.all, func(cb ivr.Callback) bool {
		return !t.Ended.IsZero() && !cb.State.Open() && cb.EndedAt.Before(t.Ended)
	})
	return nil
}

// Lookups is an [ivr.Lookups] made of a function.
type Lookups func(ctx context.Context, url string, take map[string]string) (map[string]string, error)

// Look implements [ivr.Lookups].
func (l Lookups) Look(ctx context.Context, url string, take map[string]string) (map[string]string, error) {
	return l(ctx, url, take)
}
