package sqlite

import (
	"context"
	"errors"
	"time"

	"ikomek109/ivr"
)

// Delete implements [ivr.MessageArchive].
func (m *Messages) Delete(ctx context.Context, id ivr.RecordingID) error {
	const name = "delete message"
	if !soundName(id) {
		return refuse(name, ivr.NotFound, "no message %q", string(id))
	}
	if err := m.sounds.erase(id); err != nil {
		return err
	}
	err := m.store.change(ctx, name, func(b *batch) error {
		changed, err := b.exec(`DELETE FROM messages WHERE id = ?`, string(id))
		if err == nil && changed == 0 {
			return refuse("", ivr.NotFound, "no message %q", string(id))
		}
		return err
	})
	// A message that was just being brought home may have got its sound meanwhile.
	return errors.Join(err, m.sounds.erase(id))
}

// expireAtOnce bounds the messages that one look deletes.
const expireAtOnce = 100

// Expire implements [ivr.MessageArchive].
func (m *Messages) Expire(ctx context.Context, done, left time.Time) (gone []ivr.Message, err error) {
	const name = "list messages whose term has passed"
	if err := m.sounds.sweep(); err != nil {
		return nil, err
	}
	rows, err := m.store.read.QueryContext(ctx, `SELECT `+messageColumns+` FROM messages
		WHERE state IN ('done', 'lost') AND changed_at < ?
		UNION SELECT `+messageColumns+` FROM messages WHERE left_at < ? LIMIT ?`, done.UnixMicro(), left.UnixMicro(), expireAtOnce)
	if err != nil {
		return nil, m.store.fault(name, err)
	}
	old, err := m.scan(name, rows)
	if err != nil {
		return nil, err
	}
	for _, one := range old {
		if err := m.Delete(ctx, one.ID); err != nil && ivr.CodeOf(err) != ivr.NotFound {
			return gone, err
		}
		gone = append(gone, one)
	}
	return gone, nil
}
