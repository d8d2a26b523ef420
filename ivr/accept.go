package ivr

import (
	"context"
	"errors"
	"time"

	"ikomek109/flows"
)

// Accept is how agents who have picked up take the caller.
type Accept struct {
	// ByKey joins them only when they press 1; else they are joined after the
	// words. In both, 1 takes at once, and * or hanging up refuses.
	ByKey bool
	// Within is how long after the words the key may take; zero means 5 seconds.
	Within time.Duration
}

// defaultAcceptWithin is long enough for a hand on its way to the phone.
const defaultAcceptWithin = 5 * time.Second

// MissedRefused is the why of [Queue.Missed] when the agent refused this
// caller. It is no offer missed: the agent goes on to be offered others.
const MissedRefused = "refused"

// handToEar is from picking up to the words: nobody hears what is said while
// the phone is on its way, and sound takes a moment to come through.
const handToEar = 500 * time.Millisecond

// wordsGrace is how much longer than the words the switch may take to say that
// they have been heard.
const wordsGrace = 2 * time.Second

// accept tells the agent who has picked up, in a few words, who waits, while
// the caller hears music. An empty why says that the agent takes the caller. It
// comes to nothing at once when the caller hangs up meanwhile.
func (c *call) accept(ctx context.Context, foretold []flows.Utterance) (why string, err error) {
	o := offerTold{until: time.Now().Add(handToEar)}
	for {
		if err := c.hold(ctx, true); err != nil {
			return "", err
		}
		ev, err := c.next(ctx, o.until)
		switch {
		case errors.Is(err, errTimeUp) && !o.begun:
			o.begun, o.saying = true, true
			o.words, o.until = c.sayToAgent(ctx, foretold)
			continue
		case errors.Is(err, errTimeUp) && o.saying:
			ev, err = PlayEnded{Play: o.words}, nil // the switch owes us the end of the words
		case errors.Is(err, errTimeUp):
			return missedNoAnswer, nil
		}
		if err != nil {
			return "", err
		}
		if why, done := c.tookOrNot(ctx, ev, &o); done {
			return why, nil
		}
	}
}

// offerTold is how far an agent has been told of a caller.
type offerTold struct {
	begun, saying bool
	words         PlayID
	until         time.Time // what comes next is due then
}

// tookOrNot looks at an event while an agent is told of a caller. When it
// decides the matter, an empty why says that the agent takes the caller.
func (c *call) tookOrNot(ctx context.Context, ev Event, o *offerTold) (why string, done bool) {
	by := c.line.opt.Accept
	switch e := ev.(type) {
	case PlayEnded:
		switch {
		case !o.saying || e.Play != o.words:
		case e.Failed: // a hang-up looks like that, too, and is told next
			o.until = time.Now().Add(lostTogether)
		case by.ByKey:
			o.saying, o.until = false, time.Now().Add(by.Within)
		default:
			return "", true
		}
	case KeyPressed:
		if why, done = c.verdict(e); done && o.saying {
			c.hushAgent(ctx, o.words)
		}
		return why, done
	case Gone:
		return refusedOr(e), e.Channel == c.agentLeg
	}
	return "", false
}

// verdict is what a key says about the caller: an empty why takes them.
func (c *call) verdict(key KeyPressed) (why string, ok bool) {
	switch {
	case key.Channel != c.agentLeg:
		return "", false
	case key.Key == '1':
		return "", true
	case key.Key == '*':
		return MissedRefused, true
	}
	return "", false
}

// refusedOr is the why of an agent's leg that ended during the words.
func refusedOr(g Gone) string {
	if g.unknown() {
		return MissedByFault
	}
	return MissedRefused
}

// foretold is what the agent hears of the caller before the bridge: that there
// is one, or is to be called back, and the language and the topic, in the
// caller's language.
func (c *call) foretold() []flows.Utterance {
	ids := []string{"agent/offer", "agent/language/none", "agent/topic/none"}
	if c.rec.state.Recall != nil {
		ids[0] = "callback/agent"
	}
	if l := c.rec.record.Language; l.Known() {
		ids[1] = "agent/language/" + string(l)
	}
	if topic := topicPhrases(c.flow, c.rec.record.Category); len(topic) > 0 {
		ids = append(ids[:2], topic...)
	}
	return c.phrases(nil, ids...)
}

// topicPhrases are the words for a category: of the second level, the first
// level's and its own name. None when the flow does not know it.
func topicPhrases(f *flows.Flow, code string) []string {
	category, ok := f.Category(code)
	if !ok {
		return nil
	}
	return category.Phrases()
}

// sayToAgent begins to say something on the agent's leg, and gives when its end
// is due: at once when it is not said, for words missed are no reason to keep a
// caller waiting.
func (c *call) sayToAgent(ctx context.Context, us []flows.Utterance) (id PlayID, due time.Time) {
	sounds, length := c.sounds(us)
	id = PlayID(string(c.agentLeg) + ".words") // said once on a leg
	if len(sounds) == 0 {
		return id, time.Now()
	}
	err := c.line.opt.Switch.Play(ctx, Play{ID: id, Channel: c.agentLeg, Sounds: sounds, Length: length})
	if err != nil {
		c.log.Warn("an agent was not told who waits", "err", err)
		return id, time.Now()
	}
	return id, time.Now().Add(length + wordsGrace)
}

// hushAgent stops what the agent hears.
func (c *call) hushAgent(ctx context.Context, id PlayID) {
	if err := c.line.opt.Switch.Stop(ctx, id); err != nil && ctx.Err() == nil {
		c.log.Warn("the words to an agent could not be cut", "err", err)
	}
}
