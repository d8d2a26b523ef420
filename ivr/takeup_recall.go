package ivr

import (
	"context"
	"time"
)

// takeUpRecall lives on a call to a citizen that an earlier program left: in the
// queue at its place, with a citizen who has answered, or in conversation.
func (l *Line) takeUpRecall(c *call, there map[ChannelID]LegState) {
	c.leg, c.gone = "", true
	r := c.rec.state.Recall
	if r == nil { // what was saved cannot be read; the wish is free again soon
		l.start(c, func(context.Context) error { return ending{GoneMeantime} })
		return
	}
	if leg, ok := there[r.Leg]; ok && leg.Up {
		c.leg, c.gone, r.Up = r.Leg, false, true
		c.joinedUnsaved(there)
	}
	f := c.found(there)
	if talking := !c.gone && c.rec.state.Phase == inTalk; talking { // else the switch lets the agent go
		if f.agent {
			c.agentLeg = c.rec.state.Leg
			l.addLeg(c, c.agentLeg)
		}
		if t := c.rec.state.thirdLeg(); t != "" {
			l.addLeg(c, t)
		}
	}
	l.start(c, func(ctx context.Context) error { return c.recallTakenUp(ctx, f) })
}

// recallTakenUp goes on where an earlier program left a call to a citizen.
func (c *call) recallTakenUp(ctx context.Context, f found) error {
	r := c.rec.state.Recall
	c.rec.note(Resumed, "")
	if r.End != "" {
		c.off = r.Why
		return ending{r.End}
	}
	if c.gone && r.Up {
		partLeft(&c.rec, time.Now())
		return ending{GoneMeantime}
	}
	if err := c.stopPlaying(ctx); err != nil {
		return err
	}
	if c.rec.state.Phase == inTalk {
		return c.talkAgain(ctx, f)
	}
	if leg := c.dialled(); leg != "" { // it may ring still
		if err := c.line.opt.Switch.Hangup(ctx, leg); err != nil {
			c.log.Warn("a citizen's telephone was not hung up", "err", err)
		}
		c.rec.note(RecallMissed, "", "why", MissedByFault)
		r.Leg = ""
	}
	c.giveBack(ctx)
	if err := c.enterAgain(ctx); err != nil {
		return err
	}
	if err := c.oneMoment(ctx); err != nil {
		return err
	}
	return c.awaitTurn(ctx)
}

// settleRecall tells the store what came of calling a citizen back, before the
// call is closed. It tries until the store takes it; when ctx ends first it is
// false, and the call is left to the next program.
func (c *call) settleRecall(ctx context.Context, why Reason) bool {
	r := c.rec.state.Recall
	if r == nil || c.line.opt.Recall.Store == nil {
		return true
	}
	if why == PutOff && r.End == "" {
		r.Why = c.off
		c.rec.note(RecallPutOff, "", "why", r.Why)
	}
	r.End = why
	c.rec.save(ctx, true)
	t := c.tried(why, time.Now())
	var err error
	settled := insist(ctx, func() bool {
		err = c.line.opt.Recall.Store.Settle(ctx, t)
		return err == nil || final(err) // ended by a person, or told already
	})
	if !settled {
		c.log.Error("what came of a callback is not stored yet: the next program does it", "err", err)
	}
	return settled
}

// tried is what came of calling a citizen back.
func (c *call) tried(why Reason, now time.Time) Tried {
	r, opt := c.rec.state.Recall, c.line.opt.Recall
	t := Tried{ID: r.ID, Call: c.rec.record.ID, State: CallbackWaiting, Why: r.Why, At: now}
	switch c.rec.record.conclude(why) { // what else can become of such a call is a fault
	case Served:
		t.State, t.Counts, t.Why = CallbackReached, true, string(Served)
	case Unreached:
		t.Counts, t.Due = true, now.Add(opt.after(r.Try))
		if why != NoAnswer {
			t.Why = string(why)
		}
		failed := r.Try >= opt.Tries
		if r.Why == MissedByNetwork { // no telephone rang
			t.Counts, failed = false, now.Sub(r.Since) > networkTerm
			t.Due = now.Add(max(opt.after(1), now.Sub(r.Since)/2))
		}
		if failed {
			t.State, t.Due = CallbackFailed, time.Time{}
		}
	case Withdrawn:
		t.Due = now
		if r.Why == MissedByFault {
			t.Due = now.Add(restAfterFault)
		}
	default:
		t.Why, t.Due = MissedByFault, now.Add(restAfterFault)
	}
	return t
}
