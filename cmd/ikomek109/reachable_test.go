package main

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"ikomek109/asterisk"
	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/queue"
	"ikomek109/queue/queuetest"
)

// telephones are an Asterisk whose state and registrations a test sets.
type telephones struct {
	state asterisk.State
	on    map[ivr.AgentID]bool
}

func (p *telephones) Status() asterisk.Status { return asterisk.Status{State: p.state} }
func (p *telephones) Phones(context.Context) (map[ivr.AgentID]bool, error) {
	return p.on, nil
}

// ward is a desk that is told who can be rung, on the clock of a bubble.
type ward struct {
	t      *testing.T
	phones *telephones
	desk   *queue.Desk
	reach  *reach
}

func inWard(t *testing.T, f func(t *testing.T, w *ward)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		store := queuetest.NewStore()
		w := &ward{t: t, phones: &telephones{state: asterisk.Up, on: map[ivr.AgentID]bool{}}}
		for _, id := range []ivr.AgentID{"aigerim", "bolat", "daniyar"} {
			w.phones.on[id] = id != "daniyar"
			w.must(store.Add(t.Context(), queue.Agent{
				ID: id, Name: string(id), Languages: flows.Languages(), Credential: "c",
				Chosen: ivr.Ready, World: queue.Idle, IdleSince: time.Now(),
			}))
		}
		log := slog.New(slog.DiscardHandler)
		w.desk = queue.NewDesk(queue.Options{Tickets: store, Staff: store, Log: log})
		w.must(w.desk.Start(t.Context(), nil))
		w.reach = newReach(w.phones, w.desk, log)
		f(t, w)
		w.must(w.desk.Stop(context.WithoutCancel(t.Context())))
	})
}

func (w *ward) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// passes lets seconds pass, with a beat in each.
func (w *ward) passes(seconds int) {
	for range seconds {
		time.Sleep(rosterEvery)
		w.reach.beat(w.t.Context())
	}
	synctest.Wait()
}

// stand checks what the world makes of the agents, in the order of their names.
func (w *ward) stand(when string, want ...queue.World) {
	w.t.Helper()
	for i, a := range w.desk.Agents() {
		if a.World != want[i] {
			w.t.Errorf("%s: %s is %s, want %s", when, a.ID, a.World, want[i])
		}
	}
}

// TestAgentsOfALostAsterisk cannot be rung, are not on duty, and come back by
// themselves, as their phones are.
func TestAgentsOfALostAsterisk(t *testing.T) {
	inWard(t, func(t *testing.T, w *ward) {
		w.passes(7)
		w.stand("at first", queue.Idle, queue.Idle, queue.Unreachable)
		w.phones.state = asterisk.Down
		w.passes(8)
		w.stand("lost", queue.Unreachable, queue.Unreachable, queue.Unreachable)
		if g := w.desk.Glance("main"); g.OnDuty != 0 || g.Free != 0 {
			t.Errorf("%d are on duty, %d free", g.OnDuty, g.Free)
		}
		w.must(w.desk.Choose(t.Context(), "bolat", ivr.Ready, "")) // from a screen: it is no telephone
		w.phones.state = asterisk.Fencing
		w.passes(6)
		w.stand("not heard yet", queue.Unreachable, queue.Unreachable, queue.Unreachable)
		w.phones.state, w.phones.on["daniyar"], w.phones.on["bolat"] = asterisk.Up, true, false
		w.passes(1)
		w.stand("back", queue.Idle, queue.Unreachable, queue.Idle)
		if g := w.desk.Glance("main"); g.OnDuty != 2 {
			t.Errorf("%d are on duty", g.OnDuty)
		}
	})
}

// TestAgentsOfAReconnect are not touched.
func TestAgentsOfAReconnect(t *testing.T) {
	inWard(t, func(t *testing.T, w *ward) {
		w.passes(7)
		for range 3 {
			w.phones.state = asterisk.Down
			w.passes(3)
			w.stand("reconnecting", queue.Idle, queue.Idle, queue.Unreachable)
			w.phones.state = asterisk.Up
			w.passes(2)
		}
		w.stand("at last", queue.Idle, queue.Idle, queue.Unreachable)
	})
}

// TestConversationsOfALostAsterisk go on as far as the queue is told: the call
// itself finds out what became of it, and its agent is unreachable after it.
func TestConversationsOfALostAsterisk(t *testing.T) {
	inWard(t, func(t *testing.T, w *ward) {
		w.passes(7)
		in := ivr.NewInbox()
		_, err := w.desk.Enter(t.Context(), ivr.Ticket{
			Call: "c1", Queue: "main", Language: flows.Kazakh, At: time.Now(), OtherLanguage: true,
		}, in)
		w.must(err)
		synctest.Wait()
		var offer ivr.OfferMade
		for ev, ok := in.TryTake(); ok; ev, ok = in.TryTake() {
			if o, is := ev.(ivr.OfferMade); is {
				offer = o
			}
		}
		w.must(w.desk.Connected(t.Context(), "c1", offer.Agent))
		w.phones.state = asterisk.Down
		w.passes(12)
		stands := map[ivr.AgentID]queue.World{}
		for _, a := range w.desk.Agents() {
			stands[a.ID] = a.World
		}
		if stands[offer.Agent] != queue.Talking {
			t.Errorf("who talks is %s", stands[offer.Agent])
		}
		_, err = w.desk.Finished(t.Context(), "c1", offer.Agent)
		w.must(err)
		w.passes(60)
		w.stand("after it", queue.Unreachable, queue.Unreachable, queue.Unreachable)
	})
}

// TestNobodyIsRungBeforeTheFirstLook, which comes as soon as Asterisk is heard,
// whatever it says.
func TestNobodyIsRungBeforeTheFirstLook(t *testing.T) {
	inWard(t, func(t *testing.T, w *ward) {
		w.phones.state = asterisk.Fencing
		w.passes(2)
		if w.reach.canRing() {
			t.Error("somebody is rung before Asterisk is heard")
		}
		w.phones.state = asterisk.Up
		if w.reach.canRing() {
			t.Error("somebody is rung before it is known who can be")
		}
		w.passes(1)
		w.stand("after the first look", queue.Idle, queue.Idle, queue.Unreachable)
		if !w.reach.canRing() {
			t.Error("nobody is rung")
		}
		w.phones.state = asterisk.Down
		if w.reach.canRing() {
			t.Error("somebody is rung while Asterisk is lost")
		}
	})
}
