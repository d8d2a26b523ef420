package ivr

import (
	"context"
	"log/slog"
	"time"
)

// CloseLeft closes a call that no program will take up any more, because its
// switch is gone or goes by another name now: with [GoneMeantime], as of the
// last thing that is known of it. The record comes back as it was closed.
// Conflict when somebody else has closed it; never use it on a call that lives.
func CloseLeft(ctx context.Context, j Journal, s Saved) (Record, error) {
	r := recorder{journal: j, log: slog.New(slog.DiscardHandler), record: unfolded(s.Record), opened: true}
	at := s.Record.ArrivedAt
	for _, e := range s.Entries {
		r.record.Fold(e)
		r.seq, at = e.Seq, later(at, e.At)
	}
	partLeft(&r, at)
	last := r.lastStep(GoneMeantime, at)
	return r.record, j.Close(ctx, r.record, last)
}

// joined notes that those spoke whom an earlier program was joining: it had
// given the command, or was about to.
func (r *recorder) joined() {
	switch with := r.record.joining; {
	case with.partner != "":
		r.noteAt(with.at, HandoverAnswered, with.node, with.detail()...)
	case with.agent != "":
		r.noteAt(with.at, Connected, "", with.detail()...)
	}
}

// partLeft ends, in the journal, a conversation whose end nobody saw.
func partLeft(r *recorder, at time.Time) {
	r.joined()
	if r.record.talking {
		r.noteAt(at, Parted, "", "by", "fault")
	}
	if r.record.handed && r.record.Waiting() { // before they were handed over
		r.noteAt(at, LeftQueue, "", "why", "handed_over")
	}
	if r.record.handed {
		r.noteAt(at, HandoverEnded, "", "partner", r.record.Partner, "by", "fault")
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// displace closes a call that the store still has open on the leg of a new one:
// a leg carries one call, so the other is over.
func (l *Line) displace(ctx context.Context, r Record) error {
	saved, err := l.opt.Journal.Live(ctx, r.Node)
	if err != nil {
		return err
	}
	for _, s := range saved {
		if s.Record.Channel != r.Channel || s.Record.ID == r.ID {
			continue
		}
		if l.lives(s.Record.ID) {
			return &Error{Op: "close call", Code: Conflict, Message: "call " + string(s.Record.ID) + " still lives"}
		}
		l.log.Error("a call was open on the leg of a new one, and is closed", "call", string(s.Record.ID), "channel", string(r.Channel))
		if _, err := CloseLeft(ctx, l.opt.Journal, s); err != nil && CodeOf(err) != Conflict {
			return err
		}
	}
	return nil
}

// lives tells whether a call is lived by this program, or may be taken up yet.
func (l *Line) lives(id CallID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, ok := l.calls[id]
	return ok || !l.resumed
}
