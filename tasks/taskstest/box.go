// Package taskstest has what tests of tasks need: a [tasks.Box] in memory, and
// the suite that every box has to pass.
package taskstest

import (
	"context"
	"slices"
	"sync"

	"ikomek109/ivr"
	"ikomek109/tasks"
)

// Box is [tasks.Box] in memory.
type Box struct {
	mu    sync.Mutex
	all   []ivr.Message // guarded by mu: the oldest first
	fault error         // guarded by mu
}

// NewBox gives a box with messages in it, the oldest first.
func NewBox(all ...ivr.Message) *Box { return &Box{all: slices.Clone(all)} }

// Break makes methods fail; nil mends.
func (b *Box) Break(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fault = err
}

// All gives every message.
func (b *Box) All() []ivr.Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.all)
}

// Waiting implements [tasks.Box].
func (b *Box) Waiting(_ context.Context, w tasks.Who) (waiting []ivr.Message, err error) {
	for _, m := range b.All() {
		queue := len(w.Queues) == 0 || slices.Contains(w.Queues, m.Queue)
		language := m.Language == "" || slices.Contains(w.Languages, m.Language)
		own := m.State == ivr.MessageTaken && m.By == string(w.Agent)
		if own || m.State == ivr.MessageNew && queue && language {
			waiting = append(waiting, m)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return waiting, b.fault
}

// change changes a message that is as may says.
func (b *Box) change(id ivr.RecordingID, may func(ivr.Message) bool, to ivr.MessageState, by string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fault != nil {
		return b.fault
	}
	i := slices.IndexFunc(b.all, func(m ivr.Message) bool { return m.ID == id })
	if i < 0 {
		return &ivr.Error{Op: "change message", Code: ivr.NotFound, Message: "no such message"}
	}
	if !may(b.all[i]) {
		return &ivr.Error{Op: "change message", Code: ivr.Conflict, Message: "it is " + string(b.all[i].State)}
	}
	b.all[i].State, b.all[i].By = to, by
	return nil
}

// Take implements [tasks.Box].
func (b *Box) Take(_ context.Context, id ivr.RecordingID, by string) error {
	return b.change(id, func(m ivr.Message) bool { return m.State == ivr.MessageNew }, ivr.MessageTaken, by)
}

// Leave implements [tasks.Box].
func (b *Box) Leave(_ context.Context, id ivr.RecordingID, by string) error {
	return b.change(id, func(m ivr.Message) bool { return m.State == ivr.MessageTaken && m.By == by }, ivr.MessageNew, "")
}

// Done implements [tasks.Box].
func (b *Box) Done(_ context.Context, id ivr.RecordingID, by string) error {
	return b.change(id, func(m ivr.Message) bool { return m.State != ivr.MessageDone }, ivr.MessageDone, by)
}

var _ tasks.Box = (*Box)(nil)
