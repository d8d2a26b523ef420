package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"ikomek109/ivr"
)

// Amend implements [ivr.Journal].
func (j *Journal) Amend(ctx context.Context, call ivr.CallID, e ivr.Entry) error {
	const name = "amend call"
	if e.Kind == "" || e.At.IsZero() {
		return refuse(name, ivr.Invalid, "an amendment of call %s has no kind or no time", call)
	}
	return j.store.change(ctx, name, func(b *batch) error {
		there, err := b.amend(call, e)
		if err == nil && !there {
			return refuse("", ivr.NotFound, "no call %q", string(call))
		}
		return err
	})
}

// amend adds an entry to those after a call's journal and folds it into the
// row of the call, which the end of the call leaves as it is: see amended.
func (b *batch) amend(call ivr.CallID, e ivr.Entry) (there bool, err error) {
	e.Seq = 0
	added, err := b.exec(`INSERT INTO amendments (call, entry) SELECT n, ? FROM calls WHERE id = ?`,
		packEntries([]ivr.Entry{e}), string(call))
	if err != nil || added == 0 {
		return false, err
	}
	var r ivr.Record
	r.Fold(e)
	_, err = b.exec(`UPDATE calls SET category = CASE WHEN ?1 <> '' THEN ?1 ELSE category END, wrap_up = wrap_up + ?2
		WHERE id = ?3`, r.Category, r.WrapUp.Microseconds(), string(call))
	return true, err
}

// amended keeps in the row of a call that ends what was said of it before.
func (b *batch) amended(n int64) error {
	_, err := b.exec(`UPDATE calls SET category = coalesce((SELECT json_extract(entry, '$[0].d.category') AS category
		FROM amendments WHERE call = ?1 AND category IS NOT NULL ORDER BY n DESC LIMIT 1), category)
		WHERE n = ?1 AND EXISTS (SELECT 1 FROM amendments WHERE call = ?1)`, n)
	return err
}

// wrappedUp puts the length of a wrap-up on the record of its call, if that is
// in the store.
func (b *batch) wrappedUp(call ivr.CallID, agent ivr.AgentID, length time.Duration, at time.Time) error {
	_, err := b.amend(call, ivr.WrappedUpFor(agent, length, at))
	return err
}

// Find implements [ivr.Journal]. It waits until everything accepted is written.
func (j *Journal) Find(ctx context.Context, call ivr.CallID) (ivr.Record, error) {
	const name = "find call"
	if err := j.store.Sync(ctx); err != nil {
		return ivr.Record{}, err
	}
	n, r, err := scanRecord(j.store.read.QueryRowContext(ctx, `SELECT n, `+readColumns+` FROM calls WHERE id = ?`, string(call)))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return r, refuse(name, ivr.NotFound, "no call %q", string(call))
	case err == nil && r.Live():
		err = j.store.foldLive(ctx, n, &r)
	}
	return r, j.store.fault(name, err)
}
