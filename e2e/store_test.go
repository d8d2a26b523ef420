package e2e_test

import (
	"context"
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "modernc.org/sqlite" // another process at the store
)

// duringFault is what happens while the store takes nothing: callers are
// answered, hear the menu and their answer, and wait in the queue.
const duringFault = `
together
  caller ana dials
  ana presses 232
  ana hears ru transport-fare/text
  ana hangs up
also
  caller ben dials
  ben hears kk welcome/text
  ben hangs up
also
  caller cem dials
  cem presses 20
  cem hears ru queue/closed within 30s
also
  program is not ready because store
end
`

// afterFault is what the log has of it, once the store takes again what it did
// not. The queue took the caller then.
const afterFault = `
program is ready
cem hears ru queue/place place=1
agent aigerim answers after 500ms
aigerim dials *11
aigerim rings
aigerim picks up
cem says ru agent/ready
aigerim hears ru agent/ready
cem hangs up
log of ana has outcome=informed keys=232 answers_heard=1 category=transport/fare
log of ben has outcome=menu_hangup
log of cem has outcome=served agent=aigerim keys=20
`

// TestStoreLocked has another process hold the store's lock.
func TestStoreLocked(t *testing.T) {
	t.Parallel()
	s := ready(t)
	db, err := sql.Open("sqlite", filepath.Join(s.dir, "ikomek109", "ikomek109.db")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // it only held a lock
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	s.must(duringFault)
	if _, err := db.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	s.must(afterFault)
	s.balance()
}

// TestStoreSlow has every change wait for its turn, as on a disk that others keep busy:
// calls go on, the queue takes callers, agents are rung, and nothing is lost.
func TestStoreSlow(t *testing.T) {
	t.Parallel()
	s := ready(t)
	db, err := sql.Open("sqlite", filepath.Join(s.dir, "ikomek109", "ikomek109.db")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // it only held a lock
	db.SetMaxOpenConns(1)
	s.must(`
agent aigerim answers after 500ms
aigerim dials *11
aigerim hears kk agent/ready
aigerim is hung up`)
	slow, quick := context.WithCancel(t.Context())
	defer quick()
	var disk sync.WaitGroup
	disk.Go(func() { keepBusy(t, slow, db) })
	s.must(`
caller ana dials
ana presses 232
ana hears ru transport-fare/text
ana hangs up
caller ben dials
ben presses 20
aigerim rings
aigerim picks up
ben says ru agent/ready
aigerim hears ru agent/ready
caller cem dials
cem presses 10
cem hears kk queue/place place=1
ben hangs up
aigerim rings
aigerim picks up
aigerim says kk agent/ready
cem hears kk agent/ready
cem hangs up`)
	quick()
	disk.Wait()
	s.must(`
log of ana has outcome=informed keys=232 answers_heard=1 category=transport/fare
log of ben has outcome=served agent=aigerim
log of cem has outcome=served agent=aigerim`)
	s.balance()
}

// keepBusy takes a store nearly all the time, a little at once, until ctx ends.
func keepBusy(t *testing.T, ctx context.Context, db *sql.DB) {
	for ctx.Err() == nil {
		for _, do := range []struct {
			sql   string
			lasts time.Duration
		}{{"BEGIN IMMEDIATE", 400 * time.Millisecond}, {"ROLLBACK", 20 * time.Millisecond}} {
			if _, err := db.ExecContext(context.WithoutCancel(ctx), do.sql); err != nil {
				t.Error(err)
				return
			}
			time.Sleep(do.lasts)
		}
	}
}

// TestStoreReadOnly takes the right to change the store away while the program
// has it open, as a file system does that turns read-only after an error.
func TestStoreReadOnly(t *testing.T) {
	t.Parallel()
	s := ready(t)
	files, err := filepath.Glob(filepath.Join(s.dir, "ikomek109", "ikomek109.db*"))
	if err != nil {
		t.Fatal(err)
	}
	if err := chattr("+i", files); err != nil {
		t.Skipf("files can only be frozen by root, and on some file systems: %v", err)
	}
	t.Cleanup(func() { _ = chattr("-i", files) }) // else they could not be removed
	s.must(duringFault)
	s.must("program logs give the user who runs the program the right to write")
	if err := chattr("-i", files); err != nil {
		t.Fatal(err)
	}
	s.must(afterFault)
	s.balance()
}

func chattr(flag string, files []string) error {
	return exec.Command("chattr", append([]string{flag}, files...)...).Run() //nolint:gosec,noctx // the test's own files
}

// TestStoreFull fills the disk that the store is on.
func TestStoreFull(t *testing.T) {
	t.Parallel()
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("a small disk can only be mounted by root: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	s := newScenario(t)
	s.program.env = append(s.program.env, "IKOMEK109_STORE_PATH="+filepath.Join(disk, "store.db"))
	s.must("asterisk starts\n program starts\n program is ready")
	ballast := filepath.Join(disk, "ballast")
	fill(t, ballast)
	s.must(duringFault)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	s.must(afterFault)
	s.balance()
}

// fill writes until the disk is full.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path) //nolint:gosec // on a disk of the test's own
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // its disk is full
	for _, size := range []int{1 << 16, 1 << 9, 1} {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
		if !strings.Contains(err.Error(), syscall.ENOSPC.Error()) {
			t.Fatal(err)
		}
	}
}
