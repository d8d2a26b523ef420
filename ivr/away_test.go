package ivr_test

import (
	"fmt"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/queue"
)

// ringing lets a caller press keys into the queue, and time pass until so many
// telephones ring for them.
func (b *bench) ringing(keys string, phones int) {
	b.t.Helper()
	b.arrive("a")
	b.press("a", keys)
	b.until("it rings", func() bool { return len(b.sw.Legs()) == 1+phones })
	b.after(2 * time.Second)
}

// withdrawn checks that nobody's telephone rings any more, and that this is held
// against nobody.
func (b *bench) withdrawn(times int, agents ...ivr.AgentID) {
	b.t.Helper()
	if legs := len(b.sw.Legs()); legs != 1 {
		b.t.Errorf("%d legs, want the caller's alone", legs)
	}
	want := map[ivr.AgentID]queue.Standing{}
	for _, id := range agents {
		want[id] = queue.StandsFree
	}
	b.stands(want)
	if k := b.kinds(); k[ivr.OfferWithdrawn] != times || k[ivr.OfferMissed] != 0 || k[ivr.SteppedAside] != 1 {
		b.t.Errorf("the journal has %v", k)
	}
	if r := b.only(); !r.Waiting() {
		b.t.Errorf("the place is lost: %+v", r)
	}
}

// TestBackToTheMenuWhileItRings: the telephone is silent at once, the place is
// kept, and whoever comes back waits on.
func TestBackToTheMenuWhileItRings(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		o.agent("aigerim", ivrtest.Manner{})
		o.startDesk()
		o.ringing("0", 1)
		queued := o.only().QueuedAt
		o.press("a", "*")
		o.after(time.Second)
		o.withdrawn(1, "aigerim")
		if tickets, err := o.store.All(t.Context()); err != nil || len(tickets) != 1 || tickets[0].Status != queue.Aside {
			t.Errorf("tickets %v, %v", tickets, err)
		}
		o.sw.Agent("aigerim", ivrtest.Manner{Answer: time.Second})
		o.press("a", "0")
		o.until("joined", func() bool { return o.sw.Bridges() == 1 })
		if r := o.only(); !r.QueuedAt.Equal(queued) || r.Agent != "aigerim" {
			t.Errorf("record %+v, queued at %s first", r, queued)
		}
		o.sw.HangUp("a")
		o.after(5 * time.Second)
		o.settled()
	})
}

// TestCallMeBackWhileItRings: who would rather be called back need not wait for
// the answer.
func TestCallMeBackWhileItRings(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		wishes := new(ivrtest.Callbacks)
		b.with(func(o *ivr.Options) { o.Callbacks = wishes })
		b.agent("aigerim", ivrtest.Manner{})
		b.startDesk()
		b.ringing("130", 1)
		b.press("a", "1")
		b.after(time.Second)
		b.withdrawn(1, "aigerim")
		b.press("a", "1")
		b.after(time.Minute)
		if r := b.only(); r.Outcome != ivr.Recalled || len(wishes.All()) != 1 {
			t.Errorf("outcome %s; noted %+v", r.Outcome, wishes.All())
		}
		b.settled()
	})
}

// TestAwayWhileSeveralRing lets all of them go, and the next caller has them.
func TestAwayWhileSeveralRing(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		o.ringAll()
		o.agent("aigerim", ivrtest.Manner{})
		o.agent("bolat", ivrtest.Manner{})
		o.startDesk()
		o.ringing("0", 2)
		o.press("a", "2*") // the first does not keep the second
		o.after(time.Second)
		o.withdrawn(2, "aigerim", "bolat")
		o.sw.HangUp("a")
		o.after(5 * time.Second)
		o.stands(map[ivr.AgentID]queue.Standing{"aigerim": queue.StandsFree, "bolat": queue.StandsFree})
		o.settled()
	})
}

// TestInformedWhileItRings: what a caller may ask for in the queue is said though a
// telephone rings, and does not keep them from the agent who picks up.
func TestInformedWhileItRings(t *testing.T) {
	for key, says := range map[string]string{"2": "kk/transport-routes/text", "#": "kk/queue/place", "52": "kk/transport-routes/text"} {
		t.Run(key, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.agent("aigerim", ivrtest.Manner{Answer: 8 * time.Second})
				b.startDesk()
				b.ringing("130", 1)
				did := len(b.sw.Did())
				b.press("a", key)
				b.after(2 * time.Second)
				if len(b.sw.Legs()) != 2 || !heardSince(b, did, says) {
					t.Errorf("not said while it rings: %v", b.sw.Did()[did:])
				}
				b.until("joined", func() bool { return b.sw.Bridges() == 1 })
				if r := b.only(); r.Agent != "aigerim" || r.Wait > 12*time.Second {
					t.Errorf("record %+v", r)
				}
				b.sw.HangUp("a")
				b.after(5 * time.Second)
				b.settled()
			})
		})
	}
}

// TestInformedAndNobodyPicksUp: who was told something waits on with music.
func TestInformedAndNobodyPicksUp(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.agent("aigerim", ivrtest.Manner{})
		b.startDesk()
		b.ringing("130", 1)
		b.press("a", "2")
		b.after(2 * time.Minute)
		if r := b.only(); !r.Waiting() || !b.sw.Music("a") {
			t.Errorf("record %+v; %v", r, b.sw.Did())
		}
		b.sw.HangUp("a")
		b.after(5 * time.Second)
		b.settled()
	})
}

// TestAwayAfterTheAnswer is too late: the agent is told of the caller already.
func TestAwayAfterTheAnswer(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		o.agent("aigerim", ivrtest.Manner{Answer: 4 * time.Second})
		o.startDesk()
		o.ringing("0", 1)
		o.until("the agent is told", func() bool { return heard(o.bench, "play", "agent/offer") })
		o.press("a", "*")
		o.until("joined", func() bool { return o.sw.Bridges() == 1 })
		o.after(5 * time.Second)
		if k := o.kinds(); o.sw.Bridges() != 1 {
			t.Errorf("the conversation is over: %v", k)
		}
		o.sw.HangUp("a")
		o.after(5 * time.Second)
		o.settled()
	})
}

// TestAwayAsTheAgentAnswers: whichever comes first, the caller is with the agent or
// in the menu, and the agent with the caller or free.
func TestAwayAsTheAgentAnswers(t *testing.T) {
	for ms := range 6 {
		t.Run(fmt.Sprint(ms), func(t *testing.T) {
			inOffices(t, func(t *testing.T, o *offices) {
				o.agent("aigerim", ivrtest.Manner{Answer: 3 * time.Second})
				o.startDesk()
				o.arriveAt("0", 0)
				o.until("it rings", func() bool { return len(o.sw.Legs()) == 2 })
				o.until("the answer is near", func() bool { return o.entriesOf(ivr.Offered)[0].At.Add(2900 * time.Millisecond).Before(time.Now()) })
				o.after(time.Until(o.entriesOf(ivr.Offered)[0].At.Add(2997*time.Millisecond + time.Duration(ms)*time.Millisecond)))
				o.sw.Press("a", "*")
				o.after(10 * time.Second)
				k := map[ivr.Kind]int{}
				for _, kind := range o.kinds() {
					k[kind]++
				}
				switch {
				case k[ivr.Connected] == 1 && k[ivr.SteppedAside] == 0:
					o.stands(map[ivr.AgentID]queue.Standing{"aigerim": queue.StandsTalking})
				case k[ivr.SteppedAside] == 1 && k[ivr.Connected] == 0:
					o.withdrawn(1, "aigerim")
				default:
					t.Errorf("the journal has %v", k)
				}
				o.sw.HangUp("a")
				o.after(5 * time.Second)
				o.settled()
			})
		})
	}
}
