package queue

import (
	"context"
	"time"

	"ikomek109/ivr"
)

// Wrap-up is the time after a conversation in which the agent is offered
// nobody. It is in the store with its end, so that a program that is started
// again goes on with it.

// Finished implements [ivr.Queue]. The agent wraps up for as long as the
// queue's rules say, and is free after that.
func (d *Desk) Finished(ctx context.Context, call ivr.CallID, _ ivr.AgentID) (until time.Time, err error) {
	at := time.Now()
	t, ok := d.ticket(call)
	if !ok {
		return time.Time{}, d.drop(ctx, call, leaving{at: at})
	}
	end := at.Add(d.Rules(t.Queue).WrapUp)
	if err := d.drop(ctx, call, leaving{at: at, until: end}); err != nil || !end.After(at) {
		return time.Time{}, err
	}
	return end, nil
}

// wrapUp has an agent wrap up in the memory, unless something else binds them by
// now.
func (f *floor) wrapUp(id ivr.AgentID, call ivr.CallID, at, until time.Time) {
	if m := f.free(id, call, at); m != nil && until.After(at) {
		m.World, m.LastCall, m.WrapSince, m.WrapUntil = WrapUp, call, at, until
	}
}

// Longer implements [ivr.Roster].
func (d *Desk) Longer(ctx context.Context, agent ivr.AgentID) (until time.Time, err error) {
	a, err := d.agent(ctx, agent)
	if err != nil {
		return time.Time{}, err
	}
	if a.World != WrapUp {
		return time.Time{}, &ivr.Error{Op: "wrap up longer", Code: ivr.Conflict, Message: "agent " + string(agent) + " does not wrap up"}
	}
	until = a.WrapUntil.Add(d.opt.WrapUpMore)
	if last := a.WrapSince.Add(d.opt.WrapUpLongest); until.After(last) {
		until = last
	}
	if !until.After(a.WrapUntil) {
		return a.WrapUntil, nil
	}
	if err := d.opt.Staff.WrapUp(ctx, agent, until); err != nil {
		d.heard(ctx, err)
		return time.Time{}, err
	}
	return until, d.agentChanged(ctx)
}

// Duty implements [ivr.Roster].
func (d *Desk) Duty(agent ivr.AgentID) ivr.Duty {
	d.mu.Lock()
	defer d.mu.Unlock()
	m := d.floor.members[agent]
	if m == nil {
		return ivr.Duty{}
	}
	duty := ivr.Duty{
		Last: m.LastCall, Busy: m.World.WithCaller(),
		Missed: m.Chosen == ivr.Paused && m.PauseReason == MissedReason,
	}
	if m.World == WrapUp {
		duty.WrapUp = m.WrapUntil
	}
	return duty
}

// agent gives an agent as the store has them.
func (d *Desk) agent(ctx context.Context, id ivr.AgentID) (Agent, error) {
	agents, _, err := d.opt.Staff.Agents(ctx)
	d.heard(ctx, err)
	if err != nil {
		return Agent{}, err
	}
	for _, a := range agents {
		if a.ID == id {
			return a, nil
		}
	}
	return Agent{}, &ivr.Error{Op: "find agent", Code: ivr.NotFound, Message: "no agent " + string(id)}
}

// endWrapUps frees those whose wrap-up is over. One that ends here while
// another program, or the agent, makes it longer is ended all the same.
func (d *Desk) endWrapUps(ctx context.Context, now time.Time) {
	over := d.wrapUpsOver(now)
	if len(over) == 0 {
		return
	}
	ctx, cancel := d.within(ctx)
	defer cancel()
	for _, id := range over {
		err := d.opt.Staff.SetWorld(ctx, id, Idle, now)
		if err != nil && uncertain(err) {
			d.heard(ctx, err)
			return
		}
	}
	d.heard(ctx, d.readAgents(ctx))
}

func (d *Desk) wrapUpsOver(now time.Time) []ivr.AgentID {
	d.mu.Lock()
	defer d.mu.Unlock()
	var over []ivr.AgentID
	for id, m := range d.floor.members {
		// One that has yet to begin was noted before the clock was set back.
		if m.World == WrapUp && (!now.Before(m.WrapUntil) || now.Before(m.WrapSince)) {
			over = append(over, id)
		}
	}
	return over
}
