package main

import (
	"context"
	"errors"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
	"ikomek109/sqlite"
)

// Once all is well again callers go on calling for a while, in which nobody waits
// beside a free agent for long: settle is what the program may take until then, to find
// the telephones registered for one, and besideWithin is more than an agent rests after
// a fault, or talks to the line itself.
const (
	settle       = 10 * time.Second
	goOn         = 12 * time.Second
	besideWithin = 8 * time.Second
	glanceEvery  = 250 * time.Millisecond
)

// goesOn lets the traffic go on, and looks whether who waits is served.
func (s *session) goesOn(ctx context.Context) {
	if sleep(ctx, settle) != nil {
		return
	}
	store, err := sqlite.Open(ctx, sqlite.Options{Path: s.rig.Store(), ReadOnly: true})
	if err != nil {
		s.broke("the store cannot be read: %v", err)
		return
	}
	defer store.Close(ctx) //nolint:errcheck // it was only read
	since := map[pair]time.Time{}
	for until := time.Now().Add(goOn); time.Now().Before(until) && sleep(ctx, glanceEvery) == nil; {
		now, err := s.beside(ctx, store)
		if err != nil {
			s.broke("the queue cannot be read: %v", err)
			return
		}
		since = s.besideSince(since, now, time.Now())
	}
}

// pair is a caller who waits, and an agent who is free. All agents can serve all.
type pair struct {
	call  ivr.CallID
	agent ivr.AgentID
}

// beside gives who waits beside whom.
func (s *session) beside(ctx context.Context, store *sqlite.Store) (all []pair, err error) {
	tickets, err := store.Tickets().All(ctx)
	staff, _, err2 := store.Staff().Agents(ctx)
	for i := range staff {
		if !staff[i].Free() {
			continue
		}
		for k := range tickets {
			if tickets[k].Status == queue.Waiting {
				all = append(all, pair{tickets[k].Call, staff[i].ID})
			}
		}
	}
	return all, errors.Join(err, err2)
}

// besideSince gives since when each of the pairs is seen, and tells of those that are
// for too long.
func (s *session) besideSince(before map[pair]time.Time, now []pair, at time.Time) map[pair]time.Time {
	since := make(map[pair]time.Time, len(now))
	for _, p := range now {
		first, seen := before[p]
		if !seen {
			first = at
		}
		if at.Sub(first) >= besideWithin {
			s.broke("call %s has waited beside %s, who is free, for %s", p.call, p.agent, besideWithin)
			first = at.Add(time.Hour) // said once
		}
		since[p] = first
	}
	return since
}
