package ivr

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"time"

	"ikomek109/flows"
)

// maxSilence is how long a caller may hear nothing while something is done for
// them: who hears nothing for longer takes the line for dead.
const maxSilence = flows.ListenTimeout

// playing is the playback that the caller hears now.
type playing struct {
	id     PlayID
	begun  time.Time
	length time.Duration
	failed bool // as a hang-up makes it, too
}

// say says what the flow asks for, to its end or until a key cuts it. With a
// key already waiting, what may be cut is not begun.
func (c *call) say(ctx context.Context, s flows.Say) (flows.Played, error) {
	sounds, length := c.sounds(s.Utterances)
	if len(sounds) == 0 || c.leg == "" || (s.Barge && len(c.keys) > 0) {
		return flows.Played{Cut: len(c.keys) > 0, Total: length}, nil
	}
	if err := c.begins(ctx, s.Bulletin); err != nil {
		return flows.Played{Total: length}, err
	}
	if err := c.play(ctx, playable{sounds: sounds, length: length}); err != nil {
		return c.unheard(s.Node, length, err)
	}
	how, err := c.hear(ctx, s.Barge)
	if err != nil {
		how = playCut
	}
	return c.notePlayed(s.Node, how), err
}

// hangupGap is how long after a hang-up has made a playback fail the end of the
// leg is told.
const hangupGap = 200 * time.Millisecond

// begins puts on record, before its first sound, that a bulletin is begun: it
// counts from there, whatever ends it. One that would follow a hang-up does not.
func (c *call) begins(ctx context.Context, bulletin string) error {
	if bulletin == "" {
		return nil
	}
	if c.playing.failed {
		if err := c.pause(ctx, hangupGap); err != nil {
			return err
		}
	}
	c.rec.note(BulletinBegun, "", "bulletin", bulletin)
	c.rec.save(ctx, true)
	return nil
}

// unheard goes on after a prompt that the switch would not play, unless the
// call is over: a prompt missed is better than a call dropped.
func (c *call) unheard(node string, length time.Duration, err error) (flows.Played, error) {
	var e ending
	if errors.As(err, &e) || errors.Is(err, context.Canceled) {
		return flows.Played{}, err
	}
	c.log.Error("a prompt could not be played", "node", node, "err", err)
	c.rec.note(PromptPlayed, node, "end", playFailed, "ms", "0")
	return flows.Played{Total: length}, nil
}

// sounds gives the files for utterances. One that has no file is left out and
// told in the log: the check before the start makes sure that there is none.
func (c *call) sounds(us []flows.Utterance) ([]string, time.Duration) {
	var all []string
	var length time.Duration
	for _, u := range us {
		paths, l, err := c.line.opt.Voice.Sounds(string(u.Language), u.Phrase.ID, u.Text(), u.Values)
		if err != nil {
			c.log.Error("a phrase has no sound", "phrase", u.Phrase.ID, "language", u.Language, "err", err)
			continue
		}
		all = append(all, paths...)
		length += l
	}
	return all, length
}

// playable is what a playback plays: sounds, or a recording.
type playable struct {
	sounds    []string
	recording RecordingID
	length    time.Duration
	to        ChannelID // whose ear; empty: the caller's
}

// play starts a playback.
func (c *call) play(ctx context.Context, what playable) error {
	patience := retryBriefly
	if c.rec.state.Phase == inMenu {
		patience = retryFor
	}
	return c.command(ctx, patience, func(ctx context.Context) error {
		c.rec.state.Plays++ // each try has its own id: the switch may be stopping the one before
		if what.to == "" {
			c.music = false // a prompt ends it
		}
		c.playing = playing{id: c.playID(), begun: time.Now(), length: what.length}
		return c.line.opt.Switch.Play(ctx, Play{
			ID: c.playing.id, Channel: cmp.Or(what.to, c.leg), Sounds: what.sounds, Recording: what.recording, Length: what.length,
		})
	})
}

// playID is the id of the playback begun last. It is made from saved state, so
// that a restarted program can name, and cut, what the earlier one played.
func (c *call) playID() PlayID {
	return PlayID(string(c.rec.record.ID) + "." + strconv.Itoa(c.rec.state.Plays))
}

// How a playback came to its end, as the journal says it.
const (
	playFinished = "finished"
	playCut      = "cut"
	playFailed   = "failed"
)

// hear waits for the end of the playback. A key cuts it when it may; so does
// whatever the queue has to say, which is kept for the queue to look at.
func (c *call) hear(ctx context.Context, barge bool) (how string, err error) {
	var later []Event
	defer func() { c.held = append(later, c.held...) }()
	if barge && len(c.keys) > 0 { // it came while the switch did not take the prompt
		return playCut, c.hush(ctx)
	}
	for {
		ev, err := c.next(ctx, time.Time{})
		if err != nil {
			return playCut, err
		}
		switch e := ev.(type) {
		case PlayEnded:
			if e.Play != c.playing.id {
				continue // of a prompt that was cut before
			}
			c.rec.state.Over = c.rec.state.Plays
			if c.playing.failed = e.Failed; e.Failed {
				return playFailed, nil
			}
			return playFinished, nil
		case KeyPressed:
			if barge && e.Channel == c.leg {
				return playCut, c.hush(ctx)
			}
		default:
			if c.urgent(ev) {
				later = append(later, ev)
				return playCut, c.hush(ctx)
			}
			if _, ok := ev.(looked); ok { // for who waits for it
				later = append(later, ev)
			}
		}
	}
}

// urgent tells whether an event is worth cutting a prompt for. What is heard
// of an agent's leg that was given up is not.
func (c *call) urgent(ev Event) bool {
	switch e := ev.(type) {
	case OfferMade, TurnedOut:
		return true
	case LegAnswered:
		return c.rings(e.Channel)
	case Gone:
		return c.rings(e.Channel)
	}
	return false
}

// hush stops the playback. Its PlayEnded is not waited for: it would only keep
// the caller from the next prompt.
func (c *call) hush(ctx context.Context) error {
	err := c.line.opt.Switch.Stop(ctx, c.playing.id)
	if err != nil && ctx.Err() == nil {
		c.log.Warn("a prompt could not be cut", "err", err)
		return nil
	}
	if err == nil {
		c.rec.state.Over = c.rec.state.Plays
	}
	return err
}

// notePlayed puts into the journal how much of the playback was heard.
func (c *call) notePlayed(node, how string) flows.Played {
	p := flows.Played{Heard: c.playing.length, Total: c.playing.length, Cut: how == playCut}
	if how != playFinished {
		p.Heard = min(time.Since(c.playing.begun), p.Total)
	}
	c.rec.note(PromptPlayed, node, "end", how, "ms", strconv.FormatInt(p.Heard.Milliseconds(), 10))
	return p
}
