package ivrtest_test

import (
	"errors"
	"testing"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

func TestJournal(t *testing.T) {
	ivrtest.JournalSuite(t, func(*testing.T) ivr.Journal { return ivrtest.NewJournal() })
}

func TestBreak(t *testing.T) {
	j, broken := ivrtest.NewJournal(), errors.New("broken")
	r := ivrtest.NewRecord("a")
	j.Break(func(op string, _ ivr.CallID) error {
		if op == "open" {
			return broken
		}
		return nil
	})
	if err := j.Open(t.Context(), r, ivrtest.NewStep(r.ID, 1, 1)); !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
	if _, there := j.Record(r.ID); there {
		t.Fatal("a broken journal kept the call")
	}
	j.Break(nil)
	if err := j.Open(t.Context(), r, ivrtest.NewStep(r.ID, 1, 1)); err != nil {
		t.Fatal(err)
	}
	if got := len(j.Entries(r.ID)); got != 1 {
		t.Fatalf("got %d entries", got)
	}
}

func TestMessages(t *testing.T) {
	ivrtest.MessagesSuite(t, func(*testing.T) ivr.Messages { return new(ivrtest.Messages) })
}

func TestMessageTerms(t *testing.T) {
	ivrtest.MessageTermsSuite(t, func(*testing.T) ivrtest.MessageStore { return new(ivrtest.Messages) })
}

func TestCallbacks(t *testing.T) {
	ivrtest.CallbacksSuite(t, func(*testing.T) ivr.Callbacks { return new(ivrtest.Callbacks) })
}

func TestRecalls(t *testing.T) {
	ivrtest.RecallsSuite(t, func(*testing.T) ivrtest.CallbackStore { return new(ivrtest.Callbacks) })
}
