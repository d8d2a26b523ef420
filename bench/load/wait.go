package load

import (
	"context"
	"slices"
	"sync"
	"time"

	"ikomek109/phone"
)

// Staying is a growing crowd of callers who stay on the line.
type Staying struct {
	// Address to dial.
	Address string
	// Keys to press, one at each menu; after the last they stay where they are.
	Keys string

	mu    sync.Mutex
	calls []*phone.Call // guarded by mu
}

// Join makes n more citizens dial and press the keys.
func (s *Staying) Join(ctx context.Context, c Crowd, n int) Tally {
	return c.Make(ctx, n, func(ctx context.Context, p *phone.Phone) ([]time.Duration, error) {
		call, err := p.Dial(ctx, s.Address, phone.DialOptions{Quiet: true})
		if err != nil {
			return nil, err
		}
		s.mu.Lock()
		s.calls = append(s.calls, call)
		s.mu.Unlock()
		_, err = press(ctx, call, s.Keys)
		return nil, err
	})
}

// Heard waits until each of them has heard something since a time, and tells when
// the last of them had.
func (s *Staying) Heard(ctx context.Context, since time.Time) (last time.Time, err error) {
	s.mu.Lock()
	calls := slices.Clone(s.calls)
	s.mu.Unlock()
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
func (s *Staying) Leave(ctx context.Context, atOnce int) error {
	s.mu.Lock()
	calls := s.calls
	s.calls = nil
	s.mu.Unlock()
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
