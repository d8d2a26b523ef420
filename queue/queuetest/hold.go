package queuetest

import (
	"context"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
)

// OnHold implements [queue.Staff].
func (s *Store) OnHold(ctx context.Context, id ivr.AgentID, on bool, at time.Time) error {
	return s.do(ctx, "OnHold", func() error {
		a, err := s.agent("OnHold", id)
		if err != nil {
			return err
		}
		if a.World != queue.Talking && a.World != queue.OnHold {
			return failure("OnHold", ivr.Conflict, "agent %s is in no conversation", id)
		}
		world := queue.Talking
		if on {
			world = queue.OnHold
		}
		if a.World != world {
			a.World = world
			s.changed(queue.Change{At: at, Agent: id, Kind: string(world), Call: a.Call})
		}
		return nil
	})
}
