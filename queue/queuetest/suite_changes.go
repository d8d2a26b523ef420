package queuetest

import (
	"ikomek109/ivr"
	"ikomek109/queue"
)

// journalled expects a line for every change of an agent, and none where
// nothing changed.
func journalled(b bench) {
	ctx := b.Context()
	paused := NewAgent("dana")
	paused.Chosen, paused.PauseReason = ivr.Paused, "lunch"
	b.ok(b.staff.Add(ctx, paused))
	b.add("aigul")
	b.enter("c1")
	for _, do := range []func() error{
		func() error { return b.staff.Choose(ctx, "aigul", ivr.Paused, "training", after(1)) },
		func() error { return b.staff.Choose(ctx, "aigul", ivr.Paused, "training", after(2)) },
		func() error { return b.staff.Choose(ctx, "aigul", ivr.Ready, "", after(3)) },
		func() error { return b.staff.SetWorld(ctx, "aigul", queue.Unreachable, after(4)) },
		func() error { return b.staff.SetWorld(ctx, "aigul", queue.Unreachable, after(5)) },
		func() error { return b.staff.SetWorld(ctx, "aigul", queue.Idle, after(6)) },
		func() error { return b.staff.SetCredential(ctx, "aigul", "another") },
		func() error { return b.tickets.Claim(ctx, "c1", one("aigul"), after(7)) },
		func() error { return b.tickets.Missed(ctx, miss("c1", "aigul", "missed", 8)) },
		func() error { return b.staff.Choose(ctx, "aigul", ivr.Ready, "shift (dana)", after(9)) },
		func() error { return b.tickets.Claim(ctx, "c1", one("aigul"), after(10)) },
		func() error { return b.tickets.Connected(ctx, "c1", "aigul", after(11)) },
		func() error { return b.tickets.Drop(ctx, "c1", false, after(12)) },
		func() error { return b.tickets.Drop(ctx, "c1", false, after(13)) },
		func() error { return b.staff.Remove(ctx, "aigul", after(14)) },
	} {
		b.ok(do())
	}
	b.fails(b.staff.Choose(ctx, "aigul", ivr.Off, "", after(15)), ivr.NotFound)
	b.fails(b.staff.Add(ctx, NewAgent("dana")), ivr.Conflict)
	line := func(second int, kind, detail string, call ivr.CallID) queue.Change {
		return queue.Change{At: after(second), Agent: "aigul", Kind: kind, Detail: detail, Call: call}
	}
	want := []queue.Change{
		line(0, queue.Added, "", ""), line(0, "ready", "", ""), line(0, "idle", "", ""),
		line(1, "paused", "training", ""), line(3, "ready", "", ""),
		line(4, "unreachable", "", ""), line(6, "idle", "", ""),
		line(7, "ringing", "", "c1"), line(8, "idle", "", "c1"), line(8, "paused", "missed", ""), line(9, "ready", "shift (dana)", ""),
		line(10, "ringing", "", "c1"), line(11, "talking", "", "c1"), line(12, "idle", "", "c1"),
		line(14, queue.Removed, "", ""),
	}
	same(b, b.changes("aigul", 100), want)
	same(b, b.changes("aigul", 2), want[len(want)-2:])
	same(b, b.changes("", 100)[:3], []queue.Change{
		{At: after(0), Agent: "dana", Kind: queue.Added},
		{At: after(0), Agent: "dana", Kind: "paused", Detail: "lunch"},
		{At: after(0), Agent: "dana", Kind: "idle"},
	})
	same(b, len(b.changes("", 100)), len(want)+3)
	same(b, b.changes("nobody", 100), nil)
}

// changes gives the latest lines of the staff journal, which have to be in order.
func (b bench) changes(agent ivr.AgentID, limit int) []queue.Change {
	b.Helper()
	all, err := b.log.Changes(b.Context(), agent, limit)
	b.ok(err)
	var last int64
	for i := range all {
		if all[i].N <= last {
			b.Fatalf("line %d comes after line %d", all[i].N, last)
		}
		last, all[i].N = all[i].N, 0
	}
	return all
}
