package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"ikomek109/ivr"
)

// Callbacks is who wants to be called back, in the store: [ivr.Callbacks].
type Callbacks struct{ store *Store }

// Callbacks gives who wants to be called back.
func (s *Store) Callbacks() *Callbacks { return &Callbacks{store: s} }

// Ask implements [ivr.Callbacks].
func (c *Callbacks) Ask(ctx context.Context, cb ivr.Callback) error {
	const name = "ask to be called back"
	if cb.Number == "" || cb.Call == "" || cb.State != ivr.CallbackWaiting ||
		cb.AskedAt.IsZero() || cb.Since.IsZero() || cb.DueAt.IsZero() {
		return refuse(name, ivr.Invalid, "a callback needs a number, a call and its times, and waits")
	}
	return c.store.change(ctx, name, func(b *batch) error {
		var call ivr.CallID
		err := b.row(`SELECT call FROM callbacks WHERE number = ? AND state IN ('waiting', 'trying')`, cb.Number.Reveal()).Scan(&call)
		switch {
		case err == nil && call == cb.Call:
			return nil
		case err == nil:
			return refuse("", ivr.Conflict, "this number has a callback already")
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
		_, err = b.exec(`INSERT INTO callbacks (number, call, queue, category, language, asked_at, since, due_at, state)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting')`,
			cb.Number.Reveal(), string(cb.Call), cb.Queue, cb.Category, string(cb.Language),
			cb.AskedAt.UnixMicro(), cb.Since.UnixMicro(), cb.DueAt.UnixMicro())
		return err
	})
}

// Cancel ends a wish that nobody has met yet: Conflict for one that has ended.
func (c *Callbacks) Cancel(ctx context.Context, id int64) error {
	return c.store.change(ctx, "cancel callback", func(b *batch) error {
		changed, err := b.exec(`UPDATE callbacks SET state = 'cancelled', ended_at = ? WHERE id = ? AND state = 'waiting'`,
			time.Now().UnixMicro(), id)
		if err != nil || changed > 0 {
			return err
		}
		var state string
		err = b.row(`SELECT state FROM callbacks WHERE id = ?`, id).Scan(&state)
		if errors.Is(err, sql.ErrNoRows) {
			return refuse("", ivr.NotFound, "no callback %d", id)
		}
		return firstError(err, refuse("", ivr.Conflict, "callback %d is %s", id, state))
	})
}

// CallbackFilter chooses callbacks. The zero filter chooses the open ones, in
// the order of their waiting.
type CallbackFilter struct {
	All   bool // those that have ended, too
	Queue string
	Limit int // 0: 100; at most MaxCalls
}

// List gives the callbacks that a filter chooses, the longest waiting first.
func (c *Callbacks) List(ctx context.Context, f CallbackFilter) ([]ivr.Callback, error) {
	const name = "list callbacks"
	rows, err := c.store.read.QueryContext(ctx, `SELECT id, number, call, queue, category, language, asked_at, since, due_at, state, tries, ended_at
		FROM callbacks WHERE (? OR state IN ('waiting', 'trying')) AND (? = '' OR queue = ?) ORDER BY since, id LIMIT ?`,
		f.All, f.Queue, f.Queue, limit(f.Limit))
	if err != nil {
		return nil, c.store.fault(name, err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var all []ivr.Callback
	for rows.Next() {
		one, err := scanCallback(rows)
		if err != nil {
			return nil, c.store.fault(name, err)
		}
		all = append(all, one)
	}
	return all, c.store.fault(name, rows.Err())
}

func scanCallback(row scanner) (cb ivr.Callback, err error) {
	var number string
	var asked, since, due int64
	var ended sql.NullInt64
	err = row.Scan(&cb.ID, &number, &cb.Call, &cb.Queue, &cb.Category, &cb.Language,
		&asked, &since, &due, &cb.State, &cb.Tries, &ended)
	cb.Number, cb.EndedAt = ivr.Number(number), moment(ended)
	cb.AskedAt, cb.Since, cb.DueAt = time.UnixMicro(asked).UTC(), time.UnixMicro(since).UTC(), time.UnixMicro(due).UTC()
	return cb, err
}
