package queuetest

import (
	"context"
	"maps"
	"slices"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
)

// Add implements [queue.Staff].
func (s *Store) Add(ctx context.Context, a queue.Agent) error {
	return s.do(ctx, "Add", func() error {
		if a.ID == "" || a.Call != "" {
			return failure("Add", ivr.Invalid, "a new agent needs an id and has no call")
		}
		if err := checkChosen("Add", a.Chosen); err != nil {
			return err
		}
		if err := checkWorld("Add", a.World); err != nil {
			return err
		}
		if _, ok := s.agents[a.ID]; ok {
			return failure("Add", ivr.Conflict, "agent %s exists already", a.ID)
		}
		if err := queue.CheckNumber(a.Number); err != nil {
			return err
		}
		taken := map[int]bool{}
		for _, other := range s.agents {
			taken[other.Number] = true
		}
		if a.Number != 0 && taken[a.Number] {
			return failure("Add", ivr.Conflict, "the number %d is taken", a.Number)
		}
		a = cloneAgent(a)
		for n := queue.FirstNumber; a.Number == 0 && n <= queue.LastNumber; n++ {
			if !taken[n] {
				a.Number = n
			}
		}
		s.agents[a.ID] = &a
		s.changed(queue.Change{At: a.IdleSince, Agent: a.ID, Kind: queue.Added})
		s.changed(queue.Change{At: a.IdleSince, Agent: a.ID, Kind: string(a.Chosen), Detail: a.PauseReason})
		s.changed(queue.Change{At: a.IdleSince, Agent: a.ID, Kind: string(a.World)})
		return nil
	})
}

// Remove implements [queue.Staff].
func (s *Store) Remove(ctx context.Context, id ivr.AgentID, at time.Time) error {
	return s.do(ctx, "Remove", func() error {
		a, err := s.agent("Remove", id)
		if err != nil {
			return err
		}
		if a.Call != "" {
			return failure("Remove", ivr.Conflict, "agent %s has a caller", id)
		}
		delete(s.agents, id)
		s.changed(queue.Change{At: at, Agent: id, Kind: queue.Removed})
		return nil
	})
}

// Edit implements [queue.Staff].
func (s *Store) Edit(ctx context.Context, id ivr.AgentID, change func(*queue.Agent)) error {
	return s.do(ctx, "Edit", func() error {
		a, err := s.agent("Edit", id)
		if err != nil {
			return err
		}
		edited := cloneAgent(*a)
		change(&edited)
		edited = cloneAgent(edited)
		a.Name, a.Languages, a.Queues, a.Topics = edited.Name, edited.Languages, edited.Queues, edited.Topics
		s.version++
		return nil
	})
}

// SetCredential implements [queue.Staff].
func (s *Store) SetCredential(ctx context.Context, id ivr.AgentID, credential string) error {
	return s.do(ctx, "SetCredential", func() error {
		a, err := s.agent("SetCredential", id)
		if err != nil {
			return err
		}
		a.Credential = credential
		s.version++
		return nil
	})
}

// Choose implements [queue.Staff].
func (s *Store) Choose(ctx context.Context, id ivr.AgentID, c ivr.Chosen, reason string, at time.Time) error {
	return s.do(ctx, "Choose", func() error {
		if err := checkChosen("Choose", c); err != nil {
			return err
		}
		a, err := s.agent("Choose", id)
		if err != nil {
			return err
		}
		why := reason
		if c != ivr.Paused {
			reason = ""
		}
		if c == ivr.Ready && a.World == queue.WrapUp {
			s.turn(a, queue.Idle, at)
		}
		if a.Chosen == c && a.PauseReason == reason {
			return nil
		}
		if c == ivr.Ready && a.Chosen != ivr.Ready && a.World == queue.Idle {
			a.IdleSince = at
		}
		if c == ivr.Ready && a.BeginsShift(at) {
			a.Taken, a.ShiftAt = 0, at
		}
		a.Chosen, a.PauseReason = c, reason
		s.changed(queue.Change{At: at, Agent: id, Kind: string(c), Detail: why})
		return nil
	})
}

// SetWorld implements [queue.Staff].
func (s *Store) SetWorld(ctx context.Context, id ivr.AgentID, w queue.World, at time.Time) error {
	return s.do(ctx, "SetWorld", func() error {
		if err := checkWorld("SetWorld", w); err != nil {
			return err
		}
		a, err := s.agent("SetWorld", id)
		switch {
		case err != nil:
			return err
		case a.Call != "":
			return failure("SetWorld", ivr.Conflict, "agent %s has a caller", id)
		case a.World == w:
			return nil
		}
		s.turn(a, w, at)
		return nil
	})
}

// turn makes the world another one for an agent with no ticket; mu is held.
func (s *Store) turn(a *queue.Agent, w queue.World, at time.Time) {
	c := queue.Change{At: at, Agent: a.ID, Kind: string(w)}
	if a.World == queue.WrapUp {
		c.Call = a.LastCall
	}
	if w == queue.Idle {
		a.IdleSince = at
	}
	a.World, a.WrapSince, a.WrapUntil = w, time.Time{}, time.Time{}
	s.changed(c)
}

// WrapUp implements [queue.Staff].
func (s *Store) WrapUp(ctx context.Context, id ivr.AgentID, until time.Time) error {
	return s.do(ctx, "WrapUp", func() error {
		a, err := s.agent("WrapUp", id)
		if err != nil {
			return err
		}
		if a.World != queue.WrapUp {
			return failure("WrapUp", ivr.Conflict, "agent %s does not wrap up", id)
		}
		a.WrapUntil = until
		s.version++
		return nil
	})
}

// Agents implements [queue.Staff].
func (s *Store) Agents(ctx context.Context) (all []queue.Agent, version int64, err error) {
	err = s.do(ctx, "Agents", func() error {
		for _, id := range slices.Sorted(maps.Keys(s.agents)) {
			all = append(all, cloneAgent(*s.agents[id]))
		}
		version = s.version
		return nil
	})
	return all, version, err
}

// Version implements [queue.Staff].
func (s *Store) Version(ctx context.Context) (version int64, err error) {
	err = s.do(ctx, "Version", func() error {
		version = s.version
		return nil
	})
	return version, err
}

func (s *Store) agent(op string, id ivr.AgentID) (*queue.Agent, error) {
	a, ok := s.agents[id]
	if !ok {
		return nil, failure(op, ivr.NotFound, "no agent %q", string(id))
	}
	return a, nil
}

func checkChosen(op string, c ivr.Chosen) error {
	switch c {
	case ivr.Ready, ivr.Paused, ivr.Off:
		return nil
	}
	return failure(op, ivr.Invalid, "an agent can't choose to be %q", string(c))
}

// checkWorld takes what the world can make of an agent by itself; ringing,
// talking and wrap-up come from tickets only.
func checkWorld(op string, w queue.World) error {
	switch w {
	case queue.Idle, queue.Unreachable:
		return nil
	case queue.Ringing, queue.Talking, queue.OnHold, queue.WrapUp:
	}
	return failure(op, ivr.Invalid, "an agent without a caller can't be %q", string(w))
}

func cloneAgent(a queue.Agent) queue.Agent {
	a.Languages, a.Queues, a.Topics = slices.Clone(a.Languages), slices.Clone(a.Queues), slices.Clone(a.Topics)
	return a
}
