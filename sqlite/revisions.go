package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"ikomek109/ivr"
	"ikomek109/revision"
)

// Revisions is the published menus in the store: [revision.Store]. Their
// counter moves with every one that is added, by any program.
type Revisions struct{ store *Store }

// Revisions gives the published menus in the store.
func (s *Store) Revisions() *Revisions { return &Revisions{store: s} }

// Add implements [revision.Store].
func (s *Revisions) Add(ctx context.Context, r revision.Revision, files []revision.File, after int64) (revision.Revision, error) {
	const name = "publish"
	size := 0
	for _, f := range files {
		if size += len(f.Content); !fs.ValidPath(f.Name) {
			return r, refuse(name, ivr.Invalid, "a file is called %q", f.Name)
		}
	}
	if len(files) == 0 || len(files) > revision.MaxFiles || size > revision.MaxBytes {
		return r, refuse(name, ivr.Invalid, "a revision has 1 to %d files and at most %d MB, not %d and %d", revision.MaxFiles, revision.MaxBytes>>20, len(files), size>>20)
	}
	number, err := made(ctx, s.store, &op{name: name, size: size}, func(b *batch) (int64, error) {
		return b.addRevision(r, files, after)
	})
	r.Number = number
	return r, err
}

// addRevision makes the change, in one transaction with whatever else is in it.
func (b *batch) addRevision(r revision.Revision, files []revision.File, after int64) (number int64, err error) {
	var newest int64
	if err := b.row(`SELECT coalesce(max(number), 0) FROM revisions`).Scan(&newest); err != nil {
		return 0, err
	}
	if newest != after {
		return 0, refuse("", ivr.Conflict, "revision %d was published meanwhile", newest)
	}
	_, err = b.exec(`INSERT INTO revisions (flow, main, digest, source, named, way, origin, author, note, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.Flow, r.Main, r.Digest, r.Source, r.Named, string(r.By), sql.NullInt64{Int64: r.Of, Valid: r.Of != 0},
		r.Author, r.Note, micros(r.At))
	if err != nil {
		return 0, broken(err)
	}
	if err := b.row(`SELECT max(number) FROM revisions`).Scan(&number); err != nil {
		return 0, err
	}
	for _, f := range files {
		if err := b.addFile(number, f); err != nil {
			return 0, broken(err)
		}
	}
	return number, nil
}

func (b *batch) addFile(number int64, f revision.File) error {
	sum := sha256.Sum256(f.Content)
	hash := hex.EncodeToString(sum[:])
	content := f.Content
	if content == nil {
		content = []byte{} // a nil would be NULL
	}
	if _, err := b.exec(`INSERT INTO contents (hash, content) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING`, hash, content); err != nil {
		return err
	}
	_, err := b.exec(`INSERT INTO revision_files (revision, name, content) SELECT ?, ?, n FROM contents WHERE hash = ?`, number, f.Name, hash)
	return err
}

// broken puts a constraint that was broken into words.
func broken(err error) error {
	if constraint(err) {
		return &ivr.Error{Code: ivr.Invalid, Message: "the revision cannot be so", Err: err}
	}
	return err
}

const revisionColumns = `number, flow, main, digest, source, named, way, coalesce(origin, 0), author, note, at`

// one reads the revision that a condition chooses; what names it when there is
// none.
func (s *Revisions) one(ctx context.Context, what, where string, args ...any) (revision.Revision, error) {
	const name = "read revision"
	r, err := scanRevision(s.store.read.QueryRowContext(ctx, `SELECT `+revisionColumns+` FROM revisions `+where, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return r, refuse(name, ivr.NotFound, "%s", what)
	}
	return r, s.store.fault(name, err)
}

// Newest implements [revision.Store].
func (s *Revisions) Newest(ctx context.Context) (revision.Revision, error) {
	return s.one(ctx, "no menu was ever published", `ORDER BY number DESC LIMIT 1`)
}

// Get implements [revision.Store].
func (s *Revisions) Get(ctx context.Context, number int64) (revision.Revision, error) {
	return s.one(ctx, fmt.Sprintf("there is no revision %d", number), `WHERE number = ?`, number)
}

// OfFlow implements [revision.Store].
func (s *Revisions) OfFlow(ctx context.Context, flow string) (revision.Revision, error) {
	return s.one(ctx, "no revision has that flow", `WHERE flow = ? ORDER BY number DESC LIMIT 1`, flow)
}

// LastNamed implements [revision.Store].
func (s *Revisions) LastNamed(ctx context.Context) (revision.Revision, error) {
	return s.one(ctx, "the settings' menu was never published", `WHERE named AND way <> 'rollback' ORDER BY number DESC LIMIT 1`)
}

// List implements [revision.Store].
func (s *Revisions) List(ctx context.Context, before int64, limit int) ([]revision.Revision, error) {
	const name = "list revisions"
	rows, err := s.store.read.QueryContext(ctx, `SELECT `+revisionColumns+` FROM revisions
		WHERE ?1 = 0 OR number < ?1 ORDER BY number DESC LIMIT ?2`, before, limit)
	if err != nil {
		return nil, s.store.fault(name, err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var all []revision.Revision
	for rows.Next() {
		r, err := scanRevision(rows)
		if err != nil {
			return nil, s.store.fault(name, err)
		}
		all = append(all, r)
	}
	return all, s.store.fault(name, rows.Err())
}

func scanRevision(row scanner) (r revision.Revision, err error) {
	var at int64
	err = row.Scan(&r.Number, &r.Flow, &r.Main, &r.Digest, &r.Source, &r.Named, &r.By, &r.Of, &r.Author, &r.Note, &at)
	r.At = time.UnixMicro(at).UTC()
	return r, err
}

// Files implements [revision.Store].
func (s *Revisions) Files(ctx context.Context, number int64) ([]revision.File, error) {
	const name = "read revision"
	rows, err := s.store.read.QueryContext(ctx, `SELECT f.name, c.content FROM revision_files f JOIN contents c ON c.n = f.content
		WHERE f.revision = ? ORDER BY f.name`, number)
	if err != nil {
		return nil, s.store.fault(name, err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var all []revision.File
	for rows.Next() {
		var f revision.File
		if err := rows.Scan(&f.Name, &f.Content); err != nil {
			return nil, s.store.fault(name, err)
		}
		all = append(all, f)
	}
	if err := rows.Err(); err != nil {
		return nil, s.store.fault(name, err)
	}
	if len(all) == 0 {
		return nil, refuse(name, ivr.NotFound, "there is no revision %d", number)
	}
	return all, nil
}
