package queue

import (
	"context"
	"slices"
	"time"

	"ikomek109/ivr"
)

// Enter implements [ivr.Queue]. A caller beyond the queue's capacity gets a
// ticket as well, so that the books balance, and [ivr.TurnedOut] with
// "overflow" at once. One who enters the same queue again waits in it all the
// same, in the order of their waiting. After an error the caller
// gets no offers; one that enters again has the place that the store gave or
// kept, one that does not has to Leave.
func (d *Desk) Enter(ctx context.Context, t ivr.Ticket, in *ivr.Inbox) (ivr.Standing, error) {
	done, err := d.turns.take(ctx, t.Call)
	if err != nil {
		return ivr.Standing{}, err
	}
	defer done()
	t.HeadStart = min(max(t.HeadStart, 0), ivr.MaxHeadStart)
	if !tells(t.Caller) {
		t.Caller = ""
	}
	return d.enter(ctx, t, in)
}

// enter is Enter for who has the call's turn.
func (d *Desk) enter(ctx context.Context, t ivr.Ticket, in *ivr.Inbox) (ivr.Standing, error) {
	now := time.Now()
	entered, err := d.opt.Tickets.Enter(ctx, Entry{Ticket: t, Node: d.node(), Now: now, Kept: d.Rules(t.Queue).PlaceKept})
	d.heard(ctx, err)
	if err != nil {
		if uncertain(err) { // a ticket may be there that nobody knows of
			d.owe(t.Call, d.asideIfThere(t.Call))
		}
		return ivr.Standing{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range d.debts[t.Call] { // whatever the store had not heard of before is void
		c.over()
	}
	delete(d.debts, t.Call)
	standing := ivr.Standing{Place: d.seatCaller(entered, in), Regained: entered.Regained}
	d.wake()
	return standing, nil
}

// asideIfThere keeps the place of one whose entering got no answer, and who may
// have been aside, waiting or not there before it.
func (d *Desk) asideIfThere(call ivr.CallID) *debt {
	return &debt{
		do: func(ctx context.Context) error {
			if err := d.storeAside(ctx, call); uncertain(err) {
				return err
			}
			return nil
		},
		after: func(s *seat) { d.stepAside(s) },
	}
}

// stepAside takes a caller aside in the memory; mu is held.
func (d *Desk) stepAside(s *seat) {
	d.floor.freeAll(s, time.Now())
	d.floor.change(s, func() { s.Status, s.Agents = Aside, nil })
}

// seatCaller puts a caller who entered into the memory and gives the place.
func (d *Desk) seatCaller(t Ticket, in *ivr.Inbox) int {
	old := d.floor.seats[t.Call]
	if old != nil {
		d.floor.freeAll(old, time.Now())
	}
	joins := old == nil || old.Queue != t.Queue
	if old != nil && joins {
		old.told = 0
	}
	s := d.floor.put(t)
	d.floor.change(s, func() { s.inbox = in })
	d.cameBack(t.Call)
	limit, place := d.rules.For(t.Queue).Capacity, d.floor.place(s)
	if joins && !t.Patient && limit > 0 && place-d.floor.room(t.Queue).patient > limit {
		d.expel(s, "overflow")
		return place
	}
	return d.floor.tell(s)
}

// cameBack notes that a caller is here. With the first one after a start, the
// time begins in which the others can come back; mu is held.
func (d *Desk) cameBack(call ivr.CallID) {
	delete(d.away, call)
	if d.openAt.IsZero() {
		d.openAt = time.Now().Add(d.opt.Return)
	}
}

// expel takes a caller out of the order and says so to the call. Until it has
// left, entered again or joined another queue, it has no place that others wait
// behind.
func (d *Desk) expel(s *seat, why string) {
	d.floor.change(s, func() { s.out = true })
	s.inbox.Put(ivr.TurnedOut{Why: why})
	d.told.TurnedOut++
}

// Aside implements [ivr.Queue]. A caller who steps aside just when an agent
// was claimed for them gives the agent back; an [ivr.OfferMade] that is in the
// Inbox when Aside returns is void.
func (d *Desk) Aside(ctx context.Context, call ivr.CallID) error {
	return d.carry(ctx, call, &debt{
		do:    func(ctx context.Context) error { return d.storeAside(ctx, call) },
		after: func(s *seat) { d.stepAside(s) },
	})
}

// storeAside takes back an offer first, if there is one: also one whose claim
// got no answer, of which nobody here knows.
func (d *Desk) storeAside(ctx context.Context, call ivr.CallID) error {
	err := d.opt.Tickets.Aside(ctx, call)
	t, ok := d.ticket(call)
	if !ok || ivr.CodeOf(err) != ivr.Conflict {
		return err
	}
	if t.Status == Offered { // so that the agents are as idle as before
		for _, agent := range t.Agents {
			if err := d.opt.Tickets.Missed(ctx, d.spared(call, agent)); err != nil && ivr.CodeOf(err) != ivr.Conflict {
				return err
			}
		}
		if err = d.opt.Tickets.Aside(ctx, call); ivr.CodeOf(err) != ivr.Conflict {
			return err
		}
	}
	if _, err := d.opt.Tickets.Enter(ctx, Entry{Ticket: t.Ticket, Node: d.node(), Now: time.Now()}); err != nil {
		return err
	}
	return d.opt.Tickets.Aside(ctx, call)
}

// ticket gives a call's ticket as the memory has it.
func (d *Desk) ticket(call ivr.CallID) (Ticket, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s := d.floor.seats[call]; s != nil {
		return s.Ticket, true
	}
	return Ticket{}, false
}

// Connected implements [ivr.Queue]. When the store does not answer, the error
// has the code Unavailable and the store is told later: the two can talk.
// A conversation of an earlier program is known by its offer, which [Desk.Start]
// leaves as it is, or is in the store already.
func (d *Desk) Connected(ctx context.Context, call ivr.CallID, agent ivr.AgentID) error {
	d.mu.Lock()
	delete(d.away, call)
	d.mu.Unlock()
	if t, ok := d.ticket(call); ok && t.Status == Served && slices.Contains(t.Agents, agent) {
		return nil
	}
	at := time.Now()
	return d.carry(ctx, call, &debt{
		talks: true,
		do:    func(ctx context.Context) error { return d.opt.Tickets.Connected(ctx, call, agent, at) },
		after: func(s *seat) {
			d.connected(s, agent)
		},
	})
}

// connected notes a conversation in the memory; mu is held.
func (d *Desk) connected(s *seat, agent ivr.AgentID) {
	for _, id := range s.Agents {
		if id != agent {
			d.floor.spare(id, s.Call)
		}
	}
	d.floor.change(s, func() { s.Status, s.Agents = Served, []ivr.AgentID{agent} })
	if d.floor.bind(agent, Talking, s.Call); d.floor.members[agent] != nil {
		d.floor.members[agent].Taken++
	}
}

// Leave implements [ivr.Queue]. From now on the caller is offered to nobody,
// even when the store does not answer and an error comes back. An agent who was
// in conversation with the caller wraps up.
func (d *Desk) Leave(ctx context.Context, call ivr.CallID, why string) error {
	d.opt.Log.Debug("a caller leaves the queue", "call", call, "why", why)
	l := leaving{at: time.Now(), keep: cutOff(why)}
	if t, ok := d.ticket(call); ok && t.Status == Served {
		l.until = l.at.Add(d.Rules(t.Queue).WrapUp)
	}
	return d.drop(ctx, call, l)
}

// leaving is how a call's ticket is taken away.
type leaving struct {
	at    time.Time
	until time.Time // an agent who was with the caller wraps up until then
	keep  bool      // the place of a caller who was not served is kept
}

// drop takes a call's ticket away.
func (d *Desk) drop(ctx context.Context, call ivr.CallID, l leaving) error {
	d.mu.Lock()
	if s := d.floor.seats[call]; s != nil {
		d.floor.change(s, func() { s.out = true })
	}
	delete(d.away, call)
	d.mu.Unlock()
	return d.carry(ctx, call, d.dropping(call, l))
}

// dropping is the removal of a call's ticket, whatever it stands for.
func (d *Desk) dropping(call ivr.CallID, l leaving) *debt {
	return &debt{
		final: true,
		talks: l.until.After(l.at),
		do: func(ctx context.Context) error {
			if l.until.After(l.at) {
				return d.opt.Tickets.Finish(ctx, call, l.at, l.until)
			}
			return d.opt.Tickets.Drop(ctx, call, l.keep, l.at)
		},
		after: func(s *seat) {
			if l.until.After(l.at) {
				for _, id := range s.Agents {
					d.floor.wrapUp(id, call, l.at, l.until)
				}
			} else {
				d.floor.freeAll(s, l.at)
			}
			d.floor.remove(s)
		},
	}
}
