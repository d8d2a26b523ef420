package ivr

import (
	"bytes"
	"context"
	"io"
	"time"
)

// Play plays sound files, whose length together is given. A key cuts it and is
// kept for Key or Digits.
func (h *Handset) Play(ctx context.Context, sounds []string, length time.Duration) error {
	return h.play(ctx, playable{sounds: sounds, length: length})
}

// Replay plays what Record recorded last; nothing when there is nothing.
func (h *Handset) Replay(ctx context.Context) error {
	if h.tape == "" {
		return nil
	}
	return h.play(ctx, playable{recording: h.tape, length: h.taped})
}

func (h *Handset) play(ctx context.Context, what playable) error {
	c := h.c
	if len(c.keys) > 0 {
		return nil
	}
	if err := c.play(ctx, what); err != nil {
		_, err := c.unheard(codeNode, what.length, err)
		return err
	}
	_, err := c.hear(ctx, true)
	return err
}

// Record gives the tone and records until #, a silence, or the longest length.
// It gives the sound as a WAV file; the one recorded before is forgotten. An
// error that is no end of the call leaves the phone where it was.
func (h *Handset) Record(ctx context.Context, most, silence time.Duration) ([]byte, error) {
	c, tapes := h.c, h.c.line.opt.Recordings
	if tapes == nil {
		return nil, &Error{Op: "record", Code: Unavailable, Message: "this line cannot record"}
	}
	h.erase(ctx)
	if err := c.tone(ctx, codeNode); err != nil {
		return nil, err
	}
	c.rec.state.Tapes++
	id := c.tapeID()
	err := tapes.Record(ctx, Taping{ID: id, Channel: c.leg, Max: most, Silence: max(silence, noteSilence)})
	if err != nil {
		return nil, err
	}
	h.tape = id
	if err := c.awaitTape(ctx, id, time.Now().Add(most+tapeGrace)); err != nil {
		return nil, err
	}
	c.dropKeys() // the one that ended it
	var wav bytes.Buffer
	if err := c.fetchTape(ctx, id, func() io.Writer { wav.Reset(); return &wav }); err != nil {
		return nil, err
	}
	var length wavLength
	_, _ = length.Write(wav.Bytes()) // it only counts
	h.taped = length.duration()
	return wav.Bytes(), nil
}

// erase forgets what was recorded last. It is done also for a phone that hung
// up; what is left all the same goes at the next start.
func (h *Handset) erase(ctx context.Context) {
	if h.tape == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endWithin)
	defer cancel()
	if err := h.c.line.opt.Recordings.EraseRecording(ctx, h.tape); err != nil {
		h.c.log.Warn("a recording was not erased; it is at the next start", "recording", h.tape, "err", err)
	}
	h.tape, h.taped = "", 0
}

// fetchTape fetches a recording, which may lie in store a little after its end.
// Each try writes to a fresh writer.
func (c *call) fetchTape(ctx context.Context, id RecordingID, to func() io.Writer) error {
	err := c.line.opt.Recordings.FetchRecording(ctx, id, to())
	for until := time.Now().Add(tapeStored); CodeOf(err) == NotFound && time.Now().Before(until); {
		select {
		case <-time.After(tapeStored / 10):
		case <-ctx.Done():
		}
		err = c.line.opt.Recordings.FetchRecording(ctx, id, to())
	}
	return err
}

// codeNode stands for a node in what is said to an agent's phone.
const codeNode = "code"
