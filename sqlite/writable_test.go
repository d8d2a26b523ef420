package sqlite_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"ikomek109/ivr"
	"ikomek109/sqlite"
)

// reader opens a store for reading alone.
func reader(t *testing.T, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path, ReadOnly: true})
	ok(t, err)
	t.Cleanup(func() { ok(t, s.Close(t.Context())) })
	return s
}

// TestWritable changes nothing, and tells of a lock that another holds.
func TestWritable(t *testing.T) {
	path := made(t, file(t))
	before, err := os.ReadFile(path) //nolint:gosec // the test's own file
	ok(t, err)
	s := reader(t, path)
	ok(t, s.Writable(t.Context()))
	unlock := lock(t, path)
	fails(t, s.Writable(t.Context()), ivr.Unavailable)
	unlock()
	ok(t, s.Writable(t.Context()))
	after, err := os.ReadFile(path) //nolint:gosec // the test's own file
	ok(t, err)
	if string(before) != string(after) {
		t.Error("the store was changed")
	}
}

// TestWritableBesideALine looks at a store that is being written.
func TestWritableBesideALine(t *testing.T) {
	path := made(t, file(t))
	line := open(t, path)
	ok(t, reader(t, path).Writable(t.Context()))
	ok(t, line.Sync(t.Context()))
}

func TestNotWritable(t *testing.T) {
	path := made(t, file(t))
	s := reader(t, path)
	thaw := freeze(t, path)
	defer thaw()
	fails(t, s.Writable(t.Context()), ivr.Denied)
}

func TestRoomFor(t *testing.T) {
	path := file(t)
	ok(t, sqlite.RoomFor(path, 1))
	fails(t, sqlite.RoomFor(path, math.MaxUint64), ivr.Unavailable)
	fails(t, sqlite.RoomFor(filepath.Join(path, "nowhere", "x.db"), 1), ivr.Invalid)
}
