package revision_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"ikomek109/flows"
	"ikomek109/revision"
)

// TestTerms logs a change of an answer's standing once, with its owner.
func TestTerms(t *testing.T) {
	d := newDesk(t)
	f := d.disk(menu("Бір.", "Один.")).Flow
	zone, err := time.LoadLocation("Asia/Almaty")
	if err != nil {
		t.Fatal(err)
	}
	end := time.Date(2027, 1, 1, 0, 0, 0, 0, zone) // the last day counts whole
	var log bytes.Buffer
	terms := revision.NewTerms(slog.New(slog.NewTextHandler(&log, nil)))
	for _, step := range []struct {
		at       time.Time
		standing revision.Standing
		logs     string // a part of the one line; empty: none
	}{
		{time.Date(2025, 12, 31, 23, 59, 0, 0, zone), revision.Early, "level=WARN"},
		{time.Date(2026, 1, 1, 0, 0, 0, 0, zone), revision.InTerm, "level=INFO"},
		{end.Add(-revision.Ahead - time.Second), revision.InTerm, ""},
		{end.Add(-revision.Ahead), revision.Ending, "level=WARN"},
		{end.Add(-time.Minute), revision.Ending, ""},
		{end, revision.Over, "level=ERROR"},
		{end.Add(time.Hour), revision.Over, ""},
	} {
		log.Reset()
		terms.Look(t.Context(), f, step.at)
		for _, s := range revision.Standings() {
			want := 0
			if s == step.standing {
				want = 1
			}
			if got := terms.Count(s); got != want {
				t.Errorf("%s: %d answers are %s, want %d", step.at, got, s, want)
			}
		}
		lines := strings.Count(log.String(), "\n")
		if step.logs == "" && lines != 0 || step.logs != "" && (lines != 1 || !strings.Contains(log.String(), step.logs)) {
			t.Errorf("%s: the log has %q, want %q", step.at, log.String(), step.logs)
		}
		if lines > 0 && !strings.Contains(log.String(), "Су арнасы") {
			t.Errorf("%s: the owner is not named: %s", step.at, log.String())
		}
	}
	// The same answer in another revision is no news, one of a new term is.
	log.Reset()
	terms.Look(t.Context(), d.disk(menu("Екі.", "Два.")).Flow, end.Add(time.Hour))
	if log.Len() > 0 {
		t.Errorf("told again: %s", log.String())
	}
	longer := strings.Replace(menu("Бір.", "Один."), "2026-12-31", "2027-12-31", 1)
	terms.Look(t.Context(), d.disk(longer).Flow, end.Add(time.Hour))
	if terms.Count(revision.InTerm) != 1 || terms.Count(revision.Over) != 0 || log.Len() > 0 {
		t.Errorf("%d in term; %s", terms.Count(revision.InTerm), log.String())
	}
}

// TestStandingsAreAll holds the list against what an answer can be.
func TestStandingsAreAll(t *testing.T) {
	term := flows.Term{From: time.Unix(1000, 0), Until: time.Unix(1_000_000, 0)}
	seen := map[revision.Standing]bool{}
	for at := int64(0); at < 1_200_000; at += 500 {
		seen[revision.StandingOf(term, time.Unix(at, 0))] = true
	}
	for _, s := range revision.Standings() {
		if !seen[s] {
			t.Errorf("no answer is ever %s", s)
		}
		delete(seen, s)
	}
	if len(seen) > 0 {
		t.Errorf("not in the list: %v", seen)
	}
}
