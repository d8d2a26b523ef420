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
// erases what callers recorded and did not send. Recordings of calls that live on
// are looked at when these have ended.
func (l *Line) sweep(node string) {
	if l.opt.Recordings == nil || l.opt.Messages == nil {
		return
	}
	look := func(ctx context.Context) ([]RecordingID, error) { return l.sweepAll(ctx, node) }
	l.errands.Go(func() {
		for {
			left, err := look(l.life)
			switch {
			case l.life.Err() != nil, err == nil && len(left) == 0:
				return
			case err != nil:
				l.log.Warn("recordings of the earlier program are not looked at yet", "err", err)
			default:
				look = func(ctx context.Context) ([]RecordingID, error) { return l.sweepLeft(ctx, node, left) }
			}
			select {
			case <-time.After(sweepPause):
			case <-l.life.Done():
				return
			}
		}
	})
}

// sweepAll looks at all that there is, and gives what is of calls that live. It
// asks in this order: a call that ends meanwhile has promised by then.
func (l *Line) sweepAll(ctx context.Context, node string) (left []RecordingID, err error) {
	ctx, cancel := context.WithTimeout(ctx, fetchWithin)
	defer cancel()
	there, err := l.opt.Recordings.ListRecordings(ctx)
	if err != nil {
		return nil, err
	}
	ended, left := l.byLife(there)
	messages, talks, err := l.owed(ctx, node)
	if err != nil {
		return nil, err
	}
	l.fetchOwed(messages, talks)
	return left, l.erase(ctx, ended, messages, talks)
}

// sweepLeft looks at those recordings again, and gives what is of calls that
// still live.
func (l *Line) sweepLeft(ctx context.Context, node string, ids []RecordingID) (left []RecordingID, err error) {
	ended, left := l.byLife(ids)
	if len(ended) == 0 {
		return left, nil
	}
	ctx, cancel := context.WithTimeout(ctx, fetchWithin)
	defer cancel()
	messages, talks, err := l.owed(ctx, node)
	if err != nil {
		return nil, err
	}
	return left, l.erase(ctx, ended, messages, talks)
}

// byLife parts those of our recordings whose call has ended from those whose call
// lives, or may be taken up yet.
func (l *Line) byLife(ids []RecordingID) (ended, living []RecordingID) {
	for _, id := range ids {
		switch call, ours := l.callOf(id); {
		case !ours:
		case l.lives(call):
			living = append(living, id)
		default:
			ended = append(ended, id)
		}
	}
	return ended, living
}

// erase erases recordings but for those that are owed.
func (l *Line) erase(ctx context.Context, ids []RecordingID, messages []Message, talks []Conversation) error {
	for _, id := range ids {
		if slices.ContainsFunc(messages, func(m Message) bool { return m.ID == id }) ||
			slices.ContainsFunc(talks, func(c Conversation) bool { return c.ID == id }) {
			continue
		}
		if err := l.opt.Recordings.EraseRecording(ctx, id); err != nil {
			return err
		}
		l.log.Info("a recording that nobody sent, or that is kept elsewhere, was erased", "recording", string(id))
	}
	return nil
}

// owed are the messages and conversations that the stores know to be owed.
func (l *Line) owed(ctx context.Context, node string) (messages []Message, talks []Conversation, err error) {
	if messages, err = l.opt.Messages.Owed(ctx, node); err != nil || l.opt.Conversations == nil {
		return messages, nil, err
	}
	talks, err = l.opt.Conversations.Owed(ctx, node)
	return messages, talks, err
}

// fetchOwed fetches what is owed, but for the conversations of calls that live:
// these see to their own.
func (l *Line) fetchOwed(messages []Message, talks []Conversation) {
	for _, m := range messages {
		l.fetchMessage(m)
	}
	for _, c := range talks {
		if !l.lives(c.Call) {
			l.bringTalk(c)
		}
	}
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
