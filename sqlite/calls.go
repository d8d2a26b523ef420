package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"ikomek109/ivr"
)

// Filter chooses calls. The zero Filter chooses the newest.
type Filter struct {
	Since, Until time.Time // arrived in [Since, Until); zero: no bound
	Category     string
	Outcome      ivr.Outcome
	Caller       string     // the whole number; looked for among the calls of the interval, with no index
	Live         bool       // only calls that have not ended
	Limit        int        // 0: 100; at most MaxCalls
	Before       ivr.CallID // only calls older than this one: the last of the page before
}

// The sizes of a page of calls.
const (
	defaultCalls = 100
	MaxCalls     = 10_000
)

// Calls gives the calls that a filter chooses, the newest first. A call that
// lives is shown as its journal has it so far; the last steps may lag by
// [Options.Linger].
func (s *Store) Calls(ctx context.Context, f Filter) ([]ivr.Record, error) {
	const name = "list calls"
	where, args, err := s.where(ctx, f)
	if err != nil {
		return nil, s.fault(name, err)
	}
	query := `SELECT n, ` + readColumns + ` FROM calls` + where + ` ORDER BY arrived_at DESC, n DESC LIMIT ?` //nolint:gosec // where has constants only
	rows, err := s.read.QueryContext(ctx, query, append(args, limit(f.Limit))...)
	if err != nil {
		return nil, s.fault(name, err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var (
		all  []ivr.Record
		live []int64
		at   []int
	)
	for rows.Next() {
		n, r, err := scanRecord(rows)
		if err != nil {
			return nil, s.fault(name, err)
		}
		if r.Live() {
			live, at = append(live, n), append(at, len(all))
		}
		all = append(all, r)
	}
	if err := rows.Err(); err != nil {
		return nil, s.fault(name, err)
	}
	for i, n := range live {
		if err := s.foldLive(ctx, n, &all[at[i]]); err != nil {
			return nil, s.fault(name, err)
		}
	}
	return all, nil
}

// where turns a filter into conditions. Those on category and outcome name
// their partial index's own condition, so that it is used.
func (s *Store) where(ctx context.Context, f Filter) (clause string, args []any, err error) {
	var terms []string
	add := func(term string, values ...any) { terms, args = append(terms, term), append(args, values...) }
	if !f.Since.IsZero() {
		add("arrived_at >= ?", f.Since.UnixMicro())
	}
	if !f.Until.IsZero() {
		add("arrived_at < ?", f.Until.UnixMicro())
	}
	if f.Category != "" {
		add("category = ? AND category <> ''", f.Category)
	}
	if f.Outcome != "" {
		add("outcome = ? AND outcome <> ''", string(f.Outcome))
	}
	if f.Caller != "" {
		add("caller = ?", f.Caller)
	}
	if f.Live {
		add("n IN (SELECT call FROM live)")
	}
	if f.Before != "" {
		var arrived, n int64
		err := s.read.QueryRowContext(ctx, `SELECT arrived_at, n FROM calls WHERE id = ?`, string(f.Before)).Scan(&arrived, &n)
		if errors.Is(err, sql.ErrNoRows) {
			return "", nil, refuse("list calls", ivr.NotFound, "no call %q", string(f.Before))
		}
		if err != nil {
			return "", nil, err
		}
		add("(arrived_at, n) < (?, ?)", arrived, n)
	}
	if len(terms) == 0 {
		return "", nil, nil
	}
	return " WHERE " + strings.Join(terms, " AND "), args, nil
}

func limit(asked int) int {
	if asked <= 0 {
		return defaultCalls
	}
	return min(asked, MaxCalls)
}

// Call gives one call and its journal. The id may be cut short as long as it
// names one call: Conflict lists the calls when it does not.
func (s *Store) Call(ctx context.Context, id ivr.CallID) (ivr.Record, []ivr.Entry, error) {
	const name = "show call"
	n, r, err := s.lookUp(ctx, id)
	if err != nil {
		return ivr.Record{}, nil, s.fault(name, err)
	}
	entries, err := s.entries(ctx, n)
	if err != nil {
		return ivr.Record{}, nil, s.fault(name, err)
	}
	if r.Live() {
		fold(&r, entries)
	}
	return r, entries, nil
}

// maxNamed is how many calls an ambiguous id is answered with.
const maxNamed = 5

func (s *Store) lookUp(ctx context.Context, id ivr.CallID) (n int64, r ivr.Record, err error) {
	if id == "" {
		return 0, r, refuse("show call", ivr.Invalid, "no call is named")
	}
	// In bytes, nothing that begins with the id sorts after id + U+10FFFF.
	rows, err := s.read.QueryContext(ctx, `SELECT n, `+readColumns+` FROM calls WHERE id >= ? AND id < ? ORDER BY id LIMIT ?`,
		string(id), string(id)+"\U0010FFFF", maxNamed+1)
	if err != nil {
		return 0, r, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var found []string
	for rows.Next() {
		one, got, err := scanRecord(rows)
		if err != nil {
			return 0, r, err
		}
		if len(found) == 0 {
			n, r = one, got
		}
		found = append(found, string(got.ID))
	}
	switch {
	case rows.Err() != nil:
		return 0, r, rows.Err()
	case len(found) == 0:
		return 0, r, refuse("show call", ivr.NotFound, "no call %q", string(id))
	case len(found) == 1 || r.ID == id:
		return n, r, nil
	}
	return 0, r, ambiguous(id, found)
}

func ambiguous(id ivr.CallID, found []string) error {
	if len(found) > maxNamed {
		found[maxNamed] = "…"
	}
	return &ivr.Error{
		Op: "show call", Code: ivr.Conflict, Cure: "give more of the id",
		Message: fmt.Sprintf("%q begins the ids of several calls: %s", string(id), strings.Join(found, ", ")),
	}
}

// entries reads a call's journal.
func (s *Store) entries(ctx context.Context, n int64) ([]ivr.Entry, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT entries FROM journal WHERE call = ? ORDER BY seq`, n)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var all []ivr.Entry
	for rows.Next() {
		var packed string
		if err := rows.Scan(&packed); err != nil {
			return nil, err
		}
		some, err := unpackEntries(packed)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return s.addAmendments(ctx, n, sorted(all))
}

// addAmendments reads what was said of a call beside its journal.
func (s *Store) addAmendments(ctx context.Context, n int64, entries []ivr.Entry) ([]ivr.Entry, error) {
	said, err := readAll(ctx, s.read, func(row scanner) (packed string, err error) {
		err = row.Scan(&packed)
		return packed, err
	}, `SELECT entry FROM amendments WHERE call = ? ORDER BY n`, n)
	if err != nil {
		return nil, err
	}
	for _, packed := range said {
		some, err := unpackEntries(packed)
		if err != nil {
			return nil, err
		}
		for _, e := range some {
			e.Seq = 1
			if len(entries) > 0 {
				e.Seq = entries[len(entries)-1].Seq + 1
			}
			entries = append(entries, e)
		}
	}
	return entries, nil
}

// foldLive brings the record of a live call up to date with its journal.
func (s *Store) foldLive(ctx context.Context, n int64, r *ivr.Record) error {
	entries, err := s.entries(ctx, n)
	if err == nil {
		fold(r, entries)
	}
	return err
}
