package ivr

import (
	"context"
	"slices"

	"ikomek109/flows"
)

// turnedOut steps out of the queue for the reason the queue gave. Where the flow
// leads back to this queue or to another, waiting goes on from its beginning.
func (c *call) turnedOut(ctx context.Context, why string) (flows.Input, error) {
	if err := c.sayAhead(ctx); err != nil {
		return nil, err
	}
	if err := c.line.opt.Queue.Aside(ctx, c.rec.record.ID); err != nil {
		c.log.Warn("place not kept", "err", err)
	}
	c.voidOffers()
	c.rec.note(LeftQueue, "", "why", why)
	c.rec.state.Phase, c.rec.state.Onward = inMenu, ""
	c.rec.save(ctx, true)
	return flows.Left{Reason: turnedOutReason(why)}, c.hold(ctx, false)
}

// turnedOutReason says to the flow why a caller was turned out.
func turnedOutReason(why string) flows.LeftReason {
	switch why {
	case turnedOutFull:
		return flows.LeftOverflow
	case turnedOutAlone:
		return flows.LeftNoAgents
	case turnedOutClosed:
		return flows.LeftFailed
	}
	return flows.LeftTimeout
}

// alone tells whether nobody on duty can serve the caller, and the flow has
// something better for such a one. Whoever was turned out for it, and chose to wait
// all the same, waits.
func (c *call) alone(q flows.Enqueue) bool {
	if !q.NoAgents || c.rec.state.Anyway {
		return false
	}
	agents, _ := c.line.opt.World.Serving(c.asTicket(q))
	return agents == 0
}

// stillAlone tells, at one announcement after the other, whether nobody has been on
// duty for the caller at two of them: for a moment between two shifts, or while the
// telephones register again, nobody is sent away.
func (c *call) stillAlone() bool {
	before := c.wasAlone
	c.wasAlone = c.alone(c.queued)
	return before && c.wasAlone
}

// backFirst takes out of actions what a queue node says before a caller who was
// turned out goes on waiting there. They are back in the queue first and hear it
// then: no prompt keeps them from an agent who is free, nor lets others pass.
func (c *call) backFirst(actions []flows.Action) []flows.Action {
	c.ahead = nil
	if !c.rec.record.turnedOut || len(actions) < 2 {
		return actions
	}
	last := len(actions) - 1
	q, queued := actions[last].(flows.Enqueue)
	s, said := actions[last-1].(flows.Say)
	if !queued || !said || s.Node != q.Node || s.Bulletin != "" {
		return actions
	}
	c.ahead = s.Utterances
	return append(slices.Clone(actions[:last-1]), q)
}

// takeAhead gives what the queue is to say first, once.
func (c *call) takeAhead() []flows.Utterance {
	us := c.ahead
	c.ahead = nil
	return us
}

// sayAhead says it to who is not back in the queue, or turned out of it again, to its
// end: a queue that refuses at once is not asked again at once.
func (c *call) sayAhead(ctx context.Context) error {
	if _, err := c.say(ctx, flows.Say{Utterances: c.takeAhead()}); err != nil {
		return err
	}
	return ctx.Err()
}
