package queuetest

import (
	"ikomek109/ivr"
	"ikomek109/queue"
)

// several has one caller offered to three agents: one misses, one picks up.
func several(b bench) {
	ctx := b.Context()
	for _, id := range []ivr.AgentID{"aigul", "bolat", "dana"} {
		b.add(id)
	}
	b.enter("c1")
	b.ok(b.tickets.Claim(ctx, "c1", one("dana", "aigul", "bolat"), after(1)))
	b.ticket("c1", queue.Offered, "aigul", "bolat", "dana")
	b.ok(b.tickets.Missed(ctx, miss("c1", "aigul", "missed", 2)))
	b.ticket("c1", queue.Offered, "bolat", "dana")
	same(b, b.agent("aigul", queue.Idle, "").Chosen, ivr.Paused)
	b.agent("dana", queue.Ringing, "c1")
	b.fails(b.tickets.Connected(ctx, "c1", "aigul", after(3)), ivr.Conflict)
	b.ok(b.tickets.Connected(ctx, "c1", "dana", after(3)))
	b.ticket("c1", queue.Served, "dana")
	spared := b.agent("bolat", queue.Idle, "")
	same(b, []any{spared.Chosen, spared.IdleSince, spared.Taken}, []any{ivr.Ready, after(0), 0})
	same(b, b.agent("dana", queue.Talking, "c1").Taken, 1)
	b.ok(b.tickets.Drop(ctx, "c1", false, after(4)))

	b.enter("c2") // all miss it: it waits
	b.ok(b.tickets.Claim(ctx, "c2", one("bolat", "dana"), after(5)))
	b.ok(b.tickets.Missed(ctx, miss("c2", "bolat", "", 6)))
	b.ok(b.tickets.Missed(ctx, miss("c2", "dana", "", 6)))
	b.ticket("c2", queue.Waiting)
	b.ok(b.tickets.Claim(ctx, "c2", one("bolat", "dana"), after(7)))
	b.ok(b.tickets.Drop(ctx, "c2", false, after(8))) // they were rung for nothing
	same(b, b.agent("bolat", queue.Idle, "").IdleSince, after(6))
	same(b, b.agent("dana", queue.Idle, "").IdleSince, after(6))
}

func allOrNone(b bench) {
	ctx := b.Context()
	b.add("aigul")
	b.add("bolat")
	b.enter("c1")
	b.enter("c2")
	b.ok(b.tickets.Claim(ctx, "c1", one("bolat"), after(1)))
	b.fails(b.tickets.Claim(ctx, "c2", one("aigul", "bolat"), after(1)), ivr.Conflict)
	b.fails(b.tickets.Claim(ctx, "c2", one("aigul", "nobody"), after(1)), ivr.NotFound)
	b.fails(b.tickets.Claim(ctx, "c2", nil, after(1)), ivr.Invalid)
	b.ticket("c2", queue.Waiting)
	b.agent("aigul", queue.Idle, "")
}
