package queuetest

import (
	"context"
	"fmt"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
)

func order(b bench) {
	for i := range 5 { // of those who wait equally long, who entered first is first
		b.enter(ivr.CallID(fmt.Sprint("c", i)))
	}
	b.ok(b.tickets.Aside(b.Context(), "c1"))
	b.ok(b.tickets.Drop(b.Context(), "c4", false, after(1)))
	last := b.enter("c5")
	again := b.enter("c1")
	if again.Seq >= last.Seq || again.Status != queue.Waiting {
		b.Fatalf("c1 came back as %+v, after %+v", again, last)
	}
	b.places("c0", "c1", "c2", "c3", "c5")
}

// rank expects the order to be that of waiting, credit included.
func rank(b bench) {
	for call, t := range map[ivr.CallID]struct{ at, headStart int }{
		"c4": {at: 40}, "c1": {at: 10}, "c2": {at: 60, headStart: 40}, "c3": {at: 30, headStart: 1},
	} {
		b.enterAs(call, func(e *queue.Entry) {
			e.At, e.HeadStart = after(t.at), time.Duration(t.headStart)*time.Second
		})
	}
	b.places("c1", "c2", "c3", "c4")
	got := b.enterAs("c2", func(e *queue.Entry) { e.At, e.HeadStart = after(99), 0 }) // the rank stays
	same(b, []any{got.At, got.HeadStart}, []any{after(60), 40 * time.Second})
	b.places("c1", "c2", "c3", "c4")
}

func enteredAgain(b bench) {
	b.add("aigul")
	first := b.enter("c1")
	b.ok(b.tickets.Claim(b.Context(), "c1", one("aigul"), after(1)))
	e := NewEntry("c1")
	e.At, e.Now, e.Queue, e.Language, e.Category = after(9), after(9), "police", "ru", "curfew"
	e.Caller, e.OtherLanguage, e.Node = "+77010000002", false, "second"
	got, err := b.tickets.Enter(b.Context(), e)
	b.ok(err)
	e.At = first.At
	same(b, got, queue.Ticket{Ticket: e.Ticket, Node: "second", Seq: first.Seq, Since: after(9), Status: queue.Waiting})
	same(b, b.agent("aigul", queue.Idle, "").IdleSince, after(0))
	b.places("c1")
	patient := b.enterAs("c2", func(e *queue.Entry) { e.Patient = true })
	all, err := b.tickets.All(b.Context())
	b.ok(err)
	if !patient.Patient || len(all) != 2 || all[0].Patient || !all[1].Patient {
		b.Errorf("one who waits as long as it takes: %+v, read again: %+v", patient, all)
	}
}

// since expects the stay in a queue to begin with who joins it or comes back to
// it, and not with who enters again after a fault.
func since(b bench) {
	b.add("aigul")
	at := func(n int) queue.Ticket { return b.enterAs("c1", func(e *queue.Entry) { e.Now = after(n) }) }
	same(b, at(1).Since, after(1))
	same(b, at(2).Since, after(1))
	b.ok(b.tickets.Claim(b.Context(), "c1", one("aigul"), after(3)))
	same(b, at(4).Since, after(1))
	b.ok(b.tickets.Aside(b.Context(), "c1"))
	same(b, at(5).Since, after(5))
	moved := b.enterAs("c1", func(e *queue.Entry) { e.Now, e.Queue = after(6), "police" })
	same(b, moved.Since, after(6))
}

// servedBefore expects the waiting of who was served to begin anew.
func servedBefore(b bench) {
	b.add("aigul")
	b.enter("c1")
	b.enterAs("c2", func(e *queue.Entry) { e.At = after(10) })
	b.ok(b.tickets.Claim(b.Context(), "c1", one("aigul"), after(11)))
	b.ok(b.tickets.Connected(b.Context(), "c1", "aigul", after(12)))
	got := b.enterAs("c1", func(e *queue.Entry) { e.At, e.Now, e.HeadStart = after(60), after(60), 5*time.Second })
	same(b, []any{got.At, got.Since, got.HeadStart}, []any{after(60), after(60), 5 * time.Second})
	b.agent("aigul", queue.Idle, "")
	b.places("c2", "c1")
}

func refusedTickets(b bench) {
	for _, spoil := range []func(*queue.Entry){
		func(e *queue.Entry) { e.Call = "" },
		func(e *queue.Entry) { e.At = time.Time{} },
		func(e *queue.Entry) { e.Now = time.Time{} },
	} {
		e := NewEntry("c1")
		spoil(&e)
		_, err := b.tickets.Enter(b.Context(), e)
		b.fails(err, ivr.Invalid)
	}
	gone, cancel := context.WithCancel(b.Context())
	cancel()
	_, err := b.tickets.Enter(gone, NewEntry("c1"))
	b.fails(err, ivr.Unavailable)
	b.places()
}
