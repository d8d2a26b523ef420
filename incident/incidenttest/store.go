// Package incidenttest has what tests of incidents need: an [incident.Store] in
// memory, and the suite that every store has to pass.
package incidenttest

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"ikomek109/incident"
	"ikomek109/ivr"
)

// Store is [incident.Store] in memory.
type Store struct {
	mu     sync.Mutex
	all    []incident.Incident        // guarded by mu: by id, from 1
	events map[int64][]incident.Event // guarded by mu
	fault  error                      // guarded by mu
}

// Break makes Note fail; nil mends it.
func (s *Store) Break(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = err
}

// Enter implements [incident.Store].
func (s *Store) Enter(_ context.Context, i incident.Incident) (int64, error) {
	if err := i.Check(); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	entered := incident.Incident{
		ID: int64(len(s.all) + 1), At: i.At, By: i.By, Category: i.Category, Place: i.Place, Text: i.Text, State: incident.Open,
	}
	s.all = append(s.all, entered)
	return entered.ID, nil
}

// Note implements [incident.Store].
func (s *Store) Note(_ context.Context, id int64, e incident.Event) error {
	if err := e.Check(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fault != nil {
		return s.fault
	}
	i, err := s.one(id)
	if err != nil {
		return err
	}
	if err := i.May(e); err != nil {
		return err
	}
	if s.events == nil {
		s.events = map[int64][]incident.Event{}
	}
	e.N = int64(len(s.events[id]) + 1)
	s.events[id] = append(s.events[id], e)
	i.Fold(e)
	return nil
}

// one gives an incident to be changed. The caller holds mu.
func (s *Store) one(id int64) (*incident.Incident, error) {
	if id < 1 || id > int64(len(s.all)) {
		return nil, &ivr.Error{Op: "find incident", Code: ivr.NotFound, Message: fmt.Sprintf("no incident %d", id)}
	}
	return &s.all[id-1], nil
}

// Find implements [incident.Store].
func (s *Store) Find(_ context.Context, id int64) (incident.Incident, []incident.Event, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, err := s.one(id)
	if err != nil {
		return incident.Incident{}, nil, err
	}
	return *i, slices.Clone(s.events[id]), nil
}

// List implements [incident.Store].
func (s *Store) List(_ context.Context, f incident.Filter) (chosen []incident.Incident, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Limit == 0 {
		f.Limit = incident.DefaultLimit
	}
	for n := len(s.all) - 1; n >= 0 && len(chosen) < f.Limit; n-- {
		if !f.Open || s.all[n].State != incident.Closed {
			chosen = append(chosen, s.all[n])
		}
	}
	return chosen, nil
}

// Offered implements [incident.Store].
func (s *Store) Offered(context.Context) (offered []incident.Incident, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range s.all {
		if i.State == incident.Offered {
			offered = append(offered, i)
		}
	}
	return offered, nil
}

var _ incident.Store = (*Store)(nil)
