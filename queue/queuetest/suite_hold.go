package queuetest

import (
	"ikomek109/ivr"
	"ikomek109/queue"
)

// onHold expects hold to be a world of its own within a conversation, on record,
// and to end with it.
func onHold(b bench) {
	b.add("aigul")
	b.fails(b.staff.OnHold(b.Context(), "aigul", true, after(1)), ivr.Conflict)
	b.fails(b.staff.OnHold(b.Context(), "nobody", true, after(1)), ivr.NotFound)
	talked := func(call ivr.CallID) {
		b.enter(call)
		b.ok(b.tickets.Claim(b.Context(), call, one("aigul"), after(1)))
		b.ok(b.tickets.Connected(b.Context(), call, "aigul", after(2)))
		b.agent("aigul", queue.Talking, call)
	}
	talked("c1")
	b.ok(b.staff.OnHold(b.Context(), "aigul", true, after(3)))
	b.ok(b.staff.OnHold(b.Context(), "aigul", true, after(4))) // said twice
	b.agent("aigul", queue.OnHold, "c1")
	b.ticket("c1", queue.Served, "aigul")
	b.fails(b.staff.SetWorld(b.Context(), "aigul", queue.Unreachable, after(4)), ivr.Conflict)
	b.ok(b.staff.OnHold(b.Context(), "aigul", false, after(5)))
	b.agent("aigul", queue.Talking, "c1")
	b.ok(b.staff.OnHold(b.Context(), "aigul", true, after(6)))
	b.ok(b.tickets.Finish(b.Context(), "c1", after(7), after(7)))
	b.agent("aigul", queue.Idle, "")
	talked("c2") // with nobody on hold
	var kinds []string
	for _, c := range b.changes("aigul", 100)[3:] {
		kinds = append(kinds, c.Kind+" "+string(c.Call))
	}
	same(b, kinds, []string{
		"ringing c1", "talking c1", "on_hold c1", "talking c1", "on_hold c1", "idle c1", "ringing c2", "talking c2",
	})
}
