package queue

import (
	"context"
	"maps"
	"slices"

	"ikomek109/ivr"
)

// debt is a change of a call's ticket that has happened in the world, and that
// the store must hear of however long that takes: a caller who has left has
// left, also while the disk is full.
type debt struct {
	final bool // it makes earlier debts of the call pointless
	talks bool // but not one that says who talks with the caller, or did: the end goes by it
	do    func(ctx context.Context) error
	after func(s *seat) // the same change in the memory, under Desk.mu
	void  func()        // gives back what was kept free for it, under Desk.mu, however it comes out; may be nil
}

// over gives back what was kept free for a debt; Desk.mu is held.
func (c *debt) over() {
	if c.void != nil {
		c.void()
	}
}

// carry does a change of a call's ticket in its turn. When the store does not
// answer, the error comes back, and the change is tried again on each beat.
func (d *Desk) carry(ctx context.Context, call ivr.CallID, c *debt) error {
	d.owe(call, c)
	done, err := d.turns.take(ctx, call)
	if err != nil {
		return err
	}
	defer done()
	return d.settle(ctx, call)
}

// owe notes what the store has yet to hear of. Until then the caller is
// offered to nobody.
func (d *Desk) owe(call ivr.CallID, c *debt) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c.final {
		d.debts[call] = slices.DeleteFunc(d.debts[call], func(earlier *debt) bool {
			if !earlier.talks {
				earlier.over()
			}
			return !earlier.talks
		})
	}
	d.debts[call] = append(d.debts[call], c)
	if s := d.floor.seats[call]; s != nil {
		d.floor.change(s, func() { s.owed = true })
	}
}

// settle tells the store, in order, what it owes it for a call, until it does
// not answer. The caller has the call's turn. The error is that of the last
// one tried.
func (d *Desk) settle(ctx context.Context, call ivr.CallID) error {
	var err error
	for c := d.oldest(call); c != nil; c = d.oldest(call) {
		err = c.do(ctx)
		d.heard(ctx, err)
		if uncertain(err) {
			return err
		}
		d.settled(call, c, err)
	}
	return err
}

func (d *Desk) oldest(call ivr.CallID) *debt {
	d.mu.Lock()
	defer d.mu.Unlock()
	if all := d.debts[call]; len(all) > 0 {
		return all[0]
	}
	return nil
}

// settled takes a debt off the list and does its change in the memory, unless
// the store refused it: then the memory is wrong and has to be compared.
func (d *Desk) settled(call ivr.CallID, c *debt, refused error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	defer d.wake()
	if all := d.debts[call]; len(all) > 0 && all[0] == c {
		d.debts[call] = all[1:]
	}
	if len(d.debts[call]) == 0 {
		delete(d.debts, call)
	}
	c.over()
	s := d.floor.seats[call]
	if s != nil {
		d.floor.change(s, func() { s.owed, s.doubtful = len(d.debts[call]) > 0, refused != nil })
	}
	switch {
	case refused != nil:
		d.suspect()
	case s != nil:
		c.after(s)
	}
}

// payDebts tells the store what it missed, until it fails again.
func (d *Desk) payDebts(ctx context.Context) {
	d.mu.Lock()
	calls := slices.Collect(maps.Keys(d.debts))
	d.mu.Unlock()
	for _, call := range calls {
		if !d.pay(ctx, call) {
			return
		}
	}
}

// pay tells the store what it missed of one call, and whether it answered.
func (d *Desk) pay(ctx context.Context, call ivr.CallID) bool {
	ctx, cancel := d.within(ctx)
	defer cancel()
	done, err := d.turns.take(ctx, call)
	if err != nil {
		return true // the call itself is at it
	}
	defer done()
	if err := d.settle(ctx, call); err != nil {
		d.opt.Log.Warn("a change of the queue is still not stored", "call", call, "err", err)
		return !uncertain(err)
	}
	return true
}

// suspect has the memory compared with the store; mu is held.
func (d *Desk) suspect() {
	d.stale = true
	d.wake()
}
