package queuetest

import (
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/queue"
)

func keptAsGiven(b bench) {
	a, plain := NewAgent("aigul"), queue.Agent{ID: "zhan", Number: 305, Chosen: ivr.Off, World: queue.Unreachable}
	a.Number = 999
	b.ok(b.staff.Add(b.Context(), plain))
	b.ok(b.staff.Add(b.Context(), a))
	all, _, err := b.staff.Agents(b.Context())
	b.ok(err)
	same(b, all, []queue.Agent{a, plain})
}

// numbered expects numbers to be given from the lowest that is free, and once.
func numbered(b bench) {
	add := func(id ivr.AgentID, number int) error {
		a := NewAgent(id)
		a.Number = number
		return b.staff.Add(b.Context(), a)
	}
	number := func(id ivr.AgentID) int { return b.agent(id, queue.Idle, "").Number }
	b.ok(add("a", 0))
	b.ok(add("b", 202))
	b.ok(add("c", 0))
	same(b, []int{number("a"), number("b"), number("c")}, []int{201, 202, 203})
	b.fails(add("d", 202), ivr.Conflict)
	b.ok(b.staff.Remove(b.Context(), "a", after(9)))
	b.ok(add("d", 0))
	same(b, number("d"), 201)
	for _, odd := range []int{-1, 1, 109, 200, 1000} {
		b.fails(add("e", odd), ivr.Invalid)
	}
}

func addedOnce(b bench) {
	b.add("aigul")
	b.fails(b.staff.Add(b.Context(), NewAgent("aigul")), ivr.Conflict)
}

func removed(b bench) {
	ctx := b.Context()
	b.add("aigul")
	b.enter("c1")
	b.ok(b.tickets.Claim(ctx, "c1", one("aigul"), after(1)))
	b.fails(b.staff.Remove(ctx, "aigul", after(9)), ivr.Conflict)
	b.ok(b.tickets.Connected(ctx, "c1", "aigul", after(1)))
	b.fails(b.staff.Remove(ctx, "aigul", after(9)), ivr.Conflict)
	b.ok(b.tickets.Drop(ctx, "c1", false, after(2)))
	b.ok(b.staff.Remove(ctx, "aigul", after(9)))
	b.fails(b.staff.Remove(ctx, "aigul", after(9)), ivr.NotFound)
	all, _, err := b.staff.Agents(ctx)
	b.ok(err)
	same(b, all, nil)
}

func credential(b bench) {
	b.add("aigul")
	b.ok(b.staff.SetCredential(b.Context(), "aigul", "another"))
	same(b, b.agent("aigul", queue.Idle, "").Credential, "another")
}

func chosen(b bench) {
	ctx := b.Context()
	b.add("aigul")
	b.ok(b.staff.Choose(ctx, "aigul", ivr.Paused, "lunch", after(1)))
	a := b.agent("aigul", queue.Idle, "")
	same(b, []any{a.Chosen, a.PauseReason, a.IdleSince}, []any{ivr.Paused, "lunch", after(0)})
	b.ok(b.staff.Choose(ctx, "aigul", ivr.Ready, "ignored", after(2)))
	a = b.agent("aigul", queue.Idle, "")
	same(b, []any{a.Chosen, a.PauseReason, a.IdleSince}, []any{ivr.Ready, "", after(2)})
	b.ok(b.staff.Choose(ctx, "aigul", ivr.Ready, "", after(3)))
	same(b, b.agent("aigul", queue.Idle, "").IdleSince, after(2))
	b.ok(b.staff.Choose(ctx, "aigul", ivr.Off, "", after(4)))
	same(b, b.agent("aigul", queue.Idle, "").Chosen, ivr.Off)
}

// takes has an agent serve one caller.
func (b bench) takes(agent ivr.AgentID, call ivr.CallID, n int) {
	b.Helper()
	b.enter(call)
	b.ok(b.tickets.Claim(b.Context(), call, one(agent), after(n)))
	b.ok(b.tickets.Connected(b.Context(), call, agent, after(n)))
	b.ok(b.tickets.Drop(b.Context(), call, false, after(n)))
}

// shift expects the calls taken to be counted from the beginning of a shift, and a
// pause not to begin one.
func shift(b bench) {
	ctx := b.Context()
	b.add("aigul")
	count := func(taken int, since time.Time) {
		b.Helper()
		a := b.agent("aigul", queue.Idle, "")
		same(b, []any{a.Taken, a.ShiftAt}, []any{taken, since})
	}
	b.takes("aigul", "c1", 1)
	b.ok(b.staff.Choose(ctx, "aigul", ivr.Off, "", after(2)))
	b.ok(b.staff.Choose(ctx, "aigul", ivr.Ready, "", after(3)))
	count(0, after(3))
	b.takes("aigul", "c2", 4)
	b.takes("aigul", "c3", 5)
	b.ok(b.staff.Choose(ctx, "aigul", ivr.Paused, "lunch", after(6)))
	b.ok(b.staff.Choose(ctx, "aigul", ivr.Ready, "", after(7)))
	count(2, after(3))
	b.ok(b.staff.Choose(ctx, "aigul", ivr.Paused, "night", after(8)))
	morning := after(3).Add(queue.LongestShift)
	b.ok(b.staff.Choose(ctx, "aigul", ivr.Ready, "", morning))
	count(0, morning)
}

func edited(b bench) {
	ctx := b.Context()
	b.add("aigul")
	b.enter("c1")
	b.ok(b.tickets.Claim(ctx, "c1", one("aigul"), after(1)))
	b.ok(b.staff.Edit(ctx, "aigul", func(a *queue.Agent) {
		a.Name, a.Languages, a.Queues, a.Topics = "Дана", []flows.Language{"ru"}, nil, []string{"curfew"}
		a.ID, a.World, a.Chosen, a.Credential = "zhan", queue.Idle, ivr.Off, "" // not kept
	}))
	got := b.agent("aigul", queue.Ringing, "c1")
	want := NewAgent("aigul")
	want.Name, want.Languages, want.Queues, want.Topics = "Дана", []flows.Language{"ru"}, nil, []string{"curfew"}
	want.Number, want.World, want.Call = queue.FirstNumber, queue.Ringing, "c1"
	same(b, got, want)
}

func world(b bench) {
	ctx := b.Context()
	b.add("aigul")
	b.ok(b.staff.SetWorld(ctx, "aigul", queue.Unreachable, after(1)))
	same(b, b.agent("aigul", queue.Unreachable, "").IdleSince, after(0))
	b.ok(b.staff.SetWorld(ctx, "aigul", queue.Idle, after(2)))
	same(b, b.agent("aigul", queue.Idle, "").IdleSince, after(2))
	b.ok(b.staff.SetWorld(ctx, "aigul", queue.Idle, after(3)))
	same(b, b.agent("aigul", queue.Idle, "").IdleSince, after(2))
}

func nobody(b bench) {
	ctx := b.Context()
	b.fails(b.staff.Remove(ctx, "x", after(9)), ivr.NotFound)
	b.fails(b.staff.SetCredential(ctx, "x", "h"), ivr.NotFound)
	b.fails(b.staff.Edit(ctx, "x", func(*queue.Agent) {}), ivr.NotFound)
	b.fails(b.staff.Choose(ctx, "x", ivr.Ready, "", after(1)), ivr.NotFound)
	b.fails(b.staff.SetWorld(ctx, "x", queue.Idle, after(1)), ivr.NotFound)
}

func refusedAgents(b bench) {
	for name, spoil := range map[string]func(*queue.Agent){
		"no id":          func(a *queue.Agent) { a.ID = "" },
		"nothing chosen": func(a *queue.Agent) { a.Chosen = "" },
		"odd choice":     func(a *queue.Agent) { a.Chosen = "asleep" },
		"no world":       func(a *queue.Agent) { a.World = "" },
		"talking":        func(a *queue.Agent) { a.World = queue.Talking },
		"with a call":    func(a *queue.Agent) { a.Call = "c1" },
	} {
		a := NewAgent("aigul")
		spoil(&a)
		if err := b.staff.Add(b.Context(), a); ivr.CodeOf(err) != ivr.Invalid {
			b.Errorf("%s: got %v, want code invalid", name, err)
		}
	}
	b.add("aigul")
	b.fails(b.staff.Choose(b.Context(), "aigul", "", "", after(1)), ivr.Invalid)
	b.fails(b.staff.SetWorld(b.Context(), "aigul", "", after(1)), ivr.Invalid)
	for _, w := range []queue.World{queue.Ringing, queue.Talking, queue.WrapUp} {
		b.fails(b.staff.SetWorld(b.Context(), "aigul", w, after(1)), ivr.Invalid)
	}
}

// version goes through every change of an agent and expects it to be counted.
func version(b bench) {
	ctx := b.Context()
	before, err := b.staff.Version(ctx)
	b.ok(err)
	b.enter("c1")
	for _, change := range []struct {
		name string
		do   func() error
	}{
		{"add", func() error { return b.staff.Add(ctx, NewAgent("aigul")) }},
		{"credential", func() error { return b.staff.SetCredential(ctx, "aigul", "x") }},
		{"edit", func() error { return b.staff.Edit(ctx, "aigul", func(a *queue.Agent) { a.Name = "x" }) }},
		{"pause", func() error { return b.staff.Choose(ctx, "aigul", ivr.Paused, "", after(1)) }},
		{"ready", func() error { return b.staff.Choose(ctx, "aigul", ivr.Ready, "", after(1)) }},
		{"world", func() error { return b.staff.SetWorld(ctx, "aigul", queue.Unreachable, after(1)) }},
		{"idle", func() error { return b.staff.SetWorld(ctx, "aigul", queue.Idle, after(1)) }},
		{"claim", func() error { return b.tickets.Claim(ctx, "c1", one("aigul"), after(1)) }},
		{"missed", func() error { return b.tickets.Missed(ctx, miss("c1", "aigul", "", 1)) }},
		{"claim again", func() error { return b.tickets.Claim(ctx, "c1", one("aigul"), after(1)) }},
		{"connected", func() error { return b.tickets.Connected(ctx, "c1", "aigul", after(1)) }},
		{"drop", func() error { return b.tickets.Drop(ctx, "c1", false, after(1)) }},
		{"remove", func() error { return b.staff.Remove(ctx, "aigul", after(9)) }},
	} {
		b.ok(change.do())
		now, err := b.staff.Version(ctx)
		b.ok(err)
		_, told, err := b.staff.Agents(ctx)
		b.ok(err)
		if now <= before || told != now {
			b.Fatalf("%s: version %d before, %d after, %d with the agents", change.name, before, now, told)
		}
		before = now
	}
}

// binds expects that the world does not touch an agent whom a ticket binds.
func binds(b bench) {
	ctx := b.Context()
	b.add("aigul")
	b.enter("c1")
	b.ok(b.tickets.Claim(ctx, "c1", one("aigul"), after(1)))
	b.fails(b.staff.SetWorld(ctx, "aigul", queue.Unreachable, after(2)), ivr.Conflict)
	b.agent("aigul", queue.Ringing, "c1")
	b.ok(b.staff.Choose(ctx, "aigul", ivr.Paused, "after this one", after(2)))
	b.ok(b.tickets.Connected(ctx, "c1", "aigul", after(3)))
	b.fails(b.staff.SetWorld(ctx, "aigul", queue.Idle, after(4)), ivr.Conflict)
	b.ok(b.tickets.Drop(ctx, "c1", false, after(5)))
	same(b, b.agent("aigul", queue.Idle, "").Chosen, ivr.Paused)
}
