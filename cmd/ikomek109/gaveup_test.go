package main

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/sqlite"
)

// TestGaveUpAmongMany: all who went without help, the latest first; who was called back since is not to be called again, however
// many callbacks come before theirs.
func TestGaveUpAmongMany(t *testing.T) {
	v := newTasks(t)
	for _, c := range []struct {
		caller  ivr.Number
		outcome ivr.Outcome
	}{
		{"+77770000001", ivr.Abandoned},
		{"+77770000002", ivr.Lost},
		{"+77770000003", ivr.Overflowed},
		{"+77770000004", ivr.MenuHangup},
		{"+77770000005", ivr.Abandoned},
	} {
		r := ivrtest.NewRecord("a")
		r.Caller = c.caller
		end := ivrtest.Ended(r)
		end.Outcome = c.outcome
		if err := v.store.Journal().Open(t.Context(), r, ivrtest.NewStep(r.ID, 1, 1)); err != nil {
			t.Fatal(err)
		}
		if err := v.store.Journal().Close(t.Context(), end, ivrtest.NewStep(r.ID, 2, 2)); err != nil {
			t.Fatal(err)
		}
	}
	v.wish(t, sqlite.MaxCalls)
	helped := ivrtest.NewCallback("+77770000001", "helped")
	if err := v.store.Callbacks().Ask(t.Context(), helped); err != nil {
		t.Fatal(err)
	}
	if err := v.store.Callbacks().Met(t.Context(), helped.Number, "they called again"); err != nil {
		t.Fatal(err)
	}
	all, err := gaveUp(t.Context(), v.store, v.settings, ivrtest.Start().Add(-time.Hour))
	var got []string
	for _, r := range all {
		got = append(got, r.Caller.Reveal())
	}
	if want := []string{"+77770000005", "+77770000003", "+77770000002"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v went without help, want %v; %v", got, want, err)
	}
}

// wish stores so many callbacks, each of a number of its own.
func (v *service) wish(t *testing.T, many int) {
	t.Helper()
	const writers = 100
	var all sync.WaitGroup
	for from := range writers {
		all.Go(func() {
			for i := from; i < many; i += writers {
				cb := ivrtest.NewCallback(ivr.Number(fmt.Sprintf("+7701%07d", i)), ivr.CallID(fmt.Sprint(i)))
				if err := v.store.Callbacks().Ask(t.Context(), cb); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}
