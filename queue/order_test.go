package queue_test

import (
	"testing"
	"testing/synctest"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
)

// join has a caller enter with a ticket that differs from the plain one.
func (s *stage) join(call ivr.CallID, differ func(*ivr.Ticket)) ivr.Standing {
	s.t.Helper()
	t := ticket(call, kk)
	differ(&t)
	in := ivr.NewInbox()
	s.inbox[call] = in
	standing, err := s.desk.Enter(s.t.Context(), t, in)
	s.must(err)
	return standing
}

func inQueue(name string) func(*ivr.Ticket) { return func(t *ivr.Ticket) { t.Queue = name } }

// from has a caller ring from a number.
func from(number ivr.Number) func(*ivr.Ticket) { return func(t *ivr.Ticket) { t.Caller = number } }

func TestOneOrderOverAllQueues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), ready("a"))
		defer s.stop()
		s.must(s.desk.Choose(t.Context(), "a", ivr.Paused, ""))
		s.join("c1", inQueue("tax"))
		time.Sleep(time.Second)
		s.join("c2", inQueue("main"))
		time.Sleep(time.Second)
		s.join("c3", inQueue("tax"))
		time.Sleep(time.Second)
		s.join("c4", func(k *ivr.Ticket) { k.HeadStart = 2500 * time.Millisecond })
		s.must(s.desk.Choose(t.Context(), "a", ivr.Ready, ""))
		for _, call := range []ivr.CallID{"c1", "c4", "c2", "c3"} {
			if !s.offered(call, "a") {
				t.Fatalf("it is not the turn of %s", call)
			}
			s.must(s.desk.Leave(t.Context(), call, "caller_hung_up"))
		}
	})
}

// offered tells whether a call was just offered to an agent, whatever else it was
// told.
func (s *stage) offered(call ivr.CallID, agent ivr.AgentID) bool {
	for _, ev := range s.events(call) {
		if offer, is := ev.(ivr.OfferMade); is && offer.Agent == agent {
			return true
		}
	}
	return false
}

func TestNoHeadStartBeyondTheMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules())
		defer s.stop()
		s.enter("c1", kk)
		time.Sleep(ivr.MaxHeadStart + time.Second)
		if got := s.join("c2", func(k *ivr.Ticket) { k.HeadStart = time.Hour }); got.Place != 2 {
			t.Errorf("the place is %d", got.Place)
		}
		if got := s.join("c3", func(k *ivr.Ticket) { k.HeadStart = -time.Hour }); got.Place != 3 {
			t.Errorf("the place is %d", got.Place)
		}
		if got := s.join("c4", func(k *ivr.Ticket) { k.HeadStart = time.Minute }); got.Place != 3 {
			t.Errorf("the place is %d", got.Place)
		}
	})
}

// TestTurnedOutKeepsThePlace: who waited too long for a queue and has nowhere
// else to go waits on, in front of who came later.
func TestTurnedOutKeepsThePlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.Rules{LongestWait: time.Minute})
		defer s.stop()
		s.enter("c1", kk)
		time.Sleep(30 * time.Second)
		s.enter("c2", kk)
		time.Sleep(31 * time.Second)
		s.expect("c1", ivr.TurnedOut{Why: "timeout"})
		s.must(s.desk.Aside(t.Context(), "c1"))
		if place, _ := s.desk.Place("c2"); place != 1 {
			t.Errorf("c2 waits at place %d behind one who is out", place)
		}
		time.Sleep(4 * time.Second) // is asked to hold on
		if place := s.enter("c1", kk); place != 1 {
			t.Errorf("back at place %d", place)
		}
		time.Sleep(50 * time.Second)
		s.expect("c1")
		time.Sleep(12 * time.Second)
		s.expect("c1", ivr.TurnedOut{Why: "timeout"})
	})
}

// TestLedToAnotherQueue: waiting counts there, too; the patience of that queue
// begins anew, and its capacity holds.
func TestLedToAnotherQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.Rules{LongestWait: time.Minute, Capacity: 2})
		defer s.stop()
		s.enter("c1", kk)
		time.Sleep(50 * time.Second)
		s.join("c2", inQueue("tax"))
		time.Sleep(11 * time.Second)
		s.expect("c1", ivr.TurnedOut{Why: "timeout"})
		s.must(s.desk.Aside(t.Context(), "c1"))
		if got := s.join("c1", inQueue("tax")); got.Place != 1 {
			t.Errorf("at place %d in the other queue", got.Place)
		}
		time.Sleep(40 * time.Second)
		s.expect("c1")
		s.join("c3", inQueue("tax"))
		s.expect("c3", ivr.TurnedOut{Why: "overflow"})
		s.must(s.desk.Aside(t.Context(), "c3"))
		s.join("c3", inQueue("tax")) // the menu has nothing else for them
		s.expect("c3")
	})
}

func TestPassedOverForAReason(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tax := ready("tax", kk)
		tax.Queues, tax.Topics = []string{"main"}, []string{"tax"}
		s := newStage(t, queue.DefaultRules(), tax)
		defer s.stop()
		s.join("c1", inQueue("police"))
		s.join("c2", func(k *ivr.Ticket) { k.Category = "health/covid" })
		s.enter("c3", ru)
		s.expect("c1")
		for _, call := range []ivr.CallID{"c4", "c5"} {
			s.join(call, func(k *ivr.Ticket) { k.Category = "tax/late" })
			s.expect(call, ivr.OfferMade{Agent: "tax"})
			s.must(s.desk.Leave(t.Context(), call, "caller_hung_up"))
		}
		s.expect("c1", ivr.PassedOver{Why: "queue"})
		s.expect("c2", ivr.PassedOver{Why: "topic"})
		s.expect("c3", ivr.PassedOver{Why: "language"})
	})
}

func TestPlaceKeptForWhoWasCutOff(t *testing.T) {
	const number ivr.Number = "+77010000001"
	for name, c := range map[string]struct {
		number ivr.Number
		why    ivr.Reason
		after  time.Duration
		want   bool
	}{
		"hung up":             {number, ivr.CallerHungUp, time.Minute, true},
		"lost by the switch":  {number, ivr.SwitchLost, time.Minute, true},
		"gone while we were":  {number, ivr.GoneMeantime, 9 * time.Minute, true},
		"too late":            {number, ivr.CallerHungUp, 11 * time.Minute, false},
		"said goodbye":        {number, ivr.Goodbye, time.Minute, false},
		"promised a call":     {number, "callback", time.Minute, false},
		"handed over":         {number, "handed_over", time.Minute, false},
		"withheld":            {"", ivr.CallerHungUp, time.Minute, false},
		"a word for a number": {"anonymous", ivr.CallerHungUp, time.Minute, false},
		"no number at all":    {"+7701000000' OR 1", ivr.CallerHungUp, time.Minute, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, queue.DefaultRules())
				defer s.stop()
				s.join("c1", from(c.number))
				time.Sleep(time.Second)
				s.enter("c2", kk)
				s.must(s.desk.Leave(t.Context(), "c1", string(c.why)))
				time.Sleep(c.after)
				want := ivr.Standing{Place: 2}
				if c.want {
					want = ivr.Standing{Place: 1, Regained: true}
				}
				if got := s.join("c3", from(c.number)); got != want {
					t.Errorf("got %+v, want %+v", got, want)
				}
				if got := s.join("c4", from(c.number)); got.Regained || got.Place != 3 {
					t.Errorf("the place was given twice: %+v", got)
				}
			})
		})
	}
}

// TestRingAll: several phones ring; one who misses is paused, one who picks up has
// the caller, and the others are free at once, as idle as they were.
func TestRingAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rules := queue.DefaultRules()
		rules.Choose = queue.RingAll
		s := newStage(t, rules, ready("a"), ready("b"), ready("c"), ready("d"))
		defer s.stop()
		before := s.agent("c").IdleSince
		s.enter("c1", kk)
		s.expect("c1", ivr.OfferMade{Agent: "a", More: []ivr.AgentID{"b", "c"}})
		s.enter("c2", kk)
		s.expect("c2", ivr.OfferMade{Agent: "d"})
		s.must(s.desk.Missed(t.Context(), "c1", "a", "no_answer"))
		s.expect("c1")
		if a := s.agent("a"); a.Chosen != ivr.Paused || a.World != queue.Idle {
			t.Errorf("who missed is %s, %s", a.Chosen, a.World)
		}
		s.must(s.desk.Missed(t.Context(), "c1", "a", "no_answer")) // said again
		s.enter("c3", kk)
		s.expect("c3")
		s.must(s.desk.Connected(t.Context(), "c1", "b"))
		s.expect("c3", ivr.OfferMade{Agent: "c"})
		if c := s.agent("c"); !c.IdleSince.Equal(before) || c.Chosen != ivr.Ready {
			t.Errorf("who was rung for nothing is %+v", c)
		}
		s.must(s.desk.Leave(t.Context(), "c3", "caller_hung_up"))
		_, err := s.desk.Finished(t.Context(), "c1", "b")
		s.must(err)
		if got := s.agent("b"); got.World != queue.Idle || got.Taken != 1 {
			t.Errorf("who served is %+v", got)
		}
	})
}

// TestPlaceOfWhoIsServedIsNotKept, nor that of one who waits still.
func TestPlaceOfWhoIsServedIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), ready("a"))
		defer s.stop()
		s.join("c1", from("+77010000001"))
		s.expect("c1", ivr.OfferMade{Agent: "a"})
		if got := s.join("c2", from("+77010000001")); got.Regained {
			t.Error("a place was given to a second call of somebody who waits")
		}
		s.must(s.desk.Connected(t.Context(), "c1", "a"))
		s.must(s.desk.Leave(t.Context(), "c1", string(ivr.CallerHungUp)))
		if got := s.join("c3", from("+77010000001")); got.Regained {
			t.Error("a place was given to who was served")
		}
	})
}

// TestPlaceKeptIsOwed: the store is down when the caller hangs up, and hears of it
// before they dial again.
func TestPlaceKeptIsOwed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules())
		defer s.stop()
		s.join("c1", from("+77010000001"))
		time.Sleep(time.Second)
		s.enter("c2", kk)
		s.store.Break(down("Drop"))
		if err := s.desk.Leave(t.Context(), "c1", string(ivr.CallerHungUp)); ivr.CodeOf(err) != ivr.Unavailable {
			t.Fatalf("got %v", err)
		}
		s.store.Break(nil)
		time.Sleep(2 * time.Second)
		if got := s.join("c3", from("+77010000001")); !got.Regained || got.Place != 1 {
			t.Errorf("got %+v", got)
		}
	})
}
