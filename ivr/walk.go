package ivr

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ikomek109/flows"
)

// begin walks the menu from its start. The record is opened with the first step,
// and so before anything is said.
func (c *call) begin(ctx context.Context) error {
	c.rec.note(Arrived, "", "dialled", c.rec.record.Dialled)
	c.rec.state.Phase = inMenu
	return c.walk(ctx, c.start(ctx))
}

// walk carries out what the flow asks for and feeds back what happened, until
// the call ends. What it keeps on its stack is kept for every caller who waits:
// hence the pointer.
func (c *call) walk(ctx context.Context, r *flows.Result) error {
	for {
		c.noteAll(r.Events)
		c.rec.state.Flow, c.rec.state.Keys = r.State, spelled(c.keys)
		c.rec.state.Ahead = playsOf(r.Actions)
		c.rec.save(ctx, false)
		in, err := c.carryOut(ctx, r.Actions)
		if err != nil {
			c.unfinished(ctx, r, in)
			return err
		}
		r = c.step(ctx, &r.State, in)
	}
}

// step has the flow go on from a state with what happened.
func (c *call) step(ctx context.Context, from *flows.State, in flows.Input) *flows.Result {
	c.rec.state.Settled = false
	r := c.flow.Step(*from, in, c.env(ctx))
	return &r
}

// resume has the flow begin anew at the node where a state is.
func (c *call) resume(ctx context.Context, from *flows.State) *flows.Result {
	r := c.flow.Resume(*from, c.env(ctx))
	return &r
}

// unfinished does what is left to be done for a caller who has gone in the middle.
func (c *call) unfinished(ctx context.Context, r *flows.Result, in flows.Input) {
	c.noteUnfinished(ctx, r.State, in)
	if ctx.Err() == nil {
		c.lastWill(ctx, r.State, in)
	}
}

// playsWaiting is how many playbacks a waiting caller hears at most from one
// save to the next: "one moment" and the place, or "connecting".
const playsWaiting = 2

// playsOf tells how many playbacks a list of actions begins at most before the
// call saves its state again.
func playsOf(actions []flows.Action) int {
	plays := 0
	for _, action := range actions {
		switch action.(type) {
		case flows.Say, flows.Replay, flows.Record, flows.Lookup: // which may say "one moment"
			plays++
		case flows.Enqueue, flows.Stay:
			plays += playsWaiting
		}
	}
	return plays
}

// carryOut does a list of actions and gives what came of the last one. When the
// call ends meanwhile, the error comes with what was heard until then.
func (c *call) carryOut(ctx context.Context, actions []flows.Action) (flows.Input, error) {
	c.asksNoMore(actions)
	if err := c.leaveQueueFor(ctx, actions); err != nil {
		return nil, err
	}
	if c.saidEnough(ctx, actions) {
		return flows.Recorded{Enough: true}, nil
	}
	actions = c.backFirst(actions)
	var heard flows.Played
	for i, action := range actions {
		if c.declined(action, actions[len(actions)-1]) {
			return c.takeKey(), nil
		}
		var h flows.Played
		var err error
		switch a := action.(type) {
		case flows.Say:
			if h, err = c.say(ctx, a); err == nil {
				c.told(a.Node, h)
			}
		case flows.Replay:
			h, err = c.replay(ctx, a)
		case flows.Discard:
			c.discard(ctx, a)
		case flows.Keep:
			kept := c.keep(ctx, a)
			if i == len(actions)-1 {
				return kept, ctx.Err()
			}
		case flows.Wait:
			return heard, nil
		default:
			return c.conclude(ctx, action)
		}
		heard.Cut = heard.Cut || h.Cut
		heard.Heard += h.Heard
		heard.Total += h.Total
		if err != nil {
			return heard, err
		}
	}
	return nil, &Error{Op: "carry out", Message: "the flow's actions neither wait nor end"}
}

// conclude does the last action of a list, and gives what came of it.
func (c *call) conclude(ctx context.Context, action flows.Action) (flows.Input, error) {
	switch a := action.(type) {
	case flows.Listen:
		return c.listen(ctx, a)
	case flows.Enqueue:
		return c.enqueue(ctx, a)
	case flows.Stay:
		return c.wait(ctx)
	case flows.Record:
		return c.tape(ctx, a)
	case flows.Lookup:
		return c.lookUp(ctx, a)
	case flows.RequestCallback:
		return c.requestCallback(ctx, a)
	case flows.Handover:
		return c.handover(ctx, a)
	case flows.Disconnect:
		return nil, ending{Goodbye}
	}
	return nil, &Error{Op: "carry out", Message: fmt.Sprintf("the flow asked for %T, which a call cannot do", action)}
}

// listen gives the next key, or Silence when none comes in time.
func (c *call) listen(ctx context.Context, l flows.Listen) (flows.Input, error) {
	c.private = l.Private
	until := time.Now().Add(l.Timeout)
	for len(c.keys) == 0 {
		_, err := c.next(ctx, until)
		if errors.Is(err, errTimeUp) {
			return flows.Silence{}, nil
		}
		if err != nil {
			return nil, err
		}
	}
	return c.takeKey(), nil
}
