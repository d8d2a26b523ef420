// Package pintest has what tests of PINs need: a [pin.Store] in memory, and the
// suite that every store has to pass.
package pintest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"ikomek109/ivr"
	"ikomek109/pin"
)

// Store is [pin.Store] in memory.
type Store struct {
	mu     sync.Mutex
	people []pin.Person // guarded by mu
	tries  []pin.Try    // guarded by mu
}

// Set implements [pin.Store].
func (s *Store) Set(_ context.Context, name, hash string, at time.Time) (pin.Person, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, p := range s.people {
		if strings.EqualFold(p.Name, name) {
			s.people[i].Hash, s.people[i].SetAt = hash, at
			return s.people[i], nil
		}
	}
	for n := pin.FirstNumber; n <= pin.LastNumber; n++ {
		if !slices.ContainsFunc(s.people, func(p pin.Person) bool { return p.Number == n }) {
			who := pin.Person{Number: n, Name: name, Hash: hash, SetAt: at}
			s.people = append(s.people, who)
			slices.SortFunc(s.people, func(a, b pin.Person) int { return a.Number - b.Number })
			return who, nil
		}
	}
	return pin.Person{}, &ivr.Error{Code: ivr.Conflict, Message: "all numbers are given away"}
}

// Remove implements [pin.Store].
func (s *Store) Remove(_ context.Context, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.people)
	s.people = slices.DeleteFunc(s.people, func(p pin.Person) bool { return strings.EqualFold(p.Name, name) })
	if len(s.people) == before {
		return &ivr.Error{Code: ivr.NotFound, Message: fmt.Sprintf("there is no PIN of %q", name)}
	}
	return nil
}

// People implements [pin.Store].
func (s *Store) People(context.Context) ([]pin.Person, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.people), nil
}

// Begin implements [pin.Store].
func (s *Store) Begin(_ context.Context, t pin.Try, since time.Time) (begun pin.Try, wrong int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ofPerson, here int
	for i, o := range s.tries {
		if !o.At.After(since) || o.Result != pin.Wrong && o.Result != pin.Begun {
			continue
		}
		wrong++
		if o.Place != t.Place || slices.ContainsFunc(s.tries[i:], func(r pin.Try) bool {
			return r.Result == pin.Right && r.Place == o.Place && r.Number == o.Number
		}) {
			continue
		}
		here++
		if o.Number == t.Number {
			ofPerson++
		}
	}
	t.ID, t.Result = int64(len(s.tries)+1), pin.Begun
	if ofPerson >= pin.MaxWrong || here >= pin.MaxWrongHere {
		t.Result = pin.Locked
	}
	s.tries = append(s.tries, t)
	return t, wrong, nil
}

// Finish implements [pin.Store].
func (s *Store) Finish(_ context.Context, id int64, r pin.Result) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id < 1 || id > int64(len(s.tries)) || s.tries[id-1].Result != pin.Begun {
		return &ivr.Error{Code: ivr.Conflict, Message: fmt.Sprintf("there is no try %d under way", id)}
	}
	s.tries[id-1].Result = r
	return nil
}

// Tries implements [pin.Store].
func (s *Store) Tries(_ context.Context, limit int) ([]pin.Try, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.Clone(s.tries)
	slices.Reverse(all)
	return all[:min(limit, len(all))], nil
}
