package queue_test

import (
	"fmt"
	"log/slog"
	"runtime"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
	"ikomek109/queue/queuetest"
)

// BenchmarkDeskFull is what one caller who comes, asks for the place and goes
// costs the desk while so many others wait, on a store in memory.
func BenchmarkDeskFull(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprint("waiting=", n), func(b *testing.B) {
			store := queuetest.NewStore()
			desk := queue.NewDesk(queue.Options{Tickets: store, Staff: store, Log: slog.New(slog.DiscardHandler), Beat: time.Hour})
			if err := desk.Start(b.Context(), nil); err != nil {
				b.Fatal(err)
			}
			defer func() {
				if err := desk.Stop(b.Context()); err != nil {
					b.Error(err)
				}
			}()
			before := heap()
			inboxes := fill(b, desk, n)
			each := float64(heap()-before) / float64(n)
			in := ivr.NewInbox()
			for b.Loop() {
				come(b, desk, in)
			}
			b.ReportMetric(each, "B/waiting") // of the store in memory, too
			runtime.KeepAlive(inboxes)
		})
	}
}

func fill(b *testing.B, desk *queue.Desk, n int) []*ivr.Inbox {
	inboxes := make([]*ivr.Inbox, n)
	for i := range inboxes {
		inboxes[i] = ivr.NewInbox()
		if _, err := desk.Enter(b.Context(), ticket(ivr.CallID(fmt.Sprint("waiting", i)), kk), inboxes[i]); err != nil {
			b.Fatal(err)
		}
	}
	return inboxes
}

func come(b *testing.B, desk *queue.Desk, in *ivr.Inbox) {
	if _, err := desk.Enter(b.Context(), ticket("one", ru), in); err != nil {
		b.Fatal(err)
	}
	if _, ok := desk.Place("one"); !ok {
		b.Fatal("no place")
	}
	if err := desk.Leave(b.Context(), "one", "abandoned"); err != nil {
		b.Fatal(err)
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkGlance is what a condition on a queue costs a step of a call, with a
// thousand agents and ten thousand who wait.
func BenchmarkGlance(b *testing.B) {
	store := queuetest.NewStore()
	for i := range 1000 {
		a := queuetest.NewAgent(ivr.AgentID(fmt.Sprint("agent", i)))
		a.World = queue.Unreachable // or they would be offered all the time
		if err := store.Add(b.Context(), a); err != nil {
			b.Fatal(err)
		}
	}
	desk := queue.NewDesk(queue.Options{Tickets: store, Staff: store, Log: slog.New(slog.DiscardHandler), Beat: time.Hour})
	if err := desk.Start(b.Context(), nil); err != nil {
		b.Fatal(err)
	}
	inboxes := fill(b, desk, 10_000)
	for b.Loop() {
		desk.Glance("general")
	}
	runtime.KeepAlive(inboxes)
	if err := desk.Stop(b.Context()); err != nil {
		b.Error(err)
	}
}

// BenchmarkDeskDecides is the whole decision as the desk makes it, with ten thousand
// who wait and a thousand agents who become free at once: whom to offer, who is
// passed over, and one caller whom the agent who was offered last has refused.
func BenchmarkDeskDecides(b *testing.B) {
	for _, c := range []struct{ waiting, agents int }{{1000, 100}, {10_000, 1000}} {
		b.Run(fmt.Sprintf("waiting=%d/agents=%d", c.waiting, c.agents), func(b *testing.B) {
			s := crowd(c.waiting, c.agents, false)
			offers := queue.Decide(s)
			decides := queue.Decider(s, offers[len(offers)-1])
			for b.Loop() {
				if decides() == 0 {
					b.Fatal("nobody is offered")
				}
			}
		})
	}
}
