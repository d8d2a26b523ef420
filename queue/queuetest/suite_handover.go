package queuetest

import (
	"ikomek109/ivr"
	"ikomek109/queue"
)

// handedOver expects a conversation to go on with another agent, at once or not
// at all, and the one before to wrap up.
func handedOver(b bench) {
	ctx := b.Context()
	for _, id := range []ivr.AgentID{"aigul", "bolat", "dana"} {
		b.add(id)
	}
	to := func(id ivr.AgentID) queue.Handover {
		return queue.Handover{Call: "c1", To: id, At: after(5), Until: after(20)}
	}
	b.fails(b.tickets.HandOver(ctx, to("bolat")), ivr.NotFound)
	b.enter("c1")
	b.fails(b.tickets.HandOver(ctx, to("bolat")), ivr.Conflict)
	b.ok(b.tickets.Claim(ctx, "c1", one("aigul"), after(1)))
	b.fails(b.tickets.HandOver(ctx, to("bolat")), ivr.Conflict)
	b.ok(b.tickets.Connected(ctx, "c1", "aigul", after(2)))
	b.ok(b.staff.Choose(ctx, "dana", ivr.Paused, "lunch", after(3)))
	b.fails(b.tickets.HandOver(ctx, to("dana")), ivr.Conflict)
	b.fails(b.tickets.HandOver(ctx, to("nobody")), ivr.NotFound)
	b.agent("aigul", queue.Talking, "c1")
	b.ok(b.tickets.HandOver(ctx, to("bolat")))
	b.ok(b.tickets.HandOver(ctx, to("bolat"))) // said twice
	b.ticket("c1", queue.Served, "bolat")
	a := b.agent("aigul", queue.WrapUp, "")
	same(b, []any{a.LastCall, a.WrapSince, a.WrapUntil}, []any{ivr.CallID("c1"), after(5), after(20)})
	bolat := b.agent("bolat", queue.Talking, "c1")
	same(b, []any{bolat.LastCall, bolat.Taken}, []any{ivr.CallID("c1"), 1})
	last := b.changes("bolat", 1)[0]
	same(b, last, queue.Change{At: after(5), Agent: "bolat", Kind: string(queue.Talking), Call: "c1"})
	b.ok(b.staff.SetWorld(ctx, "aigul", queue.Idle, after(20)))
	back := to("aigul")
	back.At, back.Until = after(30), after(30) // no wrap-up
	b.ok(b.tickets.HandOver(ctx, back))
	same(b, b.agent("bolat", queue.Idle, "").IdleSince, after(30))
	b.ok(b.tickets.Finish(ctx, "c1", after(31), after(40)))
	b.places()
}

// rungForNothing expects one who was rung as well, and in vain, to be as idle as
// they were, and the journal to go by the clock all the same.
func rungForNothing(b bench) {
	ctx := b.Context()
	b.add("aigul")
	b.enter("c1")
	b.ok(b.tickets.Claim(ctx, "c1", one("aigul"), after(50)))
	m := miss("c1", "aigul", "", 60)
	m.IdleSince = after(1)
	b.ok(b.tickets.Missed(ctx, m))
	same(b, b.agent("aigul", queue.Idle, "").IdleSince, after(1))
	same(b, b.changes("aigul", 1)[0].At, after(60))
}
