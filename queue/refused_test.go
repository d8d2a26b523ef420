package queue_test

import (
	"testing"
	"testing/synctest"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
)

// TestRefusedCallerGoesToTheNextAgent: the caller keeps the place, the refuser
// goes to the caller behind, which has its reason on record, and is not offered the
// first one again.
func TestRefusedCallerGoesToTheNextAgent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), ready("a"))
		defer s.stop()
		s.enter("c1", kk)
		s.enter("c2", kk)
		s.expect("c1", ivr.OfferMade{Agent: "a"})
		s.must(s.desk.Missed(t.Context(), "c1", "a", ivr.MissedRefused))
		s.expect("c2", ivr.OfferMade{Agent: "a"})
		s.expect("c1", ivr.PassedOver{Why: "refused"})
		if a := s.agent("a"); a.Chosen != ivr.Ready {
			t.Errorf("the refuser is %s (%s)", a.Chosen, a.PauseReason)
		}
		if n := s.desk.Snapshot().Counts.Missed; n != 0 {
			t.Errorf("%d offers count as missed", n)
		}
		if place, ok := s.desk.Place("c1"); !ok || place != 1 {
			t.Errorf("the refused caller is at place %d", place)
		}
		s.must(s.desk.Connected(t.Context(), "c2", "a"))
		s.must(s.finished("c2", "a"))
		time.Sleep(10 * time.Second)
		s.expect("c1") // a is free, and has refused them
		s.must(s.store.Add(t.Context(), ready("b")))
		time.Sleep(2 * time.Second)
		s.expect("c1", ivr.OfferMade{Agent: "b"})
	})
}

// TestRefusedByAllIsOfferedAgain: nobody is left waiting for nobody.
func TestRefusedByAllIsOfferedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), ready("a"))
		defer s.stop()
		s.enter("c1", kk)
		s.expect("c1", ivr.OfferMade{Agent: "a"})
		s.must(s.desk.Missed(t.Context(), "c1", "a", ivr.MissedRefused))
		time.Sleep(119 * time.Second)
		s.expect("c1")
		time.Sleep(3 * time.Second)
		s.expect("c1", ivr.OfferMade{Agent: "a"})
	})
}

// TestRefusalsLeaveTheOrderAlone: those before the refused caller have their
// say first, and those behind do not lose an agent by it.
func TestRefusalsLeaveTheOrderAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), ready("a"))
		defer s.stop()
		s.enter("c1", kk)
		s.enter("c2", ru)
		s.enter("c3", kk)
		s.expect("c1", ivr.OfferMade{Agent: "a"})
		s.must(s.desk.Missed(t.Context(), "c1", "a", ivr.MissedRefused))
		s.expect("c2", ivr.OfferMade{Agent: "a"})
		s.must(s.desk.Missed(t.Context(), "c2", "a", ivr.MissedRefused))
		s.expect("c3", ivr.OfferMade{Agent: "a"})
		s.must(s.store.Add(t.Context(), ready("b", kk)))
		s.must(s.store.Add(t.Context(), ready("d", ru)))
		time.Sleep(2 * time.Second)
		s.expect("c1", ivr.PassedOver{Why: "refused"}, ivr.OfferMade{Agent: "b"})
		s.expect("c2", ivr.PassedOver{Why: "refused"}, ivr.OfferMade{Agent: "d"})
		s.expect("c3")
	})
}
