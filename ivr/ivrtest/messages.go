package ivrtest

import (
	"context"
	"slices"
	"sync"
	"time"

	"ikomek109/ivr"
)

// Messages is an [ivr.Messages] in memory.
type Messages struct {
	mu   sync.Mutex
	all  []ivr.Message                 // guarded by mu
	wavs map[ivr.RecordingID][]byte    // guarded by mu
	done map[ivr.RecordingID]time.Time // guarded by mu: when it was done or lost
	down func(op string) error         // guarded by mu
}

// Break makes methods fail as f says: op is "promise", "keep", "give up", "owed",
// "count", "delete" or "expire". nil mends.
func (m *Messages) Break(f func(op string) error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.down = f
}

// All gives every message.
func (m *Messages) All() []ivr.Message {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.all)
}

// Sound gives the WAV file of a message.
func (m *Messages) Sound(id ivr.RecordingID) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.wavs[id]
}

// Promise implements [ivr.Messages].
func (m *Messages) Promise(ctx context.Context, one ivr.Message) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.ask(ctx, "promise"); err != nil {
		return err
	}
	if one.ID == "" || one.Call == "" || one.Node == "" || one.State != ivr.MessageOwed || one.LeftAt.IsZero() {
		return failure("promise", ivr.Invalid, "a message needs an id, a call, a node and a time, and is owed")
	}
	if m.find(one.ID) == nil {
		m.all = append(m.all, one)
	}
	return nil
}

// Keep implements [ivr.Messages].
func (m *Messages) Keep(ctx context.Context, id ivr.RecordingID, length time.Duration, wav []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.ask(ctx, "keep"); err != nil {
		return err
	}
	one := m.find(id)
	switch {
	case one == nil:
		return failure("keep", ivr.NotFound, "no message %s", id)
	case one.State != ivr.MessageOwed:
		return nil
	}
	if m.wavs == nil {
		m.wavs = map[ivr.RecordingID][]byte{}
	}
	m.wavs[id] = slices.Clone(wav)
	one.State, one.Length, one.File = ivr.MessageNew, length, string(id)
	return nil
}

// GiveUp implements [ivr.Messages].
func (m *Messages) GiveUp(ctx context.Context, id ivr.RecordingID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.ask(ctx, "give up"); err != nil {
		return err
	}
	one := m.find(id)
	switch {
	case one == nil:
		return failure("give up", ivr.NotFound, "no message %s", id)
	case one.State != ivr.MessageOwed:
		return failure("give up", ivr.Conflict, "message %s is %s", id, one.State)
	}
	m.finish(one, ivr.MessageLost)
	return nil
}

// Done says that a message was seen to.
func (m *Messages) Done(_ context.Context, id ivr.RecordingID, by string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	one := m.find(id)
	switch {
	case one == nil:
		return failure("finish", ivr.NotFound, "no message %s", id)
	case one.State == ivr.MessageOwed || one.State == ivr.MessageDone:
		return failure("finish", ivr.Conflict, "message %s is %s", id, one.State)
	}
	one.By = by
	m.finish(one, ivr.MessageDone)
	return nil
}

func (m *Messages) finish(one *ivr.Message, s ivr.MessageState) {
	if m.done == nil {
		m.done = map[ivr.RecordingID]time.Time{}
	}
	one.State, m.done[one.ID] = s, time.Now()
}

// LeftBy implements [ivr.Messages].
func (m *Messages) LeftBy(ctx context.Context, caller ivr.Number, since time.Time) (n int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.ask(ctx, "count"); err != nil {
		return 0, err
	}
	for _, one := range m.all {
		if caller != "" && one.Caller == caller && !one.LeftAt.Before(since) {
			n++
		}
	}
	return n, nil
}

// Delete implements [ivr.MessageArchive].
func (m *Messages) Delete(ctx context.Context, id ivr.RecordingID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.ask(ctx, "delete"); err != nil {
		return err
	}
	if m.find(id) == nil {
		return failure("delete", ivr.NotFound, "no message %s", id)
	}
	m.drop(id)
	return nil
}

// Expire implements [ivr.MessageArchive].
func (m *Messages) Expire(ctx context.Context, done, left time.Time) (gone []ivr.Message, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.ask(ctx, "expire"); err != nil {
		return nil, err
	}
	for _, one := range slices.Clone(m.all) {
		at, finished := m.done[one.ID]
		if finished && at.Before(done) || one.LeftAt.Before(left) {
			m.drop(one.ID)
			gone = append(gone, one)
		}
	}
	return gone, nil
}

func (m *Messages) drop(id ivr.RecordingID) {
	m.all = slices.DeleteFunc(m.all, func(one ivr.Message) bool { return one.ID == id })
	delete(m.wavs, id)
	delete(m.done, id)
}

// Owed implements [ivr.Messages].
func (m *Messages) Owed(ctx context.Context, node string) (owed []ivr.Message, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.ask(ctx, "owed"); err != nil {
		return nil, err
	}
	for _, one := range m.all {
		if one.Node == node && one.State == ivr.MessageOwed {
			owed = append(owed, one)
		}
	}
	return owed, nil
}

func (m *Messages) find(id ivr.RecordingID) *ivr.Message {
	for i := range m.all {
		if m.all[i].ID == id {
			return &m.all[i]
		}
	}
	return nil
}

func (m *Messages) ask(ctx context.Context, op string) error {
	if err := ctx.Err(); err != nil {
		return &ivr.Error{Op: op, Code: ivr.Unavailable, Message: "gave up before it began", Err: err}
	}
	if m.down == nil {
		return nil
	}
	return m.down(op)
}
