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
		a = cloneAgent(a)
		s.agents[a.ID] = &a
		s.version++
		return nil
	})
}

// Remove implements [queue.Staff].
func (s *Store) Remove(ctx context.Context, id ivr.AgentID) error {
	return s.do(ctx, "Remove", func() error {
		a, err := s.agent("Remove", id)
		if err != nil {
			return err
		}
		if a.Call != "" {
			return failure("Remove", ivr.Conflict, "agent %s has a caller", id)
		}
		delete(s.agents, id)
		s.version++
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
		if c != ivr.Paused {
			reason = ""
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
		s.version++
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
		if w == queue.Idle {
			a.IdleSince = at
		}
		a.World = w
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

// checkWorld takes what the world can make of an agent by itself; ringing and
// talking come from tickets only.
func checkWorld(op string, w queue.World) error {
	switch w {
	case queue.Idle, queue.WrapUp, queue.Unreachable:
		return nil
	case queue.Ringing, queue.Talking:
	}
	return failure(op, ivr.Invalid, "an agent without a caller can't be %q", string(w))
}

func cloneAgent(a queue.Agent) queue.Agent {
	a.Languages, a.Queues, a.Topics = slices.Clone(a.Languages), slices.Clone(a.Queues), slices.Clone(a.Topics)
	return a
}
