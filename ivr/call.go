package ivr

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"ikomek109/flows"
)

// call is one citizen's call. Its fields belong to the goroutine that lives
// it; others reach it by its mailbox alone.
type call struct {
	line   *Line
	in     *Inbox
	leg    ChannelID // the caller's; empty while they are yet to be called back
	number Number    // the caller's, as they may be called back; empty: they may not
	flow   *flows.Flow
	log    *slog.Logger
	rec    recorder

	keys     []KeyPressed // pressed and not used yet
	private  bool         // the keys that are listened for are the caller's own business
	hidden   bool         // the key used last was
	ownKey   time.Time    // when it was pressed
	lookups  int          // begun
	presses  int          // how many keys there were
	held     []Event      // taken from the mailbox, to be looked at again
	playing  playing
	music    bool              // plays for the caller
	place    int               // in the queue, as last told by it
	passed   string            // why another was offered first, as noted last
	asked    bool              // the queue was asked to take the caller: it may have a ticket
	joined   bool              // was told that there is a queue
	wasAlone bool              // nobody on duty could serve the caller, at the last announcement
	toldAt   time.Time         // when the place was last announced
	every    time.Duration     // from then to the next announcement; 0: the wait begins
	offers   []flows.KeyOffer  // what a waiting caller can press
	away     []rune            // what leads away who is waiting for a partner to pick up; nil: nobody is
	agentLeg ChannelID         // an agent's or a partner's, rung or in conversation
	words    PlayID            // said last to an agent in conversation
	queued   flows.Enqueue     // how the flow had the caller wait, last
	ahead    []flows.Utterance // what the queue says first to who was turned out
	wrap     *wrapUp           // what is left of it for the agent, when the caller hung up first
	gone     bool              // the caller's leg has ended
	today    int               // calls of this number today; 0 until it was asked for
	off      string            // why a citizen is not to be called back now; empty: they are
}

// ending is the error by which a call's walk comes to its end.
type ending struct{ why Reason }

func (e ending) Error() string { return "call ended: " + string(e.why) }

// live lives the call to its end, which comes exactly once, whatever happens.
func (c *call) live(ctx context.Context, how func(context.Context) error) {
	err := c.caught(func() error { return how(ctx) })
	var e ending
	switch {
	case errors.As(err, &e):
		c.end(ctx, e.why)
	case ctx.Err() != nil:
		// The program stops; the call does not. Its state goes to the store.
		c.rec.flush(context.WithoutCancel(ctx))
	default:
		c.log.Error("call ended by an error", "err", err)
		c.end(ctx, ProgramFault)
	}
}

// caught does a part of the call; a panic in it is a fault of ours, which ends
// this call and no other.
func (c *call) caught(do func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			c.log.Error("a fault of the program", "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			err = ending{ProgramFault}
		}
	}()
	return do()
}

// errTimeUp says that the time given to next has passed.
var errTimeUp = errors.New("time is up")

// next gives the next event of the call. Keys are kept for whoever listens
// next, and returned too; the end of the caller's leg ends the call. A zero
// until waits for ever.
func (c *call) next(ctx context.Context, until time.Time) (Event, error) {
	var late <-chan time.Time
	if !until.IsZero() {
		timer := time.NewTimer(time.Until(until))
		defer timer.Stop()
		late = timer.C
	}
	for {
		if ev, ok := c.take(); ok {
			return c.look(ev)
		}
		select {
		case <-c.in.Ready():
		case <-late:
			return nil, errTimeUp
		case <-c.rec.overdue():
			c.rec.bring(ctx)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// take gives an event that was held back, or the oldest of the mailbox.
func (c *call) take() (Event, bool) {
	if len(c.held) > 0 {
		ev := c.held[0]
		c.held = c.held[1:]
		return ev, true
	}
	for {
		ev, ok := c.in.TryTake()
		if key, pressed := ev.(KeyPressed); !pressed || key.Channel != c.leg {
			return ev, ok
		}
		if c.presses++; c.presses <= maxKeysHeeded {
			return ev, true
		}
	}
}

// look does with an event what has to be done wherever the call stands.
func (c *call) look(ev Event) (Event, error) {
	switch e := ev.(type) {
	case KeyPressed:
		if e.Channel == c.leg && c.rec.state.Phase != inTalk && c.rec.state.Phase != withPartner {
			c.pressed(e)
		}
	case PlaceChanged:
		c.place = e.Place
	case RecallOff:
		if c.off = e.Why; c.mayPutOff() {
			return nil, ending{PutOff}
		}
	case PassedOver:
		if e.Why != c.passed { // an event that was held back is looked at again
			c.passed = e.Why
			c.rec.note(PassedOverKind, "", "why", e.Why)
		}
	case Gone:
		if e.Channel != c.leg {
			break
		}
		c.gone = true
		switch {
		case e.Lost:
			return nil, ending{SwitchLost}
		case e.Unseen:
			return nil, ending{GoneMeantime}
		}
		return nil, ending{CallerHungUp}
	}
	return ev, nil
}

// How long a call tries to have a command taken by a switch that does not
// answer: retryFor where the caller would hear nothing without it (a restart of
// Asterisk takes less), retryBriefly where there is something better to do.
const (
	retryFor     = time.Minute
	retryBriefly = 3 * time.Second
)

// command gives the switch a command, again and again while it does not
// answer, for as long as patience lasts. That error does not end the call: its
// leg may well be there. Should the leg be gone, its Gone is on the way and is
// waited for.
func (c *call) command(ctx context.Context, patience time.Duration, do func(context.Context) error) error {
	begun := time.Now()
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 2*time.Second) {
		err := do(ctx)
		switch {
		case err == nil || ctx.Err() != nil:
			return err
		case CodeOf(err) == NotFound && time.Since(begun) > retryFor:
			c.log.Error("the switch neither has the leg nor tells its end", "err", err)
			return ending{SwitchFailed}
		case CodeOf(err) == NotFound:
			pause = 2 * time.Second
		case CodeOf(err) != Unavailable || time.Since(begun) > patience:
			return err
		}
		if err := c.pause(ctx, pause); err != nil {
			return err
		}
	}
}

// pause lets time pass while the call goes on being looked after.
func (c *call) pause(ctx context.Context, d time.Duration) error {
	var later []Event
	defer func() { c.held = append(later, c.held...) }()
	for until := time.Now().Add(d); ; {
		ev, err := c.next(ctx, until)
		if errors.Is(err, errTimeUp) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, key := ev.(KeyPressed); !key { // keys are kept already
			later = append(later, ev)
		}
	}
}

// endWithin bounds what is done for the switch at the end of a call.
const endWithin = 10 * time.Second

// end ends the call: the legs, the place in the queue, the record.
func (c *call) end(ctx context.Context, why Reason) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endWithin)
	defer cancel()
	c.dropKeys()
	defer c.endTaping()
	c.keepRank(ctx, why)
	if err := c.caught(func() error { return c.release(ctx, why) }); err != nil {
		c.log.Warn("not everything of a call could be released", "err", err)
	}
	if !c.payUp(c.line.last) || !c.settleRecall(c.line.last, why) || !c.makeGood(c.line.last, why) { //nolint:contextcheck // the line waits for it, not the call
		return
	}
	_ = c.caught(func() error { c.rec.close(c.line.last, why); return nil }) // told by caught
	c.line.count(c.rec.record.Outcome)
	c.log.Info("call ended", "outcome", c.rec.record.Outcome, "reason", why,
		"wait", c.rec.record.Wait, "talk", c.rec.record.Talk)
}

func (c *call) release(ctx context.Context, why Reason) error {
	var errs []error
	if c.rec.state.Talk != "" {
		errs = append(errs, c.line.opt.Switch.Part(ctx, c.rec.state.Talk))
	}
	if c.agentLeg != "" {
		errs = append(errs, c.line.opt.Switch.Hangup(ctx, c.agentLeg))
	}
	for _, r := range c.rec.state.Ringing {
		errs = append(errs, c.line.opt.Switch.Hangup(ctx, r.Leg))
	}
	if t := c.rec.state.Third; t != nil {
		errs = append(errs, c.dropThird(ctx, t))
	}
	if !c.gone {
		errs = append(errs, c.line.opt.Switch.Hangup(ctx, c.leg))
	}
	if leg := c.dialled(); leg != "" {
		errs = append(errs, c.line.opt.Switch.Hangup(ctx, leg))
	}
	if c.asked || !c.rec.record.QueuedAt.IsZero() {
		errs = append(errs, c.line.opt.Queue.Leave(ctx, c.rec.record.ID, string(why)))
	}
	return errors.Join(errs...)
}
