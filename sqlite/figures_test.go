package sqlite_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/notice/noticetest"
	"ikomek109/sqlite"
)

func minute(i int) time.Time { return ivrtest.Start().Add(time.Duration(i) * time.Minute) }

// TestCallsOf counts by number, from a moment on, without the call that asks.
func TestCallsOf(t *testing.T) {
	s := open(t, file(t))
	ids := book(t, s) // 0, 1 and 3 of one number, a minute apart
	for name, c := range map[string]struct {
		caller ivr.Number
		since  time.Time
		but    ivr.CallID
		want   int
	}{
		"all":            {"+77011234567", minute(0), "", 3},
		"but this one":   {"+77011234567", minute(0), ids[3], 2},
		"from midnight":  {"+77011234567", minute(1), ids[3], 1},
		"another number": {"+77770000000", minute(0), "", 1},
		"nobody":         {"+77070000000", minute(0), "", 0},
		"withheld":       {"", minute(0), "", 0},
	} {
		got, err := s.CallsOf(t.Context(), c.caller, c.since, c.but)
		ok(t, err)
		if got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// TestPlays holds the index of bulletins to the journal it is made from: also
// when a step is sent twice, once.
func TestPlays(t *testing.T) {
	s := open(t, file(t))
	n := noticetest.NewBulletin()
	n.From = minute(0)
	n.Until = minute(600)
	id, err := s.Notices().AddBulletin(t.Context(), n)
	ok(t, err)
	ok(t, s.Notices().Release(t.Context(), id, "Тимур", time.Second, minute(0)))
	for i := range 2 {
		r := ivrtest.NewRecord("a")
		r.ArrivedAt = minute(10 * i)
		first := ivrtest.NewStep(r.ID, 1, 3)
		for j, name := range []string{"mode/emergency", "bulletin/1"} {
			first.Entries[j+1].Kind, first.Entries[j+1].At = ivr.BulletinBegun, r.ArrivedAt
			first.Entries[j+1].Detail = map[string]string{"bulletin": name}
		}
		ok(t, s.Journal().Open(t.Context(), r, first))
		ok(t, s.Journal().Append(t.Context(), first))
	}
	for name, c := range map[string]struct {
		caller ivr.Number
		since  time.Time
		want   map[string]int
	}{
		"both calls":     {"+77011234567", minute(0), map[string]int{"mode/emergency": 2, "bulletin/1": 2}},
		"the last hour":  {"+77011234567", minute(5), map[string]int{"mode/emergency": 1, "bulletin/1": 1}},
		"another number": {"+77070000000", minute(0), nil},
	} {
		got, err := s.BulletinsOf(t.Context(), c.caller, c.since)
		ok(t, err)
		if d := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	all, err := s.Notices().Bulletins(t.Context(), 1)
	ok(t, err)
	if all[0].Plays != 2 {
		t.Errorf("played %d times, want 2", all[0].Plays)
	}
}

// TestPlaysOfARecording that serves a second bulletin are each one's own.
func TestPlaysOfARecording(t *testing.T) {
	s := open(t, file(t))
	for i := range 3 { // the last is never released
		n := noticetest.NewBulletin()
		n.Recording, n.From, n.Until = "flood", minute(100*i), minute(100*i+50)
		id, err := s.Notices().AddBulletin(t.Context(), n)
		ok(t, err)
		if i < 2 {
			ok(t, s.Notices().Release(t.Context(), id, "Тимур", time.Second, minute(100*i+5)))
		}
	}
	for _, at := range []int{2, 10, 20, 60, 110, 210} { // the first is another's, of long ago
		r := ivrtest.NewRecord("a")
		r.ArrivedAt = minute(at)
		first := ivrtest.NewStep(r.ID, 1, 2)
		first.Entries[1].Kind, first.Entries[1].At = ivr.BulletinBegun, minute(at)
		first.Entries[1].Detail = map[string]string{"bulletin": "bulletin/flood"}
		ok(t, s.Journal().Open(t.Context(), r, first))
		r.EndedAt, r.Outcome, r.Reason = minute(at+1), ivr.Informed, ivr.Goodbye
		ok(t, s.Journal().Close(t.Context(), r, ivrtest.NewStep(r.ID, 3, 3)))
	}
	all, err := s.Notices().Bulletins(t.Context(), 3)
	ok(t, err)
	if got, want := []int{all[2].Plays, all[1].Plays, all[0].Plays}, []int{3, 2, 0}; !slices.Equal(got, want) {
		t.Errorf("played %v times, want %v", got, want)
	}
}

func TestHandlingTimes(t *testing.T) {
	s := open(t, file(t))
	book(t, s)
	got, err := s.HandlingTimes(t.Context(), minute(1))
	ok(t, err)
	if d := cmp.Diff(map[string]sqlite.HandlingTime{"general": {Calls: 1, Sum: (57 + 7) * time.Second}}, got); d != "" {
		t.Error(d)
	}
}

// choose writes a call in which an option was chosen.
func choose(t testing.TB, s *sqlite.Store, i int, option string) {
	t.Helper()
	r := ivrtest.NewRecord("a")
	r.ArrivedAt = minute(i)
	first := ivrtest.NewStep(r.ID, 1, 2)
	for j := range first.Entries {
		first.Entries[j].At = minute(i)
	}
	first.Entries[1].Kind = ivr.OptionChosen
	first.Entries[1].Detail = map[string]string{"key": "1", "option": "chosen", "target": "x", "name": option}
	if err := s.Journal().Open(t.Context(), r, first); err != nil {
		t.Error(err)
	}
}

// TestChoices reads the journal on from where it was, and nothing twice.
func TestChoices(t *testing.T) {
	s := open(t, file(t))
	got, last, err := s.Choices(t.Context(), 0, minute(0))
	ok(t, err)
	if len(got) != 0 || last != 0 {
		t.Errorf("of an empty store: %v, %d", got, last)
	}
	choose(t, s, 0, "to-old")
	choose(t, s, 10, "to-water")
	choose(t, s, 11, "to-bus")
	got, last, err = s.Choices(t.Context(), 0, minute(5))
	ok(t, err)
	want := []ivr.Choice{{At: minute(10), Menu: "topics", Option: "to-water"}, {At: minute(11), Menu: "topics", Option: "to-bus"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	choose(t, s, 12, "to-bus")
	got, next, err := s.Choices(t.Context(), last, minute(5))
	ok(t, err)
	if len(got) != 1 || got[0].At != minute(12) || next <= last {
		t.Errorf("on from %d: %v, %d", last, got, next)
	}
	got, again, err := s.Choices(t.Context(), next, minute(5))
	ok(t, err)
	if len(got) != 0 || again != next {
		t.Errorf("nothing new: %v, %d after %d", got, again, next)
	}
}

// TestFiguresUseIndices holds the plans by which a caller's calls are counted
// on the way of a call.
func TestFiguresUseIndices(t *testing.T) {
	path := file(t)
	open(t, path)
	db := raw(t, path)
	for query, want := range map[string]string{
		sqlite.CallsOfQuery:       "SEARCH calls USING INDEX calls_caller",
		sqlite.BulletinsOfQuery:   "SEARCH c USING",
		sqlite.HandlingTimesQuery: "SEARCH calls USING INDEX calls_outcome",
		sqlite.JournalSinceQuery:  "SEARCH calls USING",
	} {
		if all := plan(t, db, strings.ReplaceAll(query, "?", "1")); !strings.Contains(all, want) || strings.Contains(all, "SCAN") {
			t.Errorf("%s:\n\t%s", query, all)
		}
	}
}

// fill writes 2,000 calls, many at once so that they share commits.
func fill(b *testing.B, s *sqlite.Store) {
	b.Helper()
	var all sync.WaitGroup
	for from := range 100 {
		all.Go(func() {
			for i := range 20 {
				choose(b, s, (20*from+i)%60, "to-water")
			}
		})
	}
	all.Wait()
}

// BenchmarkCallsOf is what a condition on calls_today costs a call, with a
// day's calls in the store.
func BenchmarkCallsOf(b *testing.B) {
	s := open(b, file(b))
	fill(b, s)
	for b.Loop() {
		if _, err := s.CallsOf(b.Context(), "+77070000000", minute(0), "x"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkChoices is what ten seconds of a busy hour cost the demand: some 30
// rows of the journal behind a day's.
func BenchmarkChoices(b *testing.B) {
	s := open(b, file(b))
	fill(b, s)
	_, last, err := s.Choices(b.Context(), 0, minute(0))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if got, _, err := s.Choices(b.Context(), last-30, minute(0)); err != nil || len(got) != 30 {
			b.Fatal(len(got), err)
		}
	}
}
