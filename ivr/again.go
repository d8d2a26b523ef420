package ivr

import (
	"context"
	"errors"

	"ikomek109/flows"
)

// talkAgain goes on with a conversation that an earlier program began.
func (c *call) talkAgain(ctx context.Context, agentThere bool) error {
	var err error
	if agentThere {
		c.rec.save(ctx, false)
		c.stillServed(ctx)
		err = c.talk(ctx)
	} else {
		if c.rec.record.talking { // else it had ended before
			c.rec.note(Parted, "", "by", "agent")
		}
		err = c.farewell(ctx, AgentHungUp)
	}
	if errors.Is(err, errServed) {
		return c.walk(ctx, c.flow.Step(c.rec.state.Flow, flows.Served{}, c.env(ctx)))
	}
	return err
}

// partnerAgain goes on with a handover of an earlier program.
func (c *call) partnerAgain(ctx context.Context, there bool) error {
	var in flows.Input = flows.HandedOver{Result: flows.HandoverFinished}
	if there {
		c.rec.save(ctx, false)
		var err error
		if in, err = c.talkToPartner(ctx); err != nil {
			return err
		}
	} else {
		c.handedOver(ctx, "partner")
	}
	return c.walk(ctx, c.flow.Step(c.rec.state.Flow, in, c.env(ctx)))
}

// goneMeantime ends a call whose caller hung up while no program was there. A
// message that they had recorded is kept.
func (c *call) goneMeantime(ctx context.Context) error {
	state := c.rec.state.Flow
	var in flows.Input
	if id := c.rec.state.Tape; id != "" && state.Phase == flows.Recording {
		in = c.taped(ctx, id, 0)
	}
	c.lastWill(ctx, state, in)
	return ending{GoneMeantime}
}

// giveBackServices ends what the earlier program had under way beside an offer:
// a recording, the ringing of a partner.
func (c *call) giveBackServices(ctx context.Context) {
	if id := c.rec.state.Tape; id != "" {
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
