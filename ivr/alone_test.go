package ivr_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

// deskWorld is a daily line whose agents on duty are the desk's.
type deskWorld struct {
	world
	b *bench
}

func (w deskWorld) Serving(t ivr.Ticket) (agents, before int) { return w.b.desk.Serving(t) }

// inDutyHours runs a test in a menu of two queues, from the first of which those are
// led to the second for whom nobody is on duty.
func inDutyHours(t *testing.T, f func(t *testing.T, b *bench)) {
	t.Helper()
	inBubble(t, func(t *testing.T, b *bench) {
		b.serves(strings.Replace(twoQueues, "queue: roads}", "queue: roads, no-agents: water}", 1))
		b.with(func(o *ivr.Options) { o.World = deskWorld{b: b} })
		b.startDesk()
		f(t, b)
	})
}

// choose is what an agent does by a code.
func (b *bench) choose(agent ivr.AgentID, c ivr.Chosen) {
	b.t.Helper()
	if err := b.desk.Choose(b.t.Context(), agent, c, ""); err != nil {
		b.t.Error(err)
	}
}

// ends hangs up and looks at the books.
func (b *bench) ends(leg ivr.ChannelID) {
	b.t.Helper()
	b.sw.HangUp(leg)
	b.after(5 * time.Second)
	b.settled()
}

// TestNobodyOnDuty: who would wait for nobody goes where the flow says, at once.
func TestNobodyOnDuty(t *testing.T) {
	for name, duty := range map[string]func(b *bench){
		"no agents": func(*bench) {},
		"all off": func(b *bench) {
			b.agent("aigerim", ivrtest.Manner{Answer: time.Second})
			b.after(2 * time.Second)
			b.choose("aigerim", ivr.Off)
		},
	} {
		t.Run(name, func(t *testing.T) {
			inDutyHours(t, func(t *testing.T, b *bench) {
				duty(b)
				b.arrive("a")
				b.press("a", "11")
				b.after(10 * time.Second)
				r := b.only()
				if got := fmt.Sprint(b.reasons(r.ID)); got != "[no_agents]" || r.Queue != "water" || !r.Waiting() || !heard(b, "play", "queue/joined") {
					t.Errorf("left queues for %s and is in %s: %v", got, r.Queue, b.sw.Did())
				}
				b.ends("a")
			})
		})
	}
}

// TestSomebodyOnDuty: an agent with another caller is waited for, and one who comes.
func TestSomebodyOnDuty(t *testing.T) {
	inDutyHours(t, func(t *testing.T, b *bench) {
		b.agent("aigerim", ivrtest.Manner{Answer: time.Second})
		b.after(2 * time.Second)
		b.arrive("a")
		b.press("a", "11")
		b.after(10 * time.Second)
		b.arrive("b")
		b.press("b", "11")
		b.after(5 * time.Minute)
		for _, r := range b.journal.Records() {
			if got := b.reasons(r.ID); len(got) != 0 {
				t.Errorf("%s left a queue for %v", r.Channel, got)
			}
		}
		b.sw.HangUp("a")
		b.ends("b")
	})
}

// TestLastOneGoesOffDuty: those who wait then are not left waiting for nobody; but
// for a moment without anybody none is sent away.
func TestLastOneGoesOffDuty(t *testing.T) {
	for _, back := range []bool{false, true} {
		t.Run(fmt.Sprint("back ", back), func(t *testing.T) {
			inDutyHours(t, func(t *testing.T, b *bench) {
				b.agent("aigerim", ivrtest.Manner{Answer: time.Second})
				b.after(2 * time.Second)
				b.arrive("x") // who talks with her
				b.press("x", "11")
				b.after(10 * time.Second)
				b.arrive("a")
				b.press("a", "11")
				b.after(20 * time.Second)
				b.choose("aigerim", ivr.Paused)
				b.after(20 * time.Second) // one announcement
				if back {
					b.choose("aigerim", ivr.Ready)
				}
				b.after(2 * time.Minute)
				for _, r := range b.journal.Records() {
					want := "[no_agents]"
					if back || r.Channel == "x" {
						want = "[]"
					}
					if got := fmt.Sprint(b.reasons(r.ID)); got != want {
						t.Errorf("%s left queues for %s, want %s", r.Channel, got, want)
					}
				}
				b.sw.HangUp("x")
				b.ends("a")
			})
		})
	}
}

// TestWaitsThoughNobodyIsOnDuty: whom the flow leads back to the queue that they
// were turned out of waits in it, also after the program was started again.
func TestWaitsThoughNobodyIsOnDuty(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.serves(strings.Replace(twoQueues, "queue: roads}", "queue: roads, no-agents: topics}", 1))
		b.with(func(o *ivr.Options) { o.World = deskWorld{b: b} })
		b.startDesk()
		b.reconcile()
		b.arrive("a")
		b.press("a", "11")
		b.after(5 * time.Second)
		b.press("a", "1") // roads again
		b.after(3 * time.Minute)
		menu := b.flow
		b.killed()
		b.startedAgainWith(func(o *ivr.Options) {
			o.World, o.Flow = deskWorld{b: b}, func() *flows.Flow { return menu }
		})
		b.after(5 * time.Minute)
		r := b.only()
		if got := fmt.Sprint(b.reasons(r.ID)); got != "[no_agents]" || !r.Waiting() || r.Queue != "roads" || r.Wait != 0 {
			t.Errorf("left queues for %s, record %+v", got, r)
		}
		if since, ok := b.desk.Rank(r.ID); !ok || !since.Equal(r.QueuedAt) {
			t.Errorf("waits since %s, %t; the record says %s", since, ok, r.QueuedAt)
		}
		b.ends("a")
	})
}
