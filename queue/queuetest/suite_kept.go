package queuetest

import (
	"fmt"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
)

// dialAgain has the caller of c1 enter with another call, some seconds later.
func (b bench) dialAgain(call ivr.CallID, seconds int) queue.Ticket {
	b.Helper()
	return b.enterAs(call, func(e *queue.Entry) {
		e.At, e.Now, e.Kept = after(seconds), after(seconds), time.Minute
	})
}

// cutOff has c1 wait from [Start] on, and go after ten seconds.
func (b bench) cutOff(keep bool) {
	b.Helper()
	b.enter("c1")
	b.enterAs("c2", func(e *queue.Entry) { e.At, e.Caller = after(5), "+77010000002" })
	b.ok(b.tickets.Drop(b.Context(), "c1", keep, after(10)))
}

func keptOnce(b bench) {
	b.cutOff(true)
	back := b.dialAgain("c3", 70)
	same(b, []any{back.Regained, back.At, back.Rank(), back.Since}, []any{true, after(70), after(0), after(70)})
	b.places("c3", "c2")
	again := b.dialAgain("c3", 71) // enters again, for one after a fault
	same(b, []any{again.Regained, again.Rank()}, []any{false, after(0)})
	if twice := b.dialAgain("c4", 72); twice.Regained {
		b.Fatalf("the place was given twice: %+v", twice)
	}
	b.places("c3", "c2", "c4")
}

// keptBest expects two calls of one number that were cut off to be told apart:
// a house has one number for many people.
func keptBest(b bench) {
	b.enter("c1")
	b.enterAs("c2", func(e *queue.Entry) { e.At = after(5) })
	b.ok(b.tickets.Drop(b.Context(), "c2", true, after(10)))
	b.ok(b.tickets.Drop(b.Context(), "c1", true, after(10)))
	for i, want := range []time.Time{after(0), after(5), after(20)} {
		back := b.dialAgain(ivr.CallID(fmt.Sprint("back", i)), 20)
		same(b, []any{back.Rank(), back.Regained}, []any{want, i < 2})
	}
}

func notKept(b bench) {
	ctx := b.Context()
	b.cutOff(false)
	same(b, b.dialAgain("c3", 20).Regained, false)

	b.ok(b.tickets.Drop(ctx, "c3", true, after(20)))
	late := b.dialAgain("c4", 81)
	same(b, []any{late.Regained, late.Rank()}, []any{false, after(81)})

	b.add("aigul") // who was served has had what they waited for
	b.ok(b.tickets.Claim(ctx, "c4", one("aigul"), after(82)))
	b.ok(b.tickets.Connected(ctx, "c4", "aigul", after(82)))
	b.ok(b.tickets.Drop(ctx, "c4", true, after(83)))
	same(b, b.dialAgain("c5", 84).Regained, false)
}

func forgotten(b bench) {
	b.cutOff(true)
	b.ok(b.tickets.Forget(b.Context(), after(10)))
	same(b, b.dialAgain("c3", 12).Regained, true)
	b.ok(b.tickets.Drop(b.Context(), "c3", true, after(12)))
	b.ok(b.tickets.Forget(b.Context(), after(13)))
	same(b, b.dialAgain("c6", 13).Regained, false)

	b.enterAs("c4", func(e *queue.Entry) { e.Caller = "" })
	b.ok(b.tickets.Drop(b.Context(), "c4", true, after(13)))
	withheld := b.enterAs("c5", func(e *queue.Entry) { e.At, e.Now, e.Kept, e.Caller = after(14), after(14), time.Minute, "" })
	same(b, withheld.Regained, false)
}
