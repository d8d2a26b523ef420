package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"ikomek109/bench/rig"
	"ikomek109/ivr"
	"ikomek109/sqlite"
)

// thereWithin bounds the wait for all calls to be where they should.
const thereWithin = 30 * time.Second

// restart kills the program with some callers in the menu and the others waiting,
// starts it, and measures the time until every call is taken up again, those who
// wait at the places that they had, and until the last of those in the menu hears it
// again.
func (s *session) restart(ctx context.Context, inMenu int) error {
	waiting := s.Waiting - inMenu
	if _, err := s.there(ctx, waiting, waiting); err != nil {
		return err
	}
	before, err := s.order(ctx)
	if err != nil {
		return err
	}
	m := s.staying(rig.MenuKeys)
	if err := s.come(ctx, m, inMenu); err != nil {
		return err
	}
	if _, err := s.there(ctx, s.Waiting, waiting); err != nil {
		return err
	}
	s.talk.say("killing the program, and starting it", 0, 0)
	if err := s.rig.Kill(); err != nil {
		return err
	}
	// What Asterisk was playing comes to its end: it is nothing of the next program's.
	if err := sleep(ctx, rig.PromptLength); err != nil {
		return err
	}
	begun := time.Now()
	if err := s.rig.Start(ctx); err != nil {
		return err
	}
	at, err := s.there(ctx, s.Waiting, waiting)
	if err != nil {
		return err
	}
	within, cancel := context.WithTimeout(ctx, thereWithin)
	defer cancel()
	heard, err := m.Heard(within, begun)
	if err != nil {
		return fmt.Errorf("not every caller heard the menu again: %w", err)
	}
	after, err := s.order(ctx)
	if err != nil {
		return err
	}
	if !slices.Equal(before, after) {
		return fmt.Errorf("the order of %d callers is another one after a restart: %d are left", len(before), len(after))
	}
	s.report.AddOne(fmt.Sprintf("started after a kill, to %d calls taken up", s.Waiting), "s", at.Sub(begun).Seconds())
	s.report.Limit(maxRestart)
	s.report.AddOne(fmt.Sprintf("started after a kill, to %d of them heard in the menu", inMenu), "s", heard.Sub(begun).Seconds())
	s.report.Limit(maxRestart)
	return s.leave(ctx, m)
}

// there waits until as many calls live, and as many of them wait, as should, and
// tells when that was.
func (s *session) there(ctx context.Context, live, waiting int) (time.Time, error) {
	begun := time.Now()
	for {
		m, err := s.rig.Metrics(ctx)
		if err != nil {
			return begun, err
		}
		now := time.Now()
		if int(m["ikomek109_calls_live"]) == live && int(m["ikomek109_queue_waiting"]) == waiting {
			return now, nil
		}
		if now.Sub(begun) > thereWithin {
			return now, fmt.Errorf("of %d calls %.0f live, and of %d %.0f wait, after %s; "+
				"if more wait than should, the callers came too slowly: "+
				"a menu is left for the queue after three silences, about 12 s; try fewer (--waiting)",
				live, m["ikomek109_calls_live"], waiting, m["ikomek109_queue_waiting"], thereWithin)
		}
		if err := sleep(ctx, lookEvery); err != nil {
			return now, err
		}
	}
}

// order gives the calls that wait, in their order, as the store has it.
func (s *session) order(ctx context.Context) ([]ivr.CallID, error) {
	store, err := sqlite.Open(ctx, sqlite.Options{Path: s.rig.Store(), ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer store.Close(ctx) //nolint:errcheck // it was only read
	tickets, err := store.Tickets().All(ctx)
	calls := make([]ivr.CallID, 0, len(tickets))
	for _, t := range tickets {
		calls = append(calls, t.Call)
	}
	return calls, err
}
