package queue

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"ikomek109/ivr"
)

// round decides on what the memory holds and claims each pair in the store.
// Pairs are claimed at once, so that the store can write them in one go; the
// memory has them reserved meanwhile, so that nothing is decided twice.
func (d *Desk) round(ctx context.Context) {
	if d.earlier != nil { // those who waited before have not come back yet
		return
	}
	offers := d.decide(time.Now())
	if len(offers) == 0 {
		return
	}
	var claims errgroup.Group
	claims.SetLimit(atOnce)
	for _, o := range offers {
		claims.Go(func() error {
			d.claim(ctx, o)
			return nil
		})
	}
	_ = claims.Wait() // they never fail: see claim
}

func (d *Desk) decide(now time.Time) []Offer {
	if d.opt.CanRing != nil && !d.opt.CanRing() { // the next beat looks again
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.away) > 0 && (d.openAt.IsZero() || now.Before(d.openAt)) {
		return nil
	}
	state := d.floor.state(now, d.rules)
	offers := Decide(state)
	d.notePassed(state, offers)
	for _, o := range offers {
		s := d.floor.seats[o.Call]
		d.floor.change(s, func() { s.reserved = true })
		for _, id := range o.All() {
			d.floor.members[id].reserved = true
		}
	}
	return offers
}

// claim makes a pair true in the store and tells the call. Should the store
// refuse or not answer, both keep out of the game until the memory has been
// compared with it.
func (d *Desk) claim(ctx context.Context, o Offer) {
	ctx, cancel := d.within(ctx)
	defer cancel()
	done, err := d.turns.take(ctx, o.Call)
	if err != nil {
		d.release(o)
		return
	}
	defer done()
	if !d.stillWanted(o) {
		d.release(o)
		return
	}
	err = d.opt.Tickets.Claim(ctx, o.Call, o.All(), time.Now())
	d.heard(ctx, err)
	d.claimed(o, err)
}

// stillWanted tells whether the caller waits, now that it is their turn.
func (d *Desk) stillWanted(o Offer) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.floor.seats[o.Call]
	return s != nil && s.reserved && s.Status == Waiting && !s.out && !s.owed
}

// release takes back what decide reserved.
func (d *Desk) release(o Offer) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s := d.floor.seats[o.Call]; s != nil {
		d.floor.change(s, func() { s.reserved = false })
	}
	for _, id := range o.All() {
		if m := d.floor.members[id]; m != nil {
			m.reserved = false
		}
	}
	d.wake()
}

// claimed notes what came of a claim.
func (d *Desk) claimed(o Offer, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.floor.seats[o.Call]
	if err != nil {
		d.doubt(s, o.All(), err)
		return
	}
	d.told.Offers++
	if s != nil {
		d.floor.change(s, func() { s.Status, s.Agents, s.reserved = Offered, slices.Sorted(slices.Values(o.All())), false })
		if !s.out {
			s.inbox.Put(ivr.OfferMade{Agent: o.Agent, More: o.More})
		}
	}
	for _, id := range o.All() {
		d.floor.bind(id, Ringing, o.Call)
	}
}

// doubt keeps those out of the game of whom the store would not have an offer, or
// may have it; mu is held.
func (d *Desk) doubt(s *seat, agents []ivr.AgentID, err error) {
	if !uncertain(err) {
		d.told.Conflicts++
	}
	if s != nil {
		d.floor.change(s, func() { s.reserved, s.doubtful = false, true })
	}
	for _, id := range agents {
		if m := d.floor.members[id]; m != nil {
			d.floor.touch(m)
			m.doubtful = true
		}
	}
	d.suspect()
}
