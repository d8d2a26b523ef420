package queue

import (
	"context"
	"time"

	"ikomek109/ivr"
)

// Change is one line of the staff journal: what an agent chose, or what the
// world made of them, from then on. The journal is only appended to, and holds
// every change by any program, so that how long agents were talking, idle or
// paused can be computed from it for years.
type Change struct {
	N     int64       `json:"n"` // the order
	At    time.Time   `json:"at"`
	Agent ivr.AgentID `json:"agent"`
	// Kind is an [ivr.Chosen], a [World], [Added] or [Removed].
	Kind string `json:"kind"`
	// Detail is why the agent, or somebody for them, chose so.
	Detail string     `json:"detail,omitempty"`
	Call   ivr.CallID `json:"call,omitempty"` // that the change came with, if any
}

// The kinds of change at both ends of an agent's time on the roster. What the
// agent chose and the world made of them at first follows after Added.
const (
	Added   = "added"
	Removed = "removed"
)

// StaffLog reads the staff journal.
type StaffLog interface {
	// Changes gives the latest changes of an agent, or of all when none is named,
	// in order.
	Changes(ctx context.Context, agent ivr.AgentID, limit int) ([]Change, error)
}
