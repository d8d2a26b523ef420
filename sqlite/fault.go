package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"ikomek109/ivr"
)

// weather tells a failure of the file, the disk or the lock from a failure of
// the change itself: after the first kind the same change is tried again.
func weather(err error) bool {
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) {
		return true
	}
	switch primary(err) {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR,
		sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL,
		sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_INTERRUPT:
		return true
	}
	return false
}

// primary gives SQLite's primary result code, or 0 for an error of another
// kind.
func primary(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code() & 0xff
}

// kind is primary for a message: no room for the shared index is no room.
func kind(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) && e.Code() == sqlite3.SQLITE_IOERR_SHMSIZE {
		return sqlite3.SQLITE_FULL
	}
	return primary(err)
}

// locked tells whether another connection holds the lock.
func locked(err error) bool {
	code := primary(err)
	return code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_LOCKED
}

// constraint tells whether err is a broken constraint or a trigger's refusal.
func constraint(err error) bool { return primary(err) == sqlite3.SQLITE_CONSTRAINT }

// fault puts an error of the database into the domain's words: what happened
// to which file, and what to do about it. An [ivr.Error] passes unchanged.
func (s *Store) fault(op string, err error) error { return fault(op, s.path, err) }

// named is fault for an error whose operation is not said yet.
func (s *Store) named(op string, err error) error {
	var known *ivr.Error
	if errors.As(err, &known) && known.Op == "" {
		told := *known
		told.Op = op
		return &told
	}
	return s.fault(op, err)
}

func fault(op, path string, err error) error {
	var known *ivr.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	e := &ivr.Error{Op: op, Err: err}
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		e.Code, e.Message = ivr.Unavailable, fmt.Sprintf("the store %s did not answer in time", path)
	case errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone):
		e.Code, e.Message = ivr.Unavailable, fmt.Sprintf("the connection to the store %s was lost", path)
	default:
		e.Code, e.Message, e.Cure = explain(err, path)
	}
	return e
}

func explain(err error, path string) (code ivr.Code, message, cure string) {
	dir := filepath.Dir(path)
	switch kind(err) {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
		return ivr.Unavailable, fmt.Sprintf("the store %s is locked by another program", path),
			"end that program (`fuser -v " + path + "` names it) or wait for it"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return ivr.Denied, fmt.Sprintf("the store %s can't be written", path),
			"give the user who runs the program the right to write the file and its folder " + dir
	case sqlite3.SQLITE_FULL:
		return ivr.Unavailable, fmt.Sprintf("no space left for the store %s", path),
			"free some space on the disk that holds " + dir
	case sqlite3.SQLITE_CORRUPT:
		return ivr.Invalid, fmt.Sprintf("the store %s is damaged", path),
			"stop the program, keep the file for examination, and put the newest backup in its place"
	case sqlite3.SQLITE_NOTADB:
		return ivr.Invalid, fmt.Sprintf("%s is not an SQLite database", path),
			"name another file in the settings, or move this one away"
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM:
		return ivr.Unavailable, fmt.Sprintf("the store %s can't be read or written", path),
			"check the disk that holds " + dir
	case sqlite3.SQLITE_CANTOPEN:
		return ivr.Unavailable, fmt.Sprintf("the store %s can't be opened", path),
			"check that the folder " + dir + " exists and can be written"
	case sqlite3.SQLITE_INTERRUPT:
		return ivr.Unavailable, fmt.Sprintf("the store %s did not answer in time", path), ""
	}
	return ivr.Internal, fmt.Sprintf("the store %s", path), ""
}

// fileFault explains why the file itself can't be opened or made.
func fileFault(path string, err error) error {
	e := &ivr.Error{Op: "open store", Code: ivr.Unavailable, Message: "the file can't be opened", Err: err}
	dir := filepath.Dir(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.Code, e.Message = ivr.Invalid, fmt.Sprintf("the folder %s does not exist", dir)
		e.Cure = "make it (`mkdir -p " + dir + "`) or name another store in the settings"
	case errors.Is(err, syscall.EISDIR):
		e.Code, e.Message = ivr.Invalid, fmt.Sprintf("%s is a folder, not a file", path)
		e.Cure = "name a file inside it in the settings"
	case errors.Is(err, syscall.ENOTDIR):
		e.Code, e.Message = ivr.Invalid, fmt.Sprintf("%s is not a folder", dir)
		e.Cure = "name another store in the settings"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		e.Code, e.Message = ivr.Denied, fmt.Sprintf("the store %s can't be written", path)
		e.Cure = "give the user who runs the program the right to write the file and its folder " + dir
	case errors.Is(err, syscall.ENOSPC):
		e.Message = fmt.Sprintf("no space left for the store %s", path)
		e.Cure = "free some space on the disk that holds " + dir
	}
	return e
}
