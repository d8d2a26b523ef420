package queue

import (
	"context"
	"slices"
	"time"

	"ikomek109/ivr"
)

// compare brings the memory up to date with the store: the agents when their
// version says that they changed, everything when something did not fit or
// from time to time.
func (d *Desk) compare(ctx context.Context) {
	ctx, cancel := d.within(ctx)
	defer cancel()
	d.mu.Lock()
	stale, known := d.stale, d.version
	d.mu.Unlock()
	late := time.Since(d.checked) >= d.opt.Recheck
	if stale || late {
		d.heard(ctx, d.reload(ctx))
	}
	if late {
		d.forget(ctx, time.Now())
	}
	if stale || late {
		return
	}
	version, err := d.opt.Staff.Version(ctx)
	if err == nil && version != known {
		err = d.readAgents(ctx)
	}
	d.heard(ctx, err)
}

// compareSoon compares without waiting for the beat when something did not fit
// (another program was quicker), but not again and again.
func (d *Desk) compareSoon(ctx context.Context) {
	d.mu.Lock()
	stale := d.stale
	d.mu.Unlock()
	if stale && time.Since(d.tried) >= d.opt.Beat {
		d.compare(ctx)
	}
}

// reload compares the whole memory with the store. What changes here while the
// store is being read is left alone, and compared again on the next beat.
func (d *Desk) reload(ctx context.Context) error {
	d.tried = time.Now()
	since := d.startReading()
	tickets, err := d.opt.Tickets.All(ctx)
	if err != nil {
		d.stopReading()
		return err
	}
	lost := d.takeTickets(tickets, since)
	if err := d.readAgents(ctx); err != nil {
		d.mu.Lock()
		d.stale = true
		d.mu.Unlock()
		return err
	}
	d.checked = time.Now()
	for _, s := range lost {
		d.comeBack(ctx, s)
	}
	return nil
}

// startReading gives the memory's revision, and has removals remembered until
// stopReading.
func (d *Desk) startReading() (since int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stale = false
	d.floor.gone = map[ivr.CallID]bool{}
	return d.floor.rev
}

func (d *Desk) stopReading() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stale = true
	d.floor.gone = nil
}

// lostSeat is one who waits here and of whom the store knows nothing.
type lostSeat struct {
	ticket ivr.Ticket
	inbox  *ivr.Inbox
}

// takeTickets takes over the tickets as the store has them, and gives those
// callers of ours that it has lost.
func (d *Desk) takeTickets(tickets []Ticket, since int64) (lost []lostSeat) {
	d.mu.Lock()
	defer d.mu.Unlock()
	stored := make(map[ivr.CallID]bool, len(tickets))
	for _, t := range tickets {
		stored[t.Call] = true
		if !d.floor.gone[t.Call] && !d.moving(t.Call, since) {
			d.takeTicket(t)
		}
	}
	for call, s := range d.floor.seats {
		if stored[call] || d.moving(call, since) {
			continue
		}
		if s.inbox != nil && !s.out && s.Status == Waiting {
			lost = append(lost, lostSeat{s.Ticket.Ticket, s.inbox})
			d.floor.change(s, func() { s.doubtful = true })
			continue
		}
		d.floor.remove(s)
	}
	d.floor.gone = nil
	d.wake()
	return lost
}

// moving tells whether a call's ticket changed after the memory's revision
// since, or is changing now: then what the store said may be older than what
// the memory holds.
func (d *Desk) moving(call ivr.CallID, since int64) bool {
	s := d.floor.seats[call]
	if d.turns.busy(call) || len(d.debts[call]) > 0 || (s != nil && (s.rev > since || s.reserved)) {
		d.stale = d.stale || (s != nil && s.doubtful)
		return true
	}
	return false
}

// takeTicket takes over one ticket; mu is held. An offer of ours that the
// store has and the call has not heard of is one whose claim got no answer:
// the call is told now.
func (d *Desk) takeTicket(t Ticket) {
	s := d.floor.seats[t.Call]
	switch {
	case s == nil:
		d.floor.put(t)
		return
	case s.Status == t.Status && s.Queue == t.Queue && slices.Equal(s.Agents, t.Agents) && compare(&s.Ticket, &t) == 0 && !s.doubtful:
		return
	}
	offered := t.Status == Offered && !slices.Equal(s.Agents, t.Agents)
	out := s.out
	d.floor.put(t)
	d.floor.change(s, func() { s.out = out })
	if offered && s.inbox != nil && !out {
		s.inbox.Put(ivr.OfferMade{Agent: t.Agents[0], More: append([]ivr.AgentID(nil), t.Agents[1:]...)})
	}
}

// readAgents takes over the agents as the store has them.
func (d *Desk) readAgents(ctx context.Context) error {
	d.mu.Lock()
	since := d.floor.rev
	d.mu.Unlock()
	agents, version, err := d.opt.Staff.Agents(ctx)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if version < d.seen {
		return nil // somebody who asked later was answered earlier
	}
	d.version, d.seen = version, version
	stored := make(map[ivr.AgentID]bool, len(agents))
	for _, a := range agents {
		stored[a.ID] = true
		d.takeAgent(a, since)
	}
	for id, m := range d.floor.members {
		if !stored[id] && !m.reserved {
			delete(d.floor.members, id)
		}
	}
	d.wake()
	return nil
}

// takeAgent takes over one agent; mu is held.
func (d *Desk) takeAgent(a Agent, since int64) {
	m := d.floor.members[a.ID]
	switch {
	case m == nil:
		m = &member{}
		d.floor.members[a.ID] = m
	case m.reserved || m.rev > since:
		d.version = 0 // read again on the next beat
		return
	}
	m.Agent, m.doubtful = a, false
}

// comeBack puts a caller into the queue again whose ticket the store has lost, at
// the old place: that goes by their waiting. One who has left meanwhile stays
// away.
func (d *Desk) comeBack(ctx context.Context, l lostSeat) {
	done, err := d.turns.take(ctx, l.ticket.Call)
	if err != nil {
		return // the call itself is at it; if it waits on, the next look finds it
	}
	defer done()
	if !d.waitsStill(l.ticket.Call) {
		return
	}
	d.opt.Log.Error("a waiting caller's ticket was gone from the store; entered again", "call", l.ticket.Call)
	if _, err := d.enter(ctx, l.ticket, l.inbox); err != nil {
		l.inbox.Put(ivr.TurnedOut{Why: "closed"})
	}
}

func (d *Desk) waitsStill(call ivr.CallID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.floor.seats[call]
	return s != nil && !s.out && s.Status == Waiting && len(d.debts[call]) == 0
}
