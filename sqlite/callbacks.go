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
	if cb.Number == "" || cb.Call == "" && cb.By == "" || cb.State != ivr.CallbackWaiting ||
		cb.AskedAt.IsZero() || cb.Since.IsZero() || cb.DueAt.IsZero() {
		return refuse(name, ivr.Invalid, "a callback needs a number, a call or who asked, and its times, and waits")
	}
	return c.store.change(ctx, name, func(b *batch) error {
		var call ivr.CallID
		err := b.row(`SELECT call FROM callbacks WHERE number = ? AND state IN ('waiting', 'trying')`, cb.Number.Reveal()).Scan(&call)
		switch {
		case err == nil && call == cb.Call && call != "":
			return nil
		case err == nil:
			return refuse("", ivr.Conflict, "this number has a callback already")
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
		_, err = b.exec(`INSERT INTO callbacks (number, call, by, queue, category, language, asked_at, since, due_at, state)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')`,
			cb.Number.Reveal(), string(cb.Call), cb.By, cb.Queue, cb.Category, string(cb.Language),
			cb.AskedAt.UnixMicro(), cb.Since.UnixMicro(), cb.DueAt.UnixMicro())
		return err
	})
}

// Met implements [ivr.Callbacks].
func (c *Callbacks) Met(ctx context.Context, number ivr.Number, why string) error {
	return c.store.change(ctx, "end callback", func(b *batch) error {
		_, err := b.exec(`UPDATE callbacks SET state = 'cancelled', why = ?, ended_at = ?
			WHERE number = ? AND state IN ('waiting', 'trying')`, why, time.Now().UnixMicro(), number.Reveal())
		return err
	})
}

// Cancel ends a wish, and says who did: Conflict for one that has ended. The
// program that tries it hears of it within a second; a conversation goes on.
func (c *Callbacks) Cancel(ctx context.Context, id int64, by string) error {
	return c.store.change(ctx, "cancel callback", func(b *batch) error {
		changed, err := b.exec(`UPDATE callbacks SET state = 'cancelled', why = ?, ended_at = ?
			WHERE id = ? AND state IN ('waiting', 'trying')`, by, time.Now().UnixMicro(), id)
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
	Asked time.Time    // asked for since then; zero: whenever
	After ivr.Callback // only those listed after it, the last of a page; zero: from the first
	Limit int          // 0: 100; at most MaxCalls
}

// List gives the callbacks that a filter chooses, the longest waiting first.
func (c *Callbacks) List(ctx context.Context, f CallbackFilter) ([]ivr.Callback, error) {
	return c.read(ctx, "list callbacks", `WHERE (? OR state IN ('waiting', 'trying')) AND (? = '' OR queue = ?)
		AND asked_at >= ? AND (since, id) > (?, ?) ORDER BY since, id LIMIT ?`,
		f.All, f.Queue, f.Queue, f.Asked.UnixMicro(), f.After.Since.UnixMicro(), f.After.ID, limit(f.Limit))
}

// Callback gives one.
func (c *Callbacks) Callback(ctx context.Context, id int64) (ivr.Callback, error) {
	const name = "show callback"
	all, err := c.read(ctx, name, `WHERE id = ?`, id)
	if err == nil && len(all) == 0 {
		err = refuse(name, ivr.NotFound, "no callback %d", id)
	}
	if err != nil {
		return ivr.Callback{}, err
	}
	return all[0], nil
}

const callbackColumns = `id, number, call, by, queue, category, language, asked_at, since, due_at, state, tries, recall, why, ended_at`

// read gives the callbacks that a condition, a constant of this file, chooses.
func (c *Callbacks) read(ctx context.Context, name, where string, args ...any) ([]ivr.Callback, error) {
	rows, err := c.store.read.QueryContext(ctx, `SELECT `+callbackColumns+` FROM callbacks `+where, args...) //nolint:gosec // constants only
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
	err = row.Scan(&cb.ID, &number, &cb.Call, &cb.By, &cb.Queue, &cb.Category, &cb.Language,
		&asked, &since, &due, &cb.State, &cb.Tries, &cb.Recall, &cb.Why, &ended)
	cb.Number, cb.EndedAt = ivr.Number(number), moment(ended)
	cb.AskedAt, cb.Since, cb.DueAt = time.UnixMicro(asked).UTC(), time.UnixMicro(since).UTC(), time.UnixMicro(due).UTC()
	return cb, err
}
