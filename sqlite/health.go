package sqlite

import (
	"sync"
	"time"
)

// Health is how the writing goes, for whoever watches the program.
type Health struct {
	FailingSince time.Time     // zero: the last commit went well
	Err          error         // why it fails; nil when it does not
	BacklogOps   int           // changes accepted and not on disk
	BacklogBytes int           // what they hold in memory
	Commits      uint64        // since the start
	Changes      uint64        // committed in them
	LastCommit   time.Duration // how long the last commit took, work and fsync
}

// OK tells whether the last try to write went well.
func (h Health) OK() bool { return h.FailingSince.IsZero() }

// Health tells how the writing goes. It does not touch the file.
func (s *Store) Health() Health {
	if s.writer == nil {
		return Health{}
	}
	h := s.writer.health.get()
	h.BacklogOps, h.BacklogBytes = s.writer.queue.held()
	return h
}

// health is written by the writer and read by anyone.
type health struct {
	mu   sync.Mutex
	now  Health          // guarded by mu
	told map[string]bool // guarded by mu; the causes of this failure so far
}

func (h *health) get() Health {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *health) cause() error { return h.get().Err }

// fail notes a failure and tells whether its cause is a new one: a file system
// that turned read-only shows as a write that fails, and later as what it is.
func (h *health) fail(err error) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now.Err = err
	if h.now.FailingSince.IsZero() {
		h.now.FailingSince, h.told = time.Now(), map[string]bool{}
	}
	fresh := !h.told[err.Error()]
	h.told[err.Error()] = true
	return fresh
}

// recover notes that all is well and tells since when it was not.
func (h *health) recover() (since time.Time, was bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	since, was = h.now.FailingSince, !h.now.FailingSince.IsZero()
	h.now.FailingSince, h.now.Err = time.Time{}, nil
	return since, was
}

func (h *health) committed(changes int, took time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now.Commits++
	h.now.Changes += uint64(changes) //nolint:gosec // a length
	h.now.LastCommit = took
}
