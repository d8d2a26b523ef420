package sqlite_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

// freeze makes a store's files unchangeable also for who has them open, as a
// file system does that turned read-only under the program.
func freeze(t *testing.T, path string) (thaw func()) {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	ok(t, err)
	set := func(flag string) error {
		return exec.CommandContext(t.Context(), "chattr", append([]string{flag}, files...)...).Run() //nolint:gosec // the test's own files
	}
	if err := set("+i"); err != nil {
		t.Skipf("files can only be frozen by root, and on some file systems: %v", err)
	}
	t.Cleanup(func() { _ = exec.Command("chattr", append([]string{"-i"}, files...)...).Run() }) //nolint:gosec,noctx // the test's own files
	return func() { ok(t, set("-i")) }
}

// TestReadOnlyWhileOpen: nothing accepted is lost, and the cure is told.
func TestReadOnlyWhileOpen(t *testing.T) {
	if raced {
		t.Skip("SQLite meets a page that it may not write, and its way to survive that does not go together with the race detector")
	}
	path := file(t)
	s := open(t, path)
	r := ivrtest.NewRecord("a")
	ok(t, s.Journal().Open(t.Context(), r, ivrtest.NewStep(r.ID, 1, 1)))
	thaw := freeze(t, path)
	ok(t, s.Journal().Append(t.Context(), ivrtest.NewStep(r.ID, 2, 2)))
	until(t, func() bool { h := s.Health(); return !h.OK() && strings.Contains(h.Err.Error(), "right to write") })
	if _, _, err := s.Call(t.Context(), r.ID); err != nil {
		t.Errorf("reading must go on: %v", err)
	}
	thaw()
	until(t, func() bool { h := s.Health(); return h.OK() && h.BacklogOps == 0 })
	_, entries, err := s.Call(t.Context(), r.ID)
	ok(t, err)
	if len(entries) != 2 {
		t.Errorf("got %d entries, want 2", len(entries))
	}
}

// TestMovedWhileOpen moves the files away under the program, and back.
func TestMovedWhileOpen(t *testing.T) {
	path := file(t)
	s := open(t, path)
	r := ivrtest.NewRecord("a")
	ok(t, s.Journal().Open(t.Context(), r, ivrtest.NewStep(r.ID, 1, 1)))
	away := t.TempDir()
	move(t, filepath.Dir(path), away)
	ok(t, s.Journal().Append(t.Context(), durably(ivrtest.NewStep(r.ID, 2, 2))))
	move(t, away, filepath.Dir(path))
	ok(t, s.Journal().Append(t.Context(), durably(ivrtest.NewStep(r.ID, 3, 3))))
	_, entries, err := s.Call(t.Context(), r.ID)
	ok(t, err)
	if len(entries) != 3 {
		t.Errorf("got %d entries, want 3", len(entries))
	}
	ok(t, s.Close(t.Context()))
	s = open(t, path)
	_, entries, err = s.Call(t.Context(), r.ID)
	ok(t, err)
	if len(entries) != 3 {
		t.Errorf("got %d entries, want 3", len(entries))
	}
}

func durably(s ivr.Step) ivr.Step { s.Durable = true; return s }

func move(t *testing.T, from, to string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(from, "*"))
	ok(t, err)
	for _, f := range files {
		ok(t, os.Rename(f, filepath.Join(to, filepath.Base(f))))
	}
}
