package ivr

import (
	"context"
	"errors"
	"strconv"
	"time"
)

// errOnward says that a conversation is over and the caller goes on to the queue
// that the state names.
var errOnward = errors.New("handed on to a queue")

// whyTakenBack is the why of a handover that the agent gave up.
const whyTakenBack = "taken_back"

// handOn hands the caller, who hears music meanwhile, over to somebody whose
// number the agent keys.
func (c *call) handOn(ctx context.Context, blind bool) error {
	if !c.rec.state.Held {
		if err := c.putOnHold(ctx, "handover", false); err != nil {
			return err
		}
	}
	number, err := c.askNumber(ctx)
	if err != nil {
		return err
	}
	if number == "" {
		return c.takeBack(ctx)
	}
	t, why := c.line.numbered(number)
	if t == nil {
		c.log.Debug("the number that an agent keyed leads nowhere", "why", why, "digits", len(number))
		return c.tellAndTakeBack(ctx, why)
	}
	if t.Queue != "" {
		c.rec.note(HandoverDone, "", t.detail("by", string(c.rec.state.Agent))...)
		return c.onward(ctx, t.Queue)
	}
	t.Blind = blind
	if t.Agent != "" { // nobody else is offered to a phone that is about to ring
		c.line.opt.Roster.Engage(t.Agent, true)
		defer c.line.opt.Roster.Engage(t.Agent, false)
	}
	return c.handTo(ctx, t)
}

// handTo rings the other and, with the agent or without, brings them together
// with the caller.
func (c *call) handTo(ctx context.Context, t *third) error {
	begun := time.Now()
	why, err := c.ringThird(ctx, t)
	if err != nil {
		return err
	}
	if why == "" {
		c.rec.note(HandoverAnswered, "", t.detail("how", t.how())...)
		if t.Blind {
			return c.give(ctx, t)
		}
		if why, err = c.consult(ctx, t); err != nil {
			return err
		}
	}
	if why == "" {
		return c.consulting(ctx, t)
	}
	return c.missedThird(ctx, t, why, begun)
}

// ringThird rings the other, with music for everybody; an empty why says that
// they picked up. An agent who hangs up meanwhile has handed over blindly.
func (c *call) ringThird(ctx context.Context, t *third) (why string, err error) {
	t.Leg = ChannelID(newCallID())
	c.rec.state.Third = t
	c.rec.note(HandoverOffered, "", t.detail("how", t.how(), "by", string(c.rec.state.Agent))...)
	if t.Blind {
		c.rec.state.Leg = ""
	}
	c.rec.save(ctx, true)
	c.hushWords(ctx)
	if t.Blind {
		c.letGo(ctx)
	} else {
		c.agentMusic(ctx, true)
	}
	c.line.addLeg(c, t.Leg)
	timeout := c.line.opt.PartnerRing
	if t.Agent != "" {
		timeout = c.line.opt.Rules(c.rec.record.Queue).RingTimeout
	}
	err = c.line.opt.Switch.Ring(ctx, Ring{
		Channel: t.Leg, Agent: t.Agent, Partner: t.Partner, Shown: c.rec.record.Caller,
		Title: c.title(), Timeout: timeout, Inbox: c.in,
	})
	if err != nil {
		c.log.Error("nobody could be rung to hand a caller over", "partner", t.Partner, "agent", t.Agent, "err", err)
		return MissedByFault, ctx.Err()
	}
	return c.awaitThird(ctx, t, time.Now().Add(timeout+ringGrace))
}

// awaitThird waits until the other picks up or does not.
func (c *call) awaitThird(ctx context.Context, t *third, until time.Time) (why string, err error) {
	var agent doing
	for {
		if err := c.hold(ctx, true); err != nil {
			return "", err
		}
		ev, err := c.next(ctx, c.soonerWithoutMusic(until))
		switch {
		case errors.Is(err, errTimeUp) && time.Now().Before(until):
			continue
		case errors.Is(err, errTimeUp): // the switch owes us the end of the leg
			return MissedByFault, nil
		case err != nil:
			return "", err
		case agent.read(ev, c.agentLeg) == deedHold:
			return whyTakenBack, nil
		}
		switch e := ev.(type) {
		case LegAnswered:
			if e.Channel == t.Leg {
				return "", nil
			}
		case Gone:
			if e.Channel == t.Leg {
				return missedWhy(e), nil
			}
			c.left(ctx, t, e)
		}
	}
}

// left notes that the agent has hung up and hands over blindly from now on.
func (c *call) left(ctx context.Context, t *third, g Gone) {
	if g.Channel != c.agentLeg {
		return
	}
	c.line.dropLeg(c.agentLeg)
	c.agentLeg, c.rec.state.Leg, t.Blind = "", "", true
	c.rec.save(ctx, true)
}

// consult lets the agent speak with the other first; a why says that it came to
// nothing.
func (c *call) consult(ctx context.Context, t *third) (why string, err error) {
	c.agentMusic(ctx, false)
	t.Answered, t.Bridge = true, BridgeID(newCallID())
	c.rec.save(ctx, true)
	if err := c.line.opt.Switch.Join(ctx, t.Bridge, c.agentLeg, t.Leg); err != nil {
		c.log.Error("agent and the one asked were not joined", "agent", c.rec.state.Agent, "err", err)
		return MissedByFault, ctx.Err()
	}
	return "", nil
}

// consulting waits while the agent speaks with the other: *2, or hanging up, hands
// the caller over, *0 takes them back.
func (c *call) consulting(ctx context.Context, t *third) error {
	var agent doing
	for {
		if err := c.hold(ctx, true); err != nil {
			return err
		}
		ev, err := c.next(ctx, c.heldMusicDue())
		if err != nil && !errors.Is(err, errTimeUp) {
			return err
		}
		if g, ok := ev.(Gone); ok && g.Channel == t.Leg {
			c.giveUp(ctx, t, "other")
			return c.takeBack(ctx)
		}
		if g, ok := ev.(Gone); ok && g.Channel == c.agentLeg {
			c.left(ctx, t, g)
			return c.give(ctx, t)
		}
		what := agent.read(ev, c.agentLeg)
		if what == deedHold {
			c.giveUp(ctx, t, "agent")
			return c.takeBack(ctx)
		}
		if what == deedHandover || what == deedBlind {
			return c.give(ctx, t)
		}
	}
}

// missedThird brings the caller back to the agent, who is rung again if they
// have hung up.
func (c *call) missedThird(ctx context.Context, t *third, why string, begun time.Time) error {
	c.rec.note(HandoverMissed, "", t.detail("why", why, "ms", strconv.FormatInt(time.Since(begun).Milliseconds(), 10))...)
	if err := c.dropThird(ctx, t); err != nil {
		c.log.Warn("a leg was not hung up", "err", err)
	}
	c.rec.state.Third = nil
	if c.agentLeg == "" {
		return c.handBack(ctx)
	}
	c.agentMusic(ctx, false)
	return c.tellAndTakeBack(ctx, why)
}

// giveUp ends a consultation that leads to no handover.
func (c *call) giveUp(ctx context.Context, t *third, by string) {
	if t.Answered {
		c.rec.note(HandoverEnded, "", t.detail("by", by)...)
	} else {
		c.rec.note(HandoverMissed, "", t.detail("why", by)...)
	}
	if err := c.dropThird(ctx, t); err != nil {
		c.log.Warn("a leg was not hung up", "err", err)
	}
	c.rec.state.Third = nil
}

// dropThird hangs up the other, whether they ring or speak.
func (c *call) dropThird(ctx context.Context, t *third) error {
	c.line.dropLeg(t.Leg)
	err := c.line.opt.Switch.Hangup(ctx, t.Leg)
	if t.Bridge != "" {
		err = errors.Join(err, c.line.opt.Switch.Part(ctx, t.Bridge))
	}
	return err
}
