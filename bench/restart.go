package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"ikomek109/bench/load"
	"ikomek109/ivr"
	"ikomek109/sqlite"
)

// takenUpWithin bounds the wait for a restarted program to take its calls up.
const takenUpWithin = 30 * time.Second

// restart kills the program while all the callers wait, starts it, and measures
// the time until every call is taken up again, at the place that it had, and until
// the last of the callers has heard that the line is there.
func (s *session) restart(ctx context.Context, w *load.Waiting) error {
	s.talk.say("killing the program, and starting it", 0, 0)
	before, err := s.order(ctx)
	if err != nil {
		return err
	}
	if len(before) != s.Waiting {
		return fmt.Errorf("%d callers wait, and the store has %d", s.Waiting, len(before))
	}
	if err := s.rig.Kill(); err != nil {
		return err
	}
	begun := time.Now()
	if err := s.rig.Start(ctx); err != nil {
		return err
	}
	took, err := s.takenUp(ctx, begun)
	if err != nil {
		return err
	}
	within, cancel := context.WithTimeout(ctx, takenUpWithin)
	defer cancel()
	heard, err := w.Heard(within, begun)
	if err != nil {
		return fmt.Errorf("not every caller heard that the line is there again: %w", err)
	}
	after, err := s.order(ctx)
	if err != nil {
		return err
	}
	if !slices.Equal(before, after) {
		return fmt.Errorf("the order of %d callers is another one after a restart: %d are left", len(before), len(after))
	}
	s.report.AddOne(fmt.Sprintf("started after a kill, to %d calls taken up", s.Waiting), "s", took.Seconds())
	s.report.Limit(maxRestart)
	s.report.AddOne(fmt.Sprintf("started after a kill, to %d who have heard so", s.Waiting), "s", heard.Sub(begun).Seconds())
	s.report.Limit(maxRestart)
	return nil
}

// takenUp waits until as many calls live as there are callers.
func (s *session) takenUp(ctx context.Context, begun time.Time) (time.Duration, error) {
	for {
		m, err := s.rig.Metrics(ctx)
		if err != nil {
			return 0, err
		}
		took := time.Since(begun)
		if int(m["ikomek109_calls_live"]) == s.Waiting && int(m["ikomek109_queue_waiting"]) == s.Waiting {
			return took, nil
		}
		if took > takenUpWithin {
			return 0, fmt.Errorf("of %d calls %.0f are taken up %s after the start", s.Waiting, m["ikomek109_calls_live"], takenUpWithin)
		}
		if err := sleep(ctx, lookEvery); err != nil {
			return 0, err
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
