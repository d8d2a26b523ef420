package main

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/sqlite"
)

// TestGaveUpAmongMany: who was called back since is not to be called again, however
// many callbacks come before theirs.
func TestGaveUpAmongMany(t *testing.T) {
	v := newTasks(t)
	for _, caller := range []ivr.Number{"+77770000001", "+77770000002"} {
		r := ivrtest.NewRecord("a")
		r.Caller = caller
		end := ivrtest.Ended(r)
		end.Outcome = ivr.Abandoned
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
	if err != nil || len(all) != 1 || all[0].Caller != "+77770000002" {
		t.Errorf("%d gave up: %+v, %v", len(all), all, err)
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
