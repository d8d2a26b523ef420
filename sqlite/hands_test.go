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

// TestStepOfACallThatAnotherClosed changes nothing of it, is told so where it is waited
// for, and harms nothing else in the transaction.
func TestStepOfACallThatAnotherClosed(t *testing.T) {
	path := file(t)
	s, other := open(t, path), open(t, path)
	closed, mine := ivrtest.NewRecord("n1"), ivrtest.NewRecord("n1")
	for _, r := range []ivr.Record{closed, mine} {
		ok(t, s.Journal().Open(t.Context(), r, ivrtest.NewStep(r.ID, 1, 1)))
	}
	ok(t, other.Journal().Close(t.Context(), ivrtest.Ended(closed), ivrtest.NewStep(closed.ID, 2, 2)))
	ok(t, other.Sync(t.Context()))
	for _, r := range []ivr.Record{closed, mine} { // not durable, so that they are written together
		ok(t, s.Journal().Append(t.Context(), ivrtest.NewStep(r.ID, 3, 3)))
	}
	ok(t, s.Sync(t.Context()))
	last := ivrtest.NewStep(closed.ID, 4, 4)
	last.Durable = true
	if err := s.Journal().Append(t.Context(), last); ivr.CodeOf(err) != ivr.Conflict && ivr.CodeOf(err) != ivr.NotFound {
		t.Errorf("a step of a call that is closed: %v", err)
	}
	for _, r := range []ivr.Record{closed, mine} {
		_, entries, err := s.Call(t.Context(), r.ID)
		ok(t, err)
		if len(entries) != 2 {
			t.Errorf("call %s has %d entries", r.ID, len(entries))
		}
	}
}
