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

// wordsGrace is how much longer than the words the switch may take to say that
// they have been heard.
const wordsGrace = 2 * time.Second

// accept tells the agent who has picked up, in a few words, who waits, while
// the caller hears music. An empty why says that the agent takes the caller. It
// comes to nothing at once when the caller hangs up meanwhile.
func (c *call) accept(ctx context.Context, foretold []flows.Utterance) (why string, err error) {
	by := c.line.opt.Accept
	words, length := c.sayToAgent(ctx, foretold)
	until, saying := time.Now().Add(length), true
	for {
		if err := c.hold(ctx, true); err != nil {
			return "", err
		}
		ev, err := c.next(ctx, until)
		if errors.Is(err, errTimeUp) && saying {
			ev, err = PlayEnded{Play: words}, nil // the switch owes us the end of the words
		}
		if errors.Is(err, errTimeUp) {
			return missedNoAnswer, nil
		}
		if err != nil {
			return "", err
		}
		switch e := ev.(type) {
		case PlayEnded:
			if !saying || e.Play != words {
				continue
			}
			if e.Failed { // a hang-up looks like that, too, and is told next
				until = time.Now().Add(lostTogether)
				continue
			}
			if !by.ByKey {
				return "", nil
			}
			saying, until = false, time.Now().Add(by.Within)
		case KeyPressed:
			if answer, ok := c.answered(e); ok {
				c.hushAgent(ctx, words)
				return answer, nil
			}
		case Gone:
			if e.Channel == c.agentLeg {
				return refusedOr(e), nil
			}
		}
	}
}

// answered tells what a key says about the caller: an empty why takes them.
func (c *call) answered(key KeyPressed) (why string, ok bool) {
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
	if g.Lost {
		return MissedByFault
	}
	return MissedRefused
}

// foretold is what the agent hears of the caller before the bridge: that there
// is one, and the language and the topic, in the caller's language.
func (c *call) foretold() []flows.Utterance {
	ids := []string{"agent/offer", "agent/language/none", "agent/topic/none"}
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
// has to be known: at once when it is not said, for words missed are no reason
// to keep a caller waiting.
func (c *call) sayToAgent(ctx context.Context, us []flows.Utterance) (PlayID, time.Duration) {
	sounds, length := c.sounds(us)
	id := PlayID(string(c.agentLeg) + ".words") // said once on a leg
	if len(sounds) == 0 {
		return id, 0
	}
	err := c.line.opt.Switch.Play(ctx, Play{ID: id, Channel: c.agentLeg, Sounds: sounds, Length: length})
	if err != nil {
		c.log.Warn("an agent was not told who waits", "err", err)
		return id, 0
	}
	return id, length + wordsGrace
}

// hushAgent stops what the agent hears.
func (c *call) hushAgent(ctx context.Context, id PlayID) {
	if err := c.line.opt.Switch.Stop(ctx, id); err != nil && ctx.Err() == nil {
		c.log.Warn("the words to an agent could not be cut", "err", err)
	}
}
