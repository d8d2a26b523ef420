package ivr

import (
	"context"

	"ikomek109/flows"
)

// partnerAgain goes on with a handover of an earlier program.
func (c *call) partnerAgain(ctx context.Context, there bool) error {
	var in flows.Input = flows.HandedOver{Result: flows.HandoverFinished}
	c.outOfQueue(ctx, "handed_over") // unless it was done
	if there {
		c.rec.save(ctx, false)
		var err error
		if in, err = c.talkToPartner(ctx); err != nil {
			return err
		}
	} else {
		c.handedOver(ctx, "partner")
	}
	return c.walk(ctx, c.step(ctx, &c.rec.state.Flow, in))
}

// recordedMeantime goes on with a caller whom an earlier program recorded. What
// they have said so far is theirs to send, to hear or to record anew. It is
// false when there is nothing to go on with.
func (c *call) recordedMeantime(ctx context.Context) (how func(context.Context) error, ok bool) {
	state, id := c.rec.state.Flow, c.rec.state.Tape
	if id == "" || state.Phase != flows.Recording || c.line.opt.Recordings == nil {
		return nil, false
	}
	err := c.command(ctx, retryBriefly, func(ctx context.Context) error {
		return c.line.opt.Recordings.EndRecording(ctx, id)
	})
	if ctx.Err() != nil { // the next program asks again
		return func(ctx context.Context) error { return ctx.Err() }, true
	}
	in := c.taped(ctx, id, 0)
	if _, over := endOf(err); over {
		c.rec.state.Tape = ""
		return func(ctx context.Context) error { c.lastWill(ctx, state, in); return err }, true
	}
	if in.Failed || in.Length < flows.MinMessage {
		return nil, false
	}
	c.rec.state.Tape = ""
	r := c.step(ctx, &state, in)
	c.noteAll(r.Events)
	return func(ctx context.Context) error { return c.walk(ctx, c.resume(ctx, &r.State)) }, true
}

// goneMeantime ends a call whose caller hung up while no program was there. A
// message that they had recorded is kept.
func (c *call) goneMeantime(ctx context.Context) error {
	if why := c.rec.state.Lost; why != "" { // done with but for the callback
		return ending{why}
	}
	return c.goneUnserved(ctx, ending{GoneMeantime})
}

// goneUnserved ends a call that an earlier program left in the menu or in the
// queue, and has a message that was being recorded kept, unless why it ends is that
// this program stops, too.
func (c *call) goneUnserved(ctx context.Context, why error) error {
	if _, over := endOf(why); !over || c.rec.state.Owed != nil { // done with but for the promise
		return why
	}
	state := c.rec.state.Flow
	var in flows.Input
	if id := c.rec.state.Tape; id != "" && state.Phase == flows.Recording && c.line.opt.Recordings != nil {
		in = c.taped(ctx, id, 0)
	}
	c.lastWill(ctx, state, in)
	return why
}

// giveBackServices ends what the earlier program had under way beside an offer:
// a recording, the ringing of a partner.
func (c *call) giveBackServices(ctx context.Context) {
	if id := c.rec.state.Tape; id != "" && c.line.opt.Recordings != nil {
		if err := c.line.opt.Recordings.EraseRecording(ctx, id); err != nil {
			c.log.Warn("a recording of the earlier program was not erased", "err", err)
		}
		c.rec.state.Tape = ""
	}
	if partner := c.rec.state.Partner; partner != "" {
		c.letPartnerGo(ctx)
		c.rec.note(HandoverMissed, "", "partner", partner, "why", MissedByFault)
	}
}
