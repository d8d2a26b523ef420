package asterisk

import (
	"log/slog"
	"sync"
	"time"
)

// State is how far the connection to Asterisk has come. The zero value is
// refused.
type State string

// The states, in the order in which a connection passes through them.
const (
	Down        State = "down"        // no event stream
	Fencing     State = "fencing"     // open, not yet known to be heard
	Reconciling State = "reconciling" // heard; what was missed is being made up for
	Up          State = "up"          // calls are served
)

// States lists every state.
func States() []State { return []State{Down, Fencing, Reconciling, Up} }

// Status is the state of the connection at one moment.
type Status struct {
	State    State     `json:"state"`
	Since    time.Time `json:"since"`           // when the state began
	Cause    string    `json:"cause,omitempty"` // why it is down, for a person; with the cure where there is one
	Node     string    `json:"node,omitempty"`  // the switch's name, once known
	Version  string    `json:"version,omitempty"`
	Connects int64     `json:"connects"` // times it came up
}

// board keeps the status and tells of its changes.
type board struct {
	log    *slog.Logger
	notify func(Status)

	mu     sync.Mutex
	status Status // guarded by mu
}

func newBoard(log *slog.Logger, node string, notify func(Status)) *board {
	b := &board{log: log, notify: notify}
	b.status = Status{State: Down, Since: time.Now(), Cause: "not started", Node: node}
	return b
}

func (b *board) read() Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.status
}

// set moves to a state. The same state for the same cause is no news.
func (b *board) set(state State, cause string) {
	b.mu.Lock()
	if b.status.State == state && b.status.Cause == cause {
		b.mu.Unlock()
		return
	}
	before := b.status
	b.status.State, b.status.Cause, b.status.Since = state, cause, time.Now()
	if state == Up {
		b.status.Connects++
	}
	now := b.status
	b.mu.Unlock()
	b.tell(before, now)
}

func (b *board) tell(before, now Status) {
	attrs := []any{
		"state", string(now.State), "before", string(before.State),
		"after", now.Since.Sub(before.Since).Round(time.Millisecond).String(),
	}
	switch now.State {
	case Down:
		b.log.Warn("asterisk connection is down", append(attrs, "cause", now.Cause)...)
	case Up:
		b.log.Info("asterisk connection is up", append(attrs, "node", now.Node, "version", now.Version)...)
	default:
		b.log.Info("asterisk connection changes", attrs...)
	}
	b.notify(now)
}

// found notes which switch it is. A name that was given stays.
func (b *board) found(node, version string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.status.Node == "" {
		b.status.Node = node
	}
	b.status.Version = version
	return b.status.Node
}
