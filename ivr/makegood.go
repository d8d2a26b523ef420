package ivr

import (
	"context"
	"time"

	"ikomek109/flows"
)

// fault tells whether a call that ended for this reason was not ended by those
// who talk in it.
func (why Reason) fault() bool {
	return why == SwitchLost || why == SwitchFailed || why == ProgramFault || why == GoneMeantime
}

// unserved tells whether a fault took from the caller what they had called for:
// they were waiting, or in conversation, or had not heard an answer to its end.
// Who was gone when the program came back may have hung up by themselves: of
// those only the waiting count.
func (r *Record) unserved(why Reason) bool {
	switch {
	case !why.fault() || r.recalled || r.spoke:
		return false
	case r.Origin == ByCallback: // else their callback stands, and is tried again
		return r.cut && why != GoneMeantime
	case r.Waiting():
		return true
	case why == GoneMeantime:
		return false
	}
	return r.cut || r.ConnectedAt.IsZero() && r.Partner == "" && r.Heard == 0
}

// keepRank saves, before the ticket of a lost caller is given up, since when they
// count as waiting: the callback may be the next program's to note.
func (c *call) keepRank(ctx context.Context, why Reason) {
	if !c.line.opt.AfterLoss || !c.rec.record.unserved(why) || !c.rec.record.Waiting() {
		return
	}
	if since := c.waitsSince(); since.Before(c.rec.record.QueuedAt) { // else the journal tells it
		c.rec.state.Rank = since
		c.rec.save(ctx, true)
	}
}

// makeGood notes, for a caller whose call a fault has ended, that they are to be
// called back. It tries until the store takes it; when ctx ends first it is
// false, and the call is left to the next program.
func (c *call) makeGood(ctx context.Context, why Reason) bool {
	if !c.line.opt.AfterLoss || c.line.opt.Callbacks == nil || !c.rec.record.unserved(why) {
		return true
	}
	wish := c.wishAfterLoss(time.Now())
	result := flows.CallbackFailed
	if wish.Number = c.number; wish.Number != "" {
		var ok bool
		if result, ok = c.askUntilTaken(ctx, wish, why); !ok {
			return false
		}
	}
	if result.Noted() && c.rec.record.Waiting() {
		c.rec.note(LeftQueue, "", "why", "callback")
	}
	c.rec.note(CallbackAsked, "", "result", string(result), "queue", wish.Queue,
		"number", c.rec.record.Caller.String(), "by", "line")
	return true
}

// wishAfterLoss is the callback of a caller whose call is lost. The time that they
// have waited is theirs; that of a conversation is no waiting.
func (c *call) wishAfterLoss(now time.Time) Callback {
	r := &c.rec.record
	wish := Callback{
		Call: r.ID, Queue: r.Queue, Category: r.Category, Language: r.Language,
		AskedAt: now, Since: now.Add(-r.Wait), DueAt: now, State: CallbackWaiting,
	}
	if r.Waiting() {
		wish.Since = c.waitsSince()
	}
	if wish.Queue == "" {
		wish.Queue = c.flow.OperatorQueue()
	}
	if wish.Language == "" {
		wish.Language = flows.Kazakh
	}
	return wish
}

// askUntilTaken asks the store until it answers; not ok when ctx ends first. Why
// the call ended is saved then, for the next program to end it so.
func (c *call) askUntilTaken(ctx context.Context, wish Callback, why Reason) (result flows.CallbackResult, ok bool) {
	var err error
	answered := insist(ctx, func() bool {
		if err = c.askOnce(ctx, wish); err == nil || final(err) {
			return true
		}
		if c.rec.state.Lost == "" {
			c.rec.state.Lost = why
			c.rec.save(ctx, true)
			c.log.Warn("a callback is not noted yet: the store did not take it", "err", err)
		}
		return false
	})
	switch {
	case !answered:
		c.log.Error("a callback is not noted: the next program does it", "err", err)
		return "", false
	case err == nil:
		return flows.CallbackTaken, true
	case CodeOf(err) == Conflict:
		return flows.CallbackAlready, true
	}
	c.log.Error("the store refused a callback for good", "err", err)
	return flows.CallbackFailed, true
}

func (c *call) askOnce(ctx context.Context, wish Callback) error {
	ctx, cancel := context.WithTimeout(ctx, queueWait)
	defer cancel()
	return c.line.opt.Callbacks.Ask(ctx, wish)
}
