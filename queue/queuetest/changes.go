package queuetest

import (
	"context"
	"slices"

	"ikomek109/ivr"
	"ikomek109/queue"
)

// Changes implements [queue.StaffLog].
func (s *Store) Changes(ctx context.Context, agent ivr.AgentID, limit int) (all []queue.Change, err error) {
	err = s.do(ctx, "Changes", func() error {
		for _, c := range s.changes {
			if agent == "" || c.Agent == agent {
				all = append(all, c)
			}
		}
		all = slices.Clone(all[max(0, len(all)-limit):])
		return nil
	})
	return all, err
}

// changed writes a line of the staff journal; mu is held.
func (s *Store) changed(c queue.Change) {
	c.N = int64(len(s.changes) + 1)
	s.changes = append(s.changes, c)
	s.version++
}
