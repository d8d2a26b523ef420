package ivr_test

import (
	"strings"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/queue"
)

// wrapping has the bench's queue go by a wrap-up.
func (b *bench) wrapping(length time.Duration) {
	rules := queue.DefaultRules()
	rules.WrapUp = length
	b.desk.SetRules(queue.Rulebook{Default: rules})
	b.with(func(o *ivr.Options) { o.Rules, o.Pauses = b.desk.CallRules, []string{"lunch", "training"} })
}

// talks has a caller about health and an agent in conversation.
func (b *bench) talks() {
	b.t.Helper()
	b.agent("aigerim", ivrtest.Manner{Answer: time.Second})
	b.startDesk()
	b.arrive("a")
	b.press("a", "10")
	b.until("joined", func() bool { return b.sw.Bridges() == 1 })
}

// question is how an agent is asked for the topic.
const question = "kk/agent/category/is kk/category/other kk/agent/category/right kk/key/1 kk/agent/category/other"

// asked has the caller hang up and the agent be asked.
func (b *bench) asked() {
	b.t.Helper()
	b.talks()
	b.sw.HangUp("a")
	b.until("asked for the topic", func() bool { return heard(b, "play", question) })
}

// amendments gives what the agent said of the one call.
func (b *bench) amendments() (said []string) {
	for _, e := range b.journal.Entries(b.only().ID) {
		about := e.Kind == ivr.CategoryConfirmed || e.Kind == ivr.WrappedUp || e.Kind == ivr.CategorySet
		if about && e.Detail["agent"] != "" {
			said = append(said, string(e.Kind)+" "+e.Detail["category"]+e.Detail["ms"])
		}
	}
	return said
}

func (b *bench) saidOfTheCall(want ...string) {
	b.t.Helper()
	if got := strings.Join(b.amendments(), ", "); got != strings.Join(want, ", ") {
		b.t.Errorf("on record: %q, want %q", got, want)
	}
}

// TestOneKeyConfirmsTheTopic: the record is closed before the agent is asked,
// and follows what they say.
func TestOneKeyConfirmsTheTopic(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.wrapping(15 * time.Second)
		b.asked()
		if r := b.only(); r.Live() || r.Outcome != ivr.Served || r.Reason != ivr.CallerHungUp {
			t.Errorf("while the agent is asked the record is %+v", r)
		}
		b.pressAgent("1")
		b.until("told so and hung up", func() bool { return len(b.sw.Legs()) == 0 })
		b.saidOfTheCall("category_confirmed other")
		if a := b.agentNow(); a.World != queue.WrapUp {
			t.Errorf("the agent is %s", a.World)
		}
		if !heard(b, "play", "kk/agent/category/confirmed") {
			t.Errorf("not told: %v", b.sw.Did())
		}
		b.settled()
	})
}

func TestTwoKeysSetTheTopic(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.wrapping(time.Minute)
		b.asked()
		water, ok := b.flow.Category("utilities/water")
		if !ok || len(water.Number) != 2 {
			t.Fatalf("water is %+v", water)
		}
		b.pressAgent("99")
		if !heard(b, "play", "kk/agent/category/unknown") {
			t.Errorf("99 is no topic: %v", b.sw.Did())
		}
		b.pressAgent("#")
		b.pressAgent(water.Number)
		b.until("hung up", func() bool { return len(b.sw.Legs()) == 0 })
		b.saidOfTheCall("category_set utilities/water")
		if r := b.only(); r.Category != "utilities/water" {
			t.Errorf("the record has %q", r.Category)
		}
		if !heard(b, "play", "kk/agent/category/set kk/category/utilities/water kk/category/utilities/water/name") {
			t.Errorf("not told: %v", b.sw.Did())
		}
		b.settled()
	})
}

// TestWrapUpLegIsGoneBeforeTheNextCaller: whose call would find the phone busy.
func TestWrapUpLegIsGoneBeforeTheNextCaller(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.wrapping(15 * time.Second)
		b.asked()
		b.sw.Connect("b", func() *ivr.Inbox {
			return b.line.Arrive(ivr.Arrival{Node: node, Channel: "b", Caller: "+77017654321", Dialled: "109"})
		})
		b.press("b", "10")
		begun := time.Now()
		b.until("the next is rung", func() bool {
			rings := 0
			for _, d := range b.sw.Did() {
				if strings.HasPrefix(d, "ring") {
					rings++
				}
			}
			if rings == 1 && len(b.sw.Legs()) < 2 && time.Since(begun) > 14*time.Second {
				return false // the leg is gone, and the wrap-up is not over
			}
			return rings == 2
		})
		if legs := len(b.sw.Legs()); legs != 2 {
			t.Errorf("%d legs when the next caller is offered", legs)
		}
		b.sw.HangUp("b")
		b.after(time.Minute)
		if n := len(b.sw.Legs()); n != 0 {
			t.Errorf("%d legs left", n)
		}
	})
}

func TestStarNineMakesTheWrapUpLonger(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.wrapping(15 * time.Second)
		b.asked()
		b.pressAgent("*9")
		b.after(10 * time.Second)
		if !heard(b, "play", "kk/agent/wrap_up/longer") {
			t.Errorf("not told: %v", b.sw.Did())
		}
		b.after(20 * time.Second)
		if n := len(b.sw.Legs()); n != 1 || b.agentNow().World != queue.WrapUp {
			t.Errorf("half a minute later %d legs, the agent is %s", n, b.agentNow().World)
		}
		b.after(20 * time.Second)
		if n := len(b.sw.Legs()); n != 0 || b.agentNow().World != queue.Idle {
			t.Errorf("after it %d legs, the agent is %s", n, b.agentNow().World)
		}
		b.settled()
	})
}

// TestTopicByCode: the agent hung up first, so there was no leg to ask on.
func TestTopicByCode(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.wrapping(15 * time.Second)
		b.talks()
		b.hangUp("agent")
		b.after(time.Second)
		if a := b.agentNow(); a.World != queue.WrapUp {
			t.Errorf("the agent is %s", a.World)
		}
		b.dial(ivr.CodeTopic)
		b.until("asked", func() bool { return heard(b, "play", question) })
		if r := b.only(); !r.Live() {
			t.Error("the caller is not asked for a mark any more")
		}
		b.press("c", "40") // movement
		b.until("hung up", func() bool { return len(b.sw.Legs()) <= 1 })
		b.after(time.Minute)
		b.saidOfTheCall("category_set movement")
		if r := b.only(); r.Live() || r.Category != "movement" {
			t.Errorf("the closed record is %+v", r)
		}
		b.settled()
	})
}

func TestTopicByCodeWithoutACall(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.wrapping(15 * time.Second)
		b.agent("aigerim", ivrtest.Manner{})
		b.startDesk()
		b.dial(ivr.CodeTopic)
		b.after(30 * time.Second)
		if !heard(b, "play", "kk/agent/category/no_call ru/agent/category/no_call") || len(b.sw.Legs()) != 0 {
			t.Errorf("%v", b.sw.Did())
		}
	})
}

func TestLongerByCode(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.wrapping(15 * time.Second)
		b.talks()
		b.hangUp("agent")
		b.after(time.Second)
		until := b.agentNow().WrapUntil
		b.dial(ivr.CodeLonger)
		b.after(10 * time.Second)
		if got := b.agentNow().WrapUntil.Sub(until); got != 30*time.Second || !heard(b, "play", "kk/agent/wrap_up/longer") {
			t.Errorf("longer by %s: %v", got, b.sw.Did())
		}
		b.after(time.Minute)
		b.dial(ivr.CodeLonger)
		b.after(10 * time.Second)
		if !heard(b, "play", "kk/agent/wrap_up/none") {
			t.Errorf("%v", b.sw.Did())
		}
	})
}

// TestTopicThatTheStoreDoesNotTake: the agent is told, and asked again.
func TestTopicThatTheStoreDoesNotTake(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.wrapping(time.Minute)
		b.asked()
		b.journal.Break(func(op string, _ ivr.CallID) error {
			if op == "amend" {
				return errDown
			}
			return nil
		})
		b.pressAgent("1")
		b.until("told", func() bool { return heard(b, "play", "kk/agent/category/failed") })
		b.journal.Break(nil)
		b.pressAgent("1")
		b.until("hung up", func() bool { return len(b.sw.Legs()) == 0 })
		b.saidOfTheCall("category_confirmed other")
		b.settled()
	})
}

// TestKilledDuringTheWrapUp: the next program asks the agent on, and nothing of
// the record is written twice.
func TestKilledDuringTheWrapUp(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.wrapping(40 * time.Second)
		b.asked()
		b.killed()
		did := len(b.sw.Did())
		b.startedAgainWith(func(*ivr.Options) {})
		b.until("asked again", func() bool { return heardSince(b, did, question) })
		b.pressAgent("1")
		b.until("hung up", func() bool { return len(b.sw.Legs()) == 0 })
		b.saidOfTheCall("category_confirmed other")
		b.after(time.Minute)
		if a := b.agentNow(); a.World != queue.Idle {
			t.Errorf("the agent is %s", a.World)
		}
		b.settled()
	})
}

// TestKilledAfterTheWrapUpEnded: the agent's leg is no reason to keep a phone busy.
func TestKilledAfterTheWrapUpEnded(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.wrapping(15 * time.Second)
		b.asked()
		b.killed()
		b.after(20 * time.Second)
		b.startedAgainWith(func(*ivr.Options) {})
		b.after(10 * time.Second)
		if n := len(b.sw.Legs()); n != 0 || b.agentNow().World != queue.Idle {
			t.Errorf("%d legs, the agent is %s", n, b.agentNow().World)
		}
		b.settled()
	})
}

// TestCallerGoneWhileNoProgramRan: the agent, left alone in the bridge, has a
// wrap-up all the same.
func TestCallerGoneWhileNoProgramRan(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.wrapping(30 * time.Second)
		b.talks()
		b.killed()
		b.sw.HangUp("a")
		b.startedAgainWith(func(o *ivr.Options) {})
		b.after(5 * time.Second)
		if r := b.only(); r.Live() || r.Reason != ivr.GoneMeantime {
			t.Errorf("record %+v", r)
		}
		b.after(time.Minute)
		if n := len(b.sw.Legs()); n != 0 || b.agentNow().World != queue.Idle {
			t.Errorf("%d legs, the agent is %s", n, b.agentNow().World)
		}
	})
}

// TestPauseWithAReason: each reason of the settings has a number.
func TestPauseWithAReason(t *testing.T) {
	for code, want := range map[string]struct{ chosen, reason, sound string }{
		"*121": {"paused", "lunch", "kk/agent/paused kk/agent/pause/lunch ru/agent/paused ru/agent/pause/lunch"},
		"*122": {"paused", "training", "kk/agent/paused kk/agent/pause/training"},
		"*12":  {"paused", "", "kk/agent/paused ru/agent/paused"},
		"*123": {"ready", "", "kk/agent/unknown ru/agent/unknown"},
		"*120": {"ready", "", "kk/agent/unknown ru/agent/unknown"},
		"*1x":  {"ready", "", "kk/agent/unknown ru/agent/unknown"},
	} {
		t.Run(code, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.wrapping(0)
				b.agent("aigerim", ivrtest.Manner{})
				b.startDesk()
				b.dial(code)
				b.after(30 * time.Second)
				if a := b.agentNow(); string(a.Chosen) != want.chosen || a.PauseReason != want.reason {
					t.Errorf("the agent is %s (%s)", a.Chosen, a.PauseReason)
				}
				if !heard(b, "play", want.sound) {
					t.Errorf("heard %v", b.sw.Did())
				}
			})
		})
	}
}

// TestMissedIsSaidFirst: by the next code that the agent dials, and by that alone.
func TestMissedIsSaidFirst(t *testing.T) {
	for _, code := range []string{"*11", "*12", ivr.CodeLonger} {
		t.Run(code, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.agent("aigerim", ivrtest.Manner{})
				b.startDesk()
				if err := b.store.Choose(t.Context(), "aigerim", ivr.Paused, queue.MissedReason, time.Now()); err != nil {
					t.Fatal(err)
				}
				b.after(2 * time.Second) // another program did that
				b.dial(code)
				b.after(30 * time.Second)
				if did := b.sw.Did(); len(did) == 0 || !strings.HasPrefix(did[0], "play [kk/agent/missed") {
					t.Errorf("heard %v", did)
				}
				before := len(b.sw.Did())
				if code == ivr.CodeLonger { // chooses nothing: the agent is paused still
					return
				}
				b.dial("*10")
				b.after(30 * time.Second)
				if heardSince(b, before, "agent/missed") {
					t.Errorf("said again: %v", b.sw.Did()[before:])
				}
			})
		})
	}
}
