package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"ikomek109/ivr"
)

var _ ivr.Recalls = (*Callbacks)(nil)

// Due implements [ivr.Recalls].
func (c *Callbacks) Due(ctx context.Context, now time.Time, limit int) ([]ivr.Callback, error) {
	return c.read(ctx, "read due callbacks", `WHERE state = 'waiting' AND due_at <= ? ORDER BY since, id LIMIT ?`,
		now.UnixMicro(), limit)
}

// Trying implements [ivr.Recalls].
func (c *Callbacks) Trying(ctx context.Context) ([]ivr.Callback, error) {
	return c.read(ctx, "read callbacks being tried", `WHERE state = 'trying' ORDER BY since, id`)
}

// Claim implements [ivr.Recalls].
func (c *Callbacks) Claim(ctx context.Context, id int64, call ivr.CallID, at time.Time) error {
	const name = "claim callback"
	if call == "" || at.IsZero() {
		return refuse(name, ivr.Invalid, "a claim needs a call and a time")
	}
	return c.store.change(ctx, name, func(b *batch) error {
		changed, err := b.exec(`UPDATE callbacks SET state = 'trying', recall = ?, claimed_at = ? WHERE id = ? AND state = 'waiting'`,
			string(call), at.UnixMicro(), id)
		if err != nil || changed > 0 {
			return err
		}
		_, _, err = b.callback(id)
		return firstError(err, refuse("", ivr.Conflict, "callback %d does not wait", id))
	})
}

// Ours implements [ivr.Recalls]. It asks the writer, who has the last word.
func (c *Callbacks) Ours(ctx context.Context, id int64, call ivr.CallID) error {
	return c.store.change(ctx, "confirm callback", func(b *batch) error {
		state, has, err := b.callback(id)
		if err != nil || state == ivr.CallbackTrying && has == call {
			return err
		}
		return refuse("", ivr.Conflict, "callback %d is %s, and not the one of call %s", id, state, call)
	})
}

// Settle implements [ivr.Recalls].
func (c *Callbacks) Settle(ctx context.Context, t ivr.Tried) error {
	const name = "settle callback"
	var ended any
	switch t.State {
	case ivr.CallbackReached, ivr.CallbackFailed:
		ended = micros(t.At)
	case ivr.CallbackWaiting:
	case ivr.CallbackTrying, ivr.CallbackCancelled:
		return refuse(name, ivr.Invalid, "no try ends as %q", string(t.State))
	default:
		return refuse(name, ivr.Invalid, "no try ends as %q", string(t.State))
	}
	if t.Call == "" || t.At.IsZero() || (t.State == ivr.CallbackWaiting) == t.Due.IsZero() {
		return refuse(name, ivr.Invalid, "a try needs a call and a time, and one who waits again a time from when on")
	}
	return c.store.change(ctx, name, func(b *batch) error {
		changed, err := b.exec(`UPDATE callbacks SET state = ?1, ended_at = ?2, due_at = coalesce(?3, due_at), tries = tries + ?4, why = ?5
			WHERE id = ?6 AND recall = ?7 AND (state = 'trying' OR (state = 'cancelled' AND ?1 = 'reached'))`,
			string(t.State), ended, micros(t.Due), t.Counts, t.Why, t.ID, string(t.Call))
		if err != nil || changed > 0 {
			return err
		}
		state, _, err := b.callback(t.ID)
		return firstError(err, refuse("", ivr.Conflict, "callback %d is %s, and not the one of call %s", t.ID, state, t.Call))
	})
}

// Tidy implements [ivr.Recalls].
func (c *Callbacks) Tidy(ctx context.Context, t ivr.Tidying) error {
	return c.store.change(ctx, "tidy callbacks", func(b *batch) error {
		_, err := b.exec(`UPDATE callbacks SET state = 'waiting' WHERE state = 'trying' AND claimed_at < ?
			AND recall NOT IN (SELECT id FROM calls WHERE n IN (SELECT call FROM live))`, t.Claimed.UnixMicro())
		if err != nil || t.Ended.IsZero() {
			return err
		}
		_, err = b.exec(`DELETE FROM callbacks WHERE ended_at IS NOT NULL AND ended_at < ?`, t.Ended.UnixMicro())
		return err
	})
}

// callback gives how a callback stands, and the call that tries or tried it.
func (b *batch) callback(id int64) (state ivr.CallbackState, recall ivr.CallID, err error) {
	err = b.row(`SELECT state, recall FROM callbacks WHERE id = ?`, id).Scan(&state, &recall)
	if errors.Is(err, sql.ErrNoRows) {
		err = refuse("", ivr.NotFound, "no callback %d", id)
	}
	return state, recall, err
}
