package ivr

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"ikomek109/flows"
)

// enqueue puts the caller into a queue and waits with them. It returns when
// the caller wants back to the menu or has to leave; a conversation ends the
// call.
func (c *call) enqueue(ctx context.Context, q flows.Enqueue) (flows.Input, error) {
	q = c.led(q)
	ticket := Ticket{
		Call: c.rec.record.ID, Queue: q.Queue, Language: q.Language,
		Category: q.Category, At: c.cameToWait(), Caller: c.rec.record.Caller, OtherLanguage: q.OtherLanguage,
		HeadStart: c.credit(),
	}
	c.asked, c.wasAlone, c.rec.state.After = true, false, q.After
	standing, err := c.line.opt.Queue.Enter(ctx, ticket, c.in)
	if err != nil {
		c.log.Error("the queue did not take a caller, who is asked to hold", "queue", q.Queue, "err", err)
		return flows.Left{Reason: leftReason(err)}, c.sayAhead(ctx)
	}
	c.place, c.offers = standing.Place, q.Keys
	c.noteQueued(q, standing)
	c.dropKeys()
	c.rec.state.Phase, c.rec.state.Ahead = inQueue, playsWaiting
	c.rec.save(ctx, true)
	if !q.Resumed && c.alone(q) {
		return c.turnedOut(ctx, turnedOutAlone)
	}
	if q.Resumed && c.rec.state.Settled {
		return c.waitOn(ctx)
	}
	if q.Resumed {
		if err := c.oneMoment(ctx); err != nil {
			return nil, err
		}
	}
	if err := c.welcome(ctx, standing.Regained); err != nil {
		return nil, err
	}
	return c.wait(ctx)
}

// waitOn lets a caller whose call was taken up, and who has heard music all along,
// wait on without a word. To start the music once more does no harm. What they pressed
// while there was no program is lost; what they can press is told again in time.
func (c *call) waitOn(ctx context.Context) (flows.Input, error) {
	c.joined, c.music = true, false
	if err := c.hold(ctx, true); err != nil {
		return nil, err
	}
	return c.wait(ctx)
}

// oneMoment tells a caller whose call was taken up that somebody is there. It ends
// the music of before, if there is any; so does a key that spares them the words.
func (c *call) oneMoment(ctx context.Context) error {
	if err := c.tell(ctx, "one_moment"); err != nil {
		return err
	}
	return c.hold(ctx, false)
}

// cameToWait is when the caller's waiting began: with the first time that a queue
// was asked for a place, should it have taken nobody for a while.
func (c *call) cameToWait() time.Time {
	if c.rec.record.holdsTicket() {
		return c.rec.record.QueuedAt
	}
	if c.rec.state.Since.IsZero() {
		c.rec.state.Since = time.Now()
	}
	return c.rec.state.Since
}

// asksNoMore forgets when a queue was first asked in vain: what comes now leads
// elsewhere.
func (c *call) asksNoMore(actions []flows.Action) {
	if len(actions) == 0 {
		return
	}
	if _, asks := actions[len(actions)-1].(flows.Enqueue); !asks {
		c.rec.state.Since = time.Time{}
	}
}

// noteQueued notes that the caller entered a queue in which they were not yet. Who
// was turned out of it and waits on has their place still, and what they were told.
func (c *call) noteQueued(q flows.Enqueue, s Standing) {
	r := &c.rec.record
	since, again := c.rec.state.Since, r.turnedOut && r.Queue == q.Queue
	c.rec.state.Since = time.Time{}
	if r.Waiting() && r.Queue == q.Queue {
		return
	}
	if since.IsZero() {
		since = time.Now()
	}
	detail := []string{"queue", q.Queue, "place", strconv.Itoa(s.Place)}
	if s.Regained {
		detail = append(detail, "regained", "yes")
	}
	c.rec.noteAt(since, Queued, q.Node, detail...)
	if c.rec.state.Anyway = again; !again {
		c.rec.state.Promise = promise{} // what was told of another queue is no promise here
	}
}

// freeAgentWithin is how long after entering the queue an offer counts as
// being served at once: no caller is told that all are busy when they are not.
const freeAgentWithin = 100 * time.Millisecond

// welcome tells a caller who has to wait that they are in the queue, and where.
// Who has got an earlier place back is told so.
func (c *call) welcome(ctx context.Context, regained bool) error {
	for until := time.Now().Add(freeAgentWithin); ; {
		ev, err := c.next(ctx, until)
		if errors.Is(err, errTimeUp) {
			c.joined = true
			us := slices.Concat(c.takeAhead(), c.phrases(nil, "queue/joined"))
			if regained {
				us = append(us, c.phrases(nil, "queue/regained")...)
			}
			return c.tellPlace(ctx, us...)
		}
		if err != nil {
			return err
		}
		switch ev.(type) {
		case OfferMade, TurnedOut:
			c.held = append(c.held, ev)
			return nil
		case KeyPressed:
			return nil
		}
	}
}

// leftReason says to the flow why a queue did not take the caller.
func leftReason(err error) flows.LeftReason {
	if CodeOf(err) == Conflict {
		return flows.LeftOverflow
	}
	return flows.LeftFailed
}

// wait waits for an agent, with music, and the place told now and then.
func (c *call) wait(ctx context.Context) (flows.Input, error) {
	if c.every == 0 {
		c.toldAt, c.every = time.Now(), c.line.opt.Rules(c.rec.record.Queue).AnnounceEvery
	}
	for {
		if in, err := c.waitKeys(ctx); in != nil || err != nil {
			return in, err
		}
		// An offer made at once is told in words, with no music before them.
		if err := c.hold(ctx, c.music || len(c.held) == 0); err != nil {
			return nil, err
		}
		c.settle(ctx)
		due := c.toldAt.Add(c.every)
		ev, err := c.next(ctx, c.soonerWithoutMusic(due))
		switch e := ev.(type) {
		case OfferMade:
			err = c.offered(ctx, e)
			if errors.Is(err, errServed) {
				return flows.Served{}, nil
			}
			if errors.Is(err, errOnward) {
				return c.enqueue(ctx, c.queued)
			}
			if err == nil && !c.joined && len(c.keys) == 0 { // nobody picked up: now there is a wait
				err = c.welcome(ctx, false)
			}
		case PassedOver:
			c.rec.save(ctx, false)
		case TurnedOut:
			return c.turnedOut(ctx, e.Why)
		}
		if errors.Is(err, errTimeUp) {
			err = nil
			if !time.Now().Before(due) {
				if c.stillAlone() {
					return c.turnedOut(ctx, turnedOutAlone)
				}
				err = c.tellPlace(ctx, c.phrases(nil, "queue/hold")...)
				c.toldAt, c.every = time.Now(), nextAnnouncement(c.every)
			}
		}
		if err != nil {
			return nil, err
		}
	}
}

// settle puts on record that the caller waits with music and has nothing more to
// hear, and what came before, such as who was passed over.
func (c *call) settle(ctx context.Context) {
	c.rec.state.Settled = c.music
	c.rec.save(ctx, false)
}

// musicAgain is how often music that the switch did not start is tried again.
const musicAgain = 5 * time.Second

// soonerWithoutMusic brings a time forward for a caller who waits in silence.
func (c *call) soonerWithoutMusic(due time.Time) time.Time {
	if again := time.Now().Add(musicAgain); !c.music && again.Before(due) {
		return again
	}
	return due
}

// waitKeys does what the keys pressed while waiting ask for: # and 0 tell the
// place, those that the flow has offered are the flow's to heed. The others are
// dropped unread: they may be part of anything.
func (c *call) waitKeys(ctx context.Context) (flows.Input, error) {
	for len(c.keys) > 0 {
		digit := c.keys[0].Key.Reveal()
		switch {
		case digit == '#' || digit == '0':
			c.takeKey()
			if err := c.tellPlace(ctx); err != nil {
				return nil, err
			}
		case slices.ContainsFunc(c.offers, func(o flows.KeyOffer) bool { return o.Digit == digit }):
			return c.takeKey(), nil
		default:
			c.dropKey()
		}
	}
	return nil, nil
}

// leaveQueueFor steps aside when the flow leads a waiting caller elsewhere.
func (c *call) leaveQueueFor(ctx context.Context, actions []flows.Action) error {
	if c.rec.state.Phase != inQueue || len(actions) == 0 {
		return nil
	}
	switch actions[len(actions)-1].(type) {
	case flows.Stay, flows.Enqueue:
		return nil
	}
	if err := c.line.opt.Queue.Aside(ctx, c.rec.record.ID); err != nil {
		c.log.Warn("place not kept", "err", err)
	}
	c.voidOffers()
	c.rec.state.Onward = ""
	c.rec.note(SteppedAside, "", "place", strconv.Itoa(c.place))
	c.rec.state.Phase = inMenu
	c.rec.save(ctx, true)
	return c.hold(ctx, false)
}

// voidOffers drops what the queue said before the caller left it: it has taken
// the agents back already.
func (c *call) voidOffers() {
	for ev, ok := c.in.TryTake(); ok; ev, ok = c.in.TryTake() {
		c.held = append(c.held, ev)
	}
	c.held = slices.DeleteFunc(c.held, func(ev Event) bool {
		switch ev.(type) {
		case OfferMade, PlaceChanged, TurnedOut:
			return true
		}
		return false
	})
}

// hold turns the music on or off. A switch that refuses leaves the caller in
// silence, not out of the queue: whoever waits turns it on again later, and
// nothing that matters is kept waiting for it.
func (c *call) hold(ctx context.Context, on bool) error {
	if c.music == on || c.leg == "" { // nobody is on the line yet
		return nil
	}
	set := func(ctx context.Context) error { return c.line.opt.Switch.Hold(ctx, c.leg, on) }
	var err error
	if on {
		err = set(ctx)
	} else {
		err = c.command(ctx, retryBriefly, set)
	}
	var e ending
	switch {
	case errors.As(err, &e) || ctx.Err() != nil:
		return err
	case CodeOf(err) == Unavailable, CodeOf(err) == NotFound:
		// Said by the switch already, once for all calls; or the caller has hung up.
		c.log.Debug("music not switched", "on", on, "err", err)
	case err != nil:
		c.log.Warn("music not switched", "on", on, "err", err)
	}
	c.music = on && err == nil
	return nil
}

// tell says phrases of the program, in the call's language, to their end or
// until an agent is free or a key is pressed.
func (c *call) tell(ctx context.Context, ids ...string) error {
	_, err := c.say(ctx, flows.Say{Barge: true, Utterances: c.phrases(nil, ids...)})
	return err
}

// phrases gives phrases of the program in the call's language.
func (c *call) phrases(values map[string]string, ids ...string) []flows.Utterance {
	language := c.rec.record.Language
	if !language.Known() {
		language = flows.Kazakh
	}
	us := make([]flows.Utterance, 0, len(ids))
	for _, id := range ids {
		p, ok := c.flow.Phrase(id)
		if !ok {
			c.log.Error("the flow has no such phrase", "phrase", id)
			continue
		}
		us = append(us, flows.Utterance{Phrase: p, Language: language, Values: values})
	}
	return us
}
