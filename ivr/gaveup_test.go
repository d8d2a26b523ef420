package ivr_test

import (
	"slices"
	"testing"
	"time"

	"ikomek109/ivr"
)

// TestGaveUp names each who still waits for help, once, and nobody else.
func TestGaveUp(t *testing.T) {
	at := func(minute int) time.Time { return today.Add(time.Duration(minute) * time.Minute) }
	call := func(id ivr.CallID, n ivr.Number, minute int) ivr.Record {
		return ivr.Record{ID: id, Caller: n, ArrivedAt: at(minute), ConnectedAt: at(minute)}
	}
	e := ivr.Aftermath{
		Abandoned: []ivr.Record{
			call("again", "+77010000001", 20), call("later", "+77010000002", 15), call("withheld-1", "", 12),
			call("withheld-2", "", 11), call("once", "87010000001", 10), call("served", "+77010000003", 9),
			call("noted", "87010000004", 8), call("short", "109", 7), call("noted before", "+77010000005", 6),
		},
		Served:    []ivr.Record{call("s-1", "87010000003", 30), call("s-2", "+77010000002", 14), call("s-3", "", 40)},
		Callbacks: []ivr.Callback{{Number: "+77010000004", AskedAt: at(9)}, {Number: "+77010000005", AskedAt: at(1)}},
	}
	var got []ivr.CallID
	for _, r := range ivr.GaveUp(e, func(n ivr.Number) (ivr.Number, bool) { return ivr.Callable(n, "KZ", []string{"+7"}) }) {
		got = append(got, r.ID)
	}
	want := []ivr.CallID{"again", "later", "withheld-1", "withheld-2", "short", "noted before"}
	if !slices.Equal(got, want) {
		t.Errorf("gave up %v, want %v", got, want)
	}
}
