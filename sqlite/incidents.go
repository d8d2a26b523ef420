package sqlite

import (
	"context"
	"errors"
	"time"

	"ikomek109/incident"
	"ikomek109/ivr"
)

// Incidents is the incidents in the store: [incident.Store].
type Incidents struct{ store *Store }

// Incidents gives the incidents in the store.
func (s *Store) Incidents() *Incidents { return &Incidents{store: s} }

// IncidentsCounter names the counter that moves with everything that happens to
// an incident; see [Store.Counters].
const IncidentsCounter = "incidents"

// Enter implements [incident.Store].
func (s *Incidents) Enter(ctx context.Context, i incident.Incident) (int64, error) {
	if err := i.Check(); err != nil {
		return 0, err
	}
	return made(ctx, s.store, &op{name: "enter incident"}, func(b *batch) (int64, error) {
		return b.insert(`INSERT INTO incidents (at, by, category, place, text, state) VALUES (?, ?, ?, ?, ?, ?)`,
			micros(i.At), i.By, i.Category, i.Place, i.Text, string(incident.Open))
	})
}

// Note implements [incident.Store].
func (s *Incidents) Note(ctx context.Context, id int64, e incident.Event) error {
	if err := e.Check(); err != nil {
		return err
	}
	return s.store.change(ctx, "note incident", func(b *batch) error {
		i, _, err := readIncident(b.ctx, b.w.conn.conn, id) // in the transaction
		if err != nil {
			return err
		}
		if err := i.May(e); err != nil {
			return err
		}
		_, err = b.insert(`INSERT INTO incident_events (incident, at, kind, author, partner, agent, by, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			id, micros(e.At), string(e.Kind), e.Author, e.Partner, string(e.Agent), e.By, e.Note)
		if err != nil {
			return err
		}
		i.Fold(e)
		_, err = b.exec(`UPDATE incidents SET state = ? WHERE id = ?`, string(i.State), id)
		return err
	})
}

// Find implements [incident.Store].
func (s *Incidents) Find(ctx context.Context, id int64) (i incident.Incident, all []incident.Event, err error) {
	tx, err := s.store.read.BeginTx(ctx, nil)
	if err != nil {
		return i, nil, s.store.fault("find incident", err)
	}
	defer tx.Rollback() //nolint:errcheck // it was only read
	i, all, err = readIncident(ctx, tx, id)
	return i, all, s.store.named("find incident", err)
}

const incidentColumns = `id, at, by, category, place, text`

// readIncident reads an incident and folds up what happened to it.
func readIncident(ctx context.Context, from reader, id int64) (i incident.Incident, events []incident.Event, err error) {
	found, err := readAll(ctx, from, scanIncident, `SELECT `+incidentColumns+` FROM incidents WHERE id = ?`, id)
	if err == nil && len(found) == 0 {
		err = refuse("", ivr.NotFound, "no incident %d", id)
	}
	if err != nil {
		return i, nil, err
	}
	i = found[0]
	events, err = foldIncident(ctx, from, &i)
	return i, events, err
}

func foldIncident(ctx context.Context, from reader, i *incident.Incident) ([]incident.Event, error) {
	events, err := readAll(ctx, from, scanEvent,
		`SELECT n, at, kind, author, partner, agent, by, note FROM incident_events WHERE incident = ? ORDER BY n`, i.ID)
	for _, e := range events {
		i.Fold(e)
	}
	return events, err
}

func scanIncident(row scanner) (i incident.Incident, err error) {
	var at int64
	err = row.Scan(&i.ID, &at, &i.By, &i.Category, &i.Place, &i.Text)
	i.At, i.State = time.UnixMicro(at).UTC(), incident.Open
	return i, err
}

func scanEvent(row scanner) (e incident.Event, err error) {
	var at int64
	err = row.Scan(&e.N, &at, &e.Kind, &e.Author, &e.Partner, &e.Agent, &e.By, &e.Note)
	e.At = time.UnixMicro(at).UTC()
	return e, err
}

// List implements [incident.Store].
func (s *Incidents) List(ctx context.Context, f incident.Filter) ([]incident.Incident, error) {
	if f.Limit == 0 {
		f.Limit = incident.DefaultLimit
	}
	return s.list(ctx, `SELECT `+incidentColumns+` FROM incidents WHERE NOT ? OR state <> 'closed' ORDER BY id DESC LIMIT ?`, f.Open, f.Limit)
}

// Offered implements [incident.Store].
func (s *Incidents) Offered(ctx context.Context) ([]incident.Incident, error) {
	return s.list(ctx, `SELECT `+incidentColumns+` FROM incidents WHERE state = 'offered' ORDER BY id`)
}

// list reads incidents and what happened to them, as of one moment.
func (s *Incidents) list(ctx context.Context, query string, args ...any) (all []incident.Incident, err error) {
	const name = "list incidents"
	tx, err := s.store.read.BeginTx(ctx, nil)
	if err != nil {
		return nil, s.store.fault(name, err)
	}
	defer tx.Rollback() //nolint:errcheck // it was only read
	all, err = readAll(ctx, tx, scanIncident, query, args...)
	for n := range all {
		_, e := foldIncident(ctx, tx, &all[n])
		err = errors.Join(err, e)
	}
	return all, s.store.fault(name, err)
}

var _ incident.Store = (*Incidents)(nil)
