package ivr

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"
)

// enterAgain takes the place in the queue of a citizen who is to be called back:
// it goes by the time since they wait.
func (c *call) enterAgain(ctx context.Context) error {
	r, rec := c.rec.state.Recall, &c.rec.record
	c.asked = true
	standing, err := c.line.opt.Queue.Enter(ctx, Ticket{
		Call: rec.ID, Queue: r.Queue, Language: rec.Language, Category: rec.Category, At: r.Since, Patient: true,
		OtherLanguage: c.flow.OtherLanguage(r.Queue),
	}, c.in)
	if err != nil {
		c.log.Error("the queue did not take somebody who is to be called back", "queue", r.Queue, "err", err)
		return c.putOff(MissedByFault)
	}
	c.place = standing.Place
	if !rec.Waiting() {
		c.rec.note(Queued, "", "queue", r.Queue, "place", strconv.Itoa(c.place))
	}
	c.rec.state.Ahead = playsWaiting
	c.rec.save(ctx, true)
	return nil
}

// awaitTurn waits until it is a citizen's turn to be called back: with nobody on
// the line, or with music for who has answered already.
func (c *call) awaitTurn(ctx context.Context) error {
	for {
		if c.mayPutOff() {
			return ending{PutOff}
		}
		if err := c.hold(ctx, true); err != nil {
			return err
		}
		switch ev, err := c.next(ctx, c.recallMusicDue()); e := ev.(type) {
		case OfferMade:
			err := c.called(ctx, e)
			if errors.Is(err, errOnward) { // an agent led them on to a queue
				err = c.enterOnward(ctx)
			}
			if err != nil {
				return err
			}
		case TurnedOut:
			return c.putOff(MissedByFault)
		default:
			if err != nil && !errors.Is(err, errTimeUp) {
				return err
			}
		}
	}
}

// recallMusicDue is when to look after the music of who has answered; zero: never.
func (c *call) recallMusicDue() time.Time {
	if c.leg == "" || c.music {
		return time.Time{}
	}
	return time.Now().Add(musicAgain)
}

// mayPutOff tells whether a call to a citizen is to end, and can: nobody's
// telephone rings, or the wish itself is void. Who has answered is served, and what
// came of a try is told to its end.
func (c *call) mayPutOff() bool {
	r := c.rec.state.Recall
	return r != nil && r.Why == "" && c.off != "" && c.rec.state.Phase == inQueue && !r.Up && (r.Leg == "" || c.off == offCancelled)
}

// putOff ends a call to a citizen for now.
func (c *call) putOff(why string) error {
	c.off = why
	return ending{PutOff}
}

// called brings the citizen together with an agent whom the queue has claimed.
func (c *call) called(ctx context.Context, o OfferMade) error {
	if c.line.opt.Recall.CitizenFirst && c.leg == "" {
		why, err := c.reach(ctx)
		if why != "" {
			return ending{NoAnswer}
		}
		if err == nil {
			err = c.pause(ctx, handToEar)
		}
		if err != nil {
			return err
		}
	}
	return c.offered(ctx, o)
}

// connecting is what a caller hears who is served at once.
func (c *call) connecting() string {
	if c.rec.state.Recall != nil {
		return "callback/hello"
	}
	return "connecting"
}

// agentLeft is why it came to nothing when the agent did not wait for the
// citizen to answer.
const agentLeft = "agent_left"

// reachFor calls the citizen, who is not on the line yet, for an agent who has
// taken them, and who hears music meanwhile. A returned why says that the agent
// did not wait.
func (c *call) reachFor(ctx context.Context) (why string, err error) {
	if c.rec.state.Recall == nil || c.leg != "" {
		return "", nil
	}
	if slices.ContainsFunc(c.held, func(ev Event) bool { g, ok := ev.(Gone); return ok && g.Channel == c.agentLeg }) {
		return agentLeft, nil
	}
	c.agentMusic(ctx, true)
	why, err = c.reach(ctx)
	if why == agentLeft || err != nil {
		return why, err
	}
	c.agentMusic(ctx, false)
	if why == "" {
		return "", nil
	}
	if err := c.sayOut(ctx, "callback/unanswered"); err != nil {
		return "", err
	}
	return "", ending{NoAnswer}
}

// agentMusic turns music for the agent on or off; words and keys work without.
func (c *call) agentMusic(ctx context.Context, on bool) {
	if err := c.line.opt.Switch.Hold(ctx, c.agentLeg, on); err != nil {
		c.log.Debug("an agent's music was not switched", "on", on, "err", err)
	}
}

// sayOut says phrases to the agent, in the caller's language, to their end.
func (c *call) sayOut(ctx context.Context, ids ...string) error {
	sounds, length := c.sounds(c.phrases(nil, ids...))
	if len(sounds) == 0 || c.agentLeg == "" {
		return nil
	}
	err := c.play(ctx, playable{sounds: sounds, length: length, to: c.agentLeg})
	if err == nil {
		_, err = c.hear(ctx, false)
	}
	if _, over := endOf(err); over || ctx.Err() != nil {
		return err
	}
	if err != nil {
		c.log.Warn("an agent was not told what it is about", "err", err)
	}
	return nil
}

// reach calls the citizen. A returned why says that they were not reached.
func (c *call) reach(ctx context.Context) (why string, err error) {
	if err := c.mayCall(ctx); err != nil {
		return "", err
	}
	r := c.rec.state.Recall
	r.Leg = ChannelID(newCallID())
	c.rec.note(RecallDialled, "", "try", strconv.Itoa(r.Try))
	c.rec.save(ctx, true)
	c.line.addLeg(c, r.Leg)
	opt := c.line.opt.Recall
	err = c.line.opt.Switch.Ring(ctx, Ring{
		Channel: r.Leg, Citizen: c.rec.record.Caller, Shown: opt.Number, Title: opt.Name, Timeout: opt.Ring, Inbox: c.in,
	})
	switch {
	case err == nil:
		why, err = c.awaitCitizen(ctx, time.Now().Add(opt.Ring+ringGrace))
	case CodeOf(err) == NotFound:
		c.log.Error("there is no way to a citizen who is to be called back", "err", err)
		why, err = MissedByNetwork, nil
	case CodeOf(err) == Invalid:
		c.log.Error("a citizen who is to be called back has no number that can be dialled", "err", err)
		why, err = "failed", nil
	default:
		c.log.Error("a citizen could not be called back", "err", err)
		why, err = MissedByFault, ctx.Err()
	}
	if err != nil {
		return "", err
	}
	return c.reached(ctx, why)
}

// mayCall makes sure, just before a telephone rings, that people are called now,
// and that the citizen is still ours to call, and not in a call with us.
func (c *call) mayCall(ctx context.Context) error {
	switch {
	case c.line.opt.Recall.Store == nil || !c.line.opt.Recall.Open(time.Now()):
		return c.putOff(offHours)
	case c.line.inCall(c.number):
		return c.putOff(offCalling)
	}
	asked, cancel := context.WithTimeout(ctx, queueWait)
	defer cancel()
	err := c.line.opt.Recall.Store.Ours(asked, c.rec.state.Recall.ID, c.rec.record.ID)
	switch {
	case err == nil || ctx.Err() != nil:
		return ctx.Err()
	case final(err):
		return c.putOff(offCancelled)
	}
	c.log.Error("a citizen is not called back: the store does not answer", "err", err)
	return c.putOff(MissedByFault)
}

// awaitCitizen waits until the citizen picks up, or does not.
func (c *call) awaitCitizen(ctx context.Context, until time.Time) (why string, err error) {
	for {
		ev, err := c.next(ctx, until)
		if errors.Is(err, errTimeUp) {
			return MissedByFault, nil // the switch owes us the end of the leg
		}
		if err != nil {
			return "", err
		}
		switch e := ev.(type) {
		case LegAnswered:
			if e.Channel == c.rec.state.Recall.Leg {
				return "", nil
			}
		case Gone:
			switch e.Channel {
			case c.rec.state.Recall.Leg:
				return missedWhy(e), nil
			case c.agentLeg:
				return agentLeft, nil
			}
		}
	}
}

// reached notes what came of calling the citizen. What was nobody's fault but
// ours ends the call without a try being counted.
func (c *call) reached(ctx context.Context, why string) (string, error) {
	r := c.rec.state.Recall
	if why == "" {
		c.leg, c.gone, r.Up = r.Leg, false, true
		c.rec.note(RecallAnswered, "")
		c.rec.save(ctx, true)
		return "", nil
	}
	if err := c.line.opt.Switch.Hangup(ctx, r.Leg); err != nil {
		c.log.Warn("a citizen's telephone was not hung up", "err", err)
	}
	c.line.dropLeg(r.Leg)
	r.Leg = ""
	c.rec.note(RecallMissed, "", "why", why)
	c.rec.save(ctx, false)
	switch why {
	case agentLeft:
		return why, nil
	case MissedByFault:
		return "", ending{SwitchFailed}
	}
	r.Why = why
	if why == MissedByNetwork {
		now := time.Now()
		c.line.noWay.Store(&now)
	}
	if c.line.inCall(c.number) { // that is why they are busy
		return "", c.putOff(offCalling)
	}
	return why, nil
}

// dialled is the leg of a citizen who is being called, and has not answered.
func (c *call) dialled() ChannelID {
	if r := c.rec.state.Recall; r != nil && !r.Up {
		return r.Leg
	}
	return ""
}

// met ends the wish of a caller to be called back who is served now.
func (c *call) met(ctx context.Context) {
	if c.rec.state.Recall != nil || c.line.opt.Callbacks == nil || c.number == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, queueWait)
	defer cancel()
	if err := c.line.opt.Callbacks.Met(ctx, c.number, string(Served)); err != nil {
		c.log.Error("the callback of a caller who is served was not ended", "err", err)
	}
}
