package ivr

import (
	"context"
	"errors"

	"ikomek109/flows"
)

// found is what the switch has of a conversation that an earlier program began.
type found struct {
	agent  bool // the agent's leg, or the partner's
	joined bool // it, with the caller
	third  bool // the leg of one who was asked by the agent, and answered
	asked  bool // it, with the agent
}

// found looks for the legs of the conversation that the saved state names.
func (c *call) found(there map[ChannelID]LegState) (f found) {
	s := &c.rec.state
	agent, ok := there[s.Leg]
	f.agent = ok
	f.joined = ok && agent.Bridge != "" && agent.Bridge == there[c.leg].Bridge
	if s.Third != nil && (s.Third.Answered || s.Third.Given) {
		third, ok := there[s.Third.Leg]
		f.third = ok && third.Up
		f.asked = f.third && f.agent && third.Bridge != "" && third.Bridge == agent.Bridge
	}
	return f
}

// talkAgain goes on with a conversation that an earlier program began.
func (c *call) talkAgain(ctx context.Context, f found) error {
	s := &c.rec.state
	first := c.thirdAgain
	switch {
	case s.Onward != "":
		first = c.onwardAgain
	case s.Third != nil:
	case s.Back:
		first = c.backAgain
	case f.agent:
		first = c.holdAgain
	default:
		first = func(context.Context, found) error { return ending{AgentHungUp} }
	}
	if f.agent || s.Third != nil || s.Back {
		c.rec.save(ctx, false)
		c.stillServed(ctx)
	}
	err := c.talkOn(ctx, func(ctx context.Context) error { return first(ctx, f) })
	switch {
	case errors.Is(err, errServed):
		return c.walk(ctx, c.step(ctx, &c.rec.state.Flow, flows.Served{}))
	case errors.Is(err, errOnward) && s.Recall != nil:
		if err := c.enterOnward(ctx); err != nil {
			return err
		}
		return c.awaitTurn(ctx)
	case errors.Is(err, errOnward):
		return c.walk(ctx, c.resume(ctx, &c.rec.state.Flow))
	}
	return err
}

// holdAgain goes on with a caller who is on hold, or in conversation, recorded as
// the rules say; one who was being taken back is taken back now.
func (c *call) holdAgain(ctx context.Context, f found) error {
	switch {
	case c.rec.state.Held:
		return c.partHeld(ctx)
	case f.joined && c.rec.state.Agent == "": // with a partner
		return nil
	case f.joined:
		c.tapeAgain(ctx)
		return nil
	}
	c.music = true // it may play yet
	if c.rec.state.Agent == "" {
		return c.joinedOr(ctx, &third{Partner: c.rec.state.Partner})
	}
	return c.takeBack(ctx)
}

// thirdAgain goes on with a handover: a consultation does not notice, a caller
// whom nobody has taken yet is with the agent again.
func (c *call) thirdAgain(ctx context.Context, f found) error {
	t := c.rec.state.Third
	if t.Agent != "" {
		c.line.opt.Roster.Engage(t.Agent, true)
		defer c.line.opt.Roster.Engage(t.Agent, false)
	}
	if err := c.partHeld(ctx); err != nil {
		return err
	}
	switch {
	case f.asked:
		return c.consulting(ctx, t)
	case f.third && !f.agent: // hanging up hands over
		c.agentLeg = ""
		return c.give(ctx, t)
	}
	c.giveUp(ctx, t, MissedByFault)
	if !f.agent {
		return c.handBack(ctx)
	}
	c.agentMusic(ctx, false)
	return c.takeBack(ctx)
}

// onwardAgain leads a caller on whom an agent has handed to a queue.
func (c *call) onwardAgain(ctx context.Context, _ found) error {
	if c.agentLeg == "" {
		c.agentLeg = c.rec.state.Leg
	}
	return c.onward(ctx, c.rec.state.Onward)
}

// backAgain rings an agent again who was being rung for a caller whom nobody took.
func (c *call) backAgain(ctx context.Context, _ found) error {
	if c.agentLeg == "" {
		c.agentLeg = c.rec.state.Leg
	}
	c.letGo(ctx)
	if err := c.partHeld(ctx); err != nil {
		return err
	}
	return c.handBack(ctx)
}
