package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"

	"golang.org/x/sys/unix"

	"ikomek109/ivr"
)

// leastRoom is what a disk should have left for the store: the write-ahead log
// grows to 16 MB in a busy hour, and a copy of it is folded into the file.
const leastRoom = 64 << 20

// Writable tells whether the store could be written now. It may be asked of one
// that was opened for reading alone, beside a running line: a change is made and
// taken back before it comes to the disk.
//
// Errors: Denied for missing rights; Unavailable when another program holds the
// lock, or the disk is all but full.
func (s *Store) Writable(ctx context.Context) (err error) {
	const op = "try the store"
	db, err := sql.Open("sqlite", dsnOfTrial(s.path))
	if err != nil {
		return s.fault(op, err)
	}
	defer func() { err = errors.Join(err, s.fault(op, db.Close())) }()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return s.fault(op, err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE counters SET value = value WHERE name = 'agents'`)
	if err = errors.Join(err, tx.Rollback()); err != nil {
		return s.fault(op, err)
	}
	return roomFor(s.path, leastRoom)
}

// roomFor refuses a disk with less room than that, in bytes.
func roomFor(path string, least uint64) error {
	dir := filepath.Dir(path)
	var disk unix.Statfs_t
	if err := unix.Statfs(dir, &disk); err != nil {
		return fileFault(path, err)
	}
	if free := disk.Bavail * uint64(disk.Bsize); free < least { //nolint:gosec // no block has a size below 0
		return &ivr.Error{
			Op: "try the store", Code: ivr.Unavailable,
			Message: fmt.Sprintf("%d MB are free on the disk of the store %s, and it may need %d", free>>20, path, least>>20),
			Cure:    "free some space on the disk that holds " + dir,
		}
	}
	return nil
}
