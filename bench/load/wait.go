package load

import (
	"context"
	"slices"
	"sync"
	"time"

	"ikomek109/phone"
)

// Waiting is a growing crowd in the queue.
type Waiting struct {
	// Address to dial.
	Address string

	mu    sync.Mutex
	calls []*phone.Call // guarded by mu
}

// Join makes n more citizens dial and press 0 for an operator.
func (w *Waiting) Join(ctx context.Context, c Crowd, n int) Tally {
	return c.Make(ctx, n, func(ctx context.Context, p *phone.Phone) ([]time.Duration, error) {
		call, err := p.Dial(ctx, w.Address, phone.DialOptions{Quiet: true})
		if err != nil {
			return nil, err
		}
		w.mu.Lock()
		w.calls = append(w.calls, call)
		w.mu.Unlock()
		if _, err := call.WaitSound(ctx, time.Time{}); err != nil {
			return nil, err
		}
		_, err = call.SendKey(ctx, '0', phone.RFC4733)
		return nil, err
	})
}

// Heard waits until each of them has heard something since a time, and tells when
// the last of them had.
func (w *Waiting) Heard(ctx context.Context, since time.Time) (last time.Time, err error) {
	w.mu.Lock()
	calls := slices.Clone(w.calls)
	w.mu.Unlock()
	for _, call := range calls {
		at, err := call.WaitSound(ctx, since)
		if err != nil {
			return last, err
		}
		if at.After(last) {
			last = at
		}
	}
	return last, nil
}

// Leave hangs all of them up, some at a time.
func (w *Waiting) Leave(ctx context.Context, atOnce int) error {
	w.mu.Lock()
	calls := w.calls
	w.calls = nil
	w.mu.Unlock()
	next := make(chan *phone.Call)
	errs := make(chan error, atOnce)
	for range atOnce {
		go func() {
			var first error
			for call := range next {
				if err := call.Hangup(ctx); err != nil && first == nil {
					first = err
				}
			}
			errs <- first
		}()
	}
	for _, call := range calls {
		next <- call
	}
	close(next)
	var first error
	for range atOnce {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}
