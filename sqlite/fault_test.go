package sqlite_test

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/queue/queuetest"
	"ikomek109/sqlite"
)

func TestOpenRefuses(t *testing.T) {
	root := os.Getuid() == 0
	for name, c := range map[string]struct {
		make func(t *testing.T, dir string) string // prepares dir, gives the path to open
		code ivr.Code
		says []string
		skip bool
	}{
		"no name":        {func(*testing.T, string) string { return "" }, ivr.Invalid, []string{"no file"}, false},
		"no folder":      {func(_ *testing.T, d string) string { return d + "/a/b.db" }, ivr.Invalid, []string{"/a does not exist", "mkdir -p"}, false},
		"a folder":       {func(_ *testing.T, d string) string { return d }, ivr.Invalid, []string{"is a folder"}, false},
		"file as folder": {func(t *testing.T, d string) string { return put(t, d, "x", "") + "/b.db" }, ivr.Invalid, []string{"not a folder"}, false},
		"no database":    {func(t *testing.T, d string) string { return put(t, d, "x.db", "hello") }, ivr.Invalid, []string{"x.db is not a store"}, false},
		"another's":      {another, ivr.Invalid, []string{"is not a store of this program"}, false},
		"damaged":        {damaged, ivr.Invalid, []string{"damaged", "backup"}, false},
		"newer":          {newer, ivr.TooNew, []string{"schema 999", "newer version"}, false},
		"read-only file": {readOnlyFile, ivr.Denied, []string{"can't be written", "right to write"}, root},
		"read-only dir":  {readOnlyDir, ivr.Denied, []string{"can't be written", "right to write"}, root},
	} {
		t.Run(name, func(t *testing.T) {
			if c.skip {
				t.Skip("root may write everything")
			}
			path := c.make(t, t.TempDir())
			s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
			if err == nil {
				t.Fatal("it was opened", s.Close(t.Context()))
			}
			if ivr.CodeOf(err) != c.code {
				t.Errorf("got code %q, want %q: %v", ivr.CodeOf(err), c.code, err)
			}
			for _, want := range c.says {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in %q", want, err)
				}
			}
		})
	}
}

func put(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil { //nolint:gosec // in the test's own folder
		t.Fatal(err)
	}
	return path
}

// raw opens a file without the store.
func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func run(t *testing.T, db *sql.DB, query string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), query); err != nil {
		t.Fatal(err)
	}
}

// made gives a store that was made and closed, with one call.
func made(t *testing.T, path string) string {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	r := ivrtest.NewRecord("a")
	if err := s.Journal().Open(t.Context(), r, ivrtest.NewStep(r.ID, 1, 1)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	return path
}

func another(t *testing.T, dir string) string {
	path := filepath.Join(dir, "other.db")
	run(t, raw(t, path), `CREATE TABLE songs (title TEXT)`)
	return path
}

func damaged(t *testing.T, dir string) string {
	path := made(t, filepath.Join(dir, "x.db"))
	whole, err := os.ReadFile(path) //nolint:gosec // in the test's own folder
	if err != nil {
		t.Fatal(err)
	}
	for i := 100; i < len(whole); i++ {
		whole[i] = 0xA5
	}
	return put(t, dir, "x.db", string(whole))
}

func newer(t *testing.T, dir string) string {
	path := made(t, filepath.Join(dir, "x.db"))
	run(t, raw(t, path), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`)
	return path
}

func readOnlyFile(t *testing.T, dir string) string {
	path := made(t, filepath.Join(dir, "x.db"))
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	return path
}

func readOnlyDir(t *testing.T, dir string) string {
	if err := os.Chmod(dir, 0o500); err != nil { //nolint:gosec // a folder
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(dir, 0o700) }) //nolint:gosec // a folder
	return filepath.Join(dir, "x.db")
}

func TestOddPath(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a?mode=memory#b %41 қ'\"")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "s&x=1.db")
	made(t, path)
	info, err := os.Stat(path)
	if err != nil || info.Size() == 0 || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info, err)
	}
}

// lock holds the lock for writing as another program would, until the function
// that it gives is called.
func lock(t *testing.T, path string) (unlock func()) {
	t.Helper()
	tx, err := raw(t, path).BeginTx(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return func() { _ = tx.Rollback() }
}

func TestLocked(t *testing.T) {
	path := file(t)
	s := open(t, path)
	j := s.Journal()
	r := ivrtest.NewRecord("a")
	ok(t, j.Open(t.Context(), r, ivrtest.NewStep(r.ID, 1, 1)))
	ok(t, s.Staff().Add(t.Context(), queuetest.NewAgent("aigul")))
	unlock := lock(t, path)
	defer unlock()

	ok(t, j.Append(t.Context(), ivrtest.NewStep(r.ID, 2, 2))) // accepted: it may lag
	soon, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	durable := ivrtest.NewStep(r.ID, 3, 3)
	durable.Durable = true
	fails(t, j.Append(soon, durable), ivr.Unavailable)
	fails(t, j.Append(soon, durable), ivr.Unavailable)
	_, err := s.Tickets().Enter(soon, queuetest.NewEntry("c1"))
	fails(t, err, ivr.Unavailable)
	until(t, func() bool { return !s.Health().OK() })
	if h := s.Health(); !strings.Contains(h.Err.Error(), path+" is locked") || h.BacklogOps == 0 {
		t.Errorf("health is %+v", h)
	}
	if _, _, err := s.Call(t.Context(), r.ID); err != nil {
		t.Errorf("reading must go on: %v", err)
	}
	result := make(chan error, 1)
	go func() { result <- j.Append(t.Context(), durable) }() // sent again, and waiting
	unlock()
	ok(t, <-result)
	until(t, func() bool { h := s.Health(); return h.OK() && h.BacklogOps == 0 })
	_, entries, err := s.Call(t.Context(), r.ID)
	ok(t, err)
	if len(entries) != 3 {
		t.Errorf("got %d entries, want 3", len(entries))
	}
	if all, err := s.Tickets().All(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("a withdrawn ticket was written: %v, %v", all, err)
	}
}

// TestSlow: whoever can't wait for a disk that does not come to an end goes on, and
// knows that the change may be made yet.
func TestSlow(t *testing.T) {
	s := open(t, file(t))
	var stalls sync.WaitGroup
	stall := func() (chan struct{}, chan struct{}) {
		begun, over := make(chan struct{}), make(chan struct{})
		stalls.Go(func() { _ = sqlite.Stall(context.Background(), s, begun, over) })
		return begun, over
	}
	begun, over := stall()
	<-begun
	ctx, giveUp := context.WithCancel(t.Context())
	entered := make(chan error, 1)
	go func() {
		_, err := s.Tickets().Enter(ctx, queuetest.NewEntry("c1"))
		entered <- err
	}()
	until(t, func() bool { return s.Health().BacklogOps == 2 })
	begunWithIt, end := stall() // in the same transaction as the ticket
	until(t, func() bool { return s.Health().BacklogOps == 3 })
	close(over)
	<-begunWithIt
	giveUp()
	fails(t, <-entered, ivr.Unavailable)
	close(end)
	stalls.Wait()
	if all, err := s.Tickets().All(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("the ticket was not written after all: %v, %v", all, err)
	}
}

// TestFull lets the disk look full by bounding the file's size.
func TestFull(t *testing.T) {
	told := &faults{Handler: slog.DiscardHandler} // what the store's health says may be over in a moment
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: file(t), Log: slog.New(told)})
	ok(t, err)
	t.Cleanup(func() { ok(t, s.Close(context.Background())) })
	j := s.Journal()
	r := ivrtest.NewRecord("a")
	ok(t, j.Open(t.Context(), r, ivrtest.NewStep(r.ID, 1, 1)))
	ok(t, sqlite.Bound(t.Context(), s, 1))
	big := ivrtest.NewStep(r.ID, 2, 2)
	big.State = make([]byte, 1<<20)
	ok(t, j.Append(t.Context(), big))
	until(t, func() bool { return told.first() != nil })
	if err := told.first(); ivr.CodeOf(err) != ivr.Unavailable || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("it said %v", err)
	}
	until(t, func() bool { return s.Health().OK() }) // a fresh connection has no bound
	saved, err := j.Live(t.Context(), "a")
	ok(t, err)
	if len(saved) != 1 || len(saved[0].State) != 1<<20 {
		t.Error("the step was lost")
	}
}

// faults keeps the first error that was logged.
type faults struct {
	slog.Handler

	mu  sync.Mutex
	err error // guarded by mu
}

func (f *faults) Enabled(context.Context, slog.Level) bool { return true }

func (f *faults) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if err, is := a.Value.Any().(error); is && r.Level == slog.LevelError {
			f.mu.Lock()
			f.err = cmp.Or(f.err, err)
			f.mu.Unlock()
		}
		return true
	})
	return nil
}

func (f *faults) first() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

func TestClosed(t *testing.T) {
	path := file(t)
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	ok(t, err)
	r := ivrtest.NewRecord("a")
	ok(t, s.Journal().Open(t.Context(), r, ivrtest.NewStep(r.ID, 1, 1)))
	for seq := 2; seq < 600; seq++ {
		ok(t, s.Journal().Append(t.Context(), ivrtest.NewStep(r.ID, seq, seq)))
	}
	ok(t, s.Close(t.Context()))
	ok(t, s.Close(t.Context()))
	fails(t, s.Journal().Append(t.Context(), ivrtest.NewStep(r.ID, 600, 600)), ivr.Unavailable)
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the write-ahead log was left: %v", err)
	}
	_, entries, err := open(t, path).Call(t.Context(), r.ID)
	ok(t, err)
	if len(entries) != 599 {
		t.Errorf("got %d entries, want 599", len(entries))
	}
}

func TestClosedWhileLocked(t *testing.T) {
	path := file(t)
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	ok(t, err)
	unlock := lock(t, path)
	defer unlock()
	r := ivrtest.NewRecord("a")
	ok(t, s.Journal().Append(t.Context(), ivrtest.NewStep(r.ID, 1, 1)))
	soon, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err = s.Close(soon)
	fails(t, err, ivr.Unavailable)
	if !strings.Contains(err.Error(), "1 changes could not be written") {
		t.Error(err)
	}
}

// TestBacklogBounded fills the memory that waiting changes may take.
func TestBacklogBounded(t *testing.T) {
	path := file(t)
	s := open(t, path)
	r := ivrtest.NewRecord("a")
	ok(t, s.Journal().Open(t.Context(), r, ivrtest.NewStep(r.ID, 1, 1)))
	unlock := lock(t, path)
	defer unlock()
	soon, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	big := ivr.Step{Call: r.ID, State: make([]byte, sqlite.MaxBacklogBytes/4)}
	for range 3 {
		ok(t, s.Journal().Append(soon, big))
	}
	short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	fails(t, s.Journal().Append(short, big), ivr.Unavailable)
	result := make(chan error, 1)
	go func() { result <- s.Journal().Append(t.Context(), big) }()
	unlock()
	ok(t, <-result)
}

// until polls for what must come true.
func until(t *testing.T, is func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); <-tick.C {
		if is() {
			return
		}
	}
	t.Fatal("it did not come true in time")
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func fails(t *testing.T, err error, code ivr.Code) {
	t.Helper()
	if err == nil || ivr.CodeOf(err) != code {
		t.Fatalf("got %v, want an error with code %q", err, code)
	}
}
