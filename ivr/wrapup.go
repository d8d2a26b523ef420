package ivr

import (
	"context"
	"log/slog"
	"strconv"
	"time"
)

// WrappedUpFor is the entry by which a wrap-up comes onto the record of its call.
func WrappedUpFor(agent AgentID, length time.Duration, at time.Time) Entry {
	return Entry{
		At: at.UTC(), Kind: WrappedUp,
		Detail: map[string]string{"agent": string(agent), "ms": strconv.FormatInt(max(0, length.Milliseconds()), 10)},
	}
}

// wrapUp is an agent's leg that stays after the caller has hung up, so that the
// agent is asked for the topic. It is no part of the call, whose record is
// closed by then, and is hung up before the wrap-up ends: the phone has to be
// free by the time the next caller is offered.
type wrapUp struct {
	line  *Line
	in    *Inbox
	leg   ChannelID
	agent AgentID
	call  CallID
	until time.Time
}

// wrapUpMargin is how long before the end of a wrap-up the leg is hung up.
const wrapUpMargin = time.Second

// keepForWrapUp keeps the agent's leg when the caller has hung up and there is
// a wrap-up, and tells whether it did.
func (c *call) keepForWrapUp(why Reason, agent AgentID, until time.Time) bool {
	if why != CallerHungUp || c.agentLeg == "" || until.IsZero() {
		return false
	}
	c.wrap = &wrapUp{line: c.line, in: c.in, leg: c.agentLeg, agent: agent, call: c.rec.record.ID, until: until}
	c.agentLeg = ""
	return true
}

// live asks the agent for the topic and hangs up. When the line stops, the leg
// is left to the next program: see [Line.wrapUpsAgain].
func (w *wrapUp) live(ctx context.Context) {
	log := w.line.log.With("call", string(w.call), "agent", string(w.agent))
	w.line.opt.Roster.Engage(w.agent, true)
	defer w.line.opt.Roster.Engage(w.agent, false)
	h := w.line.handset(CodeCall{Channel: w.leg, Agent: w.agent}, w.in, log)
	inTime, cancel := context.WithCancel(ctx)
	defer cancel()
	over := time.AfterFunc(time.Until(w.until)-wrapUpMargin, cancel)
	defer over.Stop()
	err := h.c.caught(func() error {
		return w.line.askTopic(inTime, h, w.call, func() string {
			phrase := w.line.wrapUpLonger(inTime, w.agent)
			if until := w.line.opt.Roster.Duty(w.agent).WrapUp; !until.IsZero() {
				over.Reset(time.Until(until) - wrapUpMargin)
			}
			return phrase
		})
	})
	if err != nil && !HungUp(err) && inTime.Err() == nil {
		log.Error("an agent was not asked for the topic to the end", "err", err)
	}
	if ctx.Err() != nil || h.c.gone {
		return
	}
	w.hangUp(ctx, log)
}

func (w *wrapUp) hangUp(ctx context.Context, log *slog.Logger) {
	if err := w.line.opt.Switch.Hangup(context.WithoutCancel(ctx), w.leg); err != nil {
		log.Warn("an agent's leg was not hung up after the wrap-up", "err", err)
	}
}

// wrapUpLonger makes a wrap-up longer and gives the phrase that says so.
func (l *Line) wrapUpLonger(ctx context.Context, agent AgentID) string {
	before := l.opt.Roster.Duty(agent).WrapUp
	until, err := l.opt.Roster.Longer(ctx, agent)
	switch {
	case CodeOf(err) == Conflict, CodeOf(err) == NotFound:
		return "agent/wrap_up/none"
	case err != nil:
		l.log.Error("a wrap-up was not made longer", "agent", agent, "err", err)
		return "agent/failed"
	case !until.After(before):
		return "agent/wrap_up/longest"
	}
	return "agent/wrap_up/longer"
}

// longerByCode serves the code by which a wrap-up is made longer.
func (l *Line) longerByCode(ctx context.Context, h *Handset) error {
	return h.Say(ctx, Said{ID: l.wrapUpLonger(ctx, h.agent)})
}

// wrapUpSeen is how long an agent's leg that an earlier program left is kept
// while the queue may yet say that the agent wraps up: the call may have ended
// just when that program did.
const wrapUpSeen = 3 * time.Second

// wrapUpsAgain takes up the agents' legs that an earlier program left and that
// belong to no call: they are in a wrap-up, or are hung up. Each has its mailbox
// when it returns; mu is held.
func (l *Line) wrapUpsAgain(there map[ChannelID]LegState) {
	for id, s := range there {
		_, _, relayed := relayOf(id)
		if s.Agent == "" || !s.Up || s.Bridge != "" || relayed || l.legs[id] != nil || l.stopped {
			continue
		}
		w := &wrapUp{line: l, in: NewInbox(), leg: id, agent: s.Agent}
		l.legs[id] = &leg{in: w.in}
		l.work.Go(func() {
			defer l.dropLeg(id)
			w.again(l.life)
		})
	}
}

// again lives on the wrap-up that the queue knows of, if any.
func (w *wrapUp) again(ctx context.Context) {
	for tries := time.Now().Add(wrapUpSeen); ; {
		duty := w.line.opt.Roster.Duty(w.agent)
		if w.call, w.until = duty.Last, duty.WrapUp; !w.until.IsZero() {
			w.live(ctx)
			return
		}
		if time.Now().After(tries) {
			w.hangUp(ctx, w.line.log)
			return
		}
		select {
		case <-time.After(wrapUpSeen / 10):
		case <-ctx.Done():
			return
		}
	}
}
