package queue_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/queue"
	"ikomek109/queue/queuetest"
)

// stage is a desk on a store in memory, inside a synctest bubble.
type stage struct {
	t     testing.TB
	store *queuetest.Store
	node  func() string // whose calls are the desk's
	desk  *queue.Desk
	inbox map[ivr.CallID]*ivr.Inbox
	deaf  atomic.Bool // no telephone can be rung
}

func newStage(t testing.TB, rules queue.Rules, agents ...queue.Agent) *stage {
	s := &stage{t: t, store: queuetest.NewStore(), inbox: map[ivr.CallID]*ivr.Inbox{}}
	for _, a := range agents {
		s.must(s.store.Add(t.Context(), a))
	}
	s.restart(rules)
	return s
}

// restart is what a killed program's successor finds: the same store.
func (s *stage) restart(rules queue.Rules, live ...ivr.CallID) {
	s.t.Helper()
	s.desk = queue.NewDesk(queue.Options{
		Tickets: s.store, Staff: s.store, Node: s.node, Rules: queue.Rulebook{Default: rules},
		Log: slog.New(slog.DiscardHandler), CanRing: func() bool { return !s.deaf.Load() },
	})
	s.must(s.desk.Start(s.t.Context(), live))
}

func (s *stage) stop() {
	s.t.Helper()
	s.must(s.desk.Stop(context.WithoutCancel(s.t.Context())))
}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// enter has a caller of a language enter the one queue, and gives the place.
func (s *stage) enter(call ivr.CallID, l flows.Language) int {
	s.t.Helper()
	in := ivr.NewInbox()
	s.inbox[call] = in
	standing, err := s.desk.Enter(s.t.Context(), ticket(call, l), in)
	s.must(err)
	return standing.Place
}

func ticket(call ivr.CallID, l flows.Language) ivr.Ticket {
	return ivr.Ticket{Call: call, Queue: "main", Language: l, At: time.Now(), OtherLanguage: true}
}

// events lets everything that can happen now happen, and gives what the call
// was told.
func (s *stage) events(call ivr.CallID) []ivr.Event {
	synctest.Wait()
	var all []ivr.Event
	for ev, ok := s.inbox[call].TryTake(); ok; ev, ok = s.inbox[call].TryTake() {
		all = append(all, ev)
	}
	return all
}

func (s *stage) expect(call ivr.CallID, want ...ivr.Event) {
	s.t.Helper()
	if diff := cmp.Diff(want, s.events(call)); diff != "" {
		s.t.Errorf("events of %s (-want +got):\n%s", call, diff)
	}
}

// agent gives an agent as the store has it.
func (s *stage) agent(id ivr.AgentID) queue.Agent {
	s.t.Helper()
	all, _, err := s.store.Agents(s.t.Context())
	s.must(err)
	for _, a := range all {
		if a.ID == id {
			return a
		}
	}
	s.t.Fatalf("no agent %s", id)
	return queue.Agent{}
}

// finished ends a conversation.
func (s *stage) finished(call ivr.CallID, agent ivr.AgentID) error {
	_, err := s.desk.Finished(s.t.Context(), call, agent)
	return err
}

func ready(id ivr.AgentID, langs ...flows.Language) queue.Agent {
	return queue.Agent{
		ID: id, Languages: langs, Chosen: ivr.Ready, World: queue.Idle,
		IdleSince: time.Now().Add(-time.Hour), Credential: "x",
	}
}

func TestTheWayOfACaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), ready("a"))
		defer s.stop()
		for i, call := range []ivr.CallID{"c1", "c2", "c3"} {
			if place := s.enter(call, kk); place != i+1 && i > 0 {
				t.Errorf("%s is at place %d", call, place)
			}
		}
		s.expect("c1", ivr.OfferMade{Agent: "a"})
		s.expect("c2")
		s.must(s.desk.Connected(t.Context(), "c1", "a"))
		if a := s.agent("a"); a.World != queue.Talking || a.Call != "c1" {
			t.Errorf("the agent is %s with %q", a.World, a.Call)
		}
		time.Sleep(3 * time.Second)
		s.expect("c2", ivr.PlaceChanged{Place: 1})
		s.expect("c3", ivr.PlaceChanged{Place: 2})

		s.must(s.finished("c1", "a"))
		s.expect("c2", ivr.OfferMade{Agent: "a"})
		s.must(s.desk.Leave(t.Context(), "c2", "abandoned"))
		s.expect("c3", ivr.OfferMade{Agent: "a"})
		s.must(s.desk.Leave(t.Context(), "nobody", "abandoned"))
	})
}

func TestMissedOffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), ready("a"), ready("b"))
		defer s.stop()
		s.enter("c1", kk)
		s.expect("c1", ivr.OfferMade{Agent: "a"})
		s.must(s.desk.Missed(t.Context(), "c1", "a", "no_answer"))
		s.expect("c1", ivr.OfferMade{Agent: "b"})
		if a := s.agent("a"); a.Chosen != ivr.Paused || a.PauseReason != queue.MissedReason || a.World != queue.Idle {
			t.Errorf("the agent who missed is %+v", a)
		}
		s.enter("c2", kk)
		s.expect("c2")
		s.must(s.desk.Choose(t.Context(), "a", ivr.Ready, ""))
		s.expect("c2", ivr.OfferMade{Agent: "a"})
	})
}

func TestFaultPausesNobodyAndDoesNotHammer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), ready("a"))
		defer s.stop()
		s.enter("c1", kk)
		s.expect("c1", ivr.OfferMade{Agent: "a"})
		s.must(s.desk.Missed(t.Context(), "c1", "a", ivr.MissedByFault))
		s.expect("c1")
		time.Sleep(4 * time.Second)
		s.expect("c1", ivr.OfferMade{Agent: "a"})
	})
}

func TestWhoIsNotThereGetsNoOffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), ready("a"))
		defer s.stop()
		s.must(s.desk.Choose(t.Context(), "a", ivr.Paused, "lunch"))
		s.enter("c1", kk)
		s.expect("c1")
		s.must(s.desk.Reachable(t.Context(), "a", false))
		s.must(s.desk.Choose(t.Context(), "a", ivr.Off, ""))
		s.expect("c1")
		s.must(s.desk.Choose(t.Context(), "a", ivr.Ready, "")) // from a phone: it is there
		s.expect("c1", ivr.OfferMade{Agent: "a"})
		if err := s.desk.Choose(t.Context(), "nobody", ivr.Ready, ""); ivr.CodeOf(err) != ivr.NotFound {
			t.Errorf("an unknown agent: %v", err)
		}
	})
}

func TestAsideKeepsThePlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), ready("a"))
		defer s.stop()
		s.must(s.desk.Choose(t.Context(), "a", ivr.Paused, ""))
		s.enter("c1", kk)
		s.enter("c2", kk)
		s.enter("c3", kk)
		s.must(s.desk.Aside(t.Context(), "c1"))
		time.Sleep(2 * time.Second)
		s.expect("c2") // c1 may come back any moment
		s.expect("c3")
		s.must(s.desk.Choose(t.Context(), "a", ivr.Ready, ""))
		s.expect("c1")
		s.expect("c2", ivr.OfferMade{Agent: "a"})
		s.must(s.desk.Missed(t.Context(), "c2", "a", "no_answer"))
		if place := s.enter("c1", ru); place != 1 {
			t.Errorf("back at place %d", place)
		}
		if place, ok := s.desk.Place("c2"); place != 2 || !ok {
			t.Errorf("c2 is at place %d with c1 before", place)
		}
		s.must(s.desk.Choose(t.Context(), "a", ivr.Ready, ""))
		s.expect("c1", ivr.OfferMade{Agent: "a"})
		s.must(s.desk.Aside(t.Context(), "c2"))
		if _, ok := s.desk.Place("c2"); ok {
			t.Error("who is in the menu is told a place")
		}
		s.must(s.desk.Leave(t.Context(), "c2", "abandoned"))
		time.Sleep(2 * time.Second)
		s.expect("c3", ivr.PlaceChanged{Place: 2})
	})
}

func TestTurnedOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.Rules{Capacity: 2, LongestWait: time.Minute})
		defer s.stop()
		s.enter("c1", kk)
		time.Sleep(10 * time.Second)
		s.enter("c2", kk)
		s.enter("c3", kk)
		s.expect("c3", ivr.TurnedOut{Why: "overflow"})
		s.must(s.desk.Leave(t.Context(), "c3", "overflow"))
		time.Sleep(51 * time.Second)
		s.expect("c1", ivr.TurnedOut{Why: "timeout"})
		s.expect("c2", ivr.PlaceChanged{Place: 1})
		if got := s.desk.Snapshot().Counts.TurnedOut; got != 2 {
			t.Errorf("%d turned out", got)
		}
	})
}

// TestPatientTicketIsNeverTurnedOut, nor does it fill the queue.
func TestPatientTicketIsNeverTurnedOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.Rules{Capacity: 1, LongestWait: time.Minute})
		defer s.stop()
		back := ticket("back", kk)
		back.At, back.Patient = time.Now().Add(-time.Hour), true
		s.inbox["back"] = ivr.NewInbox()
		_, err := s.desk.Enter(t.Context(), back, s.inbox["back"])
		s.must(err)
		time.Sleep(2 * time.Minute)
		s.expect("back")
		s.enter("c1", kk)
		s.expect("c1")
		s.enter("c2", kk)
		s.expect("c2", ivr.TurnedOut{Why: "overflow"})
		s.must(s.desk.Leave(t.Context(), "c1", "overflow"))
		s.must(s.desk.Leave(t.Context(), "back", "put_off"))
		s.enter("c2", kk)
		_, err = s.desk.Enter(t.Context(), back, s.inbox["back"])
		s.must(err)
		time.Sleep(61 * time.Second)
		if events := s.events("c2"); len(events) == 0 || events[len(events)-1] != ivr.Event(ivr.TurnedOut{Why: "timeout"}) {
			t.Errorf("who waits on the line, behind one who does not: %v", events)
		}
	})
}

func TestOtherLanguageAfterAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), ready("a", kk))
		defer s.stop()
		s.enter("c1", ru)
		time.Sleep(59 * time.Second)
		s.expect("c1")
		time.Sleep(2 * time.Second)
		s.expect("c1", ivr.OfferMade{Agent: "a"})
	})
}

func TestRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), ready("a"), ready("b"), ready("c"))
		for i := 1; i <= 6; i++ {
			s.enter(ivr.CallID(fmt.Sprint("c", i)), kk)
		}
		synctest.Wait()
		s.must(s.desk.Connected(t.Context(), "c1", "a"))
		s.must(s.desk.Connected(t.Context(), "c2", "b"))
		s.stop() // c1, c2 in conversation, c3 offered, the rest waits

		s.restart(queue.DefaultRules(), "c1", "c3", "c5", "c6")
		defer s.stop()
		for id, want := range map[ivr.AgentID]queue.World{"a": queue.Talking, "b": queue.Idle, "c": queue.Ringing} {
			if a := s.agent(id); a.World != want || a.Chosen != ivr.Ready {
				t.Errorf("agent %s is %s, %s", id, a.World, a.Chosen)
			}
		}
		// Whoever calls in first, the order is the old one.
		s.enter("c6", kk)
		s.enter("c5", kk)
		s.expect("c5")
		s.enter("c3", kk)
		s.expect("c3", ivr.OfferMade{Agent: "c"}) // free now that c3 is back, and idle for longest
		s.expect("c5", ivr.OfferMade{Agent: "b"})
		s.expect("c6")
		if place, _ := s.desk.Place("c6"); place != 3 {
			t.Errorf("c6 is at place %d", place)
		}
	})
}

// TestRestartInConversation: that an offer became a conversation, the store had
// not heard. The agent is offered to nobody, and is free when it is over; so is
// one whose caller is somewhere else.
func TestRestartInConversation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), ready("a"), ready("b"))
		for _, call := range []ivr.CallID{"c1", "c2", "c3"} {
			s.enter(call, kk)
		}
		synctest.Wait() // c1 and c2 are being offered
		s.stop()
		s.restart(queue.DefaultRules(), "c1", "c2", "c3")
		defer s.stop()
		s.must(s.desk.Connected(t.Context(), "c1", "a"))
		s.must(s.desk.Connected(t.Context(), "c1", "a"))
		s.enter("c3", kk)
		s.expect("c3")
		time.Sleep(5 * time.Second) // c2 does not come back
		s.expect("c3", ivr.OfferMade{Agent: "b"})
		if a := s.agent("a"); a.World != queue.Talking || a.Call != "c1" {
			t.Errorf("the agent is %s with %q", a.World, a.Call)
		}
		s.must(s.finished("c1", "a"))
		if a := s.agent("a"); a.World != queue.Idle {
			t.Errorf("the agent is %s", a.World)
		}
	})
}

func TestRestartDoesNotWaitForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules())
		s.enter("c1", kk)
		s.enter("c2", kk)
		s.stop()
		s.must(s.store.Add(t.Context(), ready("a")))
		s.restart(queue.DefaultRules(), "c1", "c2")
		defer s.stop()
		s.enter("c2", kk)
		s.expect("c2")
		time.Sleep(4 * time.Second)
		var offered bool
		for _, ev := range s.events("c2") { // and perhaps a better place before it
			offer, is := ev.(ivr.OfferMade)
			offered = offered || is && offer.Agent == "a"
		}
		if !offered {
			t.Error("c2 waits for c1, who does not come")
		}
	})
}

func TestAnotherProgramChangesAgents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules())
		defer s.stop()
		s.enter("c1", kk)
		s.must(s.store.Add(t.Context(), ready("a")))
		time.Sleep(1100 * time.Millisecond)
		s.expect("c1", ivr.OfferMade{Agent: "a"})
		s.must(s.desk.Leave(t.Context(), "c1", "abandoned"))

		// Paused behind our back: the claim is refused, the other one is taken.
		b := ready("b")
		b.IdleSince = b.IdleSince.Add(-time.Hour) // whose turn it is
		s.must(s.store.Add(t.Context(), b))
		time.Sleep(1100 * time.Millisecond)
		s.must(s.store.Choose(t.Context(), "b", ivr.Paused, "lunch", time.Now()))
		s.enter("c2", kk)
		time.Sleep(2 * time.Second)
		s.expect("c2", ivr.OfferMade{Agent: "a"})
		if got := s.desk.Snapshot().Counts.Conflicts; got != 1 {
			t.Errorf("%d conflicts", got)
		}
		s.must(s.store.Remove(t.Context(), "b", time.Now()))
		time.Sleep(1100 * time.Millisecond)
		if got := s.desk.Agents(); len(got) != 1 {
			t.Errorf("agents: %v", got)
		}
	})
}
