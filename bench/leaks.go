package main

import (
	"context"
	"fmt"
	"time"
)

// rest is what a program holds when it has nothing to do.
type rest struct{ goroutines, files float64 }

// backWithin is how long the program has to come back to rest: connections
// kept warm towards Asterisk are closed after a minute.
const backWithin = 100 * time.Second

// slack is what may be over the start value: what a program opens when it first
// needs it and then keeps, however many calls come. These are up to three more
// readers of the store, with two files each, and two connections that the slow
// beats keep warm, with a file and two goroutines each. A leak in one call of a
// thousand is more than that after ten thousand.
const slack = 9

func (s *session) leftovers(ctx context.Context) (rest, error) {
	m, err := s.rig.Metrics(ctx)
	return rest{goroutines: m["go_goroutines"], files: m["process_open_fds"]}, err
}

// leaks makes the rest of the calls, as fast as they go, and looks whether
// everything they took was given back.
func (s *session) leaks(ctx context.Context, start rest) error {
	if s.Calls == 0 {
		return nil
	}
	if more := s.Calls - s.made; more > 0 {
		began := time.Now()
		t := s.crowd("hasty calls:").Make(ctx, more, s.line().Hasty)
		if err := t.Err(); err != nil {
			return fmt.Errorf("hasty calls: %w", err)
		}
		s.made += more
		s.report.AddOne("hasty calls, phones included", "calls/s", float64(more)/time.Since(began).Seconds())
	}
	if err := s.quiet(ctx); err != nil {
		return err
	}
	end, err := s.backToRest(ctx, start)
	if err != nil {
		return err
	}
	s.report.AddOne(fmt.Sprintf("goroutines after %d calls, over %.0f", s.made, start.goroutines), "", end.goroutines-start.goroutines)
	s.report.Limit(slack)
	s.report.AddOne(fmt.Sprintf("open files after %d calls, over %.0f", s.made, start.files), "", end.files-start.files)
	s.report.Limit(slack)
	return nil
}

// backToRest waits until the program holds what it held at its start, and gives
// what it holds then, or in the end.
func (s *session) backToRest(ctx context.Context, start rest) (rest, error) {
	s.talk.say("waiting for the program to come to rest", 0, 0)
	late := time.Now().Add(backWithin)
	for {
		now, err := s.leftovers(ctx)
		if err != nil {
			return now, err
		}
		if (now.goroutines <= start.goroutines && now.files <= start.files) || time.Now().After(late) {
			return now, nil
		}
		if err := sleep(ctx, 500*time.Millisecond); err != nil {
			return now, err
		}
	}
}
