package sqlite_test

import (
	"database/sql"
	"testing"

	"ikomek109/audit"
	"ikomek109/audit/audittest"
)

func TestAudit(t *testing.T) {
	audittest.StoreSuite(t, func(t *testing.T) audit.Store { return open(t, file(t)).Audit() })
}

// TestAuditIsOnlyAppended goes behind the program's back.
func TestAuditIsOnlyAppended(t *testing.T) {
	path := file(t)
	s := open(t, path)
	ok(t, s.Audit().Append(t.Context(), audittest.NewEntry()))
	db, err := sql.Open("sqlite", path)
	ok(t, err)
	defer db.Close() //nolint:errcheck // nothing was written
	for _, change := range []string{`UPDATE audit SET by = 'x'`, `DELETE FROM audit`} {
		if _, err := db.ExecContext(t.Context(), change); err == nil {
			t.Errorf("%s: it was done", change)
		}
	}
	all, err := s.Audit().Entries(t.Context(), audit.Filter{})
	ok(t, err)
	if len(all) != 1 || all[0].By != audittest.NewEntry().By {
		t.Errorf("on record: %+v", all)
	}
}
