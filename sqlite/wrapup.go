package sqlite

import (
	"context"
	"database/sql"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
)

// leave has the agents whom a call's ticket binds wrap up until then, if that is a
// time; else they are free.
func (b *batch) leave(call ivr.CallID, at, until time.Time) error {
	if !until.After(at) {
		return b.release(call, at)
	}
	return b.wrapUp(call, at, until)
}

// wrapUp has the agent whom a call's ticket binds, if any, wrap up; what becomes
// of the ticket is the caller's business, in the same transaction.
func (b *batch) wrapUp(call ivr.CallID, at, until time.Time) error {
	if err := b.freed(call, queue.WrapUp, at); err != nil {
		return err
	}
	_, err := b.exec(`UPDATE agents SET world = 'wrap_up', last_call = ?1, wrap_since = ?2, wrap_until = ?3
		WHERE id IN (SELECT agent FROM offers WHERE call = ?1)`, string(call), micros(at), micros(until))
	if err == nil {
		_, err = b.exec(`DELETE FROM offers WHERE call = ?`, string(call))
	}
	return err
}

// WrapUp implements [queue.Staff].
func (s *Staff) WrapUp(ctx context.Context, id ivr.AgentID, until time.Time) error {
	return s.store.change(ctx, "wrap up longer", func(b *batch) error {
		changed, err := b.exec(`UPDATE agents SET wrap_until = ? WHERE id = ? AND world = 'wrap_up'`, micros(until), string(id))
		if err != nil || changed > 0 {
			return err
		}
		return b.agentIs(id, "not wrapping up")
	})
}

// turn makes the world another one for an agent with no ticket. A wrap-up that
// ends by it is put on the record of its call.
func (b *batch) turn(id ivr.AgentID, w queue.World, at time.Time) error {
	var was queue.World
	var call ivr.CallID
	var since sql.NullInt64
	err := b.row(`SELECT world, last_call, wrap_since FROM agents WHERE id = ?`, string(id)).Scan(&was, &call, &since)
	if err != nil {
		return b.absent(id, err)
	}
	if was != queue.WrapUp {
		call = ""
	} else if err := b.wrappedUp(call, id, at.Sub(moment(since)), at); err != nil {
		return err
	}
	_, err = b.exec(`UPDATE agents SET world = ?1, wrap_since = NULL, wrap_until = NULL,
		idle_since = CASE WHEN ?1 = 'idle' THEN ?2 ELSE idle_since END WHERE id = ?3`, string(w), micros(at), string(id))
	return firstError(err, b.changed(queue.Change{At: at, Agent: id, Kind: string(w), Call: call}))
}
