package ivrtest

import (
	"testing"
	"time"

	"ikomek109/ivr"
)

// amendment gives an entry of what an agent says, some seconds after the start.
func amendment(second int, kind ivr.Kind, detail ...string) ivr.Entry {
	e := ivr.Entry{At: Start().Add(time.Duration(second) * time.Second), Kind: kind, Detail: map[string]string{"agent": "aigul"}}
	for i := 0; i+1 < len(detail); i += 2 {
		e.Detail[detail[i]] = detail[i+1]
	}
	return e
}

func found(t *testing.T, j ivr.Journal, call ivr.CallID) ivr.Record {
	t.Helper()
	r, err := j.Find(t.Context(), call)
	ok(t, err)
	return r
}

// amended expects what agents say of a call to hold whenever they say it, and
// to leave alone what the call itself wrote.
func amended(t *testing.T, j ivr.Journal) {
	r := opened(t, j)
	set := NewStep(r.ID, 2, 2)
	set.Entries[0].Kind, set.Entries[0].Detail = ivr.CategorySet, map[string]string{"category": "transport"}
	ok(t, j.Append(t.Context(), set))
	same(t, found(t, j, r.ID).Category, "transport")
	ok(t, j.Amend(t.Context(), r.ID, amendment(60, ivr.CategorySet, "category", "curfew")))
	ok(t, j.Amend(t.Context(), r.ID, amendment(61, ivr.WrappedUp, "ms", "1500")))
	same(t, found(t, j, r.ID).Category, "curfew")
	same(t, len(live(t, j, "a")[0].Entries), 2) // no part of the call's own
	ok(t, j.Append(t.Context(), NewStep(r.ID, 3, 3)))
	ended := Ended(r)
	ok(t, j.Close(t.Context(), ended, NewStep(r.ID, 4, 4)))
	ended.Category, ended.WrapUp = "curfew", 1500*time.Millisecond
	same(t, found(t, j, r.ID), ended)
	ok(t, j.Amend(t.Context(), r.ID, amendment(62, ivr.CategoryConfirmed, "category", "utilities/water")))
	ok(t, j.Amend(t.Context(), r.ID, amendment(63, ivr.WrappedUp, "ms", "500")))
	ended.Category, ended.WrapUp = "utilities/water", 2*time.Second
	same(t, found(t, j, r.ID), ended)
	fails(t, j.Close(t.Context(), ended, NewStep(r.ID, 5, 5)), ivr.Conflict)
}

func amendedWrongly(t *testing.T, j ivr.Journal) {
	fails(t, j.Amend(t.Context(), "nobody", amendment(1, ivr.WrappedUp)), ivr.NotFound)
	_, err := j.Find(t.Context(), "nobody")
	fails(t, err, ivr.NotFound)
	r := opened(t, j)
	fails(t, j.Amend(t.Context(), r.ID, amendment(1, "")), ivr.Invalid)
	fails(t, j.Amend(t.Context(), r.ID, ivr.Entry{Kind: ivr.WrappedUp}), ivr.Invalid)
	same(t, found(t, j, r.ID).WrapUp, 0)
}
