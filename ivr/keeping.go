package ivr

import (
	"context"
	"time"

	"ikomek109/flows"
)

// owed is a message that the store has yet to promise: it is a part of the
// saved state, so that the call is not over for any program before it has.
type owed struct {
	Keep flows.Keep `json:"keep"`
	At   time.Time  `json:"at"`
}

// keep promises to store a recording of this call, and has it fetched. Where
// the store does not answer, the caller is told that it failed; see [call.told].
func (c *call) keep(ctx context.Context, a flows.Keep) flows.Kept {
	if _, ok := c.own(a.Recording); !ok || c.line.opt.Messages == nil {
		return flows.Kept{Failed: true}
	}
	debt := owed{Keep: a, At: time.Now()}
	err := c.promise(ctx, debt)
	if err == nil {
		return flows.Kept{}
	}
	if !final(err) {
		c.rec.state.Owed = &debt
	}
	c.log.Error("a message was not promised", "recording", a.Recording, "err", err)
	return flows.Kept{Failed: true}
}

// told forgets a message that the store did not take, once its caller has
// heard so. Who hung up before has sent it, for all they know.
func (c *call) told(node string, p flows.Played) {
	heard := p.Cut || p.Total > 0 && p.Heard >= p.Total // a hang-up makes a playback fail
	if debt := c.rec.state.Owed; heard && debt != nil && debt.Keep.Node == node {
		c.rec.state.Owed = nil
	}
}

// promise has the store promise a message, and the switch's sound fetched.
func (c *call) promise(ctx context.Context, debt owed) error {
	a := debt.Keep
	m := Message{
		ID: RecordingID(a.Recording), Call: c.rec.record.ID, Node: c.rec.record.Node, Queue: a.Queue, Category: a.Category,
		Language: a.Language, Caller: c.rec.record.Caller, LeftAt: debt.At, State: MessageOwed,
	}
	within, cancel := context.WithTimeout(ctx, queueWait) // for all of it: the caller hears nothing meanwhile
	defer cancel()
	if err := c.line.opt.Messages.Promise(within, m); err != nil {
		return err
	}
	c.line.fetchMessage(m)
	c.rec.note(MessageKept, a.Node, "queue", a.Queue, "recording", a.Recording)
	c.outOfQueue(within, "message")
	return nil
}

// payUp has the message promised that a caller left, who has gone, before the
// call is closed. It tries until the store takes it; when ctx ends first it is
// false, and the call is left to the next program.
func (c *call) payUp(ctx context.Context) bool {
	debt := c.rec.state.Owed
	if debt == nil || c.line.opt.Recordings == nil || c.line.opt.Messages == nil {
		return true
	}
	c.rec.save(ctx, true)
	var err error
	paid := insist(ctx, func() bool {
		err = c.promise(ctx, *debt)
		return err == nil || final(err)
	})
	switch {
	case !paid:
		c.log.Error("a message is not promised yet: the next program does it", "recording", debt.Keep.Recording, "err", err)
		return false
	case err != nil:
		c.log.Error("the store refused a message for good", "recording", debt.Keep.Recording, "err", err)
	}
	c.rec.state.Owed = nil
	return true
}

// own gives a recording's id, if it is one of this call's: a state that was
// tampered with reaches no other's.
func (c *call) own(name string) (RecordingID, bool) {
	mark := tapeMark + string(c.rec.record.ID) + "-"
	if c.line.opt.Recordings == nil || len(name) <= len(mark) || name[:len(mark)] != mark {
		c.log.Error("the flow names a recording that is not this call's", "recording", name)
		return "", false
	}
	return RecordingID(name), true
}

// lastWill does for a message what the flow wants done of a caller who hangs up
// before they have sent it; in is what came of the action under way.
func (c *call) lastWill(ctx context.Context, state flows.State, in flows.Input) {
	if state.Phase != flows.Recording && state.Recording == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endWithin)
	defer cancel()
	var steps []flows.Result
	if _, ok := in.(flows.Recorded); ok {
		r := c.flow.Step(state, in, c.env(ctx))
		steps, state = append(steps, r), r.State
	}
	for _, r := range append(steps, c.flow.Step(state, flows.Hangup{}, c.env(ctx))) {
		c.willed(ctx, r)
	}
}

// willed does what of a step is still of use to a caller who has gone.
func (c *call) willed(ctx context.Context, r flows.Result) {
	for _, e := range r.Events {
		if e.Kind == flows.EventMessage {
			c.noteService(e)
		}
	}
	for _, action := range r.Actions {
		switch a := action.(type) {
		case flows.Keep:
			c.keep(ctx, a)
		case flows.Discard:
			c.discard(ctx, a)
		}
	}
}
