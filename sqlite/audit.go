package sqlite

import (
	"context"
	"database/sql"

	"ikomek109/audit"
)

// Audit is the record of who looked at personal data: [audit.Store].
type Audit struct{ store *Store }

// Audit gives the record of who looked at personal data.
func (s *Store) Audit() *Audit { return &Audit{store: s} }

// Append implements [audit.Store].
func (a *Audit) Append(ctx context.Context, e audit.Entry) error {
	if err := e.Check(); err != nil {
		return err
	}
	return a.store.change(ctx, "put on record", func(b *batch) error {
		_, err := b.insert(`INSERT INTO audit (kind, subject, deed, by, reason, at) VALUES (?, ?, ?, ?, ?, ?)`,
			string(e.Kind), e.Subject, string(e.Deed), e.By, e.Reason, micros(e.At))
		return err
	})
}

// Entries implements [audit.Store].
func (a *Audit) Entries(ctx context.Context, f audit.Filter) ([]audit.Entry, error) {
	if f.Limit == 0 {
		f.Limit = audit.DefaultLimit
	}
	all, err := readAll(ctx, a.store.read, func(row scanner) (e audit.Entry, err error) {
		var at sql.NullInt64
		err = row.Scan(&e.N, &e.Kind, &e.Subject, &e.Deed, &e.By, &e.Reason, &at)
		e.At = moment(at)
		return e, err
	}, `SELECT n, kind, subject, deed, by, reason, at FROM audit
		WHERE (?1 = '' OR kind = ?1) AND (?2 = '' OR subject = ?2) AND (?3 = '' OR by = ?3) ORDER BY n DESC LIMIT ?4`,
		string(f.Kind), f.Subject, f.By, f.Limit)
	return all, a.store.fault("read the audit", err)
}
