package ivr

import (
	"context"
	"errors"
	"slices"
	"time"

	"ikomek109/flows"
)

// ringing is an agent whose phone rings for the caller.
type ringing struct {
	Agent AgentID   `json:"agent"`
	Leg   ChannelID `json:"leg"`
}

// rings tells whether a leg is one that rings for the caller, or is spoken with.
func (c *call) rings(leg ChannelID) bool {
	return leg == c.agentLeg || slices.ContainsFunc(c.rec.state.Ringing, func(r ringing) bool { return r.Leg == leg })
}

// ringAll rings the agents of an offer and gives the first who picks up, on
// agentLeg; the others are let go. It is empty when nobody did, or the caller went
// elsewhere first.
func (c *call) ringAll(ctx context.Context, agents []AgentID) (AgentID, error) {
	for _, agent := range agents {
		r := ringing{agent, ChannelID(newCallID())}
		c.rec.state.Ringing = append(c.rec.state.Ringing, r)
		c.rec.note(Offered, "", "agent", string(agent))
		c.line.addLeg(c, r.Leg)
	}
	c.rec.save(ctx, false)
	timeout := c.line.opt.Rules(c.rec.record.Queue).RingTimeout
	for _, r := range slices.Clone(c.rec.state.Ringing) {
		if why := c.ring(ctx, r, timeout); why != "" {
			if err := c.missed(ctx, r, why); err != nil {
				return "", err
			}
		}
	}
	until := time.Now().Add(timeout + ringGrace)
	if len(c.rec.state.Ringing) > 0 && !c.music { // served at once: not a word about a queue
		if err := c.tell(ctx, c.connecting()); err != nil {
			return "", err
		}
	}
	return c.firstToAnswer(ctx, until)
}

// ring rings one agent; why tells that it could not be done.
func (c *call) ring(ctx context.Context, r ringing, timeout time.Duration) (why string) {
	err := c.line.opt.Switch.Ring(ctx, Ring{
		Channel: r.Leg, Agent: r.Agent, Shown: c.rec.record.Caller,
		Title: c.title(), Timeout: timeout, Inbox: c.in,
	})
	if err == nil {
		return ""
	}
	c.log.Warn("an agent could not be rung", "agent", r.Agent, "err", err)
	if CodeOf(err) == NotFound {
		return MissedUnreachable
	}
	return MissedByFault
}

// firstToAnswer waits until one of those who are rung picks up, or nobody is left.
func (c *call) firstToAnswer(ctx context.Context, until time.Time) (AgentID, error) {
	for len(c.rec.state.Ringing) > 0 {
		var legs []ChannelID
		for _, r := range c.rec.state.Ringing {
			legs = append(legs, r.Leg)
		}
		leg, why, err := c.awaitAnswer(ctx, until, legs...)
		if errors.Is(err, errLedAway) {
			return "", c.withdraw(ctx)
		}
		if err != nil {
			return "", err
		}
		i := slices.Index(legs, leg)
		if why == "" {
			return c.answered(ctx, c.rec.state.Ringing[i])
		}
		if err := c.missed(ctx, c.rec.state.Ringing[max(i, 0)], why); err != nil { // time is up for one after the other
			return "", err
		}
	}
	return "", ctx.Err()
}

// answered lets those go who were rung as well.
func (c *call) answered(ctx context.Context, by ringing) (AgentID, error) {
	others := slices.DeleteFunc(c.rec.state.Ringing, func(r ringing) bool { return r == by })
	c.agentLeg, c.rec.state.Agent, c.rec.state.Leg = by.Leg, by.Agent, by.Leg
	c.rec.state.Settled = false
	return by.Agent, c.spare(ctx, others)
}

// errLedAway says that the caller has pressed a key that leads out of the queue.
var errLedAway = errors.New("the caller goes elsewhere")

// ledAway tells whether a caller for whom telephones ring has pressed such a key:
// they are not made to wait for an answer that they do not want any more. Once
// an agent has picked up it is too late for it.
func (c *call) ledAway() bool {
	if c.away != nil { // a partner is rung
		return slices.ContainsFunc(c.keys, func(key KeyPressed) bool { return slices.Contains(c.away, key.Key.Reveal()) })
	}
	if c.rec.state.Phase != inQueue || len(c.rec.state.Ringing) == 0 {
		return false
	}
	return slices.ContainsFunc(c.keys, func(key KeyPressed) bool {
		return slices.ContainsFunc(c.offers, func(o flows.KeyOffer) bool { return o.Away && o.Digit == key.Key.Reveal() })
	})
}

// keysWhileItRings does what the keys ask for that keep a caller in the queue: # and 0
// tell the place, others have the flow say something. Who picks up cuts it.
func (c *call) keysWhileItRings(ctx context.Context) error {
	if c.rec.state.Phase != inQueue || len(c.rec.state.Ringing) == 0 {
		return nil
	}
	for len(c.keys) > 0 && len(c.held) == 0 && !c.ledAway() {
		key := c.keys[0].Key.Reveal()
		var err error
		switch {
		case key == '#' || key == '0':
			c.takeKey()
			err = c.tellPlace(ctx)
		case slices.ContainsFunc(c.offers, func(o flows.KeyOffer) bool { return !o.Away && o.Digit == key }):
			err = c.sayMeanwhile(ctx, c.takeKey())
		default:
			c.dropKey()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sayMeanwhile has the flow say what a key asks for that keeps the caller where they
// are.
func (c *call) sayMeanwhile(ctx context.Context, key flows.Key) error {
	r := c.step(ctx, &c.rec.state.Flow, key)
	c.noteAll(r.Events)
	c.rec.state.Ahead = playsOf(r.Actions)
	c.rec.save(ctx, false)
	for _, action := range r.Actions {
		if s, says := action.(flows.Say); says {
			if _, err := c.say(ctx, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// withdraw takes an offer back whose caller goes elsewhere: the telephones stop
// ringing, and nobody has missed it. The key is left for the flow, whichever way
// that leads; until then the caller waits at their place.
func (c *call) withdraw(ctx context.Context) error {
	return c.spare(ctx, c.rec.state.Ringing)
}

// spare lets agents go who were rung for nothing, and are as idle as before.
func (c *call) spare(ctx context.Context, rung []ringing) error {
	c.rec.state.Ringing = nil
	for _, r := range rung { // first the phones: they have stopped ringing when their owners are free
		c.hangUpLeg(ctx, r.Leg)
		c.rec.note(OfferWithdrawn, "", "agent", string(r.Agent))
	}
	c.rec.save(ctx, false)
	for _, r := range rung {
		if err := c.line.opt.Queue.Missed(ctx, c.rec.record.ID, r.Agent, MissedTaken); err != nil {
			c.log.Error("an agent who was rung for nothing was not freed", "agent", r.Agent, "err", err)
		}
	}
	return ctx.Err()
}

// hangUpLeg ends a leg that rings.
func (c *call) hangUpLeg(ctx context.Context, leg ChannelID) {
	if err := c.line.opt.Switch.Hangup(ctx, leg); err != nil {
		c.log.Warn("an agent's leg was not hung up", "err", err)
	}
	c.line.dropLeg(leg)
}

// missed gives an agent back to the queue and lets the caller wait on.
func (c *call) missed(ctx context.Context, r ringing, why string) error {
	c.hangUpLeg(ctx, r.Leg)
	c.rec.state.Ringing = slices.DeleteFunc(c.rec.state.Ringing, func(one ringing) bool { return one == r })
	if c.agentLeg == r.Leg {
		c.agentLeg, c.rec.state.Agent, c.rec.state.Leg = "", "", ""
	}
	c.rec.note(OfferMissed, "", "agent", string(r.Agent), "why", why)
	c.rec.save(ctx, false)
	if err := c.line.opt.Queue.Missed(ctx, c.rec.record.ID, r.Agent, why); err != nil {
		c.log.Error("a missed offer was not given back", "agent", r.Agent, "err", err)
	}
	return ctx.Err()
}
