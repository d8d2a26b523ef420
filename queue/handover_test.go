package queue_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
)

// served has an agent talk with a caller.
func (s *stage) served(call ivr.CallID, agent ivr.AgentID) {
	s.t.Helper()
	s.enter(call, kk)
	s.expect(call, ivr.OfferMade{Agent: agent})
	s.must(s.desk.Connected(s.t.Context(), call, agent))
}

// numbered gives a ready agent a number.
func numbered(id ivr.AgentID, n int) queue.Agent {
	a := ready(id)
	a.Number = n
	return a
}

// TestHandOverToAColleague: the one before wraps up, the other talks, and the
// books are right after a look at the store.
func TestHandOverToAColleague(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, wrapping(15*time.Second), numbered("a", 201))
		defer s.stop()
		s.served("c1", "a")
		s.must(s.store.Add(t.Context(), numbered("b", 202)))
		time.Sleep(2 * time.Second)
		to, err := s.desk.Colleague(202)
		s.must(err)
		s.must(s.desk.HandOver(t.Context(), "c1", to))
		s.must(s.desk.HandOver(t.Context(), "c1", to))
		s.must(s.desk.Connected(t.Context(), "c1", to))
		if a, b := s.agent("a"), s.agent("b"); a.World != queue.WrapUp || b.World != queue.Talking || b.Call != "c1" {
			t.Errorf("they are %s and %s with %s", a.World, b.World, b.Call)
		}
		s.enter("c2", kk)
		time.Sleep(20 * time.Second)
		s.expect("c2", ivr.OfferMade{Agent: "a"})
		s.must(s.finished("c1", "b"))
		if b := s.agent("b"); b.World != queue.WrapUp {
			t.Errorf("b is %s", b.World)
		}
	})
}

func TestColleague(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		unnumbered := ready("u")
		paused := numbered("p", 203)
		paused.Chosen = ivr.Paused
		s := newStage(t, queue.DefaultRules(), numbered("a", 201), unnumbered, paused)
		defer s.stop()
		s.must(s.desk.Choose(t.Context(), "u", ivr.Off, ""))
		time.Sleep(2 * time.Second)
		s.served("c1", "a")
		for number, want := range map[int]ivr.Code{201: ivr.Conflict, 203: ivr.Conflict, 204: ivr.NotFound, 0: ivr.NotFound, -1: ivr.NotFound} {
			if _, err := s.desk.Colleague(number); number != 0 && ivr.CodeOf(err) != want || number == 0 && err == nil {
				t.Errorf("%d: %v", number, err)
			}
		}
	})
}

// TestHandOverToOneWhoWasTaken is refused, and leaves nobody bound for ever.
func TestHandOverToOneWhoWasTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), numbered("a", 201))
		defer s.stop()
		s.served("c1", "a")
		b := numbered("b", 202)
		b.Chosen = ivr.Paused
		s.must(s.store.Add(t.Context(), b))
		time.Sleep(2 * time.Second)
		if err := s.desk.HandOver(t.Context(), "c1", "b"); ivr.CodeOf(err) != ivr.Conflict {
			t.Errorf("got %v", err)
		}
		if err := s.desk.HandOver(t.Context(), "nobody", "b"); ivr.CodeOf(err) != ivr.NotFound {
			t.Errorf("got %v", err)
		}
		_ = s.finished("c1", "a")
		time.Sleep(time.Minute)
		if a, b := s.agent("a"), s.agent("b"); a.World != queue.Idle || b.World != queue.Idle {
			t.Errorf("they are %s and %s", a.World, b.World)
		}
	})
}

// TestHandOverTheStoreDoesNotHear is made up for.
func TestHandOverTheStoreDoesNotHear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), numbered("a", 201))
		defer s.stop()
		s.served("c1", "a")
		s.must(s.store.Add(t.Context(), numbered("b", 202)))
		time.Sleep(2 * time.Second)
		s.store.Break(func(op string) error {
			if op == "HandOver" {
				return context.DeadlineExceeded
			}
			return nil
		})
		s.desk.Engage("b", true)
		if err := s.desk.HandOver(t.Context(), "c1", "b"); err == nil {
			t.Error("the store heard of it")
		}
		s.desk.Engage("b", false) // as the call does, which has them talk
		s.enter("c2", kk)
		time.Sleep(3 * time.Second)
		s.expect("c2") // b has a caller
		s.store.Break(nil)
		time.Sleep(3 * time.Second)
		s.expect("c2", ivr.OfferMade{Agent: "a"})
		s.must(s.desk.Leave(t.Context(), "c2", "caller_hung_up"))
		if a, b := s.agent("a"), s.agent("b"); a.World != queue.Idle || b.World != queue.Talking || b.Call != "c1" {
			t.Errorf("they are %s and %s with %s", a.World, b.World, b.Call)
		}
	})
}

func TestOnHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), ready("a"))
		defer s.stop()
		if err := s.desk.OnHold(t.Context(), "a", true); ivr.CodeOf(err) != ivr.Conflict {
			t.Errorf("with nobody: %v", err)
		}
		s.served("c1", "a")
		s.must(s.desk.OnHold(t.Context(), "a", true))
		if n := s.desk.Snapshot().Agents[queue.StandsOnHold]; n != 1 {
			t.Errorf("%d on hold", n)
		}
		if !s.desk.Duty("a").Busy { // with a caller, though nobody speaks
			t.Error("an agent who has a caller on hold is not busy")
		}
		s.must(s.desk.OnHold(t.Context(), "a", false))
		if n := s.desk.Snapshot().Agents[queue.StandsTalking]; n != 1 {
			t.Errorf("%d talking", n)
		}
		s.must(s.finished("c1", "a"))
		if a := s.agent("a"); a.World != queue.Idle {
			t.Errorf("the agent is %s", a.World)
		}
	})
}

// TestHandOverThatComesToNothing: who was kept free for it is offered others again,
// whether the store refuses it or the caller hangs up first.
func TestHandOverThatComesToNothing(t *testing.T) {
	for name, leaves := range map[string]bool{"refused": false, "the caller hangs up": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, queue.DefaultRules(), numbered("a", 201))
				defer s.stop()
				s.served("c1", "a")
				s.must(s.store.Add(t.Context(), numbered("b", 202)))
				time.Sleep(2 * time.Second)
				answers := func(err error) {
					s.store.Break(func(op string) error {
						if op == "HandOver" {
							return err
						}
						return nil
					})
				}
				answers(context.DeadlineExceeded)
				_ = s.desk.HandOver(t.Context(), "c1", "b")
				if leaves { // which the store hears of after the handover
					_ = s.desk.Leave(t.Context(), "c1", "caller_hung_up")
				}
				answers(&ivr.Error{Op: "hand over", Code: ivr.Conflict})
				time.Sleep(3 * time.Second)
				s.store.Break(nil)
				s.must(s.desk.Choose(t.Context(), "a", ivr.Off, ""))
				s.enter("c2", kk)
				time.Sleep(3 * time.Second)
				s.expect("c2", ivr.OfferMade{Agent: "b"})
			})
		})
	}
}

// TestConversationTheStoreDoesNotHear, from the answer to the end: who talked wraps up,
// and who was only rung is as idle as before.
func TestConversationTheStoreDoesNotHear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rules := wrapping(30 * time.Second)
		rules.Choose, rules.RingAtOnce = queue.RingAll, 2
		s := newStage(t, rules, ready("a"), ready("b"))
		defer s.stop()
		s.enter("c1", kk)
		time.Sleep(time.Second)
		s.store.Break(func(op string) error {
			if op == "Connected" || op == "Finish" || op == "Drop" {
				return context.DeadlineExceeded
			}
			return nil
		})
		_ = s.desk.Connected(t.Context(), "c1", "b")
		time.Sleep(time.Minute)
		_, _ = s.desk.Finished(t.Context(), "c1", "b")
		_ = s.desk.Leave(t.Context(), "c1", "caller_hung_up")
		s.store.Break(nil)
		time.Sleep(3 * time.Second)
		if a, b := s.agent("a"), s.agent("b"); a.World != queue.Idle || b.World != queue.WrapUp {
			t.Errorf("who was rung is %s, who talked %s", a.World, b.World)
		}
		if all, err := s.store.All(t.Context()); err != nil || len(all) != 0 {
			t.Errorf("tickets %v, %v", all, err)
		}
	})
}
