package sqlite_test

import (
	"database/sql"
	"testing"

	"ikomek109/incident"
	"ikomek109/incident/incidenttest"
	"ikomek109/sqlite"
)

func TestIncidents(t *testing.T) {
	incidenttest.StoreSuite(t, func(t *testing.T) incident.Store { return open(t, file(t)).Incidents() })
}

// TestIncidentsMoveTheirCounter has a running line see what a command asks for.
func TestIncidentsMoveTheirCounter(t *testing.T) {
	path := file(t)
	s, other := open(t, path), open(t, path).Incidents()
	id, err := other.Enter(t.Context(), incidenttest.New())
	ok(t, err)
	before, err := s.Counters(t.Context())
	ok(t, err)
	ok(t, other.Note(t.Context(), id, incident.Event{
		At: incidenttest.Start(), Kind: incident.Asked, Author: "Тимур", Partner: "104", Agent: "aigerim",
	}))
	after, err := s.Counters(t.Context())
	ok(t, err)
	if after[sqlite.IncidentsCounter] <= before[sqlite.IncidentsCounter] {
		t.Error("the change was not seen")
	}
}

// TestIncidentsAreOnlyAddedTo goes behind the program's back.
func TestIncidentsAreOnlyAddedTo(t *testing.T) {
	path := file(t)
	s := open(t, path).Incidents()
	id, err := s.Enter(t.Context(), incidenttest.New())
	ok(t, err)
	ok(t, s.Note(t.Context(), id, incident.Event{At: incidenttest.Start(), Kind: incident.ClosedKind, Author: "a", Note: "b"}))
	db, err := sql.Open("sqlite", path)
	ok(t, err)
	defer db.Close() //nolint:errcheck // nothing was written
	for _, change := range []string{
		`UPDATE incidents SET text = 'x'`, `DELETE FROM incidents`,
		`UPDATE incident_events SET by = 'x'`, `DELETE FROM incident_events`,
	} {
		if _, err := db.ExecContext(t.Context(), change); err == nil {
			t.Errorf("%s: it was done", change)
		}
	}
}
