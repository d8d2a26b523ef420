package ivr

import (
	"context"
	"slices"
	"strings"
	"time"
)

// sweepPause parts two tries to bring home what an earlier program left.
const sweepPause = 5 * time.Second

// sweep brings home, after a start, what an earlier program still owed, and
// erases what callers recorded and did not send.
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
			l.log.Warn("recordings of the earlier program are not looked at yet", "err", err)
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
		call, ours := l.callOf(id)
		return !ours || l.lives(call)
	})
	owed, err := l.fetchOwed(ctx, node)
	if err != nil {
		return err
	}
	for _, id := range there {
		if slices.Contains(owed, id) {
			continue
		}
		if err := l.opt.Recordings.EraseRecording(ctx, id); err != nil {
			return err
		}
		l.log.Info("a recording that nobody sent was erased", "recording", string(id))
	}
	return nil
}

// fetchOwed has what the stores know to be owed brought home, but for the
// conversations of calls that live: these see to their own.
func (l *Line) fetchOwed(ctx context.Context, node string) (owed []RecordingID, err error) {
	messages, err := l.opt.Messages.Owed(ctx, node)
	if err != nil {
		return nil, err
	}
	var talks []Conversation
	if l.opt.Conversations != nil {
		if talks, err = l.opt.Conversations.Owed(ctx, node); err != nil {
			return nil, err
		}
	}
	for _, m := range messages {
		l.fetchMessage(m) //nolint:contextcheck // it lives as long as the line
		owed = append(owed, m.ID)
	}
	for _, c := range talks {
		owed = append(owed, c.ID)
		if !l.lives(c.Call) {
			l.bringTalk(c) //nolint:contextcheck // it lives as long as the line
		}
	}
	return owed, nil
}

// callOf gives the call of which a recording is. Those of conversations are
// nobody's where there is no store for them.
func (l *Line) callOf(id RecordingID) (CallID, bool) {
	name, ours := strings.CutPrefix(string(id), tapeMark)
	if !ours && l.opt.Conversations != nil {
		name, ours = strings.CutPrefix(string(id), talkMark)
	}
	last := strings.LastIndexByte(name, '-')
	if !ours || last < 0 {
		return "", false
	}
	return CallID(name[:last]), true
}
