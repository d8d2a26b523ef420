package queue

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"ikomek109/ivr"
)

// Options is what a [Desk] needs. Tickets, Staff and Log have no default.
type Options struct {
	Tickets Tickets
	Staff   Staff
	Log     *slog.Logger
	// Node names the phone switch whose calls the desk serves; empty while it is not
	// known, and then nobody is offered. Tickets of other nodes are left to the
	// programs there: they have their place in the order, and are neither offered nor
	// taken away here. Nil: there is one node.
	Node  func() string
	Rules Rulebook // DefaultRules for all queues when zero

	// Beat is how often the desk looks by itself: at the version of the
	// agents, which other programs change, at who waited too long, at what it
	// owes the store. Default 1 s.
	Beat time.Duration
	// Recheck is how often the whole memory is compared with the store.
	// Default 30 s.
	Recheck time.Duration
	// Return is how long after a start, counted from the first caller who
	// enters, nobody is offered: so that those who waited before come back
	// first and the order holds. It ends as soon as they all did. Default 3 s.
	Return time.Duration
	// WrapUpMore is by how much an agent makes a wrap-up longer at once, and
	// WrapUpLongest how long it can get. Defaults 30 s and 5 min.
	WrapUpMore, WrapUpLongest time.Duration
	// CanRing tells whether telephones can be rung now; while they cannot, nobody is
	// offered. Nil: always.
	CanRing func() bool
	// StoreWithin bounds one operation that the desk does by itself. Default 5 s.
	StoreWithin time.Duration
}

// atOnce bounds the store's operations that the desk has under way; enough for
// the store to write many of them in one go.
const atOnce = 32

// Desk is where callers and agents are brought together. It implements
// [ivr.Queue] and [ivr.Roster]. What it holds is a copy: every change is in
// the store before it counts here, so a program that was killed and started
// again goes on with the same order.
//
// Lock order: a call's turn, then mu, then whatever is inside of turns. mu is
// never held over an operation of the store.
type Desk struct {
	opt   Options
	turns turns
	kick  chan struct{} // one token: something changed, decide again

	mu      sync.Mutex
	floor   *floor                 // guarded by mu
	rules   Rulebook               // guarded by mu
	debts   map[ivr.CallID][]*debt // guarded by mu
	away    map[ivr.CallID]bool    // waited before the start and did not come back yet; guarded by mu
	openAt  time.Time              // offers are made from then on, or when away is empty; guarded by mu
	stale   bool                   // the memory has to be compared with the store; guarded by mu
	version int64                  // of the agents in memory, 0 to have them read again; guarded by mu
	seen    int64                  // the newest version of the agents ever taken over; guarded by mu
	told    Counts                 // guarded by mu
	failing bool                   // the store did not answer last time; guarded by mu
	stop    func(context.Context)  // set by Start; guarded by mu

	earlier *earlier  // what is to be put in order once the node is known; nil when that is done; used by Start, then the loop alone
	checked time.Time // when the store was last read whole; used by the loop alone
	tried   time.Time // when that was last tried; used by the loop alone
}

var (
	_ ivr.Queue  = (*Desk)(nil)
	_ ivr.Roster = (*Desk)(nil)
)

// NewDesk makes a desk. It does nothing before [Desk.Start].
func NewDesk(opt Options) *Desk {
	defaults := []struct {
		field *time.Duration
		value time.Duration
	}{
		{&opt.Beat, time.Second},
		{&opt.Recheck, 30 * time.Second},
		{&opt.Return, 3 * time.Second},
		{&opt.StoreWithin, 5 * time.Second},
		{&opt.WrapUpMore, 30 * time.Second},
		{&opt.WrapUpLongest, 5 * time.Minute},
	}
	for _, d := range defaults {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	if opt.Rules.Default == (Rules{}) && opt.Rules.Queues == nil {
		opt.Rules.Default = DefaultRules()
	}
	return &Desk{
		opt: opt, rules: opt.Rules, kick: make(chan struct{}, 1),
		floor: newFloor(), debts: map[ivr.CallID][]*debt{}, away: map[ivr.CallID]bool{},
	}
}

// Rules gives the rules of a queue.
func (d *Desk) Rules(queue string) Rules {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rules.For(queue)
}

// CallRules gives what a call itself goes by while it waits in a queue: it is
// made for [ivr.Options].
func (d *Desk) CallRules(queue string) ivr.Rules { return d.Rules(queue).Rules }

// SetRules puts other rules in force, for those who wait as well.
func (d *Desk) SetRules(b Rulebook) {
	d.mu.Lock()
	d.rules = b
	d.mu.Unlock()
	d.wake()
}

// wake has the loop decide again soon.
func (d *Desk) wake() {
	select {
	case d.kick <- struct{}{}:
	default:
	}
}

// loop decides when something changed, and looks around on each beat.
func (d *Desk) loop(ctx context.Context) {
	beat := time.NewTicker(d.opt.Beat)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.kick:
			d.compareSoon(ctx)
		case <-beat.C:
			d.beat(ctx)
		}
		d.takeOverSoon(ctx)
		d.round(ctx)
	}
}

// beat is what is looked at whether or not anything was heard.
func (d *Desk) beat(ctx context.Context) {
	d.payDebts(ctx)
	d.compare(ctx)
	d.endWrapUps(ctx, time.Now())
	d.leaveAside(ctx, time.Now())
	d.turnOut(time.Now())
	d.tellPlaces(time.Now())
}

// within bounds an operation that the desk does by itself.
func (d *Desk) within(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, d.opt.StoreWithin)
}

// heard notes how the store answered, and logs when that changes.
func (d *Desk) heard(ctx context.Context, err error) {
	if err != nil && errors.Is(ctx.Err(), context.Canceled) {
		return // we gave up on it, not it on us
	}
	failing := uncertain(err)
	d.mu.Lock()
	changed := failing != d.failing
	d.failing = failing
	if failing {
		d.told.StoreFailures++
	}
	d.mu.Unlock()
	switch {
	case changed && failing:
		d.opt.Log.Error("the queue's store does not answer; callers keep their places, nobody new is offered", "err", err)
	case changed:
		d.opt.Log.Info("the queue's store answers again")
	}
}

// uncertain tells whether an operation may or may not have been carried out.
func uncertain(err error) bool {
	if err == nil {
		return false
	}
	switch ivr.CodeOf(err) {
	case ivr.Conflict, ivr.NotFound, ivr.Invalid, ivr.Denied, ivr.TooNew:
		return false
	default:
		return true
	}
}
