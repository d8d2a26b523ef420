// Package noticetest has what tests of modes and bulletins need: a
// [notice.Store] in memory, a [notice.Studio] that renders nothing, and the
// suite that every store has to pass.
package noticetest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"ikomek109/ivr"
	"ikomek109/notice"
)

// Store is [notice.Store] and [notice.Source] in memory.
type Store struct {
	mu        sync.Mutex
	switches  []notice.Switch   // guarded by mu
	bulletins []notice.Bulletin // guarded by mu
	fault     error             // guarded by mu
}

// Break makes every method fail with err from now on; nil mends the store.
func (s *Store) Break(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = err
}

func (s *Store) do(work func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fault != nil {
		return s.fault
	}
	return work()
}

// AddSwitch implements [notice.Store].
func (s *Store) AddSwitch(_ context.Context, w notice.Switch) (id int64, err error) {
	err = s.do(func() error {
		w.ID = int64(len(s.switches) + 1)
		s.switches, id = append(s.switches, w), w.ID
		return nil
	})
	return id, err
}

// Switches implements [notice.Store].
func (s *Store) Switches(_ context.Context, limit int) (all []notice.Switch, err error) {
	err = s.do(func() error { all = newest(s.switches, limit); return nil })
	return all, err
}

// AddBulletin implements [notice.Store].
func (s *Store) AddBulletin(_ context.Context, b notice.Bulletin) (id int64, err error) {
	err = s.do(func() error {
		b.ID = int64(len(s.bulletins) + 1)
		s.bulletins, id = append(s.bulletins, b), b.ID
		return nil
	})
	return id, err
}

// Release implements [notice.Store].
func (s *Store) Release(_ context.Context, id int64, who string, length time.Duration, at time.Time) error {
	return s.change(id, func(b *notice.Bulletin) bool {
		if !b.ReleasedAt.IsZero() || !b.EndedAt.IsZero() {
			return false
		}
		b.ReleasedBy, b.ReleasedAt, b.Length = who, at, length
		return true
	})
}

// End implements [notice.Store].
func (s *Store) End(_ context.Context, id int64, who, reason string, at time.Time) error {
	return s.change(id, func(b *notice.Bulletin) bool {
		if !b.EndedAt.IsZero() {
			return false
		}
		b.EndedBy, b.EndedAt, b.EndReason = who, at, reason
		return true
	})
}

func (s *Store) change(id int64, how func(*notice.Bulletin) bool) error {
	return s.do(func() error {
		i := slices.IndexFunc(s.bulletins, func(b notice.Bulletin) bool { return b.ID == id })
		if i < 0 {
			return &ivr.Error{Code: ivr.NotFound, Message: fmt.Sprintf("no bulletin %d", id)}
		}
		if !how(&s.bulletins[i]) {
			return &ivr.Error{Code: ivr.Conflict, Message: fmt.Sprintf("bulletin %d is done with", id)}
		}
		return nil
	})
}

// Bulletins implements [notice.Store].
func (s *Store) Bulletins(_ context.Context, limit int) (all []notice.Bulletin, err error) {
	err = s.do(func() error { all = newest(s.bulletins, limit); return nil })
	return all, err
}

// Current implements [notice.Source].
func (s *Store) Current(_ context.Context, at time.Time) (now notice.Current, err error) {
	err = s.do(func() error {
		now.Switches = slices.Clone(s.switches)
		for _, b := range s.bulletins {
			if b.EndedAt.IsZero() && b.Until.After(at) {
				now.Bulletins = append(now.Bulletins, b)
			}
		}
		return nil
	})
	return now, err
}

func newest[T any](all []T, limit int) []T {
	all = slices.Clone(all)
	slices.Reverse(all)
	return all[:min(limit, len(all))]
}

// Studio is a [notice.Studio] whose every bulletin plays for Length, unless
// Err is set.
type Studio struct {
	mu     sync.Mutex
	length time.Duration // guarded by mu
	err    error         // guarded by mu
}

// Set says what Render gives from now on.
func (s *Studio) Set(length time.Duration, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.length, s.err = length, err
}

// Render implements [notice.Studio].
func (s *Studio) Render(context.Context, notice.Bulletin) (time.Duration, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.length, s.err
}
