package audittest

import (
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ikomek109/audit"
	"ikomek109/ivr"
)

// NewEntry gives an entry that every store takes: whole microseconds, UTC.
func NewEntry() audit.Entry {
	return audit.Entry{
		Kind: audit.Message, Subject: "m-1", Deed: audit.Revealed, By: "Айгерім", Reason: "қайта қоңырау шалу",
		At: time.Date(2022, 1, 5, 12, 0, 0, 0, time.UTC),
	}
}

// StoreSuite is what every store has to do. open gives an empty one.
func StoreSuite(t *testing.T, open func(t *testing.T) audit.Store) {
	t.Helper()
	t.Run("newest first", func(t *testing.T) { newestFirst(t, open(t)) })
	t.Run("chosen", func(t *testing.T) { chosen(t, open(t)) })
	t.Run("refused", func(t *testing.T) { refused(t, open(t)) })
	t.Run("by many at once", func(t *testing.T) { byMany(t, open(t)) })
}

func newestFirst(t *testing.T, s audit.Store) {
	first, second := NewEntry(), NewEntry()
	second.Deed, second.At = audit.Deleted, second.At.Add(-time.Hour) // a clock that was set back
	add(t, s, first, second)
	got := read(t, s, audit.Filter{})
	first.N, second.N = 1, 2
	if diff := cmp.Diff([]audit.Entry{second, first}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := read(t, s, audit.Filter{Limit: 1}); len(got) != 1 || got[0].N != 2 {
		t.Errorf("the newest is %+v", got)
	}
}

func chosen(t *testing.T, s audit.Store) {
	message, callback, other := NewEntry(), NewEntry(), NewEntry()
	callback.Kind, callback.Subject = audit.Callback, "17"
	other.By = "Тимур"
	add(t, s, message, callback, other)
	for _, c := range []struct {
		filter audit.Filter
		want   []int64
	}{
		{audit.Filter{Kind: audit.Callback}, []int64{2}},
		{audit.Filter{Subject: "m-1"}, []int64{3, 1}},
		{audit.Filter{By: "Айгерім", Kind: audit.Message}, []int64{1}},
		{audit.Filter{By: "Айгері"}, nil},
	} {
		var got []int64
		for _, e := range read(t, s, c.filter) {
			got = append(got, e.N)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", c.filter, diff)
		}
	}
}

func refused(t *testing.T, s audit.Store) {
	for name, spoil := range map[string]func(*audit.Entry){
		"no kind":       func(e *audit.Entry) { e.Kind = "" },
		"no deed":       func(e *audit.Entry) { e.Deed = "" },
		"no record":     func(e *audit.Entry) { e.Subject = "" },
		"nobody":        func(e *audit.Entry) { e.By = "" },
		"no reason":     func(e *audit.Entry) { e.Reason = " " },
		"long reason":   func(e *audit.Entry) { e.Reason = strings.Repeat("ә", 301) },
		"hidden reason": func(e *audit.Entry) { e.Reason = "a\u202eb" },
		"two lines":     func(e *audit.Entry) { e.By = "a\nb" },
		"no text":       func(e *audit.Entry) { e.By = "\xff" },
		"never":         func(e *audit.Entry) { e.At = time.Time{} },
	} {
		e := NewEntry()
		spoil(&e)
		if err := s.Append(t.Context(), e); ivr.CodeOf(err) != ivr.Invalid {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if got := read(t, s, audit.Filter{}); len(got) != 0 {
		t.Errorf("on record: %+v", got)
	}
	long := NewEntry()
	long.Reason = strings.Repeat("ә", 300)
	add(t, s, long)
}

func byMany(t *testing.T, s audit.Store) {
	const many = 20
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			e := NewEntry()
			e.Subject = strconv.Itoa(i)
			if err := s.Append(t.Context(), e); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	seen := map[string]bool{}
	for _, e := range read(t, s, audit.Filter{}) {
		seen[e.Subject] = true
	}
	if len(seen) != many {
		t.Errorf("%d of %d are on record", len(seen), many)
	}
}

func add(t *testing.T, s audit.Store, all ...audit.Entry) {
	t.Helper()
	for _, e := range all {
		if err := s.Append(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, s audit.Store, f audit.Filter) []audit.Entry {
	t.Helper()
	all, err := s.Entries(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return all
}
