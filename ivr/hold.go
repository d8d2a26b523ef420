package ivr

import (
	"context"
	"strconv"
	"time"

	"ikomek109/flows"
)

// putOnHold parts the two and gives the caller music. It is in the store before:
// should the program be killed now, the next one knows who hears what.
func (c *call) putOnHold(ctx context.Context, by string, confirm bool) error {
	c.rec.state.Held = true
	c.rec.note(HoldBegun, "", "by", by)
	c.rec.save(ctx, true)
	if err := c.partHeld(ctx); err != nil {
		return err
	}
	if confirm {
		c.sayToHolder(ctx, "agent/hold")
	}
	c.onHold(ctx, true) // last, as its store may be slow
	return nil
}

// partHeld takes the conversation of a caller on hold apart, with music for them.
func (c *call) partHeld(ctx context.Context) error {
	if c.rec.state.Talk != "" {
		// Until it is taken apart the caller hears what is not meant for them.
		err := c.command(ctx, retryFor, func(ctx context.Context) error { return c.line.opt.Switch.Part(ctx, c.rec.state.Talk) })
		if _, over := endOf(err); over || ctx.Err() != nil {
			return err
		}
		if err != nil {
			c.log.Warn("a bridge was not taken apart", "err", err)
		}
		c.rec.state.Talk = ""
	}
	c.endTaping() // what is said meanwhile is not for the record
	return c.hold(ctx, true)
}

// takeBack joins the agent and the caller on hold again.
func (c *call) takeBack(ctx context.Context) error {
	c.hushWords(ctx)
	c.rec.state.Held, c.rec.state.Back, c.rec.state.Third = false, false, nil
	c.rec.state.Talk = BridgeID(newCallID())
	if c.rec.record.onHold {
		c.rec.note(HoldEnded, "")
	}
	c.planTaping()
	c.rec.save(ctx, true)
	if err := c.bridgeSurely(ctx); err != nil {
		if _, over := endOf(err); over || ctx.Err() != nil {
			return err
		}
		c.log.Error("caller and agent were not joined again", "agent", c.rec.state.Agent, "err", err)
		return c.putOnHold(ctx, "fault", false) // the agent may try again, or hang up
	}
	c.startTaping(ctx, false)
	c.onHold(ctx, false)
	return nil
}

// bridgeSurely joins the two in the bridge that the state names, again and again
// while the switch does not answer. A leg that is gone is told by its event.
func (c *call) bridgeSurely(ctx context.Context) error {
	id := c.rec.state.Talk
	for until := time.Now().Add(retryFor); ; {
		c.rec.state.Talk = id
		err := c.bridge(ctx)
		if CodeOf(err) != Unavailable || time.Now().After(until) {
			return err
		}
		if err := c.pause(ctx, retryPause); err != nil {
			return err
		}
	}
}

// retryPause parts two tries to join.
const retryPause = 500 * time.Millisecond

// onHold has the roster know. It is for people who look: the conversation does
// not depend on it.
func (c *call) onHold(ctx context.Context, on bool) {
	if err := c.line.opt.Roster.OnHold(ctx, c.rec.state.Agent, on); err != nil {
		c.log.Warn("that an agent has a caller on hold was not stored", "agent", c.rec.state.Agent, "on", on, "err", err)
	}
}

// sayToHolder says something on the agent's leg while the caller is on hold, and
// cuts what was said there before. It gives when it will have been said.
func (c *call) sayToHolder(ctx context.Context, ids ...string) time.Time {
	c.hushWords(ctx)
	sounds, length := c.sounds(c.toAgent(ids...))
	if len(sounds) == 0 || c.agentLeg == "" {
		return time.Now()
	}
	c.rec.state.Words++
	c.words = PlayID(string(c.agentLeg) + ".words" + strconv.Itoa(c.rec.state.Words))
	err := c.line.opt.Switch.Play(ctx, Play{ID: c.words, Channel: c.agentLeg, Sounds: sounds, Length: length})
	if err != nil {
		c.log.Warn("an agent was not told something", "phrases", ids, "err", err)
		c.words = ""
		return time.Now()
	}
	return time.Now().Add(length)
}

// toAgent gives phrases for the agent, in the call's language.
func (c *call) toAgent(ids ...string) []flows.Utterance { return c.phrases(nil, ids...) }

// hushWords cuts what the agent hears: a joining would wait for it.
func (c *call) hushWords(ctx context.Context) {
	if c.words != "" {
		c.hushAgent(ctx, c.words)
		c.words = ""
	}
}
