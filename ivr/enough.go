package ivr

import (
	"context"
	"slices"
	"time"

	"ikomek109/flows"
)

// saidEnough tells whether a list of actions is to record a message of a caller
// who has left as many today as one may: then none of it is done, for why should
// they hear how to leave another. Who has begun to record may go on. Whose number
// is not known is not counted; and a store that does not answer keeps nobody from
// being heard.
func (c *call) saidEnough(ctx context.Context, actions []flows.Action) bool {
	most, caller := c.line.opt.MessagesPerDay, c.rec.record.Caller
	if most == 0 || caller == "" || c.line.opt.Messages == nil || !begins(actions) {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, worldWait)
	defer cancel()
	left, err := c.line.opt.Messages.LeftBy(ctx, caller, Midnight(time.Now().In(c.line.opt.Zone)))
	if err != nil {
		c.log.Warn("the messages of this number today were not counted", "err", err)
		return false
	}
	return left >= most
}

// begins tells whether actions lead to the first recording of a node.
func begins(actions []flows.Action) bool {
	if len(actions) == 0 {
		return false
	}
	_, record := actions[len(actions)-1].(flows.Record)
	return record && !slices.ContainsFunc(actions, func(a flows.Action) bool { _, anew := a.(flows.Discard); return anew })
}

// Midnight is when the day of a moment began, in the zone of that moment.
func Midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}
