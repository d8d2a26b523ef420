package ivrtest

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ikomek109/ivr"
)

// CallbackStore keeps wishes to be called back, and has them tried.
type CallbackStore interface {
	ivr.Callbacks
	ivr.Recalls
}

// RecallsSuite is what every [ivr.Recalls] has to do. open gives an empty one, in
// which no call lives.
func RecallsSuite(t *testing.T, open func(t *testing.T) CallbackStore) {
	t.Helper()
	now := Start().Add(time.Hour)
	asked := func(t *testing.T) CallbackStore {
		t.Helper()
		c := open(t)
		late, early := NewCallback("+77011234567", "a"), NewCallback("+77011234568", "b")
		early.Since = early.Since.Add(-time.Minute)
		ok(t, c.Ask(t.Context(), late))
		ok(t, c.Ask(t.Context(), early))
		return c
	}
	t.Run("due, the longest waiting first", func(t *testing.T) {
		c := asked(t)
		due(t, c, now, 10, 2, 1)
		due(t, c, now, 1, 2)
		due(t, c, Start(), 10)
		ok(t, c.Claim(t.Context(), 2, "try", now))
		due(t, c, now, 10, 1)
		trying, err := c.Trying(t.Context())
		ok(t, err)
		if len(trying) != 1 || trying[0].ID != 2 || trying[0].Recall != "try" || trying[0].Number != "+77011234568" {
			t.Errorf("being tried are %+v", trying)
		}
	})
	t.Run("claimed by one of many", func(t *testing.T) {
		c := asked(t)
		var taken atomic.Int32
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				err := c.Claim(t.Context(), 1, ivr.CallID("try-"+strconv.Itoa(i)), now)
				if err == nil {
					taken.Add(1)
				} else if ivr.CodeOf(err) != ivr.Conflict {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if taken.Load() != 1 {
			t.Errorf("%d of 20 have it", taken.Load())
		}
		wants(t, c.Claim(t.Context(), 9, "try", now), ivr.NotFound)
		wants(t, c.Claim(t.Context(), 2, "", now), ivr.Invalid)
	})
	t.Run("ours or not", func(t *testing.T) {
		c := asked(t)
		wants(t, c.Ours(t.Context(), 1, "try"), ivr.Conflict)
		ok(t, c.Claim(t.Context(), 1, "try", now))
		ok(t, c.Ours(t.Context(), 1, "try"))
		wants(t, c.Ours(t.Context(), 1, "other"), ivr.Conflict)
		wants(t, c.Ours(t.Context(), 9, "try"), ivr.NotFound)
		ok(t, c.Met(t.Context(), "+77011234567", "served"))
		wants(t, c.Ours(t.Context(), 1, "try"), ivr.Conflict)
	})
	t.Run("settled", func(t *testing.T) { settled(t, asked(t), now) })
	t.Run("settled wrongly", func(t *testing.T) {
		c := asked(t)
		ok(t, c.Claim(t.Context(), 1, "try", now))
		for _, spoil := range []func(*ivr.Tried){
			func(x *ivr.Tried) { x.State = "" }, func(x *ivr.Tried) { x.State = ivr.CallbackTrying },
			func(x *ivr.Tried) { x.Call = "" }, func(x *ivr.Tried) { x.At = time.Time{} },
			func(x *ivr.Tried) { x.State = ivr.CallbackWaiting }, func(x *ivr.Tried) { x.Due = now },
		} {
			one := ivr.Tried{ID: 1, Call: "try", State: ivr.CallbackFailed, At: now}
			spoil(&one)
			wants(t, c.Settle(t.Context(), one), ivr.Invalid)
		}
		wants(t, c.Settle(t.Context(), ivr.Tried{ID: 1, Call: "other", State: ivr.CallbackFailed, At: now}), ivr.Conflict)
		wants(t, c.Settle(t.Context(), ivr.Tried{ID: 9, Call: "try", State: ivr.CallbackFailed, At: now}), ivr.NotFound)
	})
	t.Run("reached although cancelled", func(t *testing.T) {
		c := asked(t)
		ok(t, c.Claim(t.Context(), 1, "try", now))
		ok(t, c.Met(t.Context(), "+77011234567", "served"))
		wants(t, c.Settle(t.Context(), ivr.Tried{ID: 1, Call: "try", State: ivr.CallbackWaiting, Due: now, At: now}), ivr.Conflict)
		ok(t, c.Settle(t.Context(), ivr.Tried{ID: 1, Call: "try", State: ivr.CallbackReached, Counts: true, At: now}))
	})
	t.Run("tidied up", func(t *testing.T) {
		c := asked(t)
		ok(t, c.Claim(t.Context(), 1, "try", now))
		ok(t, c.Tidy(t.Context(), ivr.Tidying{Claimed: now}))
		due(t, c, now, 10, 2)
		ok(t, c.Tidy(t.Context(), ivr.Tidying{Claimed: now.Add(time.Second)}))
		due(t, c, now, 10, 2, 1)
		ok(t, c.Claim(t.Context(), 1, "again", now))
		ok(t, c.Settle(t.Context(), ivr.Tried{ID: 1, Call: "again", State: ivr.CallbackFailed, At: now}))
		ok(t, c.Tidy(t.Context(), ivr.Tidying{Claimed: now, Ended: now}))
		wants(t, c.Claim(t.Context(), 1, "try", now), ivr.Conflict)
		ok(t, c.Tidy(t.Context(), ivr.Tidying{Claimed: now, Ended: now.Add(time.Second)}))
		wants(t, c.Claim(t.Context(), 1, "try", now), ivr.NotFound)
		due(t, c, now, 10, 2)
	})
}

// settled goes the way of one who is tried twice, in vain.
func settled(t *testing.T, c CallbackStore, now time.Time) {
	t.Helper()
	later := now.Add(5 * time.Minute)
	ok(t, c.Claim(t.Context(), 1, "try-1", now))
	ok(t, c.Settle(t.Context(), ivr.Tried{
		ID: 1, Call: "try-1", State: ivr.CallbackWaiting, Due: later, Counts: true, Why: "busy", At: now,
	}))
	wants(t, c.Settle(t.Context(), ivr.Tried{ID: 1, Call: "try-1", State: ivr.CallbackFailed, At: now}), ivr.Conflict)
	due(t, c, now, 10, 2)
	due(t, c, later, 10, 2, 1)
	again, err := c.Due(t.Context(), later, 10)
	ok(t, err)
	if one := again[1]; one.Tries != 1 || one.Why != "busy" || !one.Since.Equal(Start()) {
		t.Errorf("after a try it is %+v", one)
	}
	ok(t, c.Claim(t.Context(), 1, "try-2", later))
	ok(t, c.Settle(t.Context(), ivr.Tried{ID: 1, Call: "try-2", State: ivr.CallbackFailed, Counts: true, At: later}))
	due(t, c, later, 10, 2)
	ok(t, c.Ask(t.Context(), NewCallback("+77011234567", "c")))
}

// due checks who may be tried, by ID.
func due(t *testing.T, c ivr.Recalls, now time.Time, limit int, want ...int64) {
	t.Helper()
	all, err := c.Due(t.Context(), now, limit)
	ok(t, err)
	got := make([]int64, 0, len(all))
	for _, cb := range all {
		got = append(got, cb.ID)
	}
	if len(got) != len(want) {
		t.Fatalf("due are %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("due are %v, want %v", got, want)
		}
	}
}
