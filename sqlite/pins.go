package sqlite

import (
	"context"
	"database/sql"
	"time"

	"ikomek109/ivr"
	"ikomek109/pin"
)

// Pins is the persons with a PIN in the store: [pin.Store].
type Pins struct{ store *Store }

// Pins gives the persons with a PIN in the store.
func (s *Store) Pins() *Pins { return &Pins{store: s} }

// Set implements [pin.Store]. A number that was given away once is given away
// again only when the others are.
func (p *Pins) Set(ctx context.Context, name, hash string, at time.Time) (pin.Person, error) {
	return made(ctx, p.store, &op{name: "set PIN"}, func(b *batch) (pin.Person, error) {
		_, err := b.exec(`INSERT INTO pins (number, name, hash, set_at)
			SELECT coalesce((SELECT number FROM pins WHERE name = ?1), (
				WITH RECURSIVE all_of(n) AS (SELECT ?4 UNION ALL SELECT n + 1 FROM all_of WHERE n < ?5)
				SELECT n FROM all_of WHERE n NOT IN (SELECT number FROM pins)
				ORDER BY n IN (SELECT number FROM pin_tries), n LIMIT 1)), ?1, ?2, ?3
			WHERE true
			ON CONFLICT (number) DO UPDATE SET hash = excluded.hash, set_at = excluded.set_at`,
			name, hash, micros(at), pin.FirstNumber, pin.LastNumber)
		if constraint(err) {
			return pin.Person{}, &ivr.Error{Code: ivr.Conflict, Message: "all numbers are given away", Cure: "remove those who no longer need one: `ikomek109 pin remove NAME`"}
		}
		if err != nil {
			return pin.Person{}, err
		}
		return scanPerson(b.row(`SELECT `+personColumns+` FROM pins WHERE name = ?`, name))
	})
}

// Remove implements [pin.Store].
func (p *Pins) Remove(ctx context.Context, name string) error {
	return p.store.change(ctx, "remove PIN", func(b *batch) error {
		changed, err := b.exec(`DELETE FROM pins WHERE name = ?`, name)
		if err == nil && changed == 0 {
			return refuse("", ivr.NotFound, "there is no PIN of %q", name)
		}
		return err
	})
}

const personColumns = `number, name, hash, set_at`

func scanPerson(row scanner) (who pin.Person, err error) {
	var at sql.NullInt64
	err = row.Scan(&who.Number, &who.Name, &who.Hash, &at)
	who.SetAt = moment(at)
	return who, err
}

// People implements [pin.Store].
func (p *Pins) People(ctx context.Context) ([]pin.Person, error) {
	all, err := readAll(ctx, p.store.read, scanPerson, `SELECT `+personColumns+` FROM pins ORDER BY number`)
	return all, p.store.fault("read PINs", err)
}

// Begin implements [pin.Store].
func (p *Pins) Begin(ctx context.Context, t pin.Try, since time.Time) (begun pin.Try, wrong int, err error) {
	type try struct {
		pin.Try
		wrong int
	}
	one, err := made(ctx, p.store, &op{name: "begin a try"}, func(b *batch) (try, error) {
		t := try{Try: t}
		var ofPerson, here int
		if err := b.row(wrongHere, t.Number, t.Place, micros(since)).Scan(&ofPerson, &here); err != nil {
			return t, err
		}
		if err := b.row(wrongAnywhere, micros(since)).Scan(&t.wrong); err != nil {
			return t, err
		}
		t.Result = pin.Begun
		if ofPerson >= pin.MaxWrong || here >= pin.MaxWrongHere {
			t.Result = pin.Locked
		}
		var err error
		t.ID, err = b.insert(`INSERT INTO pin_tries (number, place, at, result) VALUES (?, ?, ?, ?)`,
			t.Number, t.Place, micros(t.At), string(t.Result))
		return t, err
	})
	return one.Try, one.wrong, err
}

// Wrong and unfinished tries since a moment: at a place, of a person and of all,
// but for those that a right one made up for; and at all places.
const (
	wrongHere = `SELECT count(*) FILTER (WHERE w.number = ?1), count(*) FROM pin_tries w
		WHERE w.place = ?2 AND w.at > ?3 AND w.result IN ('wrong', 'begun') AND NOT EXISTS (SELECT 1 FROM pin_tries r
			WHERE r.place = w.place AND r.number = w.number AND r.result = 'right' AND r.id > w.id)`
	wrongAnywhere = `SELECT count(*) FROM pin_tries WHERE at > ?1 AND result IN ('wrong', 'begun')`
)

// Finish implements [pin.Store].
func (p *Pins) Finish(ctx context.Context, id int64, r pin.Result) error {
	return p.store.change(ctx, "finish a try", func(b *batch) error {
		changed, err := b.exec(`UPDATE pin_tries SET result = ? WHERE id = ? AND result = 'begun'`, string(r), id)
		if err == nil && changed == 0 {
			return refuse("", ivr.Conflict, "there is no try %d under way", id)
		}
		return err
	})
}

// Tries implements [pin.Store].
func (p *Pins) Tries(ctx context.Context, limit int) ([]pin.Try, error) {
	all, err := readAll(ctx, p.store.read, func(row scanner) (t pin.Try, err error) {
		var at sql.NullInt64
		err = row.Scan(&t.ID, &t.Number, &t.Place, &at, &t.Result)
		t.At = moment(at)
		return t, err
	}, `SELECT id, number, place, at, result FROM pin_tries ORDER BY id DESC LIMIT ?`, limit)
	return all, p.store.fault("read tries", err)
}
