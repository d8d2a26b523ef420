package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"time"

	"ikomek109/ivr"
)

// Messages is what callers said, in the store and in a folder beside it: an
// [ivr.Messages].
type Messages struct {
	store  *Store
	sounds soundFolder
}

// Messages gives the messages, whose sound lies in a folder of its own.
func (s *Store) Messages(dir string) *Messages {
	return &Messages{store: s, sounds: soundFolder{dir}}
}

// maxSoundFile bounds one message: an hour at 8 kHz.
const maxSoundFile = 60 << 20

// Promise implements [ivr.Messages].
func (m *Messages) Promise(ctx context.Context, one ivr.Message) error {
	const name = "promise message"
	if !soundName(one.ID) || one.Call == "" || one.Node == "" || one.LeftAt.IsZero() || one.State != ivr.MessageOwed {
		return refuse(name, ivr.Invalid, "a message needs an id, a call, a node and a time, and is owed")
	}
	return m.store.change(ctx, name, func(b *batch) error {
		_, err := b.exec(`INSERT INTO messages (id, call, node, queue, category, language, caller, left_at, length, state, by, changed_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 'owed', '', ?) ON CONFLICT (id) DO NOTHING`,
			string(one.ID), string(one.Call), one.Node, one.Queue, one.Category, string(one.Language),
			one.Caller.Reveal(), one.LeftAt.UnixMicro(), one.LeftAt.UnixMicro())
		return err
	})
}

// Keep implements [ivr.Messages].
func (m *Messages) Keep(ctx context.Context, id ivr.RecordingID, length time.Duration, wav []byte) error {
	const name = "keep message"
	if !soundName(id) || len(wav) > maxSoundFile || length < 0 {
		return refuse(name, ivr.Invalid, "%q of %d bytes is no message", string(id), len(wav))
	}
	err := m.sounds.write(id, func(to io.Writer) error { return onDisk(to, wav, m.sounds.file(id)) })
	if err != nil {
		return err
	}
	err = m.store.change(ctx, name, func(b *batch) error {
		changed, err := b.exec(`UPDATE messages SET state = 'new', length = ?, changed_at = ? WHERE id = ? AND state = 'owed'`,
			length.Microseconds(), time.Now().UnixMicro(), string(id))
		if err != nil || changed > 0 {
			return err
		}
		_, err = b.messageState(id)
		return err
	})
	if ivr.CodeOf(err) == ivr.NotFound { // deleted meanwhile: its sound, too
		return errors.Join(err, m.sounds.erase(id))
	}
	return err
}

// onDisk writes a whole sound; a failure is the disk's.
func onDisk(to io.Writer, wav []byte, path string) error {
	_, err := to.Write(wav)
	return soundFault(path, err)
}

// LeftBy implements [ivr.Messages].
func (m *Messages) LeftBy(ctx context.Context, caller ivr.Number, since time.Time) (n int, err error) {
	err = m.store.read.QueryRowContext(ctx, `SELECT count(*) FROM messages WHERE caller = ? AND caller <> '' AND left_at >= ?`,
		caller.Reveal(), since.UnixMicro()).Scan(&n)
	return n, m.store.fault("count messages", err)
}

// GiveUp implements [ivr.Messages].
func (m *Messages) GiveUp(ctx context.Context, id ivr.RecordingID) error {
	return m.move(ctx, "give message up", id, change{to: ivr.MessageLost, from: []ivr.MessageState{ivr.MessageOwed}})
}

// Take says that somebody sees to a message that nobody has seen to: Conflict
// when somebody does already.
func (m *Messages) Take(ctx context.Context, id ivr.RecordingID, by string) error {
	return m.move(ctx, "take message", id, change{to: ivr.MessageTaken, from: []ivr.MessageState{ivr.MessageNew}, by: by})
}

// Done says that a message was seen to.
func (m *Messages) Done(ctx context.Context, id ivr.RecordingID, by string) error {
	return m.move(ctx, "finish message", id, change{
		to: ivr.MessageDone, from: []ivr.MessageState{ivr.MessageNew, ivr.MessageTaken, ivr.MessageLost}, by: by,
	})
}

// change is a step from one state to another.
type change struct {
	to   ivr.MessageState
	from []ivr.MessageState
	by   string // empty leaves who it was
}

func (m *Messages) move(ctx context.Context, name string, id ivr.RecordingID, c change) error {
	return m.store.change(ctx, name, func(b *batch) error {
		changed, err := b.exec(`UPDATE messages SET state = ?, by = iif(? = '', by, ?), changed_at = ?
			WHERE id = ? AND state IN (SELECT value FROM json_each(?))`,
			string(c.to), c.by, c.by, time.Now().UnixMicro(), string(id), packList(c.from))
		if err != nil || changed > 0 {
			return err
		}
		is, err := b.messageState(id)
		return firstError(err, refuse("", ivr.Conflict, "message %s is %s", id, is))
	})
}

// messageState tells how a message stands: NotFound for none.
func (b *batch) messageState(id ivr.RecordingID) (state ivr.MessageState, err error) {
	err = b.row(`SELECT state FROM messages WHERE id = ?`, string(id)).Scan(&state)
	if errors.Is(err, sql.ErrNoRows) {
		return "", refuse("", ivr.NotFound, "no message %q", string(id))
	}
	return state, err
}

// MessageFilter chooses messages. The zero filter chooses the newest.
type MessageFilter struct {
	State ivr.MessageState
	Queue string
	Node  string // the switch that recorded them
	Limit int    // 0: 100; at most MaxCalls
}

const messageColumns = `id, call, node, queue, category, language, caller, left_at, length, state, by`

// Owed implements [ivr.Messages].
func (m *Messages) Owed(ctx context.Context, node string) ([]ivr.Message, error) {
	const name = "list messages that are owed"
	rows, err := m.store.read.QueryContext(ctx, `SELECT `+messageColumns+` FROM messages
		WHERE state = 'owed' AND node = ? ORDER BY left_at, n`, node)
	if err != nil {
		return nil, m.store.fault(name, err)
	}
	return m.scan(name, rows)
}

// List gives the messages that a filter chooses, the newest first.
func (m *Messages) List(ctx context.Context, f MessageFilter) ([]ivr.Message, error) {
	const name = "list messages"
	rows, err := m.store.read.QueryContext(ctx, `SELECT `+messageColumns+` FROM messages
		WHERE (? = '' OR state = ?) AND (? = '' OR queue = ?) AND (? = '' OR node = ?) ORDER BY left_at DESC, n DESC LIMIT ?`,
		string(f.State), string(f.State), f.Queue, f.Queue, f.Node, f.Node, limit(f.Limit))
	if err != nil {
		return nil, m.store.fault(name, err)
	}
	return m.scan(name, rows)
}

// Message gives one message. The id may be cut short as long as it names one:
// Conflict when it does not.
func (m *Messages) Message(ctx context.Context, id ivr.RecordingID) (ivr.Message, error) {
	const name = "show message"
	if id == "" {
		return ivr.Message{}, refuse(name, ivr.Invalid, "no message is named")
	}
	rows, err := m.store.read.QueryContext(ctx, `SELECT `+messageColumns+` FROM messages WHERE id >= ? AND id < ? ORDER BY id LIMIT 2`,
		string(id), string(id)+"\U0010FFFF")
	if err != nil {
		return ivr.Message{}, m.store.fault(name, err)
	}
	found, err := m.scan(name, rows)
	switch {
	case err != nil:
		return ivr.Message{}, err
	case len(found) == 0:
		return ivr.Message{}, refuse(name, ivr.NotFound, "no message %q", string(id))
	case len(found) > 1 && found[0].ID != id:
		return ivr.Message{}, refuse(name, ivr.Conflict, "%q begins the ids of several messages", string(id))
	}
	return found[0], nil
}

func (m *Messages) scan(name string, rows *sql.Rows) ([]ivr.Message, error) {
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var all []ivr.Message
	for rows.Next() {
		var one ivr.Message
		var caller string
		var left, length int64
		if err := rows.Scan(&one.ID, &one.Call, &one.Node, &one.Queue, &one.Category, &one.Language,
			&caller, &left, &length, &one.State, &one.By); err != nil {
			return nil, m.store.fault(name, err)
		}
		one.Caller, one.LeftAt = ivr.Number(caller), time.UnixMicro(left).UTC()
		one.Length = time.Duration(length) * time.Microsecond
		if one.State != ivr.MessageOwed && one.State != ivr.MessageLost {
			one.File = m.sounds.file(one.ID)
		}
		all = append(all, one)
	}
	return all, m.store.fault(name, rows.Err())
}
