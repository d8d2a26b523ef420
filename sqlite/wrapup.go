package sqlite

import (
	"context"
	"database/sql"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
)

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
