package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// stack is what has to be stopped, last started first.
type stack struct {
	once  sync.Once
	items []cleanup
	err   error
}

// cleanup stops one part. It is given its own time, so that one part that
// hangs does not eat that of the others.
type cleanup struct {
	name   string
	within time.Duration
	stop   func(context.Context) error
}

// push adds a part that was started.
func (s *stack) push(name string, within time.Duration, stop func(context.Context) error) {
	s.items = append(s.items, cleanup{name, within, stop})
}

// stop stops every part. It may be called twice; errors are joined and named.
func (s *stack) stop() error {
	s.once.Do(func() {
		for i := len(s.items) - 1; i >= 0; i-- {
			c := s.items[i]
			ctx, cancel := context.WithTimeout(context.Background(), c.within)
			if err := c.stop(ctx); err != nil {
				s.err = errors.Join(s.err, fmt.Errorf("stopping %s: %w", c.name, err))
			}
			cancel()
		}
	})
	return s.err
}
