package ivr

import (
	"context"
	"errors"
	"time"
)

// The keys of an agent in conversation: each after *, on the agent's leg alone.
const (
	keyHold     = '0' // puts the caller on hold, and takes them back
	keyHandover = '2' // hands over, the agent speaking first
	keyBlind    = '3' // hands over at once
)

// featureWithin is how soon after * the key that it goes with has to come.
const featureWithin = 3 * time.Second

// deed is what an agent does in a conversation.
type deed byte

const (
	noDeed deed = iota
	deedHold
	deedHandover
	deedBlind
	deedPhoneHolds // by the phone's own key
	deedPhoneTakes
)

// doing reads deeds from the events of an agent's leg.
type doing struct{ star time.Time } // when * was pressed; zero: it was not

// read tells what an event does, noDeed for most.
func (d *doing) read(ev Event, agent ChannelID) deed {
	switch e := ev.(type) {
	case HeldByPhone:
		switch {
		case e.Channel != agent || agent == "":
		case e.On:
			return deedPhoneHolds
		default:
			return deedPhoneTakes
		}
	case KeyPressed:
		if e.Channel == agent {
			return d.key(e)
		}
	}
	return noDeed
}

func (d *doing) key(key KeyPressed) deed {
	if key.Key == '*' {
		d.star = key.At
		return noDeed
	}
	starred := !d.star.IsZero() && key.At.Sub(d.star) <= featureWithin
	d.star = time.Time{}
	if !starred {
		return noDeed
	}
	switch key.Key {
	case keyHold:
		return deedHold
	case keyHandover:
		return deedHandover
	case keyBlind:
		return deedBlind
	}
	return noDeed
}

// talk lives a conversation to its end, which ends the call unless the flow
// wants the caller back, which is errServed, or an agent handed them to a queue:
// errOnward.
func (c *call) talk(ctx context.Context) error { return c.talkOn(ctx, nil) }

// talkOn is talk that begins with something else, of an earlier program.
func (c *call) talkOn(ctx context.Context, first func(context.Context) error) error {
	var err error
	if first != nil {
		err = first(ctx)
	}
	if err == nil {
		err = c.conversation(ctx)
	}
	why, over := endOf(err)
	if !over {
		return err
	}
	if t := c.rec.state.Third; t != nil {
		c.giveUp(ctx, t, partedBy(why, "agent"))
	}
	if c.rec.record.talking {
		c.rec.note(Parted, "", "by", partedBy(why, "agent"))
	}
	if c.rec.record.handed {
		c.rec.note(HandoverEnded, "", "partner", c.rec.state.Partner, "by", partedBy(why, "partner"))
	}
	c.rec.save(ctx, false)
	return c.farewell(ctx, why)
}

// conversation does what the agent asks for by keys, until something ends it.
func (c *call) conversation(ctx context.Context) error {
	var agent doing
	for {
		ev, err := c.next(ctx, c.heldMusicDue())
		if errors.Is(err, errTimeUp) {
			err = c.hold(ctx, true)
		}
		if g, ok := ev.(Gone); err == nil && ok && g.Channel == c.agentLeg {
			err = c.agentGone(ctx, g)
		}
		if err == nil && c.rec.state.Agent != "" { // a partner's keys do nothing
			err = c.do(ctx, agent.read(ev, c.agentLeg))
		}
		if err != nil {
			return err
		}
	}
}

// heldMusicDue is when music that a caller on hold does not hear is tried again;
// zero for never.
func (c *call) heldMusicDue() time.Time {
	if !c.rec.state.Held || c.music {
		return time.Time{}
	}
	return time.Now().Add(musicAgain)
}

// do does what the agent asked for.
func (c *call) do(ctx context.Context, what deed) error {
	held := c.rec.state.Held
	switch {
	case what == deedHold && held, what == deedPhoneTakes && held:
		return c.takeBack(ctx)
	case what == deedHold:
		return c.putOnHold(ctx, "keys", true)
	case what == deedPhoneHolds && !held:
		return c.putOnHold(ctx, "phone", false)
	case what == deedHandover, what == deedBlind:
		return c.handOn(ctx, what == deedBlind)
	}
	return nil
}
