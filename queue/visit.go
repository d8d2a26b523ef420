package queue

import (
	"context"
	"time"

	"ikomek109/ivr"
)

// MissedReason is the pause reason of an agent who did not take an offer.
const MissedReason = "missed"

// FaultWhy is the why of [Desk.Missed] when it was not the agent's doing: the
// switch failed to ring. Such an agent is not paused.
const FaultWhy = "fault"

// restAfterFault is how long an agent whom the switch failed to ring is not
// tried again, so that a switch in trouble is not hammered.
const restAfterFault = 2 * time.Second

// Enter implements [ivr.Queue]. A caller beyond the queue's capacity gets a
// ticket as well, so that the books balance, and [ivr.TurnedOut] with
// "overflow" at once; the call then has to Leave. After an error the caller is
// not in the queue; entering again is safe.
func (d *Desk) Enter(ctx context.Context, t ivr.Ticket, in *ivr.Inbox) (int, error) {
	done, err := d.turns.take(ctx, t.Call)
	if err != nil {
		return 0, err
	}
	defer done()
	d.forgive(t.Call)
	entered, err := d.opt.Tickets.Enter(ctx, t)
	d.heard(ctx, err)
	if err != nil {
		if uncertain(err) { // a ticket may be there that nobody knows of
			d.owe(t.Call, d.dropping(t.Call))
		}
		return 0, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	place := d.seatCaller(entered, in)
	d.wake()
	return place, nil
}

// seatCaller puts a caller who entered into the memory and gives the place.
func (d *Desk) seatCaller(t Ticket, in *ivr.Inbox) int {
	old := d.floor.seats[t.Call]
	if old != nil && old.Agent != "" {
		d.floor.free(old.Agent, t.Call, time.Now())
	}
	if old != nil && old.Queue != t.Queue {
		old.told = 0
	}
	s := d.floor.put(t)
	d.floor.change(s, func() { s.inbox = in })
	delete(d.away, t.Call)
	limit := d.rules.For(t.Queue).Capacity
	if place := d.floor.place(s); old == nil && limit > 0 && place > limit {
		d.expel(s, "overflow")
		return place
	}
	return d.floor.tell(s)
}

// expel takes a caller out of the order and says so to the call, which has to
// Leave.
func (d *Desk) expel(s *seat, why string) {
	d.floor.change(s, func() { s.out = true })
	s.inbox.Put(ivr.TurnedOut{Why: why})
	d.told.TurnedOut++
}

// Aside implements [ivr.Queue].
func (d *Desk) Aside(ctx context.Context, call ivr.CallID) error {
	return d.carry(ctx, call, &debt{
		what: "step aside",
		do:   func(ctx context.Context) error { return d.opt.Tickets.Aside(ctx, call) },
		after: func(s *seat) {
			d.floor.change(s, func() { s.Status = Aside })
		},
	})
}

// Connected implements [ivr.Queue]. After an error the two are still a pair
// that was offered: the call tries again, or says Missed, or leaves.
func (d *Desk) Connected(ctx context.Context, call ivr.CallID, agent ivr.AgentID) error {
	done, err := d.turns.take(ctx, call)
	if err != nil {
		return err
	}
	defer done()
	err = d.opt.Tickets.Connected(ctx, call, agent, time.Now())
	d.heard(ctx, err)
	d.mu.Lock()
	defer d.mu.Unlock()
	if err != nil {
		d.suspect()
		return err
	}
	if s := d.floor.seats[call]; s != nil {
		d.floor.change(s, func() { s.Status, s.Agent = Served, agent })
	}
	d.floor.bind(agent, Talking, call)
	return nil
}

// Missed implements [ivr.Queue]. The agent is paused with [MissedReason],
// unless why is [FaultWhy]; the caller is offered to the next one at once.
func (d *Desk) Missed(ctx context.Context, call ivr.CallID, agent ivr.AgentID, why string) error {
	at, pause := time.Now(), MissedReason
	if why == FaultWhy {
		pause = ""
	}
	err := d.carry(ctx, call, &debt{
		what: "pass the agent over",
		do: func(ctx context.Context) error {
			return d.opt.Tickets.Missed(ctx, call, agent, pause, at)
		},
		after: func(s *seat) {
			d.floor.change(s, func() { s.Status, s.Agent = Waiting, "" })
			d.passOver(call, agent, pause, at)
		},
	})
	d.opt.Log.Warn("an agent did not take a caller", "call", call, "agent", agent, "why", why, "paused", pause != "")
	return err
}

// passOver notes in the memory that an agent missed an offer.
func (d *Desk) passOver(call ivr.CallID, agent ivr.AgentID, pause string, at time.Time) {
	d.told.Missed++
	m := d.floor.free(agent, call, at)
	switch {
	case m == nil:
	case pause == "":
		m.rests = time.Now().Add(restAfterFault)
	default:
		m.Chosen, m.PauseReason = ivr.Paused, pause
	}
}

// Leave implements [ivr.Queue]. From now on the caller is offered to nobody,
// even when the store does not answer and an error comes back.
func (d *Desk) Leave(ctx context.Context, call ivr.CallID, why string) error {
	d.opt.Log.Debug("a caller leaves the queue", "call", call, "why", why)
	return d.drop(ctx, call)
}

// Finished implements [ivr.Queue]. The agent is free again.
func (d *Desk) Finished(ctx context.Context, call ivr.CallID, _ ivr.AgentID) error {
	return d.drop(ctx, call)
}

func (d *Desk) drop(ctx context.Context, call ivr.CallID) error {
	d.mu.Lock()
	if s := d.floor.seats[call]; s != nil {
		d.floor.change(s, func() { s.out = true })
	}
	delete(d.away, call)
	d.mu.Unlock()
	return d.carry(ctx, call, d.dropping(call))
}

// dropping is the removal of a call's ticket, whatever it stands for.
func (d *Desk) dropping(call ivr.CallID) *debt {
	at := time.Now()
	return &debt{
		what:  "leave the queue",
		final: true,
		do:    func(ctx context.Context) error { return d.opt.Tickets.Drop(ctx, call, at) },
		after: func(s *seat) {
			if s.Agent != "" {
				d.floor.free(s.Agent, call, at)
			}
			d.floor.remove(s)
		},
	}
}
