package queue

import (
	"context"
	"errors"
	"time"

	"ikomek109/ivr"
)

// Choose implements [ivr.Roster]. An agent who was unreachable and now says
// ready is reachable: the phone that they said it from is there.
func (d *Desk) Choose(ctx context.Context, agent ivr.AgentID, c ivr.Chosen, reason string) error {
	if err := d.opt.Staff.Choose(ctx, agent, c, reason, time.Now()); err != nil {
		d.heard(ctx, err)
		return err
	}
	d.mu.Lock()
	m := d.floor.members[agent]
	lost := m != nil && m.World == Unreachable
	d.mu.Unlock()
	if lost && c == ivr.Ready {
		return d.Reachable(ctx, agent, true)
	}
	return d.agentChanged(ctx)
}

// Reachable says whether an agent's phone is registered. NotFound for one who
// is not on the roster. One who is ringing or talking stays so: the call
// itself finds out what became of the phone. One who wraps up does so to the end.
func (d *Desk) Reachable(ctx context.Context, agent ivr.AgentID, yes bool) error {
	world := Unreachable
	if yes {
		world = Idle
	}
	d.mu.Lock()
	m := d.floor.members[agent]
	same := m != nil && (m.World == world || (yes && m.World != Unreachable) || m.World == WrapUp)
	d.mu.Unlock()
	if same {
		return nil
	}
	err := d.opt.Staff.SetWorld(ctx, agent, world, time.Now())
	if err != nil && ivr.CodeOf(err) != ivr.Conflict {
		d.heard(ctx, err)
		return err
	}
	return d.agentChanged(ctx)
}

// OnHold implements [ivr.Roster].
func (d *Desk) OnHold(ctx context.Context, agent ivr.AgentID, on bool) error {
	if err := d.opt.Staff.OnHold(ctx, agent, on, time.Now()); err != nil {
		d.heard(ctx, err)
		return err
	}
	return d.agentChanged(ctx)
}

// agentChanged reads the agents again, so that the change counts at once. That
// it is stored is what the caller was told; should the reading fail, the next
// beat does it.
func (d *Desk) agentChanged(ctx context.Context) error {
	if err := d.readAgents(ctx); err != nil && !errors.Is(err, context.Canceled) {
		d.heard(ctx, err)
	}
	return nil
}
