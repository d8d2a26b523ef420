package sqlite_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
	"ikomek109/queue/queuetest"
	"ikomek109/sqlite"
)

// before is the program's schema as it was before a step.
func before(t *testing.T, step string) fs.FS {
	t.Helper()
	all := fstest.MapFS{}
	files, err := filepath.Glob("migrations/*.sql")
	ok(t, err)
	for _, name := range files {
		if filepath.Base(name) >= step {
			continue
		}
		data, err := os.ReadFile(name) //nolint:gosec // the program's own
		ok(t, err)
		all[name] = &fstest.MapFile{Data: data}
	}
	return all
}

// TestQueueOfAnOlderStore: an upgrade moves nobody, neither those who wait nor an
// agent in conversation, and no place is given twice.
func TestQueueOfAnOlderStore(t *testing.T) {
	path := file(t)
	s, err := sqlite.OpenWith(t.Context(), path, before(t, "00006"))
	ok(t, err)
	ok(t, s.Close(t.Context()))
	db := raw(t, path)
	run(t, db, `INSERT INTO agents (id, name, languages, queues, credential, chosen, pause_reason, world, idle_since)
		VALUES ('aigul', '', '[]', '[]', 'x', 'ready', '', 'talking', 1)`)
	run(t, db, `INSERT INTO tickets VALUES (3, 'c1', 'main', 'kk', 'health', 7000000, 'served', 'aigul'),
		(4, 'c2', 'main', 'ru', '', 8000000, 'waiting', NULL), (9, 'c3', 'main', 'ru', '', 9000000, 'waiting', NULL)`)
	run(t, db, `DELETE FROM tickets WHERE seq = 9`)
	ok(t, db.Close())

	now := open(t, path)
	all, err := now.Tickets().All(t.Context())
	ok(t, err)
	at := func(seconds int64) time.Time { return time.Unix(seconds, 0).UTC() }
	if len(all) != 2 || all[0].Call != "c1" || all[0].Status != queue.Served || len(all[0].Agents) != 1 || all[0].Agents[0] != "aigul" ||
		!all[1].At.Equal(at(8)) || !all[1].Since.Equal(at(8)) || !all[1].OtherLanguage || all[1].Seq != 4 {
		t.Errorf("tickets %+v", all)
	}
	agents, _, err := now.Staff().Agents(t.Context())
	ok(t, err)
	if len(agents) != 1 || agents[0].Call != "c1" || agents[0].World != queue.Talking || agents[0].Taken != 0 {
		t.Errorf("agents %+v", agents)
	}
	next, err := now.Tickets().Enter(t.Context(), queuetest.NewEntry(ivr.CallID("c4")))
	ok(t, err)
	if next.Seq <= 9 {
		t.Errorf("place %d was given before", next.Seq)
	}
}
