package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"ikomek109/ivr"
)

// Backup writes a whole copy of the store into a file that is made for it,
// readable by its owner alone, and looks whether the copy is sound. The store may
// be in use meanwhile, and opened for reading alone. What could not be finished
// is removed.
//
// Errors: Conflict when there is such a file already; else those of a store that
// can't be read, or of a file that can't be written.
func (s *Store) Backup(ctx context.Context, to string) error {
	to, err := filepath.Abs(to)
	if err != nil {
		return noCopy(to, err)
	}
	db, err := sql.Open("sqlite", dsnOfCopy(s.path))
	if err != nil {
		return s.fault("copy store", err)
	}
	defer db.Close() //nolint:errcheck // it was only read
	return s.copyTo(ctx, db, to)
}

// noCopy explains why the file of a copy can't be made.
func noCopy(to string, err error) error {
	const op = "copy store"
	if errors.Is(err, fs.ErrExist) {
		return &ivr.Error{
			Op: op, Code: ivr.Conflict, Message: to + " is there already, and stays as it is",
			Cure: "name another file, such as one with today's date",
		}
	}
	return &ivr.Error{
		Op: op, Code: ivr.CodeOf(fileFault(to, err)), Message: fmt.Sprintf("the copy %s can't be made", to),
		Cure: "name a file in a folder that is there and may be written", Err: err,
	}
}

// copyTo makes the file and copies the store into it.
func (s *Store) copyTo(ctx context.Context, db *sql.DB, to string) (err error) {
	// SQLite makes files by the umask; the copy holds phone numbers too.
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // beside the owner's file
	if err != nil {
		return noCopy(to, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(to))
		}
	}()
	if err := f.Close(); err != nil {
		return noCopy(to, err)
	}
	if _, err := db.ExecContext(ctx, `VACUUM INTO ?`, to); err != nil {
		return fault("copy store", to, err)
	}
	return s.checkCopy(ctx, to)
}

// checkCopy reads a copy as a whole.
func (s *Store) checkCopy(ctx context.Context, to string) error {
	back, err := sql.Open("sqlite", dsn(to, false))
	if err != nil {
		return fault("copy store", to, err)
	}
	defer back.Close() //nolint:errcheck // it was only read
	var verdict string
	if err := back.QueryRowContext(ctx, `PRAGMA quick_check`).Scan(&verdict); err != nil {
		return fault("copy store", to, err)
	}
	if verdict != "ok" {
		return &ivr.Error{Op: "copy store", Message: fmt.Sprintf("the copy %s is damaged: %s", to, verdict)}
	}
	return nil
}
