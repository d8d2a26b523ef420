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
		Unhelped: []ivr.Record{
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

// TestUnhelped: who went without what they waited for, whatever became of the call.
func TestUnhelped(t *testing.T) {
	for name, c := range map[string]struct {
		r    ivr.Record
		want bool
	}{
		"abandoned":                {ivr.Record{Outcome: ivr.Abandoned}, true},
		"turned out":               {ivr.Record{Outcome: ivr.Overflowed, QueuedAt: today}, true},
		"cut off in the menu":      {ivr.Record{Outcome: ivr.Lost, Reason: ivr.SwitchLost}, true},
		"cut off while waiting":    {ivr.Record{Outcome: ivr.Lost, Reason: ivr.GoneMeantime, QueuedAt: today}, true},
		"gone from the menu":       {ivr.Record{Outcome: ivr.Lost, Reason: ivr.GoneMeantime}, false},
		"a callback that was lost": {ivr.Record{Outcome: ivr.Lost, Reason: ivr.SwitchLost, Origin: ivr.ByCallback, QueuedAt: today}, false},
		"hung up in the menu":      {ivr.Record{Outcome: ivr.MenuHangup}, false},
		"left a message":           {ivr.Record{Outcome: ivr.LeftWord, QueuedAt: today}, false},
		"served":                   {ivr.Record{Outcome: ivr.Served, QueuedAt: today}, false},
	} {
		if got := c.r.Unhelped(); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
