package ivr

import (
	"context"
	"slices"
	"time"

	"ikomek109/flows"
)

// World is what a call may know of the line around it: for the conditions of a
// menu, the order of its options and what is said first. It is asked on the way
// of a call, by many calls at once.
type World interface {
	// Mode gives the line's mode, from memory.
	Mode() string
	// Queue tells how a queue stands, from memory.
	Queue(name string) flows.QueueState
	// Serving counts the agents on duty who can serve a caller, now or when the
	// one they have is gone: by queue, topic and language, or another language
	// where the caller would get it; and the callers of other queues whom those have to
	// serve before. From memory.
	Serving(t Ticket) (agents, before int)
	// Demand tells how much the options of a menu were asked for in the last
	// hours, the more the higher, from memory: see Tally. Nobody changes the map.
	Demand(menu string) map[string]int
	// CallsToday counts the calls from a number since the city's midnight,
	// without the given one. It may read the store.
	CallsToday(ctx context.Context, caller Number, but CallID) (int, error)
	// Bulletins gives what the caller is to hear first, and says whether the
	// bulletin of the mode is to be left out, since this caller has heard it
	// often enough. It may read the store, and then falls back to saying all:
	// no failure keeps a bulletin from a citizen. With no caller it gives all, from
	// memory.
	Bulletins(ctx context.Context, caller Number) (all []flows.Bulletin, spared bool)
}

// quietWorld is a daily line of which nothing more is known.
type quietWorld struct{}

func (quietWorld) Mode() string                                               { return "daily" }
func (quietWorld) Queue(string) flows.QueueState                              { return flows.QueueState{} }
func (quietWorld) Serving(Ticket) (agents, before int)                        { return 0, 0 }
func (quietWorld) Demand(string) map[string]int                               { return nil }
func (quietWorld) CallsToday(context.Context, Number, CallID) (int, error)    { return 0, nil }
func (quietWorld) Bulletins(context.Context, Number) ([]flows.Bulletin, bool) { return nil, false }

// worldWait bounds how long a caller may be kept by a store that is asked about
// the world: a condition decided without it is better than silence.
const worldWait = 300 * time.Millisecond

// env is what the flow may know of the world.
func (c *call) env(ctx context.Context) flows.Env {
	w := c.line.opt.World
	e := flows.Env{Now: time.Now(), Mode: w.Mode(), CallerKnown: c.number != "", Queue: w.Queue, Demand: w.Demand}
	e.Bulletins, _ = w.Bulletins(ctx, "") // for who waits and asks what there is to know
	if known := c.line.opt.Partners; known != nil {
		e.Partner = func(code string) bool { return slices.Contains(known, code) }
	}
	if c.rec.record.Caller != "" && c.flow.AsksCallsToday() {
		e.CallsToday = c.callsToday(ctx)
	}
	return e
}

// callsToday counts this caller's calls, this one included, once in a call.
func (c *call) callsToday(ctx context.Context) int {
	if c.today > 0 {
		return c.today
	}
	ctx, cancel := context.WithTimeout(ctx, worldWait)
	defer cancel()
	others, err := c.line.opt.World.CallsToday(ctx, c.rec.record.Caller, c.rec.record.ID)
	if err != nil {
		c.log.Warn("the calls of this number today were not counted", "err", err)
	}
	c.today = others + 1
	return c.today
}

// start begins the walk through the menu: with what is to be said first.
func (c *call) start(ctx context.Context) *flows.Result {
	e := c.env(ctx)
	asked, cancel := context.WithTimeout(ctx, worldWait)
	defer cancel()
	e.Bulletins, e.ModeSpared = c.line.opt.World.Bulletins(asked, c.rec.record.Caller)
	r := c.flow.Begin(e)
	return &r
}
