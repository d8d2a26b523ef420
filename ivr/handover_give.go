package ivr

import (
	"context"
	"errors"
	"time"

	"ikomek109/flows"
)

// missedReason is why agents are paused who do not take their own caller back.
const missedReason = "missed"

// give gives the caller to the other, who has picked up: the agent is free, and
// wraps up. It is in the store before the two are joined.
func (c *call) give(ctx context.Context, t *third) error {
	from := c.rec.state.Agent
	if t.Bridge != "" {
		if err := c.line.opt.Switch.Part(ctx, t.Bridge); err != nil {
			c.log.Warn("a bridge was not taken apart", "err", err)
		}
	}
	c.endTaping()
	c.letGo(ctx)
	t.Given = true
	c.rec.save(ctx, true) // before the queue says so
	if err := c.passOn(ctx, t, from); err != nil {
		c.log.Error("a colleague was not free after all", "agent", t.Agent, "err", err)
		c.giveUp(ctx, t, numberBusy)
		return c.onward(ctx, c.rec.record.Queue)
	}
	c.agentLeg = t.Leg
	s := &c.rec.state
	s.Agent, s.Partner, s.Leg, s.Talk = t.Agent, t.Partner, t.Leg, BridgeID(newCallID())
	s.Third, s.Held = nil, false
	c.rec.note(HandoverDone, "", t.detail("by", string(from))...)
	if t.Agent != "" {
		c.planTaping()
	}
	c.rec.save(ctx, true)
	if err := c.joinedOr(ctx, t); err != nil {
		return err
	}
	c.startTaping(ctx, false)
	return nil
}

// passOn has the queue know who has the caller now.
func (c *call) passOn(ctx context.Context, t *third, from AgentID) error {
	if t.Agent == "" {
		c.finished(ctx, from)
		return nil
	}
	err := c.line.opt.Roster.HandOver(ctx, c.rec.record.ID, t.Agent)
	if err != nil && !final(err) {
		c.log.Error("the queue did not take a handover", "agent", t.Agent, "err", err)
		return nil // it is told later
	}
	return err
}

// joinedOr joins the caller and the other. One who is gone by now has not had
// the caller, who goes to the head of the queue.
func (c *call) joinedOr(ctx context.Context, t *third) error {
	err := c.bridgeSurely(ctx)
	if _, over := endOf(err); err == nil || over || ctx.Err() != nil {
		return err
	}
	c.log.Error("caller and the one asked were not joined", "partner", t.Partner, "agent", t.Agent, "err", err)
	return c.onward(ctx, c.rec.record.Queue)
}

// handBack rings the agent again for a caller whom nobody took. An agent who does
// not take them back is paused, and the caller goes to the head of the queue.
func (c *call) handBack(ctx context.Context) error {
	agent := c.rec.state.Agent
	c.agentLeg = ChannelID(newCallID())
	c.rec.state.Leg, c.rec.state.Back, c.rec.state.Third = c.agentLeg, true, nil
	c.rec.note(Offered, "", "agent", string(agent))
	c.rec.save(ctx, true)
	c.line.addLeg(c, c.agentLeg)
	why, err := c.ringBack(ctx, agent)
	if err == nil && why == "" {
		why, err = c.accept(ctx, c.toAgent("agent/handover/back"))
	}
	if err != nil {
		return err
	}
	if why == "" {
		return c.takeBack(ctx)
	}
	c.rec.note(OfferMissed, "", "agent", string(agent), "why", why)
	if why == missedNoAnswer || why == "busy" {
		if err := c.line.opt.Roster.Choose(ctx, agent, Paused, missedReason); err != nil {
			c.log.Error("an agent was not paused", "agent", agent, "err", err)
		}
	}
	c.rec.note(Parted, "", "by", "agent")
	return c.onward(ctx, c.rec.record.Queue)
}

// ringBack rings the agent for their own caller; an empty why says that they
// picked up.
func (c *call) ringBack(ctx context.Context, agent AgentID) (why string, err error) {
	timeout := c.line.opt.Rules(c.rec.record.Queue).RingTimeout
	if why = c.ring(ctx, ringing{agent, c.agentLeg}, timeout); why != "" {
		return why, ctx.Err()
	}
	_, why, err = c.awaitAnswer(ctx, time.Now().Add(timeout+ringGrace), c.agentLeg)
	return why, err
}

// onward ends the conversation and leads the caller to a queue, before others.
func (c *call) onward(ctx context.Context, queue string) error {
	agent := c.rec.state.Agent
	if c.rec.state.Onward != queue { // else the next program would find a conversation whose agent has hung up
		c.rec.state.Onward = queue
		c.rec.save(ctx, true)
	}
	c.letGo(ctx)
	if c.rec.record.talking {
		c.rec.note(Parted, "", "by", "fault")
	}
	if c.rec.record.handed {
		c.rec.note(HandoverEnded, "", "partner", c.rec.record.Partner, "by", "fault")
	}
	c.finished(ctx, agent)
	c.voidOffers()
	c.every = 0 // another wait begins
	s := &c.rec.state
	s.Agent, s.Partner, s.Leg, s.Talk, s.Third = "", "", "", "", nil
	s.Held, s.Back, s.Onward, s.Phase = false, false, queue, inQueue
	s.TalkTape = "" // of a colleague with whom they were not joined
	c.rec.save(ctx, true)
	return errOnward
}

// enterOnward has a citizen who was called back, and handed on, wait in the queue
// that the agent keyed: with the time since they wait, they are before others.
func (c *call) enterOnward(ctx context.Context) error {
	c.rec.state.Recall.Queue, c.rec.state.Onward = c.rec.state.Onward, ""
	return c.enterAgain(ctx)
}

// led turns an entering of the flow's queue into that of the queue to which an
// agent led the caller.
func (c *call) led(q flows.Enqueue) flows.Enqueue {
	c.queued = q
	c.queued.Resumed = false
	if c.rec.state.Onward != "" {
		q.Queue = c.rec.state.Onward
	}
	return q
}

// credit is the head start of a caller whom an agent led to a queue: they have
// waited before, and that is kept.
func (c *call) credit() time.Duration {
	if c.rec.state.Onward == "" {
		return 0
	}
	return HeadStartHandedBack + c.rec.record.Wait
}

// tellAndTakeBack tells the agent why nobody takes the caller, and joins the two
// again.
func (c *call) tellAndTakeBack(ctx context.Context, why string) error {
	if why != whyTakenBack {
		said := c.sayToHolder(ctx, notTaken(why))
		if err := c.untilSaid(ctx, said); err != nil {
			return err
		}
	}
	return c.takeBack(ctx)
}

// untilSaid waits for the end of words to the agent, whom a key spares the rest.
func (c *call) untilSaid(ctx context.Context, until time.Time) error {
	for {
		ev, err := c.next(ctx, until)
		if errors.Is(err, errTimeUp) {
			return nil
		}
		if err != nil {
			return err
		}
		switch e := ev.(type) {
		case PlayEnded:
			if e.Play == c.words {
				return nil
			}
		case KeyPressed:
			if e.Channel == c.agentLeg {
				return nil
			}
		case Gone:
			if e.Channel == c.agentLeg {
				return c.agentGone(ctx, e)
			}
		}
	}
}

// notTaken is the phrase for why nobody takes a caller.
func notTaken(why string) string {
	switch why {
	case numberUnknown:
		return "agent/handover/unknown"
	case numberBusy, MissedRefused:
		return "agent/handover/busy"
	case missedNoAnswer:
		return "agent/handover/no_answer"
	}
	return "agent/handover/failed"
}
