package sqlite_test

import (
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/queue/queuetest"
	"ikomek109/sqlite"
)

// TestWrapUpIsOnTheCallsRecord: the length of a wrap-up is written by the
// transaction that ends it, whoever does, also on the record of a closed call.
func TestWrapUpIsOnTheCallsRecord(t *testing.T) {
	s := open(t, file(t))
	ctx, at := t.Context(), queuetest.Start()
	j, tickets, staff := s.Journal(), s.Tickets(), s.Staff()
	ok(t, staff.Add(ctx, queuetest.NewAgent("aigul")))
	r := ivrtest.NewRecord("a")
	ok(t, j.Open(ctx, r, ivrtest.NewStep(r.ID, 1, 1)))
	live := ivrtest.NewRecord("a")
	ok(t, j.Open(ctx, live, ivrtest.NewStep(live.ID, 1, 1)))
	ok(t, j.Amend(ctx, live.ID, ivr.WrappedUpFor("aigul", 9*time.Second, at)))
	if got, _, err := s.Call(ctx, live.ID); err != nil || got.WrapUp != 9*time.Second {
		t.Errorf("wrap-up %s of a call that goes on, %v", got.WrapUp, err)
	}
	if all, err := s.Calls(ctx, sqlite.Filter{Limit: 10}); err != nil || len(all) != 2 || all[0].WrapUp+all[1].WrapUp != 9*time.Second {
		t.Errorf("calls %+v, %v", all, err)
	}
	ok(t, j.Close(ctx, ivrtest.Ended(r), ivrtest.NewStep(r.ID, 2, 2)))
	for _, end := range []func() error{
		func() error { return staff.Choose(ctx, "aigul", ivr.Ready, "", at.Add(5*time.Second)) },
		func() error { return staff.SetWorld(ctx, "aigul", "idle", at.Add(7*time.Second)) },
	} {
		_, err := tickets.Enter(ctx, queuetest.NewEntry(r.ID))
		ok(t, err)
		ok(t, tickets.Claim(ctx, r.ID, []ivr.AgentID{"aigul"}, at))
		ok(t, tickets.Connected(ctx, r.ID, "aigul", at))
		ok(t, tickets.Finish(ctx, r.ID, at, at.Add(15*time.Second)))
		ok(t, end())
	}
	got, entries, err := s.Call(ctx, r.ID)
	ok(t, err)
	if got.WrapUp != 12*time.Second || got.Outcome != ivr.Served {
		t.Errorf("wrap-up %s, outcome %s", got.WrapUp, got.Outcome)
	}
	last := entries[len(entries)-1]
	if last.Kind != ivr.WrappedUp || last.Seq != 4 || last.Detail["agent"] != "aigul" || last.Detail["ms"] != "7000" {
		t.Errorf("last entry: %+v", last)
	}
	times, err := s.HandlingTimes(ctx, at.Add(-time.Hour))
	ok(t, err)
	if sum := times["general"].Sum; sum != 57*time.Second+7*time.Second+12*time.Second { // talk, hold, wrap-up
		t.Errorf("handled in %s", sum)
	}
}
