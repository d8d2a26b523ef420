package queue_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
	"ikomek109/queue/queuetest"
)

// beside is a second program on the same store, with callers of its own.
func (s *stage) beside(node func() string, live ...ivr.CallID) *stage {
	s.t.Helper()
	other := &stage{t: s.t, store: s.store, node: node, inbox: map[ivr.CallID]*ivr.Inbox{}}
	other.restart(queue.DefaultRules(), live...)
	return other
}

// newNode is a stage whose desk serves the calls of a node.
func newNode(t *testing.T, node string, agents ...queue.Agent) *stage {
	s := &stage{t: t, store: queuetest.NewStore(), node: named(node), inbox: map[ivr.CallID]*ivr.Inbox{}}
	for _, a := range agents {
		s.must(s.store.Add(t.Context(), a))
	}
	s.restart(queue.DefaultRules())
	return s
}

func named(node string) func() string { return func() string { return node } }

// statuses gives where every ticket in the store stands.
func (s *stage) statuses() map[ivr.CallID]queue.Status {
	s.t.Helper()
	tickets, err := s.store.All(s.t.Context())
	s.must(err)
	all := map[ivr.CallID]queue.Status{}
	for _, k := range tickets {
		all[k.Call] = k.Status
	}
	return all
}

// TestTwoProgramsShareAStore: the second leaves the first one's callers where they
// are, those of whom it knew nothing when it started among them.
func TestTwoProgramsShareAStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newNode(t, "a")
		defer a.stop()
		a.enter("c1", kk)
		a.enter("c2", kk)
		b := a.beside(named("b"), "c1")
		defer b.stop()
		time.Sleep(time.Second)
		if place := b.enter("c3", kk); place != 3 {
			t.Errorf("the caller of the second program is at place %d", place)
		}
		time.Sleep(time.Minute)
		for _, call := range []ivr.CallID{"c1", "c2", "c3"} {
			if got := a.statuses()[call]; got != queue.Waiting {
				t.Errorf("%s is %q", call, got)
			}
		}
		for _, id := range []ivr.AgentID{"x", "y", "z"} {
			a.must(a.store.Add(t.Context(), ready(id)))
		}
		time.Sleep(5 * time.Second)
		has := map[ivr.AgentID]ivr.CallID{}
		for call, s := range map[ivr.CallID]*stage{"c1": a, "c2": a, "c3": b} {
			for _, ev := range s.events(call) {
				if o, is := ev.(ivr.OfferMade); is {
					if other, taken := has[o.Agent]; taken {
						t.Errorf("%s is offered %s and %s", o.Agent, other, call)
					}
					has[o.Agent] = call
					a.must(s.desk.Connected(t.Context(), call, o.Agent))
				}
			}
		}
		if len(has) != 3 {
			t.Errorf("served: %v", has)
		}
	})
}

// TestSecondProgramLeavesOffersAlone: the agent whose telephone rings for a caller
// of the first program stays theirs.
func TestSecondProgramLeavesOffersAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newNode(t, "a", ready("x"))
		defer a.stop()
		a.enter("c1", kk)
		a.expect("c1", ivr.OfferMade{Agent: "x"})
		b := a.beside(named("b"), "c1")
		defer b.stop()
		b.enter("c2", kk)
		time.Sleep(40 * time.Second)
		if got := a.agent("x"); got.World != queue.Ringing || got.Call != "c1" {
			t.Errorf("the agent is %s for %q", got.World, got.Call)
		}
		if b.offered("c2", "x") {
			t.Error("an agent whose telephone rings was offered another caller")
		}
		a.must(a.desk.Connected(t.Context(), "c1", "x"))
		a.must(a.finished("c1", "x"))
		a.must(a.desk.Leave(t.Context(), "c1", string(ivr.CallerHungUp)))
		time.Sleep(3 * time.Second)
		if !b.offered("c2", "x") {
			t.Errorf("the agent is free, and c2 is not offered: %v", a.statuses())
		}
	})
}

// TestStartTidiesItsOwnAlone: what a killed program left is put in order by the
// next one of its node, and by no other.
func TestStartTidiesItsOwnAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newNode(t, "a")
		a.enter("c1", kk)
		a.stop()
		b := a.beside(named("b"))
		defer b.stop()
		if got := a.statuses(); got["c1"] != queue.Waiting {
			t.Errorf("after the start of another node: %v", got)
		}
		a.restart(queue.DefaultRules())
		defer a.stop()
		if got := a.statuses(); len(got) != 0 {
			t.Errorf("after the start of its own: %v", got)
		}
	})
}

// TestNodeNamedAfterTheStart: a switch that names its node when it is connected.
// Until then nothing is put in order and nobody offered; then it is as if it had
// been known before.
func TestNodeNamedAfterTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newNode(t, "a", ready("x"))
		a.must(a.desk.Choose(t.Context(), "x", ivr.Paused, ""))
		for _, call := range []ivr.CallID{"gone", "menu", "back"} {
			a.enter(call, kk)
		}
		a.stop()
		var node atomic.Pointer[string]
		name := ""
		node.Store(&name)
		a.node = func() string { return *node.Load() }
		a.restart(queue.DefaultRules(), "menu", "back")
		defer a.stop()
		time.Sleep(10 * time.Second)
		if got := a.statuses(); len(got) != 3 {
			t.Errorf("before the node is known: %v", got)
		}
		known := "a"
		node.Store(&known)
		a.must(a.desk.Choose(t.Context(), "x", ivr.Ready, ""))
		a.enter("new", kk)
		a.enter("back", kk)
		time.Sleep(6 * time.Second)
		if got := a.statuses(); got["gone"] != "" || got["menu"] != queue.Aside || got["new"] != queue.Waiting {
			t.Errorf("after it is: %v", got)
		}
		if !a.offered("back", "x") {
			t.Error("who came back is not offered first")
		}
	})
}
