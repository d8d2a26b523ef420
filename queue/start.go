package queue

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"ikomek109/ivr"
)

// Start reads the store, puts it in order after whatever ended the program
// before, and begins to make offers. live is every call that the program is
// going to take up again: those who waited keep their place and, once their
// call has entered again, their turn; conversations stay as they are. Those who
// were being offered may be talking by now, so that their agent is not free
// before the call has said, by Connected, Missed or Enter, what became of it.
// Tickets of other calls of the node are dropped, and their agents are free. For
// a live call that turns out to have ended, Leave has to be called. What is of
// another node is the business of the program there, which may be running.
//
// An error has the code of the store; Start can be tried again after it.
func (d *Desk) Start(ctx context.Context, live []ivr.CallID) error {
	tickets, err := d.opt.Tickets.All(ctx)
	if err != nil {
		return err
	}
	d.earlier = &earlier{tickets, live}
	if err := d.takeOver(ctx); err != nil {
		return err
	}
	if d.earlier != nil {
		if err := d.reload(ctx); err != nil {
			return err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stop = d.run(context.WithoutCancel(ctx))
	return nil
}

// leaveAside puts those aside who waited, or were being offered, before the
// start, whose calls live, and who did not come back to the queue in time: they
// are in the menu, and the store had not heard of it.
func (d *Desk) leaveAside(ctx context.Context, now time.Time) {
	d.mu.Lock()
	if d.openAt.IsZero() || now.Before(d.openAt) || len(d.away) == 0 {
		d.mu.Unlock()
		return
	}
	calls := slices.Collect(maps.Keys(d.away))
	clear(d.away)
	d.mu.Unlock()
	for _, call := range calls {
		ctx, cancel := d.within(ctx)
		_ = d.carry(ctx, call, d.asideUnlessHere(call)) // owed when it fails
		cancel()
	}
}

// asideUnlessHere is a step aside, for a call that may come at this moment.
func (d *Desk) asideUnlessHere(call ivr.CallID) *debt {
	here := func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		s := d.floor.seats[call]
		return s == nil || s.inbox != nil || s.Status == Served
	}
	return &debt{
		do: func(ctx context.Context) error {
			if here() {
				return nil
			}
			return d.storeAside(ctx, call)
		},
		after: func(s *seat) {
			if s.inbox == nil && s.Status != Served {
				d.stepAside(s)
			}
		},
	}
}

// run starts the loop and gives what stops it.
func (d *Desk) run(ctx context.Context) func(context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	var loop sync.WaitGroup
	loop.Go(func() { d.loop(ctx) })
	return func(last context.Context) {
		cancel()
		loop.Wait()
		d.payDebts(last)
	}
}

// Stop ends the making of offers and tells the store, as far as ctx allows,
// what it has not heard yet. Nothing else changes: those who wait wait on, for
// the program that comes next. It may be called twice.
func (d *Desk) Stop(ctx context.Context) error {
	d.mu.Lock()
	stop := d.stop
	d.stop = nil
	d.mu.Unlock()
	if stop == nil {
		return nil
	}
	stop(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := len(d.debts); n > 0 {
		return &ivr.Error{
			Op: "stop the queue", Code: ivr.Unavailable,
			Message: "the store did not take every change",
			Cure:    "nothing is needed: the next start puts the queue in order",
		}
	}
	return nil
}
