package queue_test

import (
	"testing"
	"testing/synctest"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
)

// TestNoWayToThePhone: an agent whose phone could not be reached has missed
// nothing. They are unreachable, not paused, and are offered nobody until the phone
// is found registered; the caller goes to the next one.
func TestNoWayToThePhone(t *testing.T) {
	for _, why := range []string{ivr.MissedUnreachable, ivr.MissedByNetwork} {
		t.Run(why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, queue.DefaultRules(), ready("a"))
				defer s.stop()
				s.enter("c1", kk)
				s.expect("c1", ivr.OfferMade{Agent: "a"})
				s.must(s.desk.Missed(t.Context(), "c1", "a", why))
				time.Sleep(time.Minute)
				s.expect("c1") // nobody calls a dead phone again and again
				if a := s.agent("a"); a.Chosen != ivr.Ready || a.World != queue.Unreachable {
					t.Errorf("the agent is %s (%s), %s", a.Chosen, a.PauseReason, a.World)
				}
				s.must(s.store.Add(t.Context(), ready("b")))
				time.Sleep(2 * time.Second)
				s.expect("c1", ivr.OfferMade{Agent: "b"})
				s.enter("c2", kk)
				s.must(s.desk.Reachable(t.Context(), "a", true))
				s.expect("c2", ivr.OfferMade{Agent: "a"})
			})
		})
	}
}

// TestPhoneThatTheNetworkNeverReaches rests, though it is registered, and is not
// tried every few seconds.
func TestPhoneThatTheNetworkNeverReaches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), ready("a"))
		defer s.stop()
		s.enter("c1", kk)
		s.expect("c1", ivr.OfferMade{Agent: "a"})
		s.must(s.desk.Missed(t.Context(), "c1", "a", ivr.MissedByNetwork))
		s.must(s.desk.Reachable(t.Context(), "a", true))
		time.Sleep(50 * time.Second)
		s.expect("c1")
		time.Sleep(15 * time.Second)
		s.expect("c1", ivr.OfferMade{Agent: "a"})
	})
}

// TestIdleAsBefore: whose caller goes elsewhere is as idle as before.
func TestIdleAsBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), ready("a"))
		defer s.stop()
		time.Sleep(time.Minute)
		before := s.agent("a").IdleSince
		s.enter("c1", kk)
		s.expect("c1", ivr.OfferMade{Agent: "a"})
		time.Sleep(5 * time.Second)
		s.must(s.desk.Aside(t.Context(), "c1"))
		if a := s.agent("a"); a.World != queue.Idle || !a.IdleSince.Equal(before) {
			t.Errorf("the agent is %s, idle since %s, not %s", a.World, a.IdleSince, before)
		}
	})
}
