// Package queuetest has what tests of the queue need: [queue.Tickets] and
// [queue.Staff] in memory, and the suites that every store has to pass.
package queuetest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
)

// Store is [queue.Tickets] and [queue.Staff] in memory, with the manners of
// the real ones. It is safe for many goroutines.
type Store struct {
	mu      sync.Mutex
	seq     int64                        // guarded by mu: the last place given
	version int64                        // guarded by mu
	tickets map[ivr.CallID]*queue.Ticket // guarded by mu
	agents  map[ivr.AgentID]*queue.Agent // guarded by mu
	changes []queue.Change               // guarded by mu
	kept    []keptPlace                  // guarded by mu
	fault   func(op string) error        // guarded by mu
}

// keptPlace is the rank of a caller who was cut off.
type keptPlace struct {
	caller     ivr.Number
	rank, left time.Time
}

// NewStore gives a store with no tickets and no agents, that never fails.
func NewStore() *Store {
	return &Store{tickets: map[ivr.CallID]*queue.Ticket{}, agents: map[ivr.AgentID]*queue.Agent{}}
}

// Break makes methods fail as f says, from now on; nil mends the store. The op
// is the method's name: "Claim". It is asked before anything changes.
func (s *Store) Break(f func(op string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// do runs one method under the lock, unless it has to fail.
func (s *Store) do(ctx context.Context, op string, work func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return &ivr.Error{Op: op, Code: ivr.Unavailable, Message: "gave up before it began", Err: err}
	}
	if s.fault != nil {
		if err := s.fault(op); err != nil {
			return err
		}
	}
	return work()
}

// Enter implements [queue.Tickets].
func (s *Store) Enter(ctx context.Context, e queue.Entry) (entered queue.Ticket, err error) {
	err = s.do(ctx, "Enter", func() error {
		if e.Call == "" || e.At.IsZero() || e.Now.IsZero() {
			return failure("Enter", ivr.Invalid, "a ticket needs a call and a time")
		}
		k, ok := s.tickets[e.Call]
		if ok {
			s.enterAgain(k, e)
			entered = *k
			return nil
		}
		regained := s.regain(&e)
		s.seq++
		k = &queue.Ticket{Ticket: e.Ticket, Node: e.Node, Seq: s.seq, Since: e.Now, Status: queue.Waiting}
		s.tickets[e.Call] = k
		entered = *k
		entered.Regained = regained
		return nil
	})
	return entered, err
}

// enterAgain has a ticket wait again: see [queue.Tickets].
func (s *Store) enterAgain(k *queue.Ticket, e queue.Entry) {
	s.release(k, e.Now)
	if k.Status != queue.Served {
		e.At, e.HeadStart = k.At, k.HeadStart
	}
	if k.Queue != e.Queue || k.Status == queue.Aside || k.Status == queue.Served {
		k.Since = e.Now
	}
	k.Ticket, k.Node, k.Status = e.Ticket, e.Node, queue.Waiting
}

// regain gives a caller the best rank that is kept for them, once.
func (s *Store) regain(e *queue.Entry) bool {
	best := -1
	for i, p := range s.kept {
		if e.Caller != "" && p.caller == e.Caller && e.Kept > 0 && !p.left.Before(e.Now.Add(-e.Kept)) &&
			(best < 0 || p.rank.Before(s.kept[best].rank)) {
			best = i
		}
	}
	if best < 0 {
		return false
	}
	e.HeadStart = max(e.HeadStart, e.At.Sub(s.kept[best].rank))
	s.kept = slices.Delete(s.kept, best, best+1)
	return true
}

// Aside implements [queue.Tickets].
func (s *Store) Aside(ctx context.Context, call ivr.CallID) error {
	return s.do(ctx, "Aside", func() error {
		t, err := s.ticket("Aside", call, queue.Waiting, "")
		if err != nil {
			return err
		}
		t.Status = queue.Aside
		return nil
	})
}

// Claim implements [queue.Tickets].
func (s *Store) Claim(ctx context.Context, call ivr.CallID, agents []ivr.AgentID, at time.Time) error {
	return s.do(ctx, "Claim", func() error {
		if len(agents) == 0 {
			return failure("Claim", ivr.Invalid, "nobody is claimed")
		}
		t, err := s.ticket("Claim", call, queue.Waiting, "")
		if err != nil {
			return err
		}
		for _, id := range agents {
			a, err := s.agent("Claim", id)
			if err != nil {
				return err
			}
			if !a.Free() {
				return failure("Claim", ivr.Conflict, "agent %s is not free", id)
			}
		}
		t.Status, t.Agents = queue.Offered, slices.Sorted(slices.Values(agents))
		for _, id := range agents {
			s.agents[id].World, s.agents[id].Call = queue.Ringing, call
		}
		for _, id := range agents {
			s.changed(queue.Change{At: at, Agent: id, Kind: string(queue.Ringing), Call: call})
		}
		return nil
	})
}

// Connected implements [queue.Tickets].
func (s *Store) Connected(ctx context.Context, call ivr.CallID, agent ivr.AgentID, at time.Time) error {
	return s.do(ctx, "Connected", func() error {
		t, err := s.ticket("Connected", call, queue.Offered, agent)
		if err != nil {
			return err
		}
		for _, id := range t.Agents { // the others were rung for nothing
			if id != agent {
				s.agents[id].World, s.agents[id].Call = queue.Idle, ""
				s.changed(queue.Change{At: at, Agent: id, Kind: string(queue.Idle), Call: call})
			}
		}
		t.Status, t.Agents = queue.Served, []ivr.AgentID{agent}
		s.talks(agent, call, at)
		return nil
	})
}

// Missed implements [queue.Tickets].
func (s *Store) Missed(ctx context.Context, m queue.Miss) error {
	return s.do(ctx, "Missed", func() error {
		t, err := s.ticket("Missed", m.Call, queue.Offered, m.Agent)
		if err != nil {
			return err
		}
		a := s.agents[m.Agent]
		a.World, a.Call, a.IdleSince = queue.Idle, "", m.At
		if !m.IdleSince.IsZero() {
			a.IdleSince = m.IdleSince
		}
		s.changed(queue.Change{At: m.At, Agent: m.Agent, Kind: string(queue.Idle), Call: m.Call})
		if m.Pause != "" {
			a.Chosen, a.PauseReason = ivr.Paused, m.Pause
			s.changed(queue.Change{At: m.At, Agent: m.Agent, Kind: string(ivr.Paused), Detail: m.Pause})
		}
		t.Agents = slices.DeleteFunc(slices.Clone(t.Agents), func(id ivr.AgentID) bool { return id == m.Agent })
		if len(t.Agents) == 0 {
			t.Status, t.Agents = queue.Waiting, nil
		}
		return nil
	})
}

// HandOver implements [queue.Tickets].
func (s *Store) HandOver(ctx context.Context, h queue.Handover) error {
	return s.do(ctx, "HandOver", func() error {
		t, err := s.ticket("HandOver", h.Call, queue.Served, "")
		if err != nil || slices.Contains(t.Agents, h.To) {
			return err
		}
		a, err := s.agent("HandOver", h.To)
		if err != nil {
			return err
		}
		if !a.Free() {
			return failure("HandOver", ivr.Conflict, "agent %s is not free", h.To)
		}
		s.leave(t, h.At, h.Until)
		t.Agents = []ivr.AgentID{h.To}
		s.talks(h.To, h.Call, h.At)
		return nil
	})
}

// talks has an agent begin a conversation.
func (s *Store) talks(agent ivr.AgentID, call ivr.CallID, at time.Time) {
	a := s.agents[agent]
	a.Call, a.LastCall = call, call
	a.World, a.Taken = queue.Talking, a.Taken+1
	s.changed(queue.Change{At: at, Agent: agent, Kind: string(queue.Talking), Call: call})
}

// Drop implements [queue.Tickets].
func (s *Store) Drop(ctx context.Context, call ivr.CallID, keep bool, at time.Time) error {
	return s.do(ctx, "Drop", func() error {
		if t, ok := s.tickets[call]; ok {
			s.release(t, at)
			if keep && t.Status != queue.Served && t.Caller != "" {
				s.kept = append(s.kept, keptPlace{t.Caller, t.Rank(), at})
			}
			delete(s.tickets, call)
		}
		return nil
	})
}

// Finish implements [queue.Tickets].
func (s *Store) Finish(ctx context.Context, call ivr.CallID, at, until time.Time) error {
	return s.do(ctx, "Finish", func() error {
		t, ok := s.tickets[call]
		if !ok {
			return nil
		}
		delete(s.tickets, call)
		s.leave(t, at, until)
		return nil
	})
}

// leave has the agents whom a ticket binds wrap up until then, if that is a time.
func (s *Store) leave(t *queue.Ticket, at, until time.Time) {
	if !until.After(at) {
		s.release(t, at)
		return
	}
	for _, id := range t.Agents {
		a := s.agents[id]
		a.World, a.Call, a.LastCall, a.WrapSince, a.WrapUntil = queue.WrapUp, "", t.Call, at, until
		s.changed(queue.Change{At: at, Agent: id, Kind: string(queue.WrapUp), Call: t.Call})
	}
}

// Forget implements [queue.Tickets].
func (s *Store) Forget(ctx context.Context, before time.Time) error {
	return s.do(ctx, "Forget", func() error {
		s.kept = slices.DeleteFunc(s.kept, func(p keptPlace) bool { return p.left.Before(before) })
		return nil
	})
}

// All implements [queue.Tickets].
func (s *Store) All(ctx context.Context) (all []queue.Ticket, err error) {
	err = s.do(ctx, "All", func() error {
		for _, t := range s.tickets {
			all = append(all, *t)
		}
		slices.SortFunc(all, func(a, b queue.Ticket) int {
			return cmp.Or(a.Rank().Compare(b.Rank()), cmp.Compare(a.Seq, b.Seq))
		})
		return nil
	})
	return all, err
}

// ticket finds a ticket in the state that a change starts from.
func (s *Store) ticket(op string, call ivr.CallID, want queue.Status, agent ivr.AgentID) (*queue.Ticket, error) {
	t, ok := s.tickets[call]
	switch {
	case !ok:
		return nil, failure(op, ivr.NotFound, "call %q is not in the queue", string(call))
	case t.Status != want || agent != "" && !slices.Contains(t.Agents, agent):
		return nil, failure(op, ivr.Conflict, "call %s is %s, not %s", call, t.Status, want)
	}
	return t, nil
}

// release frees the agents that a ticket binds, if any; who was only rung is as idle
// as before.
func (s *Store) release(t *queue.Ticket, at time.Time) {
	for _, id := range t.Agents {
		a := s.agents[id]
		if a.World != queue.Ringing {
			a.IdleSince = at
		}
		a.World, a.Call = queue.Idle, ""
		s.changed(queue.Change{At: at, Agent: id, Kind: string(queue.Idle), Call: t.Call})
	}
	t.Agents = nil
}

func failure(op string, code ivr.Code, format string, args ...any) error {
	return &ivr.Error{Op: op, Code: code, Message: fmt.Sprintf(format, args...)}
}
