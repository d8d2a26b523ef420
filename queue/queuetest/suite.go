package queuetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/queue"
)

// Start is when the suites' callers come: whole microseconds, UTC.
func Start() time.Time { return time.Date(2022, 1, 6, 9, 30, 0, 123456000, time.UTC) }

// NewAgent gives an agent who is ready and idle since [Start].
func NewAgent(id ivr.AgentID) queue.Agent {
	return queue.Agent{
		ID: id, Name: "Әйгүл \"A\"", Languages: []flows.Language{"kk", "ru"}, Queues: []string{"general"}, Topics: []string{"health", "transport"},
		Credential: "hash", Chosen: ivr.Ready, World: queue.Idle, IdleSince: Start(),
	}
}

// NewTicket gives the ticket of a caller who comes at [Start].
func NewTicket(call ivr.CallID) ivr.Ticket {
	return ivr.Ticket{
		Call: call, Queue: "general", Language: "kk", Category: "health/covid", At: Start(),
		Caller: "+77010000001", OtherLanguage: true,
	}
}

// NewEntry gives that ticket as it enters, at [Start].
func NewEntry(call ivr.CallID) queue.Entry {
	return queue.Entry{Ticket: NewTicket(call), Node: "first", Now: Start()}
}

// bench is one store under test.
type bench struct {
	*testing.T
	tickets queue.Tickets
	staff   queue.Staff
	log     queue.StaffLog
}

// Staff is what the suites ask of a store of agents.
type Staff interface {
	queue.Staff
	queue.StaffLog
}

// TicketsSuite is what every [queue.Tickets] has to do. open gives an empty
// one, with the staff that shares its store.
func TicketsSuite(t *testing.T, open func(t *testing.T) (queue.Tickets, Staff)) {
	t.Helper()
	run(t, open, map[string]func(bench){
		"served from first to last":  served,
		"order and places kept":      order,
		"missed":                     missed,
		"states are checked":         states,
		"only the free are claimed":  onlyFree,
		"entered again":              enteredAgain,
		"drop":                       drop,
		"one claim of many":          oneClaim,
		"refused tickets":            refusedTickets,
		"order of waiting":           rank,
		"the stay in a queue":        since,
		"served before":              servedBefore,
		"several at once":            several,
		"several, all or none":       allOrNone,
		"a place kept":               keptOnce,
		"the best place of a number": keptBest,
		"a place not kept":           notKept,
		"a place forgotten":          forgotten,
		"wrap-up":                    wrapUp,
		"no wrap-up":                 noWrapUp,
		"hold":                       onHold,
		"handed over":                handedOver,
		"rung for nothing":           rungForNothing,
	})
}

// StaffSuite is what every [queue.Staff] has to do.
func StaffSuite(t *testing.T, open func(t *testing.T) (queue.Tickets, Staff)) {
	t.Helper()
	run(t, open, map[string]func(bench){
		"kept as given":       keptAsGiven,
		"added once":          addedOnce,
		"numbered":            numbered,
		"removed":             removed,
		"credential":          credential,
		"chosen":              chosen,
		"edited":              edited,
		"shift":               shift,
		"world":               world,
		"nobody there":        nobody,
		"refused agents":      refusedAgents,
		"version of changes":  version,
		"ticket binds agents": binds,
		"journal of changes":  journalled,
	})
}

func run(t *testing.T, open func(t *testing.T) (queue.Tickets, Staff), tests map[string]func(bench)) {
	t.Helper()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			tickets, staff := open(t)
			test(bench{T: t, tickets: tickets, staff: staff, log: staff})
		})
	}
}

func served(b bench) {
	b.add("aigul")
	first := b.enter("c1")
	same(b, first, queue.Ticket{Ticket: NewTicket("c1"), Node: "first", Seq: first.Seq, Since: Start(), Status: queue.Waiting})
	b.ok(b.tickets.Claim(b.Context(), "c1", one("aigul"), after(1)))
	b.agent("aigul", queue.Ringing, "c1")
	b.ticket("c1", queue.Offered, "aigul")
	b.ok(b.tickets.Connected(b.Context(), "c1", "aigul", after(2)))
	b.agent("aigul", queue.Talking, "c1")
	b.ticket("c1", queue.Served, "aigul")
	b.ok(b.tickets.Drop(b.Context(), "c1", false, after(3)))
	a := b.agent("aigul", queue.Idle, "")
	same(b, a.IdleSince, after(3))
	b.places()
}

func missed(b bench) {
	b.add("aigul")
	b.enter("c1")
	b.enter("c2")
	b.ok(b.tickets.Claim(b.Context(), "c1", one("aigul"), after(1)))
	b.ok(b.tickets.Missed(b.Context(), miss("c1", "aigul", "", 2)))
	a := b.agent("aigul", queue.Idle, "")
	same(b, []any{a.Chosen, a.PauseReason, a.IdleSince}, []any{ivr.Ready, "", after(2)})
	b.ok(b.tickets.Claim(b.Context(), "c1", one("aigul"), after(3)))
	b.ok(b.tickets.Missed(b.Context(), miss("c1", "aigul", "missed", 4)))
	a = b.agent("aigul", queue.Idle, "")
	same(b, []any{a.Chosen, a.PauseReason, a.IdleSince}, []any{ivr.Paused, "missed", after(4)})
	b.ticket("c1", queue.Waiting)
	b.places("c1", "c2")
}

func states(b bench) {
	b.add("aigul")
	b.add("dana")
	ctx := b.Context()
	b.fails(b.tickets.Aside(ctx, "c1"), ivr.NotFound)
	b.fails(b.tickets.Claim(ctx, "c1", one("aigul"), after(1)), ivr.NotFound)
	b.fails(b.tickets.Connected(ctx, "c1", "aigul", after(1)), ivr.NotFound)
	b.fails(b.tickets.Missed(ctx, miss("c1", "aigul", "", 1)), ivr.NotFound)
	b.enter("c1")
	b.fails(b.tickets.Connected(ctx, "c1", "aigul", after(1)), ivr.Conflict)
	b.fails(b.tickets.Missed(ctx, miss("c1", "aigul", "", 1)), ivr.Conflict)
	b.ok(b.tickets.Aside(ctx, "c1"))
	b.fails(b.tickets.Aside(ctx, "c1"), ivr.Conflict)
	b.fails(b.tickets.Claim(ctx, "c1", one("aigul"), after(1)), ivr.Conflict)
	b.enter("c1")
	b.ok(b.tickets.Claim(ctx, "c1", one("aigul"), after(1)))
	b.fails(b.tickets.Aside(ctx, "c1"), ivr.Conflict)
	b.fails(b.tickets.Claim(ctx, "c1", one("dana"), after(1)), ivr.Conflict)
	b.fails(b.tickets.Connected(ctx, "c1", "dana", after(1)), ivr.Conflict)
	b.fails(b.tickets.Missed(ctx, miss("c1", "dana", "", 1)), ivr.Conflict)
	b.agent("aigul", queue.Ringing, "c1")
	b.agent("dana", queue.Idle, "")
	b.ok(b.tickets.Connected(ctx, "c1", "aigul", after(1)))
	b.fails(b.tickets.Connected(ctx, "c1", "aigul", after(1)), ivr.Conflict)
	b.fails(b.tickets.Missed(ctx, miss("c1", "aigul", "", 1)), ivr.Conflict)
}

func onlyFree(b bench) {
	ctx := b.Context()
	b.enter("c1")
	b.enter("c2")
	b.fails(b.tickets.Claim(ctx, "c1", one("nobody"), after(1)), ivr.NotFound)
	b.add("aigul")
	for _, c := range []ivr.Chosen{ivr.Paused, ivr.Off} {
		b.ok(b.staff.Choose(ctx, "aigul", c, "", after(1)))
		b.fails(b.tickets.Claim(ctx, "c1", one("aigul"), after(1)), ivr.Conflict)
	}
	b.ok(b.staff.Choose(ctx, "aigul", ivr.Ready, "", after(1)))
	b.ok(b.staff.SetWorld(ctx, "aigul", queue.Unreachable, after(1)))
	b.fails(b.tickets.Claim(ctx, "c1", one("aigul"), after(1)), ivr.Conflict)
	b.ok(b.staff.SetWorld(ctx, "aigul", queue.Idle, after(1)))
	b.ok(b.tickets.Claim(ctx, "c1", one("aigul"), after(1)))
	b.fails(b.tickets.Claim(ctx, "c2", one("aigul"), after(1)), ivr.Conflict)
	b.ticket("c2", queue.Waiting)
}

func drop(b bench) {
	b.ok(b.tickets.Drop(b.Context(), "c1", false, after(1)))
	one := b.enter("c1")
	b.ok(b.tickets.Drop(b.Context(), "c1", false, after(1)))
	b.ok(b.tickets.Drop(b.Context(), "c1", false, after(1)))
	if again := b.enter("c1"); again.Seq <= one.Seq {
		b.Fatalf("place %d was given twice", again.Seq)
	}
}

func oneClaim(b bench) {
	const n = 8
	for i := range n {
		b.enter(ivr.CallID(fmt.Sprint("c", i)))
	}
	b.add("aigul")
	b.add("dana")
	won := make(chan string, 2*n)
	var all sync.WaitGroup
	for i := range 2 * n {
		all.Go(func() {
			call, agent := ivr.CallID(fmt.Sprint("c", i/2)), []ivr.AgentID{"aigul", "dana"}[i%2]
			if err := b.tickets.Claim(b.Context(), call, one(agent), after(1)); err == nil {
				won <- string(call)
			} else if ivr.CodeOf(err) != ivr.Conflict {
				b.Error(err)
			}
		})
	}
	all.Wait()
	if len(won) != 2 {
		b.Fatalf("%d claims won, want 2", len(won))
	}
	if first, second := <-won, <-won; first == second {
		b.Fatalf("both agents have %s", first)
	}
}

// one gives those who are claimed together.
func one(agents ...ivr.AgentID) []ivr.AgentID { return agents }

// miss gives an offer that was missed n seconds after [Start].
func miss(call ivr.CallID, agent ivr.AgentID, pause string, n int) queue.Miss {
	return queue.Miss{Call: call, Agent: agent, Pause: pause, At: after(n)}
}

// after gives a moment n seconds after Start.
func after(n int) time.Time { return Start().Add(time.Duration(n) * time.Second) }

func (b bench) add(id ivr.AgentID) {
	b.Helper()
	b.ok(b.staff.Add(b.Context(), NewAgent(id)))
}

func (b bench) enter(call ivr.CallID) queue.Ticket {
	b.Helper()
	return b.enterAs(call, func(*queue.Entry) {})
}

// enterAs is enter with an entry that differs.
func (b bench) enterAs(call ivr.CallID, differ func(*queue.Entry)) queue.Ticket {
	b.Helper()
	e := NewEntry(call)
	differ(&e)
	t, err := b.tickets.Enter(b.Context(), e)
	b.ok(err)
	return t
}

// agent checks where an agent stands.
func (b bench) agent(id ivr.AgentID, w queue.World, call ivr.CallID) queue.Agent {
	b.Helper()
	all, _, err := b.staff.Agents(b.Context())
	b.ok(err)
	for _, a := range all {
		if a.ID != id {
			continue
		}
		if a.World != w || a.Call != call {
			b.Fatalf("agent %s is %s with call %q, want %s with %q", id, a.World, a.Call, w, call)
		}
		return a
	}
	b.Fatalf("no agent %s", id)
	return queue.Agent{}
}

// ticket checks where a ticket stands.
func (b bench) ticket(call ivr.CallID, s queue.Status, agents ...ivr.AgentID) {
	b.Helper()
	all, err := b.tickets.All(b.Context())
	b.ok(err)
	for _, t := range all {
		if t.Call == call {
			same(b, []any{t.Status, t.Agents}, []any{s, agents})
			return
		}
	}
	b.Fatalf("no ticket of %s", call)
}

// places checks who is in the queue, in order.
func (b bench) places(want ...ivr.CallID) {
	b.Helper()
	all, err := b.tickets.All(b.Context())
	b.ok(err)
	var got []ivr.CallID
	for _, t := range all {
		got = append(got, t.Call)
	}
	same(b, got, want)
}

func (b bench) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b bench) fails(err error, code ivr.Code) {
	b.Helper()
	if err == nil || ivr.CodeOf(err) != code {
		b.Fatalf("got %v, want an error with code %q", err, code)
	}
}

func same[T any](b bench, got, want T) {
	b.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		b.Fatalf("difference (-want +got):\n%s", d)
	}
}
