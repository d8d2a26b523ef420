package tasks

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
)

// Phone is the agent's telephone; see [ivr.Handset].
type Phone interface {
	Agent() ivr.AgentID
	Say(ctx context.Context, said ...ivr.Said) error
	Key(ctx context.Context, within time.Duration) (key byte, ok bool, err error)
	Play(ctx context.Context, sounds []string, length time.Duration) error
}

// Who is an agent, as far as it decides which messages are theirs.
type Who struct {
	Agent     ivr.AgentID
	Queues    []string // empty: all of them
	Languages []flows.Language
}

// Box is where messages wait for somebody. Errors are as those of [ivr.Messages].
type Box interface {
	// Waiting gives the messages that nobody sees to and that are for an agent,
	// those in no language included, and the ones that this agent has taken; the
	// oldest first, a hundred at most.
	Waiting(ctx context.Context, w Who) ([]ivr.Message, error)
	// Take says that somebody sees to a new message: Conflict when it is none.
	Take(ctx context.Context, id ivr.RecordingID, by string) error
	// Leave says that who took a message does not see to it after all, so that it
	// is new again: Conflict when they have not taken it.
	Leave(ctx context.Context, id ivr.RecordingID, by string) error
	// Done says that a message was seen to.
	Done(ctx context.Context, id ivr.RecordingID, by string) error
}

// Options is how messages are seen to by telephone. All fields are needed.
type Options struct {
	Box Box
	Who Who
	// Topic gives the phrases that say a category.
	Topic func(category string) []string
	// Sound gives the files of a message, as the switch plays them; forget is to be
	// called when they were played.
	Sound func(m ivr.Message) (sounds []string, forget func(), err error)
	// CallBack has the caller of a message called back: NotFound when the number
	// is none that can be, Conflict when they wait for that already.
	CallBack func(ctx context.Context, m ivr.Message) error
	Zone     *time.Location
	Log      *slog.Logger
}

const (
	keyWithin   = 8 * time.Second
	tries       = 3 // silences and wrong keys in a row
	storeWithin = 3 * time.Second
)

// ByPhone goes through the agent's messages until there are no more, or the
// phone is hung up. The error is that of the phone.
func ByPhone(ctx context.Context, p Phone, o Options) error {
	all, err := o.waiting(ctx)
	switch {
	case err != nil:
		o.Log.Error("an agent's messages were not read", "agent", string(o.Who.Agent), "err", err)
		return say(ctx, p, "agent/tasks/failed")
	case len(all) == 0:
		return say(ctx, p, "agent/tasks/none")
	}
	count := map[string]string{"count": strconv.Itoa(len(all))}
	if err := p.Say(ctx, ivr.Said{ID: "agent/tasks/count", Values: count}); err != nil {
		return err
	}
	for _, m := range all {
		if err := o.one(ctx, p, m); err != nil {
			return err
		}
	}
	return say(ctx, p, "agent/tasks/end")
}

func (o *Options) waiting(ctx context.Context) ([]ivr.Message, error) {
	ctx, cancel := context.WithTimeout(ctx, storeWithin)
	defer cancel()
	return o.Box.Waiting(ctx, o.Who)
}

func say(ctx context.Context, p Phone, ids ...string) error {
	said := make([]ivr.Said, len(ids))
	for i, id := range ids {
		said[i] = ivr.Said{ID: id}
	}
	return p.Say(ctx, said...)
}

// one has the agent see to one message. Unless they were done with it, it is for
// the others again, also after a hang-up.
func (o *Options) one(ctx context.Context, p Phone, m ivr.Message) error {
	if m.State != ivr.MessageTaken {
		err := o.store(ctx, func(ctx context.Context) error { return o.Box.Take(ctx, m.ID, string(o.Who.Agent)) })
		if code := ivr.CodeOf(err); err != nil && (code == ivr.Conflict || code == ivr.NotFound) {
			return nil // somebody was quicker
		}
		if err != nil {
			o.Log.Error("a message was not taken", "message", string(m.ID), "err", err)
			return say(ctx, p, "agent/tasks/failed")
		}
	}
	done, err := o.hear(ctx, p, m)
	if !done {
		o.leave(ctx, m)
	}
	return err
}

// leave gives a message back, also when the phone has hung up.
func (o *Options) leave(ctx context.Context, m ivr.Message) {
	err := o.store(context.WithoutCancel(ctx), func(ctx context.Context) error {
		return o.Box.Leave(ctx, m.ID, string(o.Who.Agent))
	})
	if err != nil {
		o.Log.Warn("a message was not given back: who took it hears it again", "message", string(m.ID), "err", err)
	}
}

func (o *Options) store(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, storeWithin)
	defer cancel()
	return do(ctx)
}

// hear plays a message and asks what is to become of it.
func (o *Options) hear(ctx context.Context, p Phone, m ivr.Message) (done bool, err error) {
	if err := o.play(ctx, p, m); err != nil {
		return false, err
	}
	for range tries {
		if err := say(ctx, p, "agent/tasks/done", "key/1", "menu/repeat", "key/2", "agent/tasks/next", "key/3", "agent/tasks/callback", "key/9"); err != nil {
			return false, err
		}
		key, _, err := p.Key(ctx, keyWithin)
		if err != nil {
			return false, err
		}
		switch key {
		case '1':
			return o.finish(ctx, p, m, "agent/tasks/marked")
		case '2':
			err = o.play(ctx, p, m)
		case '3':
			return false, nil
		case '9':
			done, err = o.callBack(ctx, p, m)
		}
		if done || err != nil {
			return done, err
		}
	}
	return false, nil
}

// play says what there is to know of a message, and plays it.
func (o *Options) play(ctx context.Context, p Phone, m ivr.Message) error {
	said := []ivr.Said{{ID: "agent/tasks/message"}}
	for _, id := range o.Topic(m.Category) {
		said = append(said, ivr.Said{ID: id})
	}
	left := m.LeftAt.In(o.Zone)
	said = append(said, ivr.Said{ID: "agent/tasks/left", Values: map[string]string{
		"date": left.Format(time.DateOnly), "time": left.Format("15:04"),
	}})
	if err := p.Say(ctx, said...); err != nil {
		return err
	}
	sounds, forget, err := o.Sound(m)
	if err != nil {
		o.Log.Error("a message cannot be played", "message", string(m.ID), "err", err)
		return say(ctx, p, "agent/tasks/mute")
	}
	defer forget()
	return p.Play(ctx, sounds, m.Length)
}

// finish puts it on record that a message was seen to, and says so.
func (o *Options) finish(ctx context.Context, p Phone, m ivr.Message, phrase string) (done bool, err error) {
	err = o.store(ctx, func(ctx context.Context) error { return o.Box.Done(ctx, m.ID, string(o.Who.Agent)) })
	if err != nil {
		o.Log.Error("a message was not marked as done", "message", string(m.ID), "err", err)
		return false, say(ctx, p, "agent/tasks/failed")
	}
	return true, say(ctx, p, phrase)
}

// callBack has the caller called back, which is what is done with the message.
func (o *Options) callBack(ctx context.Context, p Phone, m ivr.Message) (done bool, err error) {
	err = o.store(ctx, func(ctx context.Context) error { return o.CallBack(ctx, m) })
	switch {
	case err == nil, ivr.CodeOf(err) == ivr.Conflict:
		return o.finish(ctx, p, m, "agent/tasks/called_back")
	case ivr.CodeOf(err) == ivr.NotFound:
		return false, say(ctx, p, "agent/tasks/no_number")
	}
	o.Log.Error("a callback was not noted", "message", string(m.ID), "err", err)
	return false, say(ctx, p, "agent/tasks/failed")
}
