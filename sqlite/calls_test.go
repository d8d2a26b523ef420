package sqlite_test

import (
	"database/sql"
	"slices"
	"strings"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/sqlite"
)

// book writes calls a minute apart: 0 and 1 served about health, 2 abandoned
// about curfew from another number, 3 still in the menu. It gives their ids.
func book(t *testing.T, s *sqlite.Store) []ivr.CallID {
	t.Helper()
	ids := make([]ivr.CallID, 4)
	for i := range ids {
		r := ivrtest.NewRecord("a")
		ids[i] = r.ID
		r.ArrivedAt = ivrtest.Start().Add(time.Duration(i) * time.Minute)
		if i == 2 {
			r.Caller = "+77770000000"
		}
		first := ivrtest.NewStep(r.ID, 1, 2)
		first.Entries[0].Kind, first.Entries[0].At = ivr.Arrived, r.ArrivedAt
		ok(t, s.Journal().Open(t.Context(), r, first))
		if i == 3 {
			continue
		}
		end := ivrtest.Ended(r)
		if i == 2 {
			end.Category, end.Outcome = "curfew", ivr.Abandoned
		}
		ok(t, s.Journal().Close(t.Context(), end, ivrtest.NewStep(r.ID, 3, 3)))
	}
	return ids
}

func TestCalls(t *testing.T) {
	s := open(t, file(t))
	ids := book(t, s)
	at := func(i int) time.Time { return ivrtest.Start().Add(time.Duration(i) * time.Minute) }
	for name, c := range map[string]struct {
		filter sqlite.Filter
		want   []int
	}{
		"all, newest first": {sqlite.Filter{}, []int{3, 2, 1, 0}},
		"since is included": {sqlite.Filter{Since: at(2)}, []int{3, 2}},
		"until is not":      {sqlite.Filter{Until: at(2)}, []int{1, 0}},
		"category":          {sqlite.Filter{Category: "health"}, []int{1, 0}},
		"outcome":           {sqlite.Filter{Outcome: ivr.Abandoned}, []int{2}},
		"both":              {sqlite.Filter{Category: "health", Outcome: ivr.Abandoned}, nil},
		"caller":            {sqlite.Filter{Caller: "+77770000000"}, []int{2}},
		"live":              {sqlite.Filter{Live: true}, []int{3}},
		"limit":             {sqlite.Filter{Limit: 2}, []int{3, 2}},
		"next page":         {sqlite.Filter{Limit: 2, Before: ids[2]}, []int{1, 0}},
		"hostile":           {sqlite.Filter{Category: "' OR 1=1 --"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			all, err := s.Calls(t.Context(), c.filter)
			ok(t, err)
			var got []int
			for _, r := range all {
				got = append(got, slices.Index(ids, r.ID))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
	_, err := s.Calls(t.Context(), sqlite.Filter{Before: "nobody"})
	fails(t, err, ivr.NotFound)
}

func TestCall(t *testing.T) {
	s := open(t, file(t))
	ids := book(t, s)
	r, entries, err := s.Call(t.Context(), ids[0])
	ok(t, err)
	if len(entries) != 3 || r.Outcome != ivr.Served || r.Wait != 2*time.Second || r.Caller.Reveal() != "+77011234567" {
		t.Errorf("got %+v with %d entries", r, len(entries))
	}
	r, _, err = s.Call(t.Context(), ids[3][:len(ids[3])-1])
	ok(t, err)
	if r.ID != ids[3] || r.Keys != "2" { // folded from its journal
		t.Errorf("got %+v", r)
	}
	_, _, err = s.Call(t.Context(), ids[0][:1])
	fails(t, err, ivr.Conflict)
	if !strings.Contains(err.Error(), string(ids[0])) || !strings.Contains(err.Error(), string(ids[3])) {
		t.Error(err)
	}
	for _, none := range []ivr.CallID{"x", "%", "_", ids[0] + "0"} {
		_, _, err = s.Call(t.Context(), none)
		fails(t, err, ivr.NotFound)
	}
	_, _, err = s.Call(t.Context(), "")
	fails(t, err, ivr.Invalid)
}

// TestKeptForGood tries to change what must never change, past the store.
func TestKeptForGood(t *testing.T) {
	path := file(t)
	ids := book(t, open(t, path))
	db := raw(t, path)
	for _, query := range []string{
		`UPDATE journal SET entries = '[]'`,
		`DELETE FROM journal`,
		`UPDATE calls SET outcome = 'served' WHERE id = '` + string(ids[2]) + `'`,
		`INSERT INTO journal (call, seq, entries) SELECT n, 99, '[]' FROM calls WHERE id = '` + string(ids[2]) + `'`,
		`INSERT INTO calls (id) VALUES (1)`,
		`DELETE FROM calls`,
	} {
		if _, err := db.ExecContext(t.Context(), `PRAGMA foreign_keys = 1; `+query); err == nil {
			t.Errorf("%s: was done", query)
		}
	}
}

// TestFiltersUseIndices holds the plans by which ten million calls are
// filtered in a tenth of a second.
func TestFiltersUseIndices(t *testing.T) {
	path := file(t)
	open(t, path)
	db := raw(t, path)
	const tail = ` ORDER BY arrived_at DESC, n DESC LIMIT 100`
	for query, index := range map[string]string{
		`SELECT * FROM calls` + tail:                                                                    "calls_arrived",
		`SELECT * FROM calls WHERE arrived_at >= 1 AND arrived_at < 2` + tail:                           "calls_arrived",
		`SELECT * FROM calls WHERE (arrived_at, n) < (1, 2)` + tail:                                     "calls_arrived",
		`SELECT * FROM calls WHERE category = 'a' AND category <> '' AND arrived_at >= 1` + tail:        "calls_category",
		`SELECT * FROM calls WHERE outcome = 'a' AND outcome <> '' AND (arrived_at, n) < (1, 2)` + tail: "calls_outcome",
		`SELECT * FROM journal WHERE call = 1 ORDER BY seq`:                                             "journal_call",
	} {
		all := plan(t, db, query)
		if !strings.Contains(all, index) || strings.Contains(all, "TEMP B-TREE") {
			t.Errorf("%s:\n\t%s", query, all)
		}
	}
}

// plan gives how SQLite would answer a query.
func plan(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+query)
	ok(t, err)
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var lines []string
	for rows.Next() {
		var id, parent, unused int
		var line string
		ok(t, rows.Scan(&id, &parent, &unused, &line))
		lines = append(lines, line)
	}
	ok(t, rows.Err())
	return strings.Join(lines, "; ")
}
