package ivr_test

import (
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/queue"
)

// inRingAll runs a test on a line that rings three agents at once: one who is
// busy, one who picks up soon and one who is slow.
func inRingAll(t *testing.T, f func(t *testing.T, b *bench)) {
	t.Helper()
	inBubble(t, func(t *testing.T, b *bench) {
		b.ringAll()
		b.agent("aigerim", ivrtest.Manner{Cause: 17})
		b.agent("bolat", ivrtest.Manner{Answer: 2 * time.Second})
		b.agent("daniyar", ivrtest.Manner{Answer: 5 * time.Second})
		b.startDesk()
		f(t, b)
	})
}

func (b *bench) ringAll() {
	rules := queue.DefaultRules()
	rules.Choose = queue.RingAll
	b.desk.SetRules(queue.Rulebook{Default: rules})
}

// stands checks how agents stand, as the store has it.
func (b *bench) stands(want map[ivr.AgentID]queue.Standing) {
	b.t.Helper()
	agents, _, err := b.store.Agents(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	for _, a := range agents {
		if want[a.ID] != "" && a.Standing() != want[a.ID] {
			b.t.Errorf("%s is %s, want %s", a.ID, a.Standing(), want[a.ID])
		}
	}
}

// kinds counts the entries of the one call's journal.
func (b *bench) kinds() map[ivr.Kind]int {
	counts := map[ivr.Kind]int{}
	for _, e := range b.journal.Entries(b.only().ID) {
		counts[e.Kind]++
	}
	return counts
}

func TestFirstOfSeveralHasTheCaller(t *testing.T) {
	inRingAll(t, func(t *testing.T, b *bench) {
		b.arrive("a")
		b.press("a", "10")
		b.after(20 * time.Second)
		b.stands(map[ivr.AgentID]queue.Standing{
			"aigerim": queue.StandsPaused, "bolat": queue.StandsTalking, "daniyar": queue.StandsFree,
		})
		if legs := len(b.sw.Legs()); legs != 2 {
			t.Errorf("%d legs, want the caller's and that of who picked up", legs)
		}
		b.sw.HangUp("a")
		b.after(5 * time.Second)
		if r := b.only(); r.Agent != "bolat" || r.Outcome != ivr.Served {
			t.Errorf("record %+v", r)
		}
		if k := b.kinds(); k[ivr.Offered] != 3 || k[ivr.OfferMissed] != 1 || k[ivr.OfferWithdrawn] != 1 || k[ivr.Connected] != 1 {
			t.Errorf("the journal has %v", k)
		}
		b.settled()
	})
}

func TestCallerGoesWhileSeveralRing(t *testing.T) {
	inRingAll(t, func(t *testing.T, b *bench) {
		b.arrive("a")
		b.press("a", "10")
		for range 100 { // until they ring
			if b.after(50 * time.Millisecond); len(b.sw.Legs()) == 3 {
				break
			}
		}
		b.sw.HangUp("a")
		b.after(2 * time.Second)
		b.stands(map[ivr.AgentID]queue.Standing{"bolat": queue.StandsFree, "daniyar": queue.StandsFree})
		b.settled()
	})
}

// TestKilledWhileSeveralRing: all phones are let go, and nobody is paused for it.
func TestKilledWhileSeveralRing(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.ringAll()
		b.agent("aigerim", ivrtest.Manner{})
		b.agent("bolat", ivrtest.Manner{})
		b.startDesk()
		b.arrive("a")
		b.press("a", "10")
		b.after(5 * time.Second)
		b.stands(map[ivr.AgentID]queue.Standing{"aigerim": queue.StandsRinging, "bolat": queue.StandsRinging})
		b.killed()
		b.startedAgain(b.sw) // with the rules of every day: one at a time
		b.after(10 * time.Second)
		if legs := len(b.sw.Legs()); legs != 2 {
			t.Errorf("%d legs, want the caller's and that of one agent", legs)
		}
		b.sw.HangUp("a")
		b.after(2 * time.Second)
		b.stands(map[ivr.AgentID]queue.Standing{"aigerim": queue.StandsFree, "bolat": queue.StandsFree})
		b.settled()
	})
}

// TestSeveralRingOut: all are paused, and the caller waits on.
func TestSeveralRingOut(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.ringAll()
		b.agent("aigerim", ivrtest.Manner{})
		b.agent("bolat", ivrtest.Manner{})
		b.startDesk()
		b.arrive("a")
		b.press("a", "10")
		b.after(40 * time.Second)
		b.stands(map[ivr.AgentID]queue.Standing{"aigerim": queue.StandsPaused, "bolat": queue.StandsPaused})
		if r := b.only(); !r.Waiting() {
			t.Errorf("record %+v", r)
		}
		b.sw.HangUp("a")
		b.after(2 * time.Second)
		b.settled()
	})
}
