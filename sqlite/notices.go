package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"ikomek109/ivr"
	"ikomek109/notice"
)

// Notices is the modes and bulletins in the store: [notice.Store].
type Notices struct{ store *Store }

// Notices gives the modes and bulletins in the store.
func (s *Store) Notices() *Notices { return &Notices{store: s} }

// NoticesCounter names the counter that moves with every switch of the mode and
// every change of a bulletin; see [Store.Counters].
const NoticesCounter = "notices"

// AddSwitch implements [notice.Store].
func (n *Notices) AddSwitch(ctx context.Context, s notice.Switch) (int64, error) {
	return made(ctx, n.store, &op{name: "set mode"}, func(b *batch) (int64, error) {
		return b.insert(`INSERT INTO mode_switches (mode, author, reason, by, at, begins, ends) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			string(s.Mode), s.Author, s.Reason, string(s.By), micros(s.At), micros(s.From), micros(s.Until))
	})
}

// insert adds a row and gives its id. A row that breaks a rule is Invalid: the
// domain should have refused it.
func (b *batch) insert(query string, args ...any) (id int64, err error) {
	_, err = b.exec(query, args...)
	if constraint(err) {
		return 0, &ivr.Error{Code: ivr.Invalid, Message: "the store refuses it", Err: err}
	}
	if err == nil {
		err = b.row(`SELECT last_insert_rowid()`).Scan(&id)
	}
	return id, err
}

const switchColumns = `id, mode, author, reason, by, at, begins, ends`

// Switches implements [notice.Store].
func (n *Notices) Switches(ctx context.Context, limit int) ([]notice.Switch, error) {
	all, err := readAll(ctx, n.store.read, scanSwitch,
		`SELECT `+switchColumns+` FROM mode_switches ORDER BY id DESC LIMIT ?`, limit)
	return all, n.store.fault("read modes", err)
}

func scanSwitch(row scanner) (s notice.Switch, err error) {
	var at, from, until sql.NullInt64
	err = row.Scan(&s.ID, &s.Mode, &s.Author, &s.Reason, &s.By, &at, &from, &until)
	s.At, s.From, s.Until = moment(at), moment(from), moment(until)
	return s, err
}

// AddBulletin implements [notice.Store].
func (n *Notices) AddBulletin(ctx context.Context, l notice.Bulletin) (int64, error) {
	return made(ctx, n.store, &op{name: "write bulletin"}, func(b *batch) (int64, error) {
		return b.insert(`INSERT INTO bulletins (kk, ru, recording, author, by, at, begins, ends, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			l.Text.KK, l.Text.RU, l.Recording, l.Author, string(l.By), micros(l.At), micros(l.From), micros(l.Until), l.Reason)
	})
}

// Release implements [notice.Store].
func (n *Notices) Release(ctx context.Context, id int64, who string, length time.Duration, at time.Time) error {
	return n.store.change(ctx, "release bulletin", func(b *batch) error {
		changed, err := b.exec(`UPDATE bulletins SET released_by = ?, released_at = ?, length = ?
			WHERE id = ? AND released_at IS NULL AND ended_at IS NULL`, who, micros(at), length.Microseconds(), id)
		if err != nil || changed > 0 {
			return err
		}
		return b.bulletinIs(id, "released or ended")
	})
}

// End implements [notice.Store].
func (n *Notices) End(ctx context.Context, id int64, who, reason string, at time.Time) error {
	return n.store.change(ctx, "end bulletin", func(b *batch) error {
		changed, err := b.exec(`UPDATE bulletins SET ended_by = ?, ended_at = ?, end_reason = ? WHERE id = ? AND ended_at IS NULL`,
			who, micros(at), reason, id)
		if err != nil || changed > 0 {
			return err
		}
		return b.bulletinIs(id, "ended")
	})
}

// bulletinIs tells a bulletin that is not there from one that is done with.
func (b *batch) bulletinIs(id int64, what string) error {
	var there bool
	if err := b.row(`SELECT EXISTS (SELECT 1 FROM bulletins WHERE id = ?)`, id).Scan(&there); err != nil {
		return err
	}
	if !there {
		return refuse("", ivr.NotFound, "no bulletin %d", id)
	}
	return refuse("", ivr.Conflict, "bulletin %d is %s already", id, what)
}

// bulletinColumns ends with the plays: those under the bulletin's name from its
// release until another one with the same recording took its place.
const bulletinColumns = `id, kk, ru, recording, length, author, by, at, begins, ends, reason,
	released_by, released_at, ended_by, ended_at, end_reason,
	(SELECT count(*) FROM bulletin_plays p
	 WHERE p.name = 'bulletin/' || CASE b.recording WHEN '' THEN b.id ELSE b.recording END
	 AND p.at >= max(b.begins, b.released_at)
	 AND NOT EXISTS (SELECT 1 FROM bulletins n WHERE b.recording <> '' AND n.recording = b.recording
		AND max(n.begins, n.released_at) > max(b.begins, b.released_at) AND max(n.begins, n.released_at) <= p.at))`

// Bulletins implements [notice.Store].
func (n *Notices) Bulletins(ctx context.Context, limit int) ([]notice.Bulletin, error) {
	all, err := readAll(ctx, n.store.read, scanBulletin,
		`SELECT `+bulletinColumns+` FROM bulletins b ORDER BY id DESC LIMIT ?`, limit)
	return all, n.store.fault("read bulletins", err)
}

func scanBulletin(row scanner) (l notice.Bulletin, err error) {
	var at, from, until, released, ended sql.NullInt64
	var length int64
	err = row.Scan(&l.ID, &l.Text.KK, &l.Text.RU, &l.Recording, &length, &l.Author, &l.By, &at, &from, &until, &l.Reason,
		&l.ReleasedBy, &released, &l.EndedBy, &ended, &l.EndReason, &l.Plays)
	l.Length = time.Duration(length) * time.Microsecond
	l.At, l.From, l.Until, l.ReleasedAt, l.EndedAt = moment(at), moment(from), moment(until), moment(released), moment(ended)
	return l, err
}

// Current implements [notice.Source]. Of the switches it gives the last that
// has begun, and those to come.
func (n *Notices) Current(ctx context.Context, at time.Time) (now notice.Current, err error) {
	tx, err := n.store.read.BeginTx(ctx, nil)
	if err != nil {
		return now, n.store.fault("read modes", err)
	}
	defer tx.Rollback() //nolint:errcheck // it was only read
	now.Switches, err = readAll(ctx, tx, scanSwitch, `SELECT `+switchColumns+` FROM mode_switches
			WHERE id = (SELECT id FROM mode_switches WHERE begins <= ?1 ORDER BY begins DESC, id DESC LIMIT 1) OR begins > ?1 ORDER BY id`, micros(at))
	if err == nil {
		now.Bulletins, err = readAll(ctx, tx, scanBulletin, `SELECT `+bulletinColumns+` FROM bulletins b
			WHERE ends > ? AND ended_at IS NULL ORDER BY id`, micros(at))
	}
	return now, n.store.fault("read modes", err)
}

// reader is what can be asked for rows.
type reader interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// readAll reads every row of a query.
func readAll[T any](ctx context.Context, from reader, scan func(scanner) (T, error), query string, args ...any) (all []T, err error) {
	rows, err := from.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}
