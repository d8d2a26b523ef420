package queue_test

import (
	"testing"
	"testing/synctest"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
)

// wrapping gives the rules of a queue with a wrap-up.
func wrapping(length time.Duration) queue.Rules {
	r := queue.DefaultRules()
	r.WrapUp = length
	return r
}

// talk has an agent serve a caller to the end.
func (s *stage) talk(call ivr.CallID, agent ivr.AgentID) {
	s.t.Helper()
	s.enter(call, kk)
	s.expect(call, ivr.OfferMade{Agent: agent})
	s.must(s.desk.Connected(s.t.Context(), call, agent))
	s.must(s.finished(call, agent))
}

func TestWrapUpEndsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, wrapping(15*time.Second), ready("a"))
		defer s.stop()
		s.talk("c1", "a")
		s.enter("c2", kk)
		time.Sleep(14 * time.Second)
		s.expect("c2")
		if a := s.agent("a"); a.World != queue.WrapUp || s.desk.Snapshot().Agents[queue.StandsWrapUp] != 1 {
			t.Errorf("the agent is %s", a.World)
		}
		time.Sleep(2 * time.Second)
		s.expect("c2", ivr.OfferMade{Agent: "a"})
	})
}

func TestWrapUpEndsAfterARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rules := wrapping(15 * time.Second)
		s := newStage(t, rules, ready("a"))
		s.talk("c1", "a")
		s.stop()
		s.restart(rules)
		defer s.stop()
		s.enter("c2", kk)
		time.Sleep(14 * time.Second)
		s.expect("c2")
		time.Sleep(2 * time.Second)
		s.expect("c2", ivr.OfferMade{Agent: "a"})
	})
}

// TestWrapUpEndsWhenTheClockIsSetBack: nobody wraps up for an hour more.
func TestWrapUpEndsWhenTheClockIsSetBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rules := wrapping(15 * time.Second)
		s := newStage(t, rules, ready("a"))
		s.enter("c1", kk)
		s.expect("c1", ivr.OfferMade{Agent: "a"})
		s.must(s.desk.Connected(t.Context(), "c1", "a"))
		s.stop()
		noted := time.Now().Add(time.Hour)
		s.must(s.store.Finish(t.Context(), "c1", noted, noted.Add(rules.WrapUp)))
		s.restart(rules)
		defer s.stop()
		s.enter("c2", kk)
		time.Sleep(2 * time.Second)
		s.expect("c2", ivr.OfferMade{Agent: "a"})
	})
}

func TestReadyEndsAWrapUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, wrapping(time.Minute), ready("a"))
		defer s.stop()
		s.talk("c1", "a")
		s.enter("c2", kk)
		time.Sleep(time.Second)
		s.must(s.desk.Choose(t.Context(), "a", ivr.Ready, ""))
		s.expect("c2", ivr.OfferMade{Agent: "a"})
	})
}

func TestWrapUpLongerIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, wrapping(15*time.Second), ready("a"))
		defer s.stop()
		if _, err := s.desk.Longer(t.Context(), "a"); ivr.CodeOf(err) != ivr.Conflict {
			t.Errorf("with no wrap-up: %v", err)
		}
		begun := time.Now()
		s.talk("c1", "a")
		var got []time.Duration
		for range 12 {
			until, err := s.desk.Longer(t.Context(), "a")
			s.must(err)
			got = append(got, until.Sub(begun))
		}
		if got[0] != 45*time.Second || got[1] != 75*time.Second || got[11] != 5*time.Minute {
			t.Errorf("it got as long as %v", got)
		}
		time.Sleep(5*time.Minute - time.Second)
		if a := s.agent("a"); a.World != queue.WrapUp {
			t.Errorf("the agent is %s", a.World)
		}
		time.Sleep(2 * time.Second)
		if a := s.agent("a"); a.World != queue.Idle {
			t.Errorf("the agent is %s", a.World)
		}
	})
}

// TestCallerWhoLeavesEndsAConversationToo: whatever ended it, there is paperwork.
func TestCallerWhoLeavesEndsAConversationToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, wrapping(15*time.Second), ready("a"), ready("b"))
		defer s.stop()
		s.enter("c1", kk)
		s.expect("c1", ivr.OfferMade{Agent: "a"})
		s.must(s.desk.Connected(t.Context(), "c1", "a"))
		s.must(s.desk.Leave(t.Context(), "c1", "program_fault"))
		s.enter("c2", kk)
		s.expect("c2", ivr.OfferMade{Agent: "b"})
		s.must(s.desk.Leave(t.Context(), "c2", "abandoned")) // while the phone rang
		if a, b := s.agent("a"), s.agent("b"); a.World != queue.WrapUp || b.World != queue.Idle {
			t.Errorf("a is %s, b is %s", a.World, b.World)
		}
	})
}

func TestPhoneThatGoesDuringAWrapUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, wrapping(15*time.Second), ready("a"))
		defer s.stop()
		s.talk("c1", "a")
		s.must(s.desk.Reachable(t.Context(), "a", false))
		if a := s.agent("a"); a.World != queue.WrapUp {
			t.Errorf("the agent is %s", a.World)
		}
		time.Sleep(20 * time.Second)
		s.must(s.desk.Reachable(t.Context(), "a", false))
		s.enter("c2", kk)
		time.Sleep(5 * time.Second)
		s.expect("c2")
		s.must(s.desk.Reachable(t.Context(), "a", true))
		s.expect("c2", ivr.OfferMade{Agent: "a"})
	})
}

// TestWhoIsOnThePhoneIsOfferedNobody: their phone would be busy, and they would
// be paused for it.
func TestWhoIsOnThePhoneIsOfferedNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), ready("a"))
		defer s.stop()
		s.desk.Engage("a", true)
		s.desk.Engage("a", true)
		s.enter("c1", kk)
		s.desk.Engage("a", false)
		time.Sleep(5 * time.Second)
		s.expect("c1")
		if g := s.desk.Glance("general"); g.Free != 0 || g.OnDuty != 1 {
			t.Errorf("%+v", g)
		}
		s.desk.Engage("a", false)
		s.expect("c1", ivr.OfferMade{Agent: "a"})
	})
}

func TestDuty(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, wrapping(15*time.Second), ready("a"))
		defer s.stop()
		is := func(when string, id ivr.AgentID, want ivr.Duty) {
			t.Helper()
			if got := s.desk.Duty(id); got.Last != want.Last || got.Missed != want.Missed || !got.WrapUp.Equal(want.WrapUp) {
				t.Errorf("%s: %+v, want %+v", when, got, want)
			}
		}
		is("nobody", "x", ivr.Duty{})
		is("at first", "a", ivr.Duty{})
		s.talk("c1", "a")
		is("in the wrap-up", "a", ivr.Duty{Last: "c1", WrapUp: time.Now().Add(15 * time.Second)})
		time.Sleep(20 * time.Second)
		is("after it", "a", ivr.Duty{Last: "c1"})
		s.enter("c2", kk)
		s.expect("c2", ivr.OfferMade{Agent: "a"})
		s.must(s.desk.Missed(t.Context(), "c2", "a", "no_answer"))
		is("missed", "a", ivr.Duty{Last: "c1", Missed: true})
		s.must(s.desk.Choose(t.Context(), "a", ivr.Paused, ""))
		is("paused", "a", ivr.Duty{Last: "c1"})
	})
}
