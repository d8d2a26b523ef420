package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/queue"
	"ikomek109/queue/queuetest"
	"ikomek109/revision"
	"ikomek109/revision/revisiontest"
	"ikomek109/sqlite"
)

// open opens a store and closes it with the test.
func open(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return s
}

func file(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "store.db")
}

func TestJournal(t *testing.T) {
	ivrtest.JournalSuite(t, func(t *testing.T) ivr.Journal { return open(t, file(t)).Journal() })
}

func openQueue(t *testing.T) (queue.Tickets, queuetest.Staff) {
	s := open(t, file(t))
	return s.Tickets(), s.Staff()
}

func TestTickets(t *testing.T) { queuetest.TicketsSuite(t, openQueue) }

func TestStaff(t *testing.T) { queuetest.StaffSuite(t, openQueue) }

func TestRevisions(t *testing.T) {
	revisiontest.Suite(t, func(t *testing.T) revision.Store { return open(t, file(t)).Revisions() })
}
