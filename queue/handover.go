package queue

import (
	"context"
	"fmt"
	"slices"
	"time"

	"ikomek109/ivr"
)

// Colleague implements [ivr.Roster].
func (d *Desk) Colleague(number int) (ivr.AgentID, error) {
	const op = "find colleague"
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, m := range d.floor.members {
		switch {
		case m.Number != number || number == 0:
		case !d.floor.usable(m, time.Now()):
			return "", &ivr.Error{Op: op, Code: ivr.Conflict, Message: "agent " + string(id) + " is not free"}
		default:
			return id, nil
		}
	}
	return "", &ivr.Error{Op: op, Code: ivr.NotFound, Message: fmt.Sprintf("no agent has the number %d", number)}
}

// HandOver implements [ivr.Roster]. The agent before wraps up. When the store
// does not answer, the error has the code Unavailable and the store is told
// later: the two can talk.
func (d *Desk) HandOver(ctx context.Context, call ivr.CallID, to ivr.AgentID) error {
	t, ok := d.ticket(call)
	if !ok {
		return &ivr.Error{Op: "hand over", Code: ivr.NotFound, Message: "call " + string(call) + " is with no agent"}
	}
	if t.Status == Served && slices.Contains(t.Agents, to) {
		return nil
	}
	at := time.Now()
	until := at.Add(d.Rules(t.Queue).WrapUp)
	return d.carry(ctx, call, &debt{
		talks: true,
		void:  d.keepFree(to), // also while the store does not hear of it, and the two talk
		do: func(ctx context.Context) error {
			return d.opt.Tickets.HandOver(ctx, Handover{Call: call, To: to, At: at, Until: until})
		},
		after: func(s *seat) {
			for _, id := range s.Agents {
				d.floor.wrapUp(id, call, at, until)
			}
			d.floor.change(s, func() { s.Agents = nil })
			d.connected(s, to)
		},
	})
}
