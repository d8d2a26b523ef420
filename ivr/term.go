package ivr

import (
	"context"
	"log/slog"
	"time"
)

// MessageTerms are for how long messages are kept: what callers say, and from
// where, is personal data, which goes when it has served.
type MessageTerms struct {
	Done time.Duration // since somebody was done with it, or it was lost
	Any  time.Duration // since it was left, whatever became of it
}

// MessageArchive is where messages are deleted. A message goes with its sound,
// which is gone first. Errors are as those of [Journal].
type MessageArchive interface {
	// Delete deletes a message in any state. NotFound for none.
	Delete(ctx context.Context, id RecordingID) error
	// Expire deletes messages that were done or lost before one moment, or left
	// before the other, and gives what it deleted: some of them when there are
	// many, none when no more are left.
	Expire(ctx context.Context, done, left time.Time) ([]Message, error)
}

const (
	// expireEvery is how often messages whose term has passed are looked for.
	expireEvery = time.Hour
	// expireWithin bounds one look.
	expireWithin = 30 * time.Second
)

// KeepTerms deletes messages whose term has passed, at once and then every
// hour, until ctx ends. What fails is tried again the next time.
func KeepTerms(ctx context.Context, from MessageArchive, terms MessageTerms, log *slog.Logger) {
	hourly(ctx, func() {
		if err := expire(ctx, from, terms, log); err != nil && ctx.Err() == nil {
			log.Warn("messages whose term has passed are not deleted yet; it is tried again", "err", err)
		}
	})
}

// hourly does something at once and then every hour, until ctx ends.
func hourly(ctx context.Context, do func()) {
	tick := time.NewTicker(expireEvery)
	defer tick.Stop()
	for {
		do()
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// ConversationArchive is where recorded conversations are deleted, each with its
// sound, which is gone first. Errors are as those of [Journal].
type ConversationArchive interface {
	// Delete deletes one in any state. NotFound for none.
	Delete(ctx context.Context, id RecordingID) error
	// Expire deletes those that were begun before a moment, and tells how many it
	// deleted: some of them when there are many, none when no more are left.
	Expire(ctx context.Context, before time.Time) (gone int, err error)
}

// KeepConversations deletes recorded conversations when they have been kept for
// long enough, as KeepTerms does messages.
func KeepConversations(ctx context.Context, from ConversationArchive, keep time.Duration, log *slog.Logger) {
	hourly(ctx, func() {
		within, cancel := context.WithTimeout(ctx, expireWithin)
		defer cancel()
		for {
			gone, err := from.Expire(within, time.Now().Add(-keep))
			if gone > 0 {
				log.Info("conversations were deleted whose term has passed", "conversations", gone)
			}
			if err != nil && ctx.Err() == nil {
				log.Warn("conversations whose term has passed are not deleted yet; it is tried again", "err", err)
			}
			if err != nil || gone == 0 {
				return
			}
		}
	})
}

func expire(ctx context.Context, from MessageArchive, terms MessageTerms, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, expireWithin)
	defer cancel()
	now := time.Now()
	for {
		gone, err := from.Expire(ctx, now.Add(-terms.Done), now.Add(-terms.Any))
		for _, m := range gone {
			if m.State != MessageDone && m.State != MessageLost {
				log.Warn("a message was deleted that nobody has seen to: its term has passed",
					"message", string(m.ID), "queue", m.Queue, "left_at", m.LeftAt, "state", m.State)
			}
		}
		if len(gone) > 0 {
			log.Info("messages were deleted whose term has passed", "messages", len(gone))
		}
		if err != nil || len(gone) == 0 {
			return err
		}
	}
}
