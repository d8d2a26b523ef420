package ivr

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Q.850 causes that tell why an agent did not take a caller.
const (
	causeNormal      = 16
	causeBusy        = 17
	causeNoUser      = 18
	causeNoAnswer    = 19
	causeRejected    = 21
	causeUnreachable = 20
)

// MissedByNetwork is the why of an offer, or of a try to reach somebody, when
// there was no way to their telephone: a trunk that is down, a switch that is full.
const MissedByNetwork = "network"

// networkCauses are those of ITU-T Q.850 that say so: 27 destination out of order,
// 34 no circuit, 38 network out of order, 41 temporary failure, 42 congestion, 44
// circuit not available, 47 no resource, 102 a timer ran out.
var networkCauses = []int{27, 34, 38, 41, 42, 44, 47, 102}

// missedNoAnswer is the why of an offer that nobody took in time.
const missedNoAnswer = "no_answer"

// ringGrace is how much longer than the ring time-out the switch may take to
// say that nobody picked up.
const ringGrace = 2 * time.Second

// offered rings the agents whom the queue has claimed for this caller. With the
// first who picks up and takes the caller it lives the conversation, which ends
// the call; when nobody does, the caller waits on.
func (c *call) offered(ctx context.Context, o OfferMade) error {
	agent, err := c.ringAll(ctx, append([]AgentID{o.Agent}, o.More...))
	if err != nil || agent == "" {
		return err
	}
	why, err := c.accept(ctx, c.foretold())
	if err == nil && why == "" {
		why, err = c.reachFor(ctx)
	}
	if err == nil && why == "" {
		why, err = c.warn(ctx)
	}
	if err == nil && why == "" {
		why, err = c.connect(ctx, agent)
	}
	if err != nil {
		return err
	}
	return c.missed(ctx, ringing{agent, c.rec.state.Leg}, why)
}

// awaitAnswer waits, with music for the caller, until one of the legs that ring is
// picked up or ends; an empty why says that it was picked up. When time is up, it
// is no leg in particular. A caller who goes elsewhere meanwhile is errLedAway.
func (c *call) awaitAnswer(ctx context.Context, until time.Time, legs ...ChannelID) (leg ChannelID, why string, err error) {
	for {
		if c.ledAway() {
			return "", "", errLedAway
		}
		if err := c.keysWhileItRings(ctx); err != nil {
			return "", "", err
		}
		if c.ledAway() { // it has cut what the key before it asked for
			continue
		}
		if err := c.hold(ctx, true); err != nil {
			return "", "", err
		}
		ev, err := c.next(ctx, c.soonerWithoutMusic(until))
		if errors.Is(err, errTimeUp) {
			if time.Now().Before(until) {
				continue
			}
			return "", MissedByFault, nil // the switch owes us the end of the leg
		}
		if err != nil {
			return "", "", err
		}
		switch e := ev.(type) {
		case LegAnswered:
			if slices.Contains(legs, e.Channel) {
				return e.Channel, "", nil
			}
		case Gone:
			if slices.Contains(legs, e.Channel) {
				return e.Channel, missedWhy(e), nil
			}
		}
	}
}

// missedWhy puts the end of a leg into a word of the journal.
func missedWhy(g Gone) string {
	if g.unknown() {
		return MissedByFault
	}
	if slices.Contains(networkCauses, g.Cause) {
		return MissedByNetwork
	}
	switch g.Cause {
	case causeBusy:
		return "busy"
	case causeRejected, causeNormal:
		return MissedRefused
	case causeNoUser, causeNoAnswer, 0:
		return missedNoAnswer
	case causeUnreachable:
		return MissedUnreachable
	}
	return "failed"
}

// connect joins the caller and the agent and lives their conversation. A
// returned why says that it came to nothing.
func (c *call) connect(ctx context.Context, agent AgentID) (why string, err error) {
	if err := c.line.opt.Queue.Connected(ctx, c.rec.record.ID, agent); err != nil {
		c.log.Error("the queue did not take the connection", "agent", agent, "err", err)
		if final(err) { // the offer is not ours any more
			return MissedByFault, ctx.Err()
		}
	}
	if err := c.join(ctx, "", joining{agent: agent}); err != nil {
		if _, over := endOf(err); over {
			return "", err
		}
		c.log.Error("caller and agent were not joined", "agent", agent, "err", err)
		return MissedByFault, ctx.Err()
	}
	c.dropKeys() // pressed while a phone rang, and answered by its being picked up
	c.rec.state.Phase, c.rec.state.Onward = inTalk, ""
	c.rec.note(Connected, "", "agent", string(agent))
	c.planTaping()
	c.rec.save(ctx, true)
	c.startTaping(ctx, false)
	c.met(ctx)
	return "", c.talk(ctx)
}

// join ends the music and lets the caller and the other leg speak. That it does
// is on disk before: should the program be killed now, and both have hung up
// before the next one looks, it is known that they spoke.
func (c *call) join(ctx context.Context, node string, with joining) error {
	c.rec.state.Talk = BridgeID(newCallID())
	c.rec.note(Joining, node, with.detail()...)
	c.rec.save(ctx, true)
	return c.bridge(ctx)
}

// bridge ends the music and joins the two, in the bridge that the state names.
func (c *call) bridge(ctx context.Context) error {
	if err := c.hold(ctx, false); err != nil {
		return err
	}
	err := c.line.opt.Switch.Join(ctx, c.rec.state.Talk, c.leg, c.agentLeg)
	if err == nil {
		return nil
	}
	if err := c.line.opt.Switch.Part(ctx, c.rec.state.Talk); err != nil {
		c.log.Warn("a bridge was not taken apart", "err", err)
	}
	c.rec.state.Talk = ""
	return err
}

// errServed says that a conversation is over and the caller goes on in the flow.
var errServed = errors.New("served; the caller goes on")

// partedBy says for the journal who ended a conversation with somebody.
func partedBy(why Reason, other string) string {
	switch why {
	case CallerHungUp:
		return "caller"
	case AgentHungUp:
		return other
	default:
		return "fault"
	}
}

// lostTogether is how soon after an agent's leg the caller's is found missing,
// too, when the switch lost both.
const lostTogether = 500 * time.Millisecond

// parting waits until one of the two is gone, and tells why.
func (c *call) parting(ctx context.Context) (Reason, error) {
	for {
		ev, err := c.next(ctx, time.Time{})
		if g, ok := ev.(Gone); err == nil && ok && g.Channel == c.agentLeg {
			err = c.agentGone(ctx, g)
		}
		if why, ended := endOf(err); ended {
			return why, nil
		}
		if err != nil {
			return "", err
		}
	}
}

// agentGone ends a conversation whose agent's leg has ended, and gives the ending.
func (c *call) agentGone(ctx context.Context, g Gone) error {
	c.line.dropLeg(c.agentLeg)
	c.agentLeg = ""
	if g.unknown() {
		if err := c.pause(ctx, lostTogether); err != nil {
			return err
		}
	}
	return ending{AgentHungUp}
}

// endOf takes the reason out of an error that ends a call.
func endOf(err error) (why Reason, ended bool) {
	e, ended := errors.AsType[ending](err)
	return e.why, ended
}

// letGo hangs up the agent's leg, if it is there.
func (c *call) letGo(ctx context.Context) {
	if c.agentLeg == "" {
		return
	}
	if err := c.line.opt.Switch.Hangup(ctx, c.agentLeg); err != nil {
		c.log.Warn("an agent's leg was not hung up", "err", err)
	}
	c.line.dropLeg(c.agentLeg)
	c.agentLeg = ""
}

// farewell frees the agent, who may have to wrap up. A caller who is still there goes on in the flow if
// it says so, and else hears a goodbye.
func (c *call) farewell(ctx context.Context, why Reason) error {
	agent := c.rec.state.Agent
	if c.rec.state.Held && !c.gone {
		if err := c.hold(ctx, false); err != nil && ctx.Err() != nil {
			return err
		}
	}
	if agent == "" || c.line.opt.Rules(c.rec.record.Queue).WrapUp == 0 {
		c.letGo(ctx) // before the agent is free, or the next caller finds the phone busy
	}
	if err := c.line.opt.Switch.Part(ctx, c.rec.state.Talk); err != nil {
		c.log.Warn("a bridge was not taken apart", "err", err)
	}
	c.rec.state.Talk, c.rec.state.Held = "", false
	c.endTaping()
	wrapUp := c.finished(ctx, agent)
	if !c.keepForWrapUp(why, agent, wrapUp) {
		c.letGo(ctx)
	}
	c.rec.state.Agent, c.rec.state.Leg, c.rec.state.Partner = "", "", ""
	if !c.gone && why == AgentHungUp && c.rec.state.After {
		c.agentLeg, c.rec.state.After, c.rec.state.Phase, c.joined = "", false, inMenu, false
		c.rec.save(ctx, true)
		return errServed
	}
	if !c.gone && why == AgentHungUp {
		if err := c.tell(ctx, "goodbye"); err != nil && ctx.Err() != nil {
			return err
		}
	}
	return ending{why}
}

// finished frees the agent, if one is with the caller, and tells until when they
// wrap up.
func (c *call) finished(ctx context.Context, agent AgentID) (wrapUp time.Time) {
	if agent == "" { // the caller was handed over to a partner
		return time.Time{}
	}
	wrapUp, err := c.line.opt.Queue.Finished(ctx, c.rec.record.ID, agent)
	if err != nil {
		c.log.Error("an agent was not freed", "agent", agent, "err", err)
	}
	return wrapUp
}
