package main

import (
	"context"
	"fmt"
	"time"

	"ikomek109/bench/figures"
)

// rest is what a program holds when it has nothing to do.
type rest struct{ goroutines, files float64 }

// Connections kept warm towards Asterisk are closed after a minute: what the
// program holds at rest is what it holds as a rule, for restLooks, after restFor.
// Now and then it holds a little less or more, for the moment that a beat takes.
const (
	restFor   = 65 * time.Second
	restLooks = 15 * time.Second
)

func (s *session) leftovers(ctx context.Context) (rest, error) {
	m, err := s.rig.Metrics(ctx)
	return rest{goroutines: m["go_goroutines"], files: m["process_open_fds"]}, err
}

// leaks makes the rest of the calls, as fast as they go, and looks whether
// everything they took was given back: what is opened once and kept, however
// many calls come, was opened by the calls before.
func (s *session) leaks(ctx context.Context) error {
	more := s.Calls - s.made
	if more <= 0 {
		return nil
	}
	start, err := s.atRest(ctx, rest{})
	if err != nil {
		return err
	}
	began := time.Now()
	t := s.crowd("hasty calls:").Make(ctx, more, s.line().Hasty)
	if err := t.Err(); err != nil {
		return fmt.Errorf("hasty calls: %w", err)
	}
	s.made += more
	s.report.AddOne("hasty calls, phones included", "calls/s", float64(more)/time.Since(began).Seconds())
	end, err := s.atRest(ctx, start)
	if err != nil {
		return err
	}
	s.report.AddOne(fmt.Sprintf("goroutines after %d calls, over %.0f", s.made, start.goroutines), "", end.goroutines-start.goroutines)
	s.report.Limit(0)
	s.report.AddOne(fmt.Sprintf("open files after %d calls, over %.0f", s.made, start.files), "", end.files-start.files)
	s.report.Limit(0)
	return nil
}

// atRest waits until no call lives and gives what the program holds then; it
// waits no longer than until that is no more than enough.
func (s *session) atRest(ctx context.Context, enough rest) (held rest, err error) {
	if err := s.quiet(ctx); err != nil {
		return held, err
	}
	s.talk.say("waiting for the program to come to rest", 0, 0)
	for late := time.Now().Add(restFor); ; {
		last := time.Now().After(late)
		if held, err = s.asARule(ctx); err != nil || last || held.within(enough) {
			return held, err
		}
	}
}

// asARule looks for restLooks and gives the median of each figure.
func (s *session) asARule(ctx context.Context) (rest, error) {
	var goroutines, files []float64
	for late := time.Now().Add(restLooks); time.Now().Before(late); {
		now, err := s.leftovers(ctx)
		if err != nil {
			return rest{}, err
		}
		goroutines, files = append(goroutines, now.goroutines), append(files, now.files)
		if err := sleep(ctx, lookEvery); err != nil {
			return rest{}, err
		}
	}
	return rest{figures.SpreadOf(goroutines).Median, figures.SpreadOf(files).Median}, nil
}

// within tells whether both figures are no more than the other's.
func (r rest) within(other rest) bool {
	return r.goroutines <= other.goroutines && r.files <= other.files
}
