package ivr_test

import (
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/queue"
)

// again kills the program and starts another; meanwhile happens in between.
func (r *recalls) again(meanwhile func()) {
	r.t.Helper()
	r.killed()
	meanwhile()
	r.startedAgainWith(r.change)
}

// untilRung waits until somebody's telephone rings.
func (r *recalls) untilRung(who string) {
	r.t.Helper()
	before := r.rings(who)
	for range 600 {
		if r.rings(who) > before {
			return
		}
		r.after(100 * time.Millisecond)
	}
	r.t.Fatalf("%s is not rung: %v", who, r.sw.Did())
}

// TestRecallOutlivesTheProgram in each of its phases, and no try is counted for
// what was the program's doing.
func TestRecallOutlivesTheProgram(t *testing.T) {
	for name, c := range map[string]struct {
		citizenFirst bool
		until        func(r *recalls)
		meanwhile    func(r *recalls)
		rings        int // of the citizen's telephone, in all
	}{
		"in the queue": {until: func(r *recalls) { r.after(10 * time.Second) }, rings: 1},
		"in the queue, citizen first": {
			citizenFirst: true, until: func(r *recalls) { r.after(10 * time.Second) }, rings: 1,
		},
		"the agent's phone rings": {until: func(r *recalls) {
			r.agent("aigerim", ivrtest.Manner{Answer: 5 * time.Second})
			r.untilRung("aigerim")
			r.after(time.Second)
		}, rings: 1},
		"the citizen's telephone rings": {until: func(r *recalls) {
			r.agent("aigerim", ivrtest.Manner{Answer: 2 * time.Second})
			r.untilRung(string(ana))
			r.after(time.Second)
		}, rings: 2},
		"the citizen's telephone rings, citizen first": {citizenFirst: true, until: func(r *recalls) {
			r.agent("aigerim", ivrtest.Manner{Answer: 2 * time.Second})
			r.untilRung(string(ana))
			r.after(time.Second)
		}, rings: 2},
		"the citizen waits for the agent": {citizenFirst: true, until: func(r *recalls) {
			r.agent("aigerim", ivrtest.Manner{Answer: 15 * time.Second})
			r.untilRung("aigerim")
			r.after(time.Second)
		}, rings: 1},
	} {
		t.Run(name, func(t *testing.T) {
			inRecalls(t, ivr.Recalling{CitizenFirst: c.citizenFirst}, func(t *testing.T, r *recalls) {
				r.sw.Citizen(ana, ivrtest.Manner{Answer: 5 * time.Second})
				r.ask(ana, 10*time.Minute)
				r.begin()
				c.until(r)
				r.again(func() {})
				if len(r.desk.Agents()) == 0 {
					r.agent("aigerim", ivrtest.Manner{Answer: 2 * time.Second})
				}
				r.after(2 * time.Minute)
				if r.sw.Bridges() != 1 || len(r.sw.Legs()) != 2 || r.rings(string(ana)) != c.rings {
					t.Fatalf("no conversation, or rung %d times: %v", r.rings(string(ana)), r.sw.Did())
				}
				r.everybodyHangsUp()
				r.is(ivr.CallbackReached, 1, "served")
				r.ends(ivr.Served)
			})
		})
	}
}

// TestRecallTalksOn over a restart, also when nothing of it was stored; and is
// on record when it ended meanwhile.
func TestRecallTalksOn(t *testing.T) {
	for name, c := range map[string]struct {
		unsaved   bool
		meanwhile func(r *recalls)
	}{
		"undisturbed":         {meanwhile: func(*recalls) {}},
		"nothing stored":      {meanwhile: func(*recalls) {}, unsaved: true},
		"the citizen went":    {meanwhile: func(r *recalls) { r.hangUpWho(false) }},
		"the agent went":      {meanwhile: func(r *recalls) { r.hangUpWho(true) }},
		"both went meanwhile": {meanwhile: func(r *recalls) { r.hangUpWho(true); r.hangUpWho(false) }},
	} {
		t.Run(name, func(t *testing.T) {
			inRecalls(t, ivr.Recalling{}, func(t *testing.T, r *recalls) {
				r.sw.Citizen(ana, ivrtest.Manner{Answer: 5 * time.Second})
				r.agent("aigerim", ivrtest.Manner{Answer: 2 * time.Second})
				r.ask(ana, 10*time.Minute)
				r.begin()
				r.untilRung(string(ana))
				if c.unsaved {
					r.journal.Break(func(string, ivr.CallID) error { return errDown })
				}
				r.after(10 * time.Second)
				if r.sw.Bridges() != 1 {
					t.Fatalf("no conversation: %v", r.sw.Did())
				}
				r.again(func() { c.meanwhile(r) })
				r.after(10 * time.Second)
				if len(r.sw.Legs()) > 0 {
					if r.sw.Bridges() != 1 || len(r.sw.Legs()) != 2 || r.agentNow().World != queue.Talking {
						t.Errorf("the conversation was disturbed: %v", r.sw.Did())
					}
					r.hangUpWho(false)
				}
				r.after(2 * time.Minute)
				r.is(ivr.CallbackReached, 1, "served")
				r.ends(ivr.Served)
				if r.rings(string(ana)) != 1 {
					t.Errorf("rung %d times", r.rings(string(ana)))
				}
				r.settled()
			})
		})
	}
}

// hangUpWho hangs up the agent's leg, or the citizen's.
func (r *recalls) hangUpWho(agent bool) {
	for _, leg := range r.sw.Legs() {
		if (leg.Agent != "") == agent {
			r.sw.HangUp(leg.Channel)
		}
	}
}

// TestKilledWhileClaiming: a claim whose call never came to be is void.
func TestKilledWhileClaiming(t *testing.T) {
	inRecalls(t, ivr.Recalling{}, func(t *testing.T, r *recalls) {
		r.sw.Citizen(ana, ivrtest.Manner{Answer: 5 * time.Second})
		r.ask(ana, 10*time.Minute)
		if err := r.callbacks.Claim(t.Context(), 1, "of-a-dead-program", time.Now()); err != nil {
			t.Fatal(err)
		}
		r.agent("aigerim", ivrtest.Manner{Answer: 2 * time.Second})
		r.begin()
		r.after(2 * time.Minute)
		if r.sw.Bridges() != 1 {
			t.Fatalf("not called back: %v", r.sw.Did())
		}
		r.everybodyHangsUp()
		r.is(ivr.CallbackReached, 1, "served")
	})
}

// TestKilledBeforeItWasTold what came of a try: it is told once.
func TestKilledBeforeItWasTold(t *testing.T) {
	inRecalls(t, ivr.Recalling{}, func(t *testing.T, r *recalls) {
		r.sw.Citizen(ana, ivrtest.Manner{Cause: 17})
		r.agent("aigerim", ivrtest.Manner{Answer: 2 * time.Second})
		r.ask(ana, 10*time.Minute)
		r.sw.Watch(func(op string, _ ivr.ChannelID, _ int) {
			if op == "ring" {
				r.journal.Break(func(op string, _ ivr.CallID) error {
					if op == "close" {
						return errDown
					}
					return nil
				})
			}
		})
		r.begin()
		r.after(30 * time.Second)
		r.is(ivr.CallbackWaiting, 1, "busy")
		r.again(func() { r.sw.Watch(nil) })
		r.after(10 * time.Second)
		r.is(ivr.CallbackWaiting, 1, "busy")
		r.ends(ivr.Unreached)
		r.settled()
	})
}

// TestStoreThatIsAway calls nobody whom another may have called, and goes on
// when it is back.
func TestStoreThatIsAway(t *testing.T) {
	inRecalls(t, ivr.Recalling{}, func(t *testing.T, r *recalls) {
		r.sw.Citizen(ana, ivrtest.Manner{Answer: 5 * time.Second})
		r.ask(ana, 10*time.Minute)
		r.begin()
		r.after(5 * time.Second)
		r.callbacks.Break(errDown)
		r.agent("aigerim", ivrtest.Manner{Answer: 2 * time.Second})
		r.after(time.Minute)
		if r.rings(string(ana)) != 0 {
			t.Errorf("called: %v", r.sw.Did())
		}
		r.callbacks.Break(nil)
		r.after(2 * time.Minute)
		if r.sw.Bridges() != 1 {
			t.Errorf("not called back: %v", r.sw.Did())
		}
		r.everybodyHangsUp()
		r.is(ivr.CallbackReached, 1, "served")
		r.ends(ivr.Withdrawn, ivr.Served)
	})
}

// TestRecallWithoutASwitch that goes away for good leaves the wish as it was.
func TestRecallWithoutASwitch(t *testing.T) {
	inRecalls(t, ivr.Recalling{}, func(t *testing.T, r *recalls) {
		r.ask(ana, 10*time.Minute)
		r.begin()
		r.after(5 * time.Second)
		if err := r.line.SwitchLost(t.Context()); err != nil {
			t.Error(err)
		}
		r.is(ivr.CallbackWaiting, 0, "fault")
		r.ends(ivr.Withdrawn)
		r.settled()
	})
}

// TestRecallOfALineThatCallsNobody any more, or has no store for it, is left to
// one that does: nobody's telephone rings, and no try is counted.
func TestRecallOfALineThatCallsNobody(t *testing.T) {
	for name, change := range map[string]func(o *ivr.Recalling){
		"closed":   func(o *ivr.Recalling) { o.Open = func(time.Time) bool { return false } },
		"no store": func(o *ivr.Recalling) { o.Store = nil },
	} {
		t.Run(name, func(t *testing.T) {
			inRecalls(t, ivr.Recalling{}, func(t *testing.T, r *recalls) {
				r.sw.Citizen(ana, ivrtest.Manner{Answer: time.Second})
				r.ask(ana, 10*time.Minute)
				r.begin()
				r.after(5 * time.Second)
				r.agent("aigerim", ivrtest.Manner{Answer: time.Second})
				r.killed()
				r.startedAgainWith(func(o *ivr.Options) { r.change(o); change(&o.Recall) })
				r.after(time.Minute)
				r.ends(ivr.Withdrawn)
				r.settled()
				r.again(func() {})
				r.after(2 * time.Minute)
				if r.sw.Bridges() != 1 || r.rings(string(ana)) != 1 {
					t.Errorf("not called back by the next: %v", r.sw.Did())
				}
				r.everybodyHangsUp()
				r.is(ivr.CallbackReached, 1, "served")
			})
		})
	}
}
