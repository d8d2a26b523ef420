// Package queuetest has what tests of the queue need: [queue.Tickets] and
// [queue.Staff] in memory, and the suites that every store has to pass.
package queuetest

import (
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
	fault   func(op string) error        // guarded by mu
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
func (s *Store) Enter(ctx context.Context, t ivr.Ticket) (entered queue.Ticket, err error) {
	err = s.do(ctx, "Enter", func() error {
		if t.Call == "" || t.At.IsZero() {
			return failure("Enter", ivr.Invalid, "a ticket needs a call and a time")
		}
		k, ok := s.tickets[t.Call]
		if ok {
			s.release(k, t.At)
			t.At = k.At // the wait goes on counting from its beginning
			k.Ticket = t
		} else {
			s.seq++
			k = &queue.Ticket{Ticket: t, Seq: s.seq}
			s.tickets[t.Call] = k
		}
		k.Status = queue.Waiting
		entered = *k
		return nil
	})
	return entered, err
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
func (s *Store) Claim(ctx context.Context, call ivr.CallID, agent ivr.AgentID, at time.Time) error {
	return s.do(ctx, "Claim", func() error {
		t, err := s.ticket("Claim", call, queue.Waiting, "")
		if err != nil {
			return err
		}
		a, err := s.agent("Claim", agent)
		if err != nil {
			return err
		}
		if !a.Free() {
			return failure("Claim", ivr.Conflict, "agent %s is not free", agent)
		}
		t.Status, t.Agent = queue.Offered, agent
		a.World, a.Call = queue.Ringing, call
		s.changed(queue.Change{At: at, Agent: agent, Kind: string(queue.Ringing), Call: call})
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
		t.Status = queue.Served
		s.agents[agent].World, s.agents[agent].LastCall = queue.Talking, call
		s.changed(queue.Change{At: at, Agent: agent, Kind: string(queue.Talking), Call: call})
		return nil
	})
}

// Missed implements [queue.Tickets].
func (s *Store) Missed(ctx context.Context, call ivr.CallID, agent ivr.AgentID, pause string, at time.Time) error {
	return s.do(ctx, "Missed", func() error {
		t, err := s.ticket("Missed", call, queue.Offered, agent)
		if err != nil {
			return err
		}
		s.release(t, at)
		t.Status = queue.Waiting
		if pause != "" {
			a := s.agents[agent]
			a.Chosen, a.PauseReason = ivr.Paused, pause
			s.changed(queue.Change{At: at, Agent: agent, Kind: string(ivr.Paused), Detail: pause})
		}
		return nil
	})
}

// Drop implements [queue.Tickets].
func (s *Store) Drop(ctx context.Context, call ivr.CallID, at time.Time) error {
	return s.do(ctx, "Drop", func() error {
		if t, ok := s.tickets[call]; ok {
			s.release(t, at)
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
		if a := s.agents[t.Agent]; a != nil && until.After(at) {
			a.World, a.Call, a.LastCall, a.WrapSince, a.WrapUntil = queue.WrapUp, "", call, at, until
			s.changed(queue.Change{At: at, Agent: a.ID, Kind: string(queue.WrapUp), Call: call})
			return nil
		}
		s.release(t, at)
		return nil
	})
}

// All implements [queue.Tickets].
func (s *Store) All(ctx context.Context) (all []queue.Ticket, err error) {
	err = s.do(ctx, "All", func() error {
		for _, t := range s.tickets {
			all = append(all, *t)
		}
		slices.SortFunc(all, func(a, b queue.Ticket) int { return int(a.Seq - b.Seq) })
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
	case t.Status != want || t.Agent != agent:
		return nil, failure(op, ivr.Conflict, "call %s is %s, not %s", call, t.Status, want)
	}
	return t, nil
}

// release frees the agent that a ticket binds, if any.
func (s *Store) release(t *queue.Ticket, at time.Time) {
	if t.Agent == "" {
		return
	}
	a := s.agents[t.Agent]
	a.World, a.Call, a.IdleSince = queue.Idle, "", at
	t.Agent = ""
	s.changed(queue.Change{At: at, Agent: a.ID, Kind: string(queue.Idle), Call: t.Call})
}

func failure(op string, code ivr.Code, format string, args ...any) error {
	return &ivr.Error{Op: op, Code: code, Message: fmt.Sprintf(format, args...)}
}
