package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"ikomek109/phone"
)

// moment is how far into which part of a call somebody hangs up.
type moment struct {
	keys  string // pressed at once
	after time.Duration
}

// moments go through the welcome, the menu, an answer, and what leads to the
// queue and the ringing phone, in steps that no command takes as long as.
func moments() []moment {
	var all []moment
	for _, keys := range []string{"", "1", "232", "10", "20"} {
		for step := range time.Duration(12) {
			all = append(all, moment{keys: keys, after: step * 50 * time.Millisecond})
		}
	}
	return all
}

// unconfirmed is when Asterisk has ended a call whose answer nobody confirmed:
// 64 times SIP's T1, and some.
const unconfirmed = 40 * time.Second

// TestHangUps hangs up at every moment; afterwards every call has one closed
// record, nothing is left in Asterisk, and the agent is free to be rung.
func TestHangUps(t *testing.T) {
	t.Parallel()
	s := ready(t)
	s.must("agent aigerim never answers\n aigerim dials *11\n aigerim hears kk agent/ready")
	p, err := phone.New(phone.Options{Identity: &phone.Party{User: "+77010000001"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Log(err)
		}
	})
	var calls errgroup.Group
	calls.SetLimit(20)
	for _, m := range moments() {
		calls.Go(func() error { return s.hangUpAt(p, m) })
	}
	if err := calls.Wait(); err != nil {
		t.Error(err)
	}
	if err := s.givenUp(p); err != nil {
		t.Error(err)
	}
	s.balanceOfArrived()
	s.must("roster of aigerim has world=idle")
}

func (s *scenario) hangUpAt(p *phone.Phone, m moment) error {
	ctx, cancel := context.WithTimeout(s.t.Context(), s.within)
	defer cancel()
	call, err := p.Dial(ctx, s.address("109"), phone.DialOptions{Quiet: true})
	if err != nil {
		return fmt.Errorf("%+v: %w", m, err)
	}
	for i := range len(m.keys) {
		if _, err := call.SendKey(ctx, m.keys[i], phone.INFO); err != nil {
			return fmt.Errorf("%+v: %w", m, err)
		}
	}
	pass(s.t, m.after)
	if err := call.Hangup(ctx); err != nil {
		return fmt.Errorf("%+v: %w", m, err)
	}
	return nil
}

// givenUp cancels calls before they are answered. Those that were taken all
// the same, because the answer crossed it, are in the log; the others are not.
func (s *scenario) givenUp(p *phone.Phone) error {
	for after := time.Duration(0); after < 20*time.Millisecond; after += 2 * time.Millisecond {
		ctx, cancel := context.WithTimeout(s.t.Context(), after)
		call, err := p.Dial(ctx, s.address("109"), phone.DialOptions{Quiet: true})
		cancel()
		switch {
		case err == nil:
			err = call.Hangup(s.t.Context())
		case errors.Is(err, context.DeadlineExceeded):
			err = nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// balanceOfArrived holds the log to the calls that the program was given: a
// caller may be gone before Asterisk hands the call over.
func (s *scenario) balanceOfArrived() {
	s.t.Helper()
	var why string
	if !eventuallyEvery(s.t, askEvery, unconfirmed, func() bool {
		_, figures := s.program.get(s.t, "/metrics")
		_, after, _ := strings.Cut(figures, "\nikomek109_calls_arrived_total ")
		if _, err := fmt.Sscan(after, &s.placed); err != nil {
			why = "no figure of the calls that arrived: " + err.Error()
			return false
		}
		why = s.unbalanced()
		return why == ""
	}) {
		s.t.Error(why)
	}
	if all := len(moments()); s.placed < all-1 || s.placed > all+10 {
		s.t.Errorf("%d calls were placed, 10 of them given up, and %d arrived", all+10, s.placed)
	}
}
