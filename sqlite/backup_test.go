package sqlite_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/sqlite"
)

// TestBackup copies a store that is in use, by a second program that only reads.
func TestBackup(t *testing.T) {
	path := file(t)
	line := open(t, path)
	r := ivrtest.NewRecord("a")
	ok(t, line.Journal().Open(t.Context(), r, ivrtest.NewStep(r.ID, 1, 1)))
	reader, err := sqlite.Open(t.Context(), sqlite.Options{Path: path, ReadOnly: true})
	ok(t, err)
	t.Cleanup(func() { ok(t, reader.Close(t.Context())) })

	to := filepath.Join(t.TempDir(), "109 ?copy.db")
	ok(t, reader.Backup(t.Context(), to))
	info, err := os.Stat(to)
	ok(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the copy has the rights %v", info.Mode())
	}
	if _, _, err := open(t, to).Call(t.Context(), r.ID); err != nil {
		t.Errorf("the copy lacks the call: %v", err)
	}
}

// TestBackupSparesWhatIsThere touches no file that somebody has, the store's own
// first of all, and leaves none behind that is not whole.
func TestBackupSparesWhatIsThere(t *testing.T) {
	path := file(t)
	s := open(t, path)
	there := filepath.Join(t.TempDir(), "notes.txt")
	ok(t, os.WriteFile(there, []byte("a note"), 0o600))
	for _, to := range []string{there, path} {
		err := s.Backup(t.Context(), to)
		if ivr.CodeOf(err) != ivr.Conflict || !strings.Contains(err.Error(), to+" is there already") {
			t.Errorf("%s: %v", to, err)
		}
	}
	if raw, err := os.ReadFile(there); err != nil || string(raw) != "a note" { //nolint:gosec // the test's own file
		t.Errorf("the file has %q now, %v", raw, err)
	}
	if err := s.Backup(t.Context(), filepath.Join(there, "x.db")); err == nil {
		t.Error("a folder that is a file was written to")
	}
	gone := filepath.Join(t.TempDir(), "half.db")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Backup(ended, gone); ivr.CodeOf(err) != ivr.Unavailable {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(gone); !os.IsNotExist(err) {
		t.Errorf("half a copy was left: %v", err)
	}
}
