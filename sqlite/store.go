package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver named "sqlite"

	"ikomek109/ivr"
)

// Options says which file to open, and how.
type Options struct {
	Path string       // the file; it is made when missing, its folder is not
	Log  *slog.Logger // nil: nothing is logged
	// Linger is how long a change that is not urgent (a step of a call that need
	// not be durable, the end of one) may wait for others, so that they share a
	// commit. 0 means 100 ms.
	Linger time.Duration
	// ReadOnly opens for reading alone: nothing is made or migrated, and every
	// change is refused with Denied.
	ReadOnly bool
}

const (
	defaultLinger = 100 * time.Millisecond
	readers       = 4                // connections that read; more only compete for two or four cores
	readerIdle    = 20 * time.Second // after which one that reads is closed: a busy hour opens them all
)

// Store is an open store. Its methods, and those of its parts, may be called
// by many goroutines.
type Store struct {
	path   string
	log    *slog.Logger
	read   *sql.DB
	writer *writer // nil when opened for reading alone
}

// Open opens the store, makes it when there is none, and brings an older one
// up to date (a copy of it is left beside it first).
//
// Errors: Invalid for a path that can't hold a store, or a file that is no
// store or is damaged; Denied for missing rights; TooNew for a store of a newer
// program; Unavailable when the file is locked or the disk fails, where trying
// again may help.
func Open(ctx context.Context, o Options) (*Store, error) {
	return open(ctx, o, migrations)
}

func open(ctx context.Context, o Options, steps fs.FS) (*Store, error) {
	path, err := filepath.Abs(o.Path)
	if err != nil || o.Path == "" {
		return nil, &ivr.Error{Op: "open store", Code: ivr.Invalid, Message: "no file is named", Cure: "name one in the settings", Err: err}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Linger == 0 {
		o.Linger = defaultLinger
	}
	s := &Store{path: path, log: o.Log}
	if err := lookAt(path, !o.ReadOnly); err != nil {
		return nil, err
	}
	if err := s.connect(ctx, o, steps); err != nil {
		return nil, errors.Join(s.fault("open store", err), s.closeFiles())
	}
	return s, nil
}

// connect opens the connections; the schema is seen to before anyone reads.
func (s *Store) connect(ctx context.Context, o Options, steps fs.FS) (err error) {
	if s.read, err = sql.Open("sqlite", dsn(s.path, false)); err != nil {
		return err
	}
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	s.read.SetConnMaxIdleTime(readerIdle)
	if o.ReadOnly {
		return s.checkSchema(ctx, s.read, steps)
	}
	db, err := sql.Open("sqlite", dsn(s.path, true))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	s.writer = newWriter(s, db, o.Linger)
	if err := s.migrate(ctx, db, steps); err != nil {
		return err
	}
	db.SetMaxIdleConns(0) // the writer keeps its connection; one that it drops is done with
	s.writer.start(context.WithoutCancel(ctx))
	return nil
}

// Close commits what was accepted, folds the write-ahead log into the file and
// closes it. When ctx ends first, what is not on disk by then is lost, and the
// error says how much that is. It may be called twice.
func (s *Store) Close(ctx context.Context) error {
	var err error
	if s.writer != nil {
		err = s.writer.stop(ctx)
	}
	return errors.Join(err, s.closeFiles())
}

func (s *Store) closeFiles() error {
	var errs []error
	if s.read != nil {
		errs = append(errs, s.read.Close())
	}
	if s.writer != nil {
		errs = append(errs, s.writer.db.Close())
	}
	return errors.Join(errs...)
}

// letGo closes the connections that read and are idle. All connections of a
// process share one index of the write-ahead log, and while any of them keeps
// one open that could only be opened for reading, none can write.
func (s *Store) letGo() {
	s.read.SetMaxIdleConns(0)
	s.read.SetMaxIdleConns(readers)
}

// Path tells which file it is.
func (s *Store) Path() string { return s.path }

// Sync waits until everything accepted so far is on disk.
func (s *Store) Sync(ctx context.Context) error {
	return s.change(ctx, "sync store", func(*batch) error { return nil })
}

// change carries out one durable change that is withdrawn when ctx ends before
// the writer comes to it. What run has set is not to be read after an error: it may
// be at it still. See made.
func (s *Store) change(ctx context.Context, name string, run func(*batch) error) error {
	return s.submit(ctx, &op{name: name, run: run, durable: true})
}

// made is a change that gives something; o tells its name, and its size when it is
// large.
func made[T any](ctx context.Context, s *Store, o *op, run func(*batch) (T, error)) (T, error) {
	var given, none T
	o.durable = true
	o.run = func(b *batch) (err error) {
		given, err = run(b)
		return err
	}
	if err := s.submit(ctx, o); err != nil {
		return none, err
	}
	return given, nil
}

func (s *Store) submit(ctx context.Context, o *op) error {
	if s.writer == nil {
		return &ivr.Error{Op: o.name, Code: ivr.Denied, Message: "the store " + s.path + " was opened for reading alone"}
	}
	return s.writer.submit(ctx, o)
}
