package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"time"

	"ikomek109/ivr"
)

// Conversations is what callers and agents said, in the store and in a folder
// beside it: an [ivr.Conversations].
type Conversations struct {
	store  *Store
	sounds soundFolder
}

// Conversations gives the recorded conversations, whose sound lies in a folder of
// its own.
func (s *Store) Conversations(dir string) *Conversations {
	return &Conversations{store: s, sounds: soundFolder{dir}}
}

// Promise implements [ivr.Conversations].
func (s *Conversations) Promise(ctx context.Context, c ivr.Conversation) error {
	const name = "promise conversation"
	if !soundName(c.ID) || c.Call == "" || c.Node == "" || c.BegunAt.IsZero() || c.State != ivr.ConversationOwed {
		return refuse(name, ivr.Invalid, "a conversation needs an id, a call, a node and a time, and is owed")
	}
	return s.store.change(ctx, name, func(b *batch) error {
		_, err := b.exec(`INSERT INTO conversations (id, call, node, queue, agent, begun_at, length, state)
			VALUES (?, ?, ?, ?, ?, ?, 0, 'owed') ON CONFLICT (id) DO NOTHING`,
			string(c.ID), string(c.Call), c.Node, c.Queue, string(c.Agent), micros(c.BegunAt))
		return err
	})
}

// Keep implements [ivr.Conversations].
func (s *Conversations) Keep(ctx context.Context, id ivr.RecordingID, fetch func(io.Writer) (time.Duration, error)) error {
	const name = "keep conversation"
	if is, err := s.state(ctx, id); err != nil || is != ivr.ConversationOwed {
		return s.store.named(name, err)
	}
	var length time.Duration
	err := s.sounds.write(id, func(to io.Writer) (err error) {
		length, err = fetch(to)
		return err
	})
	if err != nil {
		return err
	}
	err = s.store.change(ctx, name, func(b *batch) error {
		_, err := b.exec(`UPDATE conversations SET state = 'kept', length = ? WHERE id = ? AND state = 'owed'`, length.Microseconds(), string(id))
		return err
	})
	if err != nil {
		return err
	}
	if _, err = s.state(ctx, id); ivr.CodeOf(err) == ivr.NotFound { // deleted meanwhile: its sound, too
		return errors.Join(err, s.sounds.erase(id))
	}
	return nil
}

// state tells how a conversation stands: NotFound for none.
func (s *Conversations) state(ctx context.Context, id ivr.RecordingID) (is ivr.ConversationState, err error) {
	is, err = conversationState(s.store.read.QueryRowContext(ctx, conversationStateOf, string(id)), id)
	return is, s.store.fault("find conversation", err)
}

const conversationStateOf = `SELECT state FROM conversations WHERE id = ?`

func conversationState(row scanner, id ivr.RecordingID) (is ivr.ConversationState, err error) {
	if err = row.Scan(&is); errors.Is(err, sql.ErrNoRows) {
		return "", refuse("find conversation", ivr.NotFound, "no recording %q", string(id))
	}
	return is, err
}

// GiveUp implements [ivr.Conversations].
func (s *Conversations) GiveUp(ctx context.Context, id ivr.RecordingID) error {
	const name = "give conversation up"
	return s.store.change(ctx, name, func(b *batch) error {
		changed, err := b.exec(`UPDATE conversations SET state = 'lost' WHERE id = ? AND state = 'owed'`, string(id))
		if err != nil || changed > 0 {
			return err
		}
		is, err := conversationState(b.row(conversationStateOf, string(id)), id)
		return firstError(err, refuse("", ivr.Conflict, "recording %s is %s", id, is))
	})
}

// ConversationFilter chooses recordings. The zero filter chooses the newest.
type ConversationFilter struct {
	Call  ivr.CallID // or its beginning
	Agent ivr.AgentID
	Queue string
	Limit int // 0: 100; at most MaxCalls
}

const conversationColumns = `id, call, node, queue, agent, begun_at, length, state`

// Owed implements [ivr.Conversations].
func (s *Conversations) Owed(ctx context.Context, node string) ([]ivr.Conversation, error) {
	return s.list(ctx, `SELECT `+conversationColumns+` FROM conversations WHERE state = 'owed' AND node = ? ORDER BY begun_at, n`, node)
}

// List gives the recordings that a filter chooses, the newest first.
func (s *Conversations) List(ctx context.Context, f ConversationFilter) ([]ivr.Conversation, error) {
	return s.list(ctx, `SELECT `+conversationColumns+` FROM conversations
		WHERE substr(call, 1, length(?1)) = ?1 AND (?2 = '' OR agent = ?2) AND (?3 = '' OR queue = ?3)
		ORDER BY begun_at DESC, n DESC LIMIT ?4`, string(f.Call), string(f.Agent), f.Queue, limit(f.Limit))
}

// Conversation gives one recording. The id may be cut short as long as it names
// one: Conflict when it does not.
func (s *Conversations) Conversation(ctx context.Context, id ivr.RecordingID) (ivr.Conversation, error) {
	const name = "find recording"
	if id == "" {
		return ivr.Conversation{}, refuse(name, ivr.Invalid, "no recording is named")
	}
	found, err := s.list(ctx, `SELECT `+conversationColumns+` FROM conversations WHERE id >= ? AND id < ? ORDER BY id LIMIT 2`,
		string(id), string(id)+"\U0010FFFF")
	switch {
	case err != nil:
		return ivr.Conversation{}, err
	case len(found) == 0:
		return ivr.Conversation{}, refuse(name, ivr.NotFound, "no recording %q", string(id))
	case len(found) > 1 && found[0].ID != id:
		return ivr.Conversation{}, refuse(name, ivr.Conflict, "%q begins the ids of several recordings", string(id))
	}
	return found[0], nil
}

func (s *Conversations) list(ctx context.Context, query string, args ...any) ([]ivr.Conversation, error) {
	all, err := readAll(ctx, s.store.read, func(row scanner) (c ivr.Conversation, err error) {
		var begun, length int64
		err = row.Scan(&c.ID, &c.Call, &c.Node, &c.Queue, &c.Agent, &begun, &length, &c.State)
		c.BegunAt, c.Length = time.UnixMicro(begun).UTC(), time.Duration(length)*time.Microsecond
		if c.State == ivr.ConversationKept {
			c.File = s.sounds.file(c.ID)
		}
		return c, err
	}, query, args...)
	return all, s.store.fault("list recordings", err)
}

// Delete implements [ivr.ConversationArchive].
func (s *Conversations) Delete(ctx context.Context, id ivr.RecordingID) error {
	const name = "delete recording"
	if !soundName(id) {
		return refuse(name, ivr.NotFound, "no recording %q", string(id))
	}
	if err := s.sounds.erase(id); err != nil {
		return err
	}
	err := s.store.change(ctx, name, func(b *batch) error {
		changed, err := b.exec(`DELETE FROM conversations WHERE id = ?`, string(id))
		if err == nil && changed == 0 {
			return refuse("", ivr.NotFound, "no recording %q", string(id))
		}
		return err
	})
	// One that was just being brought home may have got its sound meanwhile.
	return errors.Join(err, s.sounds.erase(id))
}

// Expire implements [ivr.ConversationArchive].
func (s *Conversations) Expire(ctx context.Context, before time.Time) (gone int, err error) {
	if err := s.sounds.sweep(); err != nil {
		return 0, err
	}
	old, err := s.list(ctx, `SELECT `+conversationColumns+` FROM conversations WHERE begun_at < ? LIMIT ?`, before.UnixMicro(), expireAtOnce)
	for _, c := range old {
		if err := s.Delete(ctx, c.ID); err != nil && ivr.CodeOf(err) != ivr.NotFound {
			return gone, err
		}
		gone++
	}
	return gone, err
}

var (
	_ ivr.Conversations       = (*Conversations)(nil)
	_ ivr.ConversationArchive = (*Conversations)(nil)
)
