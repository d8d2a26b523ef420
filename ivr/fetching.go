package ivr

import (
	"bytes"
	"context"
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

// parcel is a recording to be brought home from the switch.
type parcel struct {
	id   RecordingID
	call CallID
	// bring is one try. With late, a sound that is not there is given up.
	bring func(ctx context.Context, late bool) error
}

// fetch brings a promised recording home from the switch, in its own time. What
// is not done when the line stops is done by the next program. It lives as long
// as the line, whoever asks for it.
//
//nolint:contextcheck,nolintlint // read by contextcheck itself, for all who call this
func (l *Line) fetch(p parcel) {
	l.errands.Go(func() {
		first := time.Now()
		for pause := 100 * time.Millisecond; ; {
			err := l.takeTurn(p, first)
			switch {
			case err == nil || l.life.Err() != nil:
				return
			case final(err) && CodeOf(err) != NotFound:
				l.log.Error("a recording can't be stored", "call", string(p.call), "recording", string(p.id), "err", err)
				return
			}
			l.log.Debug("a recording is not brought home yet", "recording", string(p.id), "err", err)
			select {
			case <-time.After(pause):
			case <-l.life.Done():
				return
			}
			pause = l.longer(pause, p, first, err)
		}
	})
}

// longer is the pause after a pause. Once, it says of a recording that it hangs.
func (l *Line) longer(pause time.Duration, p parcel, first time.Time, err error) time.Duration {
	switch {
	case time.Since(first) <= fetchPatience:
		return min(2*pause, fetchPause)
	case pause != fetchRarely:
		l.log.Error("a recording still can't be brought home; it is tried on, more rarely: see that the program may read "+
			"the switch's recordings and that there is room on the disk", "call", string(p.call), "recording", string(p.id), "err", err)
	}
	return fetchRarely
}

// takeTurn is one try to bring a recording home, with those of no more than a few
// others at once. Between two tries a recording keeps none of them waiting.
func (l *Line) takeTurn(p parcel, first time.Time) error {
	select {
	case l.fetching <- struct{}{}:
		defer func() { <-l.fetching }()
	case <-l.life.Done():
		return l.life.Err()
	}
	ctx, cancel := context.WithTimeout(l.life, fetchWithin)
	defer cancel()
	return p.bring(ctx, time.Since(first) > fetchGrace)
}

// fetchMessage brings a promised message home.
func (l *Line) fetchMessage(m Message) {
	l.fetch(parcel{id: m.ID, call: m.Call, bring: func(ctx context.Context, late bool) error {
		return l.bringHome(ctx, m, late)
	}})
}

// bringHome is one try: the sound to the store, then away from the switch. With
// late, a sound that is not there is given up.
func (l *Line) bringHome(ctx context.Context, m Message, late bool) error {
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
