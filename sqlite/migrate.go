package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/pressly/goose/v3"

	"ikomek109/ivr"
)

//go:embed migrations/*.sql
var migrations embed.FS // read-only: the schema's steps, by number

// applicationID marks our files; the first step of the schema writes it.
const applicationID = 1261514809 // "K109"

// checkSchema refuses a file that this program can't read as it is.
func (s *Store) checkSchema(ctx context.Context, db *sql.DB, steps fs.FS) error {
	have, want, err := s.versions(ctx, db, steps)
	if err != nil {
		return err
	}
	if have < want {
		return &ivr.Error{
			Op: "open store", Code: ivr.Unavailable,
			Message: fmt.Sprintf("the store %s has schema %d, this program needs %d", s.path, have, want),
			Cure:    "start the program once, it brings the store up to date",
		}
	}
	return s.tooNew(have, want)
}

// migratePatience is how long opening waits for another program that is just
// bringing the same store up to date.
const migratePatience = 30 * time.Second

// migrate brings an empty or older store up to date, waiting for another
// program that does so.
func (s *Store) migrate(ctx context.Context, db *sql.DB, steps fs.FS) error {
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for begun := time.Now(); ; {
		err := s.migrateAlone(ctx, db, steps)
		busy := locked(err) || ivr.CodeOf(err) == ivr.Conflict // another program does it, or makes the copy, just now
		if err == nil || !busy || time.Since(begun) > migratePatience {
			return err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return err
		}
	}
}

// migrateAlone brings the store up to date while no other program does so in its
// folder: what is missing is looked at once, so two would do a step twice.
func (s *Store) migrateAlone(ctx context.Context, db *sql.DB, steps fs.FS) error {
	have, want, err := s.versions(ctx, db, steps)
	if err != nil || have >= want {
		return firstError(err, s.tooNew(have, want))
	}
	// The folder, not the file: closing the file again would drop SQLite's locks.
	dir, err := os.Open(filepath.Dir(s.path))
	if err != nil {
		return fileFault(s.path, err)
	}
	defer dir.Close() //nolint:errcheck // it was only locked
	err = syscall.Flock(int(dir.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) { // a disk without such locks has one program, we trust
		return &ivr.Error{
			Op: "open store", Code: ivr.Conflict,
			Message: "another program is bringing the store " + s.path + " up to date",
			Cure:    "wait a moment and try again", Err: err,
		}
	}
	return s.migrateOnce(ctx, db, steps)
}

// migrateOnce looks again at what is missing, now that it cannot change.
func (s *Store) migrateOnce(ctx context.Context, db *sql.DB, steps fs.FS) error {
	have, want, err := s.versions(ctx, db, steps)
	if err != nil || have >= want {
		return firstError(err, s.tooNew(have, want))
	}
	if have > 0 {
		if err := s.setAside(ctx, db, have); err != nil {
			return err
		}
	}
	if err := s.climb(ctx, db, steps); err != nil {
		// Another program may have been quicker: then all is well.
		if now, again := s.version(ctx, db); again == nil && now == want {
			return nil
		}
		return err
	}
	s.log.Info("store brought up to date", slog.String("path", s.path), slog.Int64("from", have), slog.Int64("to", want))
	return nil
}

// climb applies the steps that are missing.
func (s *Store) climb(ctx context.Context, db *sql.DB, steps fs.FS) error {
	dir, err := fs.Sub(steps, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, dir,
		goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// setAside leaves a verified copy of the store beside it.
func (s *Store) setAside(ctx context.Context, db *sql.DB, version int64) error {
	to := fmt.Sprintf("%s.schema%d-%s", s.path, version, time.Now().UTC().Format("20060102T150405"))
	if err := s.copyTo(ctx, db, to); err != nil {
		return err
	}
	s.log.Info("copy of the older store kept", slog.String("path", to), slog.Int64("schema", version))
	return nil
}

// versions tells the number of the file's schema, and of the one that is wanted.
func (s *Store) versions(ctx context.Context, db *sql.DB, steps fs.FS) (have, want int64, err error) {
	if have, err = s.version(ctx, db); err != nil {
		return 0, 0, err
	}
	want, err = newest(steps)
	return have, want, err
}

// version tells the schema's number: 0 for an empty file.
func (s *Store) version(ctx context.Context, db *sql.DB) (version int64, err error) {
	var id, tables int
	err = db.QueryRowContext(ctx, `SELECT (SELECT application_id FROM pragma_application_id),
		(SELECT count(*) FROM sqlite_schema WHERE name <> 'goose_db_version' AND name NOT LIKE 'sqlite_%')`).Scan(&id, &tables)
	switch {
	case err != nil:
		return 0, err
	case id == 0 && tables == 0:
		return 0, nil
	case id != applicationID:
		return 0, notAStore(s.path)
	}
	err = db.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`).Scan(&version)
	return version, err
}

func (s *Store) tooNew(have, want int64) error {
	if have <= want {
		return nil
	}
	return &ivr.Error{
		Op: "open store", Code: ivr.TooNew,
		Message: fmt.Sprintf("the store %s was written by a newer version of this program (schema %d, this one knows %d)", s.path, have, want),
		Cure:    "run the newer version, or put back the copy that it left beside the store when it brought it up to date",
	}
}

// newest gives the highest number among the steps.
func newest(steps fs.FS) (version int64, err error) {
	files, err := fs.Glob(steps, "migrations/*.sql")
	if err != nil {
		return 0, err
	}
	for _, f := range files {
		number, _, _ := strings.Cut(strings.TrimPrefix(f, "migrations/"), "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("schema step %s has no number: %w", f, err)
		}
		version = max(version, n)
	}
	return version, nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
