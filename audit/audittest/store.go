// Package audittest has what tests of the audit need: an [audit.Store] in
// memory, and the suite that every store has to pass.
package audittest

import (
	"context"
	"sync"

	"ikomek109/audit"
)

// Store is [audit.Store] in memory.
type Store struct {
	mu  sync.Mutex
	all []audit.Entry // guarded by mu
}

// Append implements [audit.Store].
func (s *Store) Append(_ context.Context, e audit.Entry) error {
	if err := e.Check(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e.N = int64(len(s.all) + 1)
	s.all = append(s.all, e)
	return nil
}

// Entries implements [audit.Store].
func (s *Store) Entries(_ context.Context, f audit.Filter) (chosen []audit.Entry, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Limit == 0 {
		f.Limit = audit.DefaultLimit
	}
	for i := len(s.all) - 1; i >= 0 && len(chosen) < f.Limit; i-- {
		e := s.all[i]
		if (f.Kind == "" || f.Kind == e.Kind) && (f.Subject == "" || f.Subject == e.Subject) && (f.By == "" || f.By == e.By) {
			chosen = append(chosen, e)
		}
	}
	return chosen, nil
}
