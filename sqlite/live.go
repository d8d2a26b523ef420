package sqlite

import (
	"cmp"
	"context"
	"slices"

	"ikomek109/ivr"
)

// readLive gives the calls of a node that have not ended, in one view of the
// store: two reads, whatever their number.
func (s *Store) readLive(ctx context.Context, node string) ([]ivr.Saved, error) {
	tx, err := s.read.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() //nolint:errcheck // it was only read
	rows, err := tx.QueryContext(ctx, `SELECT n, `+readColumns+`, (SELECT state FROM live WHERE call = n)
		FROM calls WHERE n IN (SELECT call FROM live WHERE node = ?) ORDER BY n`, node)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var saved []ivr.Saved
	place := map[int64]int{}
	for rows.Next() {
		var one ivr.Saved
		n, r, err := scanRecord(rows, &one.State)
		if err != nil {
			return nil, err
		}
		one.Record, place[n] = r, len(saved)
		saved = append(saved, one)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows, err = tx.QueryContext(ctx, `SELECT j.call, j.entries
		FROM live l JOIN journal j ON j.call = l.call WHERE l.node = ? ORDER BY j.call, j.seq`, node)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var n int64
		var packed string
		if err := rows.Scan(&n, &packed); err != nil {
			return nil, err
		}
		some, err := unpackEntries(packed)
		if err != nil {
			return nil, err
		}
		one := &saved[place[n]]
		one.Entries = append(one.Entries, some...)
	}
	for i := range saved {
		saved[i].Entries = sorted(saved[i].Entries)
	}
	return saved, rows.Err()
}

// LiveNodes counts the calls that have not ended, by node.
func (s *Store) LiveNodes(ctx context.Context) (map[string]int, error) {
	const name = "count live calls"
	rows, err := s.read.QueryContext(ctx, `SELECT node, count(*) FROM live GROUP BY node`)
	if err != nil {
		return nil, s.fault(name, err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	nodes := map[string]int{}
	for rows.Next() {
		var node string
		var n int
		if err := rows.Scan(&node, &n); err != nil {
			return nil, s.fault(name, err)
		}
		nodes[node] = n
	}
	return nodes, s.fault(name, rows.Err())
}

// sorted puts entries in order: a step sent late lies after its followers.
func sorted(entries []ivr.Entry) []ivr.Entry {
	slices.SortStableFunc(entries, func(a, b ivr.Entry) int { return cmp.Compare(a.Seq, b.Seq) })
	return entries
}

// fold brings the record of a live call up to date with its journal and what was
// said of it beside.
func fold(r *ivr.Record, entries []ivr.Entry) {
	r.WrapUp = 0 // the row has it already, of those same entries
	for _, e := range entries {
		r.Fold(e)
	}
}
