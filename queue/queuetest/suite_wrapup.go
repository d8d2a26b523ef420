package queuetest

import (
	"ikomek109/ivr"
	"ikomek109/queue"
)

// wrapUp expects an agent to be offered nobody from the end of a conversation
// until somebody ends the wrap-up, and every part of it to be on record.
func wrapUp(b bench) {
	ctx := b.Context()
	b.add("aigul")
	b.fails(b.staff.WrapUp(ctx, "aigul", after(9)), ivr.Conflict)
	b.fails(b.staff.WrapUp(ctx, "nobody", after(9)), ivr.NotFound)
	b.talked("c1")
	a := b.agent("aigul", queue.WrapUp, "")
	same(b, []any{a.LastCall, a.WrapSince, a.WrapUntil}, []any{ivr.CallID("c1"), after(3), after(18)})
	b.places()
	b.enter("c2")
	b.fails(b.tickets.Claim(ctx, "c2", one("aigul"), after(4)), ivr.Conflict)
	b.ok(b.tickets.Drop(ctx, "c2", false, after(4)))
	b.ok(b.tickets.Finish(ctx, "c1", after(5), after(25))) // said twice
	b.ok(b.staff.WrapUp(ctx, "aigul", after(30)))
	b.ok(b.staff.Choose(ctx, "aigul", ivr.Paused, "lunch", after(6)))
	a = b.agent("aigul", queue.WrapUp, "")
	same(b, []any{a.WrapSince, a.WrapUntil, a.Chosen}, []any{after(3), after(30), ivr.Paused})
	b.ok(b.staff.SetWorld(ctx, "aigul", queue.Idle, after(30)))
	a = b.agent("aigul", queue.Idle, "")
	same(b, []any{a.LastCall, a.WrapSince.IsZero(), a.WrapUntil.IsZero(), a.IdleSince}, []any{ivr.CallID("c1"), true, true, after(30)})
	b.ok(b.staff.Choose(ctx, "aigul", ivr.Ready, "", after(31)))
	b.talked("c3")
	b.ok(b.staff.Choose(ctx, "aigul", ivr.Ready, "", after(32)))
	same(b, b.agent("aigul", queue.Idle, "").IdleSince, after(32))
	var kinds []string
	for _, c := range b.changes("aigul", 100)[3:] {
		kinds = append(kinds, c.Kind+" "+string(c.Call))
	}
	same(b, kinds, []string{
		"ringing c1", "talking c1", "wrap_up c1", "paused ", "idle c1", "ready ",
		"ringing c3", "talking c3", "wrap_up c3", "idle c3",
	})
}

// talked has aigul serve a call, up to the wrap-up.
func (b bench) talked(call ivr.CallID) {
	b.Helper()
	b.enter(call)
	b.ok(b.tickets.Claim(b.Context(), call, one("aigul"), after(1)))
	b.ok(b.tickets.Connected(b.Context(), call, "aigul", after(2)))
	same(b, b.agent("aigul", queue.Talking, call).LastCall, call)
	b.ok(b.tickets.Finish(b.Context(), call, after(3), after(18)))
}

// noWrapUp expects an agent to be idle at once where the wrap-up has no length.
func noWrapUp(b bench) {
	ctx := b.Context()
	b.add("aigul")
	b.enter("c1")
	b.ok(b.tickets.Claim(ctx, "c1", one("aigul"), after(1)))
	b.ok(b.tickets.Connected(ctx, "c1", "aigul", after(2)))
	b.ok(b.tickets.Finish(ctx, "c1", after(3), after(3)))
	a := b.agent("aigul", queue.Idle, "")
	same(b, []any{a.IdleSince, a.LastCall, a.WrapUntil.IsZero()}, []any{after(3), ivr.CallID("c1"), true})
	b.ok(b.tickets.Finish(ctx, "c1", after(4), after(9)))
	b.agent("aigul", queue.Idle, "")
	b.enter("c2") // nobody is bound to it
	b.ok(b.tickets.Finish(ctx, "c2", after(4), after(9)))
	b.places()
}
