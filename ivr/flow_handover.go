package ivr

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"ikomek109/flows"
)

// whyWithdrawn is the why of a handover that the caller gave up while it rang.
const whyWithdrawn = "withdrawn"

// handover rings a partner, with music for the caller, and lets the two talk.
func (c *call) handover(ctx context.Context, a flows.Handover) (flows.Input, error) {
	c.agentLeg = ChannelID(newCallID())
	c.rec.state.Partner, c.rec.state.Leg = a.Partner, c.agentLeg
	c.rec.note(HandoverOffered, a.Node, "partner", a.Partner)
	c.rec.save(ctx, true)
	c.line.addLeg(c, c.agentLeg)
	begun := time.Now()
	c.away = a.Away
	why, err := c.ringPartner(ctx, a.Partner)
	c.away = nil
	if errors.Is(err, errLedAway) {
		return c.withdrawPartner(ctx, a, begun)
	}
	if err == nil && why == "" {
		why, err = c.joinPartner(ctx, a)
	}
	if err != nil {
		return nil, err
	}
	if why == "" {
		return c.talkToPartner(ctx)
	}
	c.letPartnerGo(ctx)
	c.dropKeys() // of one that was pressed while it rang, what comes now would not be heard
	c.noteMissed(a, why, begun)
	c.rec.save(ctx, false)
	return flows.HandedOver{Result: handoverResult(why)}, c.hold(ctx, false)
}

func (c *call) noteMissed(a flows.Handover, why string, begun time.Time) {
	c.rec.note(HandoverMissed, a.Node, "partner", a.Partner, "why", why,
		"ms", strconv.FormatInt(time.Since(begun).Milliseconds(), 10))
}

// withdrawPartner lets a partner go who rings, for a caller who has pressed a key that
// leads elsewhere.
func (c *call) withdrawPartner(ctx context.Context, a flows.Handover, begun time.Time) (flows.Input, error) {
	c.letPartnerGo(ctx)
	c.noteMissed(a, whyWithdrawn, begun)
	for !slices.Contains(a.Away, c.keys[0].Key.Reveal()) { // a cheek on the keypad
		c.dropKey()
	}
	return c.takeKey(), c.hold(ctx, false)
}

// ringPartner rings the partner; an empty why says that they picked up.
func (c *call) ringPartner(ctx context.Context, partner string) (why string, err error) {
	timeout := c.line.opt.PartnerRing
	err = c.line.opt.Switch.Ring(ctx, Ring{
		Channel: c.agentLeg, Partner: partner, Shown: c.rec.record.Caller,
		Title: c.title(), Timeout: timeout, Inbox: c.in,
	})
	if err != nil {
		c.log.Error("a partner could not be rung", "partner", partner, "err", err)
		return MissedByFault, ctx.Err()
	}
	_, why, err = c.awaitAnswer(ctx, time.Now().Add(timeout+ringGrace), c.agentLeg)
	return why, err
}

// handoverResult says to the flow what came of a handover.
func handoverResult(why string) flows.HandoverResult {
	switch why {
	case "busy", "refused":
		return flows.HandoverBusy
	case "no_answer":
		return flows.HandoverNoAnswer
	}
	return flows.HandoverFailed
}

// joinPartner joins the caller and the partner who picked up.
func (c *call) joinPartner(ctx context.Context, a flows.Handover) (why string, err error) {
	if err := c.join(ctx, a.Node, joining{partner: a.Partner}); err != nil {
		if _, over := endOf(err); over {
			return "", err
		}
		c.log.Error("caller and partner were not joined", "partner", a.Partner, "err", err)
		return MissedByFault, ctx.Err()
	}
	c.dropKeys()
	c.rec.state.Phase = withPartner
	c.rec.note(HandoverAnswered, a.Node, "partner", a.Partner)
	c.outOfQueue(ctx, "handed_over")
	c.rec.save(ctx, true)
	return "", nil
}

// talkToPartner waits for the end of a conversation with a partner. When the
// partner hangs up, the caller goes on in the flow.
func (c *call) talkToPartner(ctx context.Context) (flows.Input, error) {
	why, err := c.parting(ctx)
	if err != nil {
		return nil, err
	}
	c.handedOver(ctx, partedBy(why, "partner"))
	if why != AgentHungUp {
		return nil, ending{why}
	}
	return flows.HandedOver{Result: flows.HandoverFinished}, nil
}

// handedOver ends a handover that came about.
func (c *call) handedOver(ctx context.Context, by string) {
	if c.rec.record.handed { // else it had ended before
		c.rec.note(HandoverEnded, "", "partner", c.rec.state.Partner, "by", by)
	}
	c.letPartnerGo(ctx)
	if err := c.line.opt.Switch.Part(ctx, c.rec.state.Talk); err != nil {
		c.log.Warn("a bridge was not taken apart", "err", err)
	}
	c.rec.state.Talk, c.rec.state.Phase = "", inMenu
	c.rec.save(ctx, true)
}

// letPartnerGo ends the partner's leg, whether it rings or not.
func (c *call) letPartnerGo(ctx context.Context) {
	if leg := c.rec.state.Leg; leg != "" {
		if err := c.line.opt.Switch.Hangup(ctx, leg); err != nil {
			c.log.Warn("a partner's leg was not hung up", "err", err)
		}
		c.line.dropLeg(leg)
	}
	c.agentLeg, c.rec.state.Partner, c.rec.state.Leg = "", "", ""
}
