package ivr_test

import (
	"fmt"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/queue"
)

// TestUnreached is tried at rising intervals, keeps the place, and is given up.
func TestUnreached(t *testing.T) {
	for why, manner := range map[string]ivrtest.Manner{
		"no_answer": {}, "busy": {Cause: 17}, "refused": {Cause: 21}, "unreachable": {Cause: 20}, "failed": {Cause: 1},
	} {
		t.Run(why, func(t *testing.T) {
			inRecalls(t, ivr.Recalling{Pauses: []time.Duration{5 * time.Minute, 20 * time.Minute}}, func(t *testing.T, r *recalls) {
				r.agent("aigerim", ivrtest.Manner{Answer: time.Second})
				r.sw.Citizen(ana, manner)
				r.ask(ana, 10*time.Minute)
				since := r.callback().Since
				r.begin()
				r.after(2 * time.Minute)
				r.is(ivr.CallbackWaiting, 1, why)
				r.after(5 * time.Minute)
				r.is(ivr.CallbackWaiting, 2, why)
				r.after(18 * time.Minute)
				if r.rings(string(ana)) != 2 {
					t.Errorf("rung %d times", r.rings(string(ana)))
				}
				r.after(5 * time.Minute)
				r.is(ivr.CallbackFailed, 3, why)
				if !r.callback().Since.Equal(since) {
					t.Error("the place was lost")
				}
				if !heard(r.bench, "play", "ru/callback/unanswered") {
					t.Errorf("the agent was not told: %v", r.sw.Did())
				}
				if agent := r.agentNow(); agent.World != queue.Idle || agent.Chosen != ivr.Ready {
					t.Errorf("the agent is %s, %s", agent.World, agent.Chosen)
				}
				r.ends(ivr.Unreached, ivr.Unreached, ivr.Unreached)
				r.settled()
			})
		})
	}
}

// TestNoWayToACitizen is no try: the trunk is down, and no telephone rang. It is
// tried again after the same pause, and the agent is not blamed either.
func TestNoWayToACitizen(t *testing.T) {
	for name, dead := range map[string]func(r *recalls){
		"no way":         func(*recalls) {},
		"out of order":   func(r *recalls) { r.sw.Citizen(ana, ivrtest.Manner{Cause: 38}) },
		"all lines busy": func(r *recalls) { r.sw.Citizen(ana, ivrtest.Manner{Cause: 34}) },
	} {
		t.Run(name, func(t *testing.T) {
			inRecalls(t, ivr.Recalling{Tries: 1, Pauses: []time.Duration{5 * time.Minute}}, func(t *testing.T, r *recalls) {
				r.agent("aigerim", ivrtest.Manner{Answer: time.Second})
				dead(r)
				r.ask(ana, 0)
				r.begin()
				r.after(time.Minute)
				r.is(ivr.CallbackWaiting, 0, ivr.MissedByNetwork)
				r.after(3 * time.Minute)
				if n := r.rings("aigerim"); n != 1 {
					t.Errorf("the agent was rung %d times", n)
				}
				r.sw.Citizen(ana, ivrtest.Manner{Answer: time.Second})
				r.after(3 * time.Minute)
				if r.sw.Bridges() != 1 {
					t.Fatalf("not reached when the trunk was there again: %v", r.sw.Did())
				}
				r.everybodyHangsUp()
				r.is(ivr.CallbackReached, 1, "served")
				r.ends(ivr.Unreached, ivr.Served)
			})
		})
	}
}

// TestTrunkDown: it does not keep the agents busy with everybody who is to be
// called back.
func TestTrunkDown(t *testing.T) {
	inRecalls(t, ivr.Recalling{Pauses: []time.Duration{5 * time.Minute}}, func(t *testing.T, r *recalls) {
		r.agent("aigerim", ivrtest.Manner{Answer: time.Second})
		for i := range 10 {
			r.ask(ivr.Number(fmt.Sprint("+7701000000", i)), time.Hour)
		}
		r.begin()
		r.after(time.Minute)
		if n := r.rings("aigerim"); n != 1 {
			t.Errorf("the agent was rung %d times in the first minute", n)
		}
		r.after(29 * time.Minute)
		if n := r.rings("aigerim"); n < 5 || n > 15 {
			t.Errorf("the agent was rung %d times in half an hour", n)
		}
	})
}

// TestNoWayForDays is the end of a callback: some numbers do not come back.
func TestNoWayForDays(t *testing.T) {
	inRecalls(t, ivr.Recalling{}, func(t *testing.T, r *recalls) {
		r.agent("aigerim", ivrtest.Manner{Answer: time.Second})
		r.ask(ana, 49*time.Hour)
		r.begin()
		r.after(time.Minute)
		r.is(ivr.CallbackFailed, 0, ivr.MissedByNetwork)
		r.ends(ivr.Unreached)
		r.settled()
	})
}
