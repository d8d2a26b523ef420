package ivr

import (
	"context"
	"encoding/json"
	"time"

	"ikomek109/flows"
)

// Reconcile compares what the switch carries with what we live. It implements
// [Exchange].
func (l *Line) Reconcile(ctx context.Context, node string, legs []LegState) Routes {
	there := make(map[ChannelID]LegState, len(legs))
	for _, s := range legs {
		there[s.Channel] = s
	}
	resumed := l.resume(ctx, node, there)
	l.mu.Lock()
	defer l.mu.Unlock()
	routes := Routes{Known: map[ChannelID]*Inbox{}, Again: !resumed}
	for id := range there {
		if g, ok := l.legs[id]; ok {
			routes.Known[id] = g.in
		} else if resumed { // else it may be one that the store has yet to name
			routes.Strange = append(routes.Strange, id)
		}
	}
	return routes
}

// resume takes up, once in the life of a program, the calls that an earlier
// one left: those whose leg is there go on, the others are closed. It tells
// whether that is done.
func (l *Line) resume(ctx context.Context, node string, there map[ChannelID]LegState) bool {
	l.resuming.Lock()
	defer l.resuming.Unlock()
	l.mu.Lock()
	done := l.resumed
	l.mu.Unlock()
	if done {
		return true
	}
	saved, ok := l.earlierCalls(ctx, node)
	if !ok {
		return false
	}
	for _, s := range saved {
		if !l.own(s.Record.ID) {
			l.takeUp(s, there)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.resumed, l.earlier.saved, l.earlier.flows, l.earlier.own = true, nil, nil, nil
	l.relaysAgain(there) //nolint:contextcheck // it lives as long as the line
	l.wrapUpsAgain(there)
	if !l.stopped {
		l.sweep(node)
		l.callPeopleBack(node)
	}
	return true
}

// own tells whether a call is one that this program began, and which may have
// ended since the store named it.
func (l *Line) own(id CallID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.earlier.own[id]
}

// takeUp lives a saved call on, or closes it when the caller is not there.
func (l *Line) takeUp(s Saved, there map[ChannelID]LegState) {
	flow := l.earlier.flows[s.Record.Flow]
	if flow == nil {
		flow = l.opt.Flow()
	}
	c := l.newCall(unfolded(s.Record), flow)
	for _, e := range s.Entries {
		c.rec.record.Fold(e)
		c.rec.seq = e.Seq
	}
	c.rec.opened = true
	if err := json.Unmarshal(s.State, &c.rec.state); err != nil {
		c.log.Error("the saved state of a call cannot be read; it begins anew", "err", err)
		c.rec.state = saved{Phase: inMenu}
	}
	if c.rec.record.Origin == ByCallback {
		l.takeUpRecall(c, there)
		return
	}
	c.asked = true // the earlier program may have asked the queue, and not lived to say so
	if _, ok := there[c.leg]; !ok {
		c.gone = true
		partLeft(&c.rec, time.Now())
		l.start(c, c.goneMeantime)
		return
	}
	c.joinedUnsaved(there)
	_, agentThere := there[c.rec.state.Leg]
	if agentThere && (c.rec.state.Phase == inTalk || c.rec.state.Phase == withPartner) {
		c.agentLeg = c.rec.state.Leg
		l.addLeg(c, c.agentLeg)
	}
	if t := c.rec.state.thirdLeg(); t != "" {
		l.addLeg(c, t)
	}
	f := c.found(there)
	l.start(c, func(ctx context.Context) error { return c.takenUp(ctx, f) })
}

// joinedUnsaved takes up a conversation that the earlier program began, and did
// not live, or have the store, to save: from the switch, which has both in it,
// or from the journal, when the other has hung up since.
func (c *call) joinedUnsaved(there map[ChannelID]LegState) {
	if c.rec.state.Phase == inTalk || c.rec.state.Phase == withPartner {
		return
	}
	if other, ok := beside(there, c.leg); ok {
		c.rec.state.Talk, c.rec.state.Leg = other.Bridge, other.Channel
		c.joinedWith(other.Agent, other.Partner)
		return
	}
	with := c.rec.record.joining
	if _, waits := there[c.rec.state.Leg]; !waits && with != (joining{}) {
		c.joinedWith(with.agent, with.partner)
	}
}

// joinedWith notes that the caller and somebody who picked up could speak.
func (c *call) joinedWith(agent AgentID, partner string) {
	if with := c.rec.record.joining; with.agent != agent || with.partner != partner { // no store knows
		c.rec.note(Joining, "", joining{agent: agent, partner: partner}.detail()...)
	}
	c.rec.joined()
	c.rec.state.Phase, c.rec.state.Agent, c.rec.state.Partner, c.rec.state.Onward = inTalk, agent, partner, ""
	if partner != "" {
		c.rec.state.Phase = withPartner
	}
}

// beside gives an agent's or a partner's leg that is in one conversation with
// a caller's.
func beside(there map[ChannelID]LegState, caller ChannelID) (other LegState, ok bool) {
	bridge := there[caller].Bridge
	for _, leg := range there {
		if bridge != "" && leg.Bridge == bridge && (leg.Agent != "" || leg.Partner != "") {
			return leg, true
		}
	}
	return LegState{}, false
}

// unfolded is the record as it was when opened, ready to be folded again.
func unfolded(r Record) Record {
	return Record{
		ID: r.ID, Node: r.Node, Channel: r.Channel, Caller: r.Caller,
		Dialled: r.Dialled, Flow: r.Flow, Path: []string{},
	}
}

// takenUp goes on where an earlier program left the call.
func (c *call) takenUp(ctx context.Context, f found) error {
	c.rec.note(Resumed, "")
	c.rec.state.Lost = ""
	c.keys = earlyKeys(c.rec.state.Keys)
	if err := c.stopPlaying(ctx); err != nil {
		return c.goneUnserved(ctx, err)
	}
	switch c.rec.state.Phase {
	case inTalk:
		c.hushOthers(ctx)
		return c.talkAgain(ctx, f)
	case withPartner:
		return c.partnerAgain(ctx, f.agent)
	case inMenu, inQueue:
	}
	if how, ok := c.recordedMeantime(ctx); ok {
		return how(ctx)
	}
	c.giveBack(ctx)
	if c.rec.state.Flow.Node == "" { // killed before its first step was saved
		return c.walk(ctx, c.start(ctx))
	}
	return c.walk(ctx, c.resume(ctx, &c.rec.state.Flow))
}

// stillServed has the queue know, as the earlier program may not have had its
// store know, that the agent talks: else others would be offered to them.
func (c *call) stillServed(ctx context.Context) {
	agent := c.rec.state.Agent
	if agent == "" { // handed over to a partner
		return
	}
	if err := c.line.opt.Queue.Connected(ctx, c.rec.record.ID, agent); err != nil {
		c.log.Warn("the queue did not take up a conversation", "agent", agent, "err", err)
	}
}

// giveBack ends what the earlier program had under way. Of an offer first the
// agents' phones, which may ring still and would be busy for the next one.
func (c *call) giveBack(ctx context.Context) {
	c.giveBackServices(ctx)
	offered := c.rec.state.Ringing
	if agent := c.rec.state.Agent; agent != "" {
		offered = append(offered, ringing{agent, c.rec.state.Leg})
	}
	c.rec.state.Ringing, c.rec.state.Agent, c.rec.state.Leg = nil, "", ""
	for _, r := range offered {
		c.hangUpLeg(ctx, r.Leg)
	}
	for _, r := range offered {
		if err := c.line.opt.Queue.Missed(ctx, c.rec.record.ID, r.Agent, MissedByFault); err != nil && CodeOf(err) != NotFound {
			c.log.Warn("an offer of the earlier program was not given back", "agent", r.Agent, "err", err)
		}
		c.rec.note(OfferMissed, "", "agent", string(r.Agent), "why", MissedByFault)
	}
}

// hushOthers ends the ringing of those whom the earlier program had not let go
// when another had picked up; the queue frees them with the conversation.
func (c *call) hushOthers(ctx context.Context) {
	for _, r := range c.rec.state.Ringing {
		if r.Leg != c.rec.state.Leg {
			c.hangUpLeg(ctx, r.Leg)
		}
	}
	c.rec.state.Ringing = nil
}

// sparePlays is how many ids of playbacks are passed over when a call is taken
// up, for those that a killed program began and had no time to save.
const sparePlays = 16

// stopPlaying cuts what the earlier program was playing, so that nothing waits
// behind it, and its end is not taken for that of another. What it played is known
// from what had ended when it saved, and what was going to begin. Each request
// counts here: hundreds of callers are told at once. The error is that of a caller
// who hangs up meanwhile, or of a program that stops.
func (c *call) stopPlaying(ctx context.Context) error {
	s := &c.rec.state
	last := s.Plays + s.Ahead
	defer func() { s.Plays, s.Over, s.Ahead = last+sparePlays, last+sparePlays, 0 }()
	if s.Phase == inTalk || s.Phase == withPartner || c.leg == "" { // or nobody is on the line yet
		return nil
	}
	for s.Plays = max(s.Over, s.Plays-1) + 1; s.Plays <= last; s.Plays++ {
		c.playing.id = c.playID()
		if err := c.hush(ctx); err != nil {
			return err
		}
	}
	c.music = s.Phase == inQueue || s.Partner != "" || s.Flow.Phase == flows.LookingUp
	if s.Phase == inQueue { // see enqueue
		return nil
	}
	return c.hold(ctx, false)
}
