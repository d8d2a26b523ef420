package queue_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
	"ikomek109/queue/queuetest"
)

func down(ops ...string) func(string) error {
	return func(op string) error {
		for _, o := range ops {
			if o == op || o == "*" {
				return &ivr.Error{Op: op, Code: ivr.Unavailable, Message: "disk full"}
			}
		}
		return nil
	}
}

func TestStoreDownAndBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), ready("a"), ready("b"))
		defer s.stop()
		for _, call := range []ivr.CallID{"c1", "c2", "c3"} {
			s.enter(call, kk)
		}
		s.expect("c1", ivr.OfferMade{Agent: "a"})
		s.expect("c2", ivr.OfferMade{Agent: "b"})
		s.must(s.desk.Connected(t.Context(), "c1", "a"))

		s.store.Break(down("*"))
		in := ivr.NewInbox()
		if _, err := s.desk.Enter(t.Context(), ticket("c4", kk), in); ivr.CodeOf(err) != ivr.Unavailable {
			t.Errorf("Enter: %v", err)
		}
		for name, err := range map[string]error{
			"Finished":  s.finished("c1", "a"),
			"Connected": s.desk.Connected(t.Context(), "c2", "b"),
			"Leave":     s.desk.Leave(t.Context(), "c3", "abandoned"),
		} {
			if ivr.CodeOf(err) != ivr.Unavailable {
				t.Errorf("%s: %v", name, err)
			}
		}
		time.Sleep(10 * time.Second)
		if snap := s.desk.Snapshot(); !snap.Failing || snap.Owed != 4 {
			t.Errorf("while the store is down: %+v", snap)
		}

		s.store.Break(nil)
		time.Sleep(2 * time.Second)
		if a, b := s.agent("a"), s.agent("b"); a.World != queue.Idle || b.World != queue.Talking {
			t.Errorf("a is %s, b is %s", a.World, b.World)
		}
		all, err := s.store.All(t.Context())
		s.must(err)
		if len(all) != 1 || all[0].Call != "c2" || all[0].Status != queue.Served {
			t.Errorf("tickets: %v", all)
		}
		if snap := s.desk.Snapshot(); snap.Failing || snap.Owed != 0 {
			t.Errorf("after it came back: %+v", snap)
		}
		s.enter("c5", kk)
		s.expect("c5", ivr.OfferMade{Agent: "a"})
	})
}

func TestEnterAgainAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules())
		defer s.stop()
		s.store.Break(down("Enter", "Drop"))
		if _, err := s.desk.Enter(t.Context(), ticket("c1", kk), ivr.NewInbox()); err == nil {
			t.Fatal("no error")
		}
		s.store.Break(nil)
		s.enter("c1", kk)
		s.must(s.store.Add(t.Context(), ready("a")))
		time.Sleep(2 * time.Second)
		s.expect("c1", ivr.OfferMade{Agent: "a"})
	})
}

func TestConnectionThatCameToNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), ready("a"))
		defer s.stop()
		s.enter("c1", kk)
		s.expect("c1", ivr.OfferMade{Agent: "a"})
		s.must(s.desk.Connected(t.Context(), "c1", "a"))
		s.must(s.desk.Missed(t.Context(), "c1", "a", ivr.MissedByFault))
		s.must(s.desk.Missed(t.Context(), "c1", "a", ivr.MissedByFault))
		if a := s.agent("a"); !a.Free() {
			t.Errorf("the agent is %s, %s", a.Chosen, a.World)
		}
		time.Sleep(4 * time.Second)
		s.expect("c1", ivr.OfferMade{Agent: "a"})
	})
}

func TestAsideWhileOffered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), ready("a"))
		defer s.stop()
		s.enter("c1", kk)
		s.enter("c2", kk)
		s.expect("c1", ivr.OfferMade{Agent: "a"})
		s.must(s.desk.Aside(t.Context(), "c1"))
		s.expect("c2", ivr.OfferMade{Agent: "a"})
		if place := s.enter("c1", kk); place != 1 {
			t.Errorf("back at place %d", place)
		}
	})
}

// late is a store that does what it is asked and whose answer is then lost.
type late struct {
	*queuetest.Store
	lose atomic.Bool
}

func (l *late) Claim(ctx context.Context, call ivr.CallID, agents []ivr.AgentID, at time.Time) error {
	err := l.Store.Claim(ctx, call, agents, at)
	if err == nil && l.lose.Load() {
		return &ivr.Error{Op: "Claim", Code: ivr.Unavailable, Message: "no answer in time"}
	}
	return err
}

func TestClaimWhoseAnswerWasLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &late{Store: queuetest.NewStore()}
		store.lose.Store(true)
		if err := store.Add(t.Context(), ready("a")); err != nil {
			t.Fatal(err)
		}
		desk := queue.NewDesk(queue.Options{Tickets: store, Staff: store, Log: slog.New(slog.DiscardHandler)})
		s := &stage{t: t, store: store.Store, desk: desk, inbox: map[ivr.CallID]*ivr.Inbox{}}
		s.must(desk.Start(t.Context(), nil))
		defer s.stop()
		s.enter("c1", kk)
		time.Sleep(2 * time.Second)
		s.expect("c1", ivr.OfferMade{Agent: "a"})
		s.must(desk.Connected(t.Context(), "c1", "a"))
	})
}

func TestTicketLostFromTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules())
		defer s.stop()
		s.enter("c1", kk)
		s.must(s.store.Drop(t.Context(), "c1", false, time.Now()))
		s.must(s.store.Add(t.Context(), ready("a")))
		time.Sleep(5 * time.Second) // the claim finds it
		s.expect("c1", ivr.OfferMade{Agent: "a"})
		s.enter("c2", kk)
		s.must(s.store.Drop(t.Context(), "c2", false, time.Now()))
		time.Sleep(40 * time.Second) // nobody claims: the recheck does
		all, err := s.store.All(t.Context())
		s.must(err)
		if len(all) != 2 {
			t.Errorf("tickets: %v", all)
		}
	})
}

func TestStopTellsWhatTheStoreHasNotHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules())
		s.enter("c1", kk)
		s.store.Break(down("Drop"))
		if err := s.desk.Leave(t.Context(), "c1", "abandoned"); err == nil {
			t.Error("no error")
		}
		if err := s.desk.Stop(t.Context()); ivr.CodeOf(err) != ivr.Unavailable {
			t.Errorf("Stop: %v", err)
		}
		s.must(s.desk.Stop(t.Context()))
	})
}

func TestStartOnAStoreThatIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := queuetest.NewStore()
		desk := queue.NewDesk(queue.Options{Tickets: store, Staff: store, Log: slog.New(slog.DiscardHandler)})
		for _, op := range []string{"All", "Agents"} {
			store.Break(down(op))
			if err := desk.Start(t.Context(), nil); ivr.CodeOf(err) != ivr.Unavailable {
				t.Errorf("Start with no %s: %v", op, err)
			}
		}
		store.Break(nil)
		if err := desk.Start(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if err := desk.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// TestNobodyIsOfferedWhileNoneCanBeRung: an offer would come to nothing, and be made
// again and again.
func TestNobodyIsOfferedWhileNoneCanBeRung(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, queue.DefaultRules(), ready("a"))
		defer s.stop()
		s.deaf.Store(true)
		s.enter("c1", kk)
		time.Sleep(time.Minute)
		if changes, err := s.store.Changes(t.Context(), "a", 100); err != nil || len(changes) > 3 { // as added
			t.Errorf("the agent's journal is %v, %v", changes, err)
		}
		s.deaf.Store(false)
		time.Sleep(1500 * time.Millisecond) // a beat
		s.expect("c1", ivr.OfferMade{Agent: "a"})
	})
}
