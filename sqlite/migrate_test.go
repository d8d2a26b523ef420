package sqlite_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue/queuetest"
	"ikomek109/sqlite"
)

// grown is the program's schema with one more step.
func grown(t *testing.T, step string) fs.FS {
	t.Helper()
	all := fstest.MapFS{"migrations/09999_next.sql": {Data: []byte(step)}}
	files, err := filepath.Glob("migrations/*.sql")
	ok(t, err)
	for _, name := range files {
		data, err := os.ReadFile(name) //nolint:gosec // the program's own
		ok(t, err)
		all[name] = &fstest.MapFile{Data: data}
	}
	return all
}

func TestOlderStore(t *testing.T) {
	path := made(t, file(t))
	s, err := sqlite.OpenWith(t.Context(), path, grown(t, "-- +goose Up\nALTER TABLE calls ADD COLUMN mood TEXT NOT NULL DEFAULT '';\n"))
	ok(t, err)
	if all, err := s.Calls(t.Context(), sqlite.Filter{}); err != nil || len(all) != 1 {
		t.Errorf("got %v, %v", all, err)
	}
	ok(t, s.Close(t.Context()))

	_, err = sqlite.Open(t.Context(), sqlite.Options{Path: path})
	fails(t, err, ivr.TooNew)
	copies, err := filepath.Glob(path + ".schema*-*")
	ok(t, err)
	if len(copies) != 1 {
		t.Fatalf("got copies %v", copies)
	}
	if info, err := os.Stat(copies[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy can be read by others: %v, %v", info.Mode(), err)
	}
	if all, err := open(t, copies[0]).Calls(t.Context(), sqlite.Filter{}); err != nil || len(all) != 1 {
		t.Errorf("the copy has %v, %v", all, err)
	}
}

func TestBrokenStepChangesNothing(t *testing.T) {
	path := made(t, file(t))
	if s, err := sqlite.OpenWith(t.Context(), path, grown(t, "-- +goose Up\nALTER TABLE nothing ADD COLUMN x;\n")); err == nil {
		t.Fatal("it was opened", s.Close(t.Context()))
	}
	if all, err := open(t, path).Calls(t.Context(), sqlite.Filter{}); err != nil || len(all) != 1 {
		t.Errorf("got %v, %v", all, err)
	}
}

// TestCopyOfAnother: a program that brings the store up to date at the same moment
// may be making the copy already, under the same name.
func TestCopyOfAnother(t *testing.T) {
	step := "-- +goose Up\nALTER TABLE calls ADD COLUMN mood TEXT NOT NULL DEFAULT '';\n"
	first := made(t, file(t))
	s, err := sqlite.OpenWith(t.Context(), first, grown(t, step))
	ok(t, err)
	ok(t, s.Close(t.Context()))
	copies, err := filepath.Glob(first + ".schema*-*")
	ok(t, err)
	schema, _, _ := strings.Cut(strings.TrimPrefix(copies[0], first), "-")

	path := made(t, filepath.Join(t.TempDir(), "other.db"))
	for i := range 2 {
		at := time.Now().UTC().Add(time.Duration(i) * time.Second).Format("20060102T150405")
		ok(t, os.WriteFile(path+schema+"-"+at, nil, 0o600))
	}
	s, err = sqlite.OpenWith(t.Context(), path, grown(t, step))
	ok(t, err)
	ok(t, s.Close(t.Context()))
}

func TestMadeByManyAtOnce(t *testing.T) {
	path := file(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	open(t, path)
}

func TestReadOnly(t *testing.T) {
	path := file(t)
	_, err := sqlite.Open(t.Context(), sqlite.Options{Path: path, ReadOnly: true})
	fails(t, err, ivr.NotFound)
	made(t, path)
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path, ReadOnly: true})
	ok(t, err)
	if all, err := s.Calls(t.Context(), sqlite.Filter{Live: true}); err != nil || len(all) != 1 {
		t.Errorf("got %v, %v", all, err)
	}
	if _, err := s.Journal().Live(t.Context(), "a"); err != nil {
		t.Error(err)
	}
	fails(t, s.Staff().Add(t.Context(), queuetest.NewAgent("aigul")), ivr.Denied)
	ok(t, s.Close(t.Context()))
}
