package ivr

import (
	"context"
	"errors"
	"io"
	"strconv"
	"time"

	"ikomek109/flows"
)

const (
	// tapeMark begins the ids of callers' messages.
	tapeMark = "m-"
	// tapeGrace is how much longer than its longest length a recording may take
	// until its end is told.
	tapeGrace = 5 * time.Second
	// tapeStored is how long after its end a recording may take to lie in store.
	tapeStored = 2 * time.Second
	// noteSilence is the shortest silence that may end a recording.
	noteSilence = time.Second
)

// tapeID is the id of the recording begun last, made from saved state.
func (c *call) tapeID() RecordingID {
	return RecordingID(tapeMark + string(c.rec.record.ID) + "-" + strconv.Itoa(c.rec.state.Tapes))
}

// tape gives the tone and records what the caller says. When the call ends
// meanwhile, what was said comes with the error.
func (c *call) tape(ctx context.Context, a flows.Record) (flows.Input, error) {
	if c.line.opt.Recordings == nil || c.line.opt.Messages == nil {
		return flows.Recorded{Failed: true}, nil
	}
	if err := c.tone(ctx, a.Node); err != nil {
		return flows.Recorded{Failed: true}, err
	}
	if c.leadsAway() {
		return c.takeKey(), nil
	}
	begun, err := c.startTape(ctx, a)
	if err != nil {
		c.rec.state.Tape = ""
		if _, over := endOf(err); over || ctx.Err() != nil {
			return flows.Recorded{Failed: true}, err
		}
		c.log.Error("a message could not be recorded", "node", a.Node, "err", err)
		return flows.Recorded{Failed: true}, nil
	}
	id := c.rec.state.Tape
	err = c.awaitTape(ctx, id, begun.Add(a.Max+tapeGrace))
	if ctx.Err() != nil { // the next program asks again
		return nil, ctx.Err()
	}
	c.rec.state.Tape = ""
	return c.taped(ctx, id, time.Since(begun)), err
}

// declined tells whether the caller has pressed 0 or * before a recording is
// begun: they want none, and need not be told how it works either.
func (c *call) declined(next, last flows.Action) bool {
	if _, ok := last.(flows.Record); !ok {
		return false
	}
	switch next.(type) {
	case flows.Say, flows.Record:
		return c.leadsAway()
	default:
		return false
	}
}

// tone is the sign to speak.
func (c *call) tone(ctx context.Context, node string) error {
	path, length := c.line.opt.Voice.Tone()
	if err := c.play(ctx, playable{sounds: []string{path}, length: length}); err != nil {
		_, err := c.unheard(node, length, err)
		return err
	}
	_, err := c.hear(ctx, false)
	return err
}

// startTape starts a recording. Each try has its own id: the switch may be
// erasing the one before.
func (c *call) startTape(ctx context.Context, a flows.Record) (begun time.Time, err error) {
	err = c.command(ctx, retryBriefly, func(ctx context.Context) error {
		c.rec.state.Tapes++
		c.rec.state.Tape = c.tapeID()
		c.rec.save(ctx, true)
		begun = time.Now()
		return c.line.opt.Recordings.Record(ctx, Taping{
			ID: c.rec.state.Tape, Channel: c.leg, Max: a.Max, Silence: max(a.Silence, noteSilence),
		})
	})
	return begun, err
}

// awaitTape waits for the end of a recording. 0 and * end it, too, and mean
// what they mean everywhere; other keys are a cheek on the keypad.
func (c *call) awaitTape(ctx context.Context, id RecordingID, until time.Time) error {
	end := func() {
		if err := c.line.opt.Recordings.EndRecording(ctx, id); err != nil {
			c.log.Warn("a recording was not ended", "err", err)
		}
	}
	ended := c.leadsAway()
	if ended {
		end()
	}
	for {
		ev, err := c.next(ctx, until)
		if errors.Is(err, errTimeUp) {
			end()
			return nil
		}
		if err != nil {
			return err
		}
		switch e := ev.(type) {
		case RecordingEnded:
			if e.Recording == id {
				return nil
			}
		case KeyPressed:
			if !ended && c.leadsAway() { // later ones are for whoever listens next
				ended = true
				end()
			}
		}
	}
}

// taped looks at what was recorded: how long it lasts is told by the sound
// itself, from which the switch has cut the silence at the end.
func (c *call) taped(ctx context.Context, id RecordingID, took time.Duration) flows.Recorded {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), maxSilence)
	defer cancel()
	var wav wavLength
	err := c.fetchTape(ctx, id, func() io.Writer { wav = wavLength{}; return &wav })
	length := wav.duration()
	switch {
	case CodeOf(err) == NotFound:
		c.log.Error("what was recorded is not there", "recording", id)
		return flows.Recorded{Failed: true}
	case err != nil: // it is fetched later, if it is kept
		c.log.Warn("a recording was not looked at", "recording", id, "err", err)
		length = max(took, flows.MinMessage) // rather kept in vain than lost
	}
	c.rec.state.Taped = length
	return flows.Recorded{Name: string(id), Length: length}
}

// replay plays a recording of this call to the caller.
func (c *call) replay(ctx context.Context, a flows.Replay) (flows.Played, error) {
	if a.Barge && len(c.keys) > 0 {
		return flows.Played{Cut: true}, nil
	}
	id, ok := c.own(a.Recording)
	if !ok {
		return flows.Played{}, nil
	}
	length := c.rec.state.Taped
	if err := c.play(ctx, playable{recording: id, length: length}); err != nil {
		return c.unheard(a.Node, length, err)
	}
	how, err := c.hear(ctx, a.Barge)
	if err != nil {
		how = playCut
	}
	return c.notePlayed(a.Node, how), err
}

// discard erases a recording of this call.
func (c *call) discard(ctx context.Context, a flows.Discard) {
	id, ok := c.own(a.Recording)
	if !ok {
		return
	}
	if err := c.line.opt.Recordings.EraseRecording(ctx, id); err != nil {
		c.log.Warn("a recording was not erased; it is at the next start", "recording", id, "err", err)
	}
}
