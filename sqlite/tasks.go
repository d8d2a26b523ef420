package sqlite

import (
	"context"
	"time"

	"ikomek109/ivr"
	"ikomek109/tasks"
)

// maxWaiting bounds the messages that an agent is offered at once.
const maxWaiting = 100

// Waiting implements [tasks.Box].
func (m *Messages) Waiting(ctx context.Context, w tasks.Who) ([]ivr.Message, error) {
	const name = "list messages for an agent"
	rows, err := m.store.read.QueryContext(ctx, `SELECT `+messageColumns+` FROM messages
		WHERE state = 'taken' AND by = ?1
		OR state = 'new' AND (json_array_length(?2) = 0 OR queue IN (SELECT value FROM json_each(?2)))
			AND (language = '' OR language IN (SELECT value FROM json_each(?3)))
		ORDER BY left_at, n LIMIT ?4`, string(w.Agent), packList(w.Queues), packList(w.Languages), maxWaiting)
	if err != nil {
		return nil, m.store.fault(name, err)
	}
	return m.scan(name, rows)
}

// Leave implements [tasks.Box].
func (m *Messages) Leave(ctx context.Context, id ivr.RecordingID, by string) error {
	return m.store.change(ctx, "give message back", func(b *batch) error {
		changed, err := b.exec(`UPDATE messages SET state = 'new', by = '', changed_at = ? WHERE id = ? AND state = 'taken' AND by = ?`,
			time.Now().UnixMicro(), string(id), by)
		if err != nil || changed > 0 {
			return err
		}
		is, err := b.messageState(id)
		return firstError(err, refuse("", ivr.Conflict, "message %s is %s, and not taken by %s", id, is, by))
	})
}

var _ tasks.Box = (*Messages)(nil)
