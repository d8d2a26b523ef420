package sqlite_test

import (
	"testing"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

// TestStepOfACallInOtherHands is refused alone: what else is in the transaction,
// before it and after it, is written.
func TestStepOfACallInOtherHands(t *testing.T) {
	path := file(t)
	s, other := open(t, path), open(t, path)
	var calls []ivr.Record
	for range 3 {
		r := ivrtest.NewRecord("n1")
		calls = append(calls, r)
		ok(t, s.Journal().Open(t.Context(), r, ivrtest.NewStep(r.ID, 1, 1)))
	}
	ok(t, other.Journal().Append(t.Context(), ivrtest.NewStep(calls[1].ID, 2, 2)))
	ok(t, other.Sync(t.Context()))
	for _, r := range calls {
		// Not durable, so that they are written together.
		ok(t, s.Journal().Append(t.Context(), ivrtest.NewStep(r.ID, 2, 2)))
	}
	ok(t, s.Sync(t.Context()))
	for _, r := range calls {
		_, entries, err := s.Call(t.Context(), r.ID)
		ok(t, err)
		if len(entries) != 2 {
			t.Errorf("call %s has %d entries", r.ID, len(entries))
		}
	}
	ok(t, s.Journal().Append(t.Context(), ivrtest.NewStep(calls[1].ID, 3, 3)))
}
