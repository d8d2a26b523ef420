package ivr

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"
)

const (
	// fetchWithin bounds one try to bring a message home.
	fetchWithin = 30 * time.Second
	// fetchGrace is how long a sound that is not there is asked for again: the
	// switch may be writing it still.
	fetchGrace = 5 * time.Second
	// fetchPause is the longest pause between two tries, fetchRarely that of a
	// message that has been tried for fetchPatience: somebody has to look into it.
	fetchPause    = 30 * time.Second
	fetchRarely   = 10 * time.Minute
	fetchPatience = time.Hour
	// fetchers is how many messages are brought home at once.
	fetchers = 4
)

// fetch brings a promised message home from the switch, in its own time. What
// is not done when the line stops is done by the next program.
func (l *Line) fetch(m Message) {
	l.errands.Go(func() {
		first := time.Now()
		for pause := 100 * time.Millisecond; ; {
			err := l.takeTurn(m, first)
			switch {
			case err == nil || l.life.Err() != nil:
				return
			case final(err) && CodeOf(err) != NotFound:
				l.log.Error("a message can't be stored", "call", string(m.Call), "recording", string(m.ID), "err", err)
				return
			}
			l.log.Debug("a message is not brought home yet", "recording", string(m.ID), "err", err)
			select {
			case <-time.After(pause):
			case <-l.life.Done():
				return
			}
			pause = l.longer(pause, m, first, err)
		}
	})
}

// longer is the pause after a pause. Once, it says of a message that it hangs.
func (l *Line) longer(pause time.Duration, m Message, first time.Time, err error) time.Duration {
	switch {
	case time.Since(first) <= fetchPatience:
		return min(2*pause, fetchPause)
	case pause != fetchRarely:
		l.log.Error("a message still can't be brought home; it is tried on, more rarely: see that the program may read "+
			"the switch's recordings and that there is room on the disk", "call", string(m.Call), "recording", string(m.ID), "err", err)
	}
	return fetchRarely
}

// takeTurn is one try to bring a message home, with those of no more than a few
// others at once. Between two tries a message keeps none of them waiting.
func (l *Line) takeTurn(m Message, first time.Time) error {
	select {
	case l.fetching <- struct{}{}:
		defer func() { <-l.fetching }()
	case <-l.life.Done():
		return l.life.Err()
	}
	return l.bringHome(l.life, m, time.Since(first) > fetchGrace)
}

// bringHome is one try: the sound to the store, then away from the switch. With
// late, a sound that is not there is given up.
func (l *Line) bringHome(ctx context.Context, m Message, late bool) error {
	ctx, cancel := context.WithTimeout(ctx, fetchWithin)
	defer cancel()
	var wav bytes.Buffer
	err := l.opt.Recordings.FetchRecording(ctx, m.ID, &wav)
	if CodeOf(err) == NotFound && late {
		return l.giveUp(ctx, m)
	}
	if err != nil {
		return err
	}
	var length wavLength
	_, _ = length.Write(wav.Bytes()) // it never fails
	err = l.opt.Messages.Keep(ctx, m.ID, length.duration(), wav.Bytes())
	switch {
	case err == nil:
		l.log.Info("a message was stored", "call", string(m.Call), "queue", m.Queue, "length", length.duration())
	case CodeOf(err) == NotFound:
		l.log.Info("a message was deleted before it was brought home", "recording", string(m.ID))
	default:
		return err
	}
	if err := l.opt.Recordings.EraseRecording(ctx, m.ID); err != nil {
		l.log.Warn("a stored message was not erased in the switch; it is at the next start", "err", err)
	}
	return nil
}

// giveUp says that a message is lost, unless it was brought home meanwhile.
func (l *Line) giveUp(ctx context.Context, m Message) error {
	err := l.opt.Messages.GiveUp(ctx, m.ID)
	switch {
	case err == nil:
		l.log.Error("a message is lost: the switch has no sound of it", "call", string(m.Call), "recording", string(m.ID))
	case CodeOf(err) == Conflict, CodeOf(err) == NotFound: // deleted
		return nil
	}
	return err
}

// sweepPause parts two tries to bring home what an earlier program left.
const sweepPause = 5 * time.Second

// sweep brings home, after a start, the messages that an earlier program still
// owed, and erases what callers recorded and did not send.
func (l *Line) sweep(node string) {
	if l.opt.Recordings == nil || l.opt.Messages == nil {
		return
	}
	l.errands.Go(func() {
		for {
			err := l.trySweep(l.life, node)
			if err == nil || l.life.Err() != nil {
				return
			}
			l.log.Warn("messages of the earlier program are not looked at yet", "err", err)
			select {
			case <-time.After(sweepPause):
			case <-l.life.Done():
				return
			}
		}
	})
}

// trySweep asks in this order: a call that ends meanwhile has promised by then.
func (l *Line) trySweep(ctx context.Context, node string) error {
	ctx, cancel := context.WithTimeout(ctx, fetchWithin)
	defer cancel()
	there, err := l.opt.Recordings.ListRecordings(ctx)
	if err != nil {
		return err
	}
	there = slices.DeleteFunc(there, func(id RecordingID) bool {
		call, ours := callOf(id)
		return !ours || l.lives(call)
	})
	owed, err := l.opt.Messages.Owed(ctx, node)
	if err != nil {
		return err
	}
	for _, m := range owed {
		l.fetch(m)
		there = slices.DeleteFunc(there, func(id RecordingID) bool { return id == m.ID })
	}
	for _, id := range there {
		if err := l.opt.Recordings.EraseRecording(ctx, id); err != nil {
			return err
		}
		l.log.Info("a recording that nobody sent was erased", "recording", string(id))
	}
	return nil
}

// callOf gives the call whose caller's message a recording is.
func callOf(id RecordingID) (CallID, bool) {
	name, ours := strings.CutPrefix(string(id), tapeMark)
	last := strings.LastIndexByte(name, '-')
	if !ours || last < 0 {
		return "", false
	}
	return CallID(name[:last]), true
}
