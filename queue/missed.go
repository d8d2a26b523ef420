package queue

import (
	"context"
	"slices"
	"time"

	"ikomek109/ivr"
)

// MissedReason is the pause reason of an agent who did not take an offer.
const MissedReason = "missed"

// restAfterFault is how long an agent whom the switch failed to ring is not
// tried again, so that a switch in trouble is not hammered.
const restAfterFault = 2 * time.Second

// restAfterNetwork is how long an agent rests to whose phone the network had no
// way: it may be registered all the same, and fail each time.
const restAfterNetwork = time.Minute

// Missed implements [ivr.Queue]. The agent is paused with [MissedReason],
// unless why is [ivr.MissedByFault], after which they rest for a moment,
// [ivr.MissedUnreachable] or [ivr.MissedByNetwork], which make the agent
// unreachable until their phone is found registered, or [ivr.MissedRefused],
// after which the agent goes on to be offered others; the caller is offered to the
// next one at once. It also takes back a connection that came to nothing, and is no
// error when the caller waits already.
func (d *Desk) Missed(ctx context.Context, call ivr.CallID, agent ivr.AgentID, why string) error {
	if t, ok := d.ticket(call); ok && (t.Status == Waiting || t.Status == Offered && !slices.Contains(t.Agents, agent)) {
		return nil // the caller has come back to the queue, for one
	}
	if why == ivr.MissedTaken {
		return d.spare(ctx, call, agent)
	}
	m := Miss{Call: call, Agent: agent, Pause: pauseFor(why), At: time.Now()}
	d.opt.Log.Warn("an agent did not take a caller", "call", call, "agent", agent, "why", why, "paused", m.Pause != "")
	err := d.carry(ctx, call, &debt{
		do: func(ctx context.Context) error { return d.storeMissed(ctx, m) },
		after: func(s *seat) {
			d.floor.change(s, func() { s.dismiss(agent) })
			if why == ivr.MissedRefused {
				d.floor.refuse(s, agent, time.Now())
			}
			d.passOver(call, agent, why, m.At)
		},
	})
	if err != nil || !noWay(why) {
		return err
	}
	return d.Reachable(ctx, agent, false)
}

// spare frees an agent who was rung for nothing.
func (d *Desk) spare(ctx context.Context, call ivr.CallID, agent ivr.AgentID) error {
	m := d.spared(call, agent)
	return d.carry(ctx, call, &debt{
		do: func(ctx context.Context) error { return d.opt.Tickets.Missed(ctx, m) },
		after: func(s *seat) {
			d.floor.change(s, func() { s.dismiss(agent) })
			d.floor.spare(agent, call)
		},
	})
}

// spared is the end of an offer that the agent had no part in.
func (d *Desk) spared(call ivr.CallID, agent ivr.AgentID) Miss {
	d.mu.Lock()
	defer d.mu.Unlock()
	m := Miss{Call: call, Agent: agent, At: time.Now()}
	if one := d.floor.members[agent]; one != nil {
		m.IdleSince = one.IdleSince
	}
	return m
}

func (d *Desk) storeMissed(ctx context.Context, m Miss) error {
	err := d.opt.Tickets.Missed(ctx, m)
	if t, ok := d.ticket(m.Call); ok && ivr.CodeOf(err) == ivr.Conflict {
		_, err = d.opt.Tickets.Enter(ctx, Entry{Ticket: t.Ticket, Node: d.node(), Now: m.At}) // connected already
	}
	return err
}

// passOver notes in the memory that an agent missed an offer.
func (d *Desk) passOver(call ivr.CallID, agent ivr.AgentID, why string, at time.Time) {
	if why != ivr.MissedRefused {
		d.told.Missed++
	}
	m := d.floor.free(agent, call, at)
	switch {
	case m == nil || why == ivr.MissedRefused:
	case why == ivr.MissedByNetwork:
		m.rests = time.Now().Add(restAfterNetwork)
	case pauseFor(why) == "":
		m.rests = time.Now().Add(restAfterFault)
	default:
		m.Chosen, m.PauseReason = ivr.Paused, pauseFor(why)
	}
}

// pauseFor is the reason for which an agent who did not take a caller is paused;
// empty for one who is not.
func pauseFor(why string) string {
	switch why {
	case ivr.MissedByFault, ivr.MissedUnreachable, ivr.MissedByNetwork, ivr.MissedRefused:
		return ""
	}
	return MissedReason
}

// noWay tells whether an agent's phone could not be reached: it did not ring, and
// they have missed nothing.
func noWay(why string) bool { return why == ivr.MissedUnreachable || why == ivr.MissedByNetwork }
