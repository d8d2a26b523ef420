package sqlite

import (
	"context"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
)

// worldOf is an agent's world: a conversation with the caller on hold is kept as
// one, with a mark.
const worldOf = `CASE WHEN a.world = 'talking' AND a.on_hold THEN 'on_hold' ELSE a.world END`

// OnHold implements [queue.Staff].
func (s *Staff) OnHold(ctx context.Context, id ivr.AgentID, on bool, at time.Time) error {
	return s.store.change(ctx, "hold caller", func(b *batch) error {
		changed, err := b.exec(`UPDATE agents SET on_hold = ?1 WHERE id = ?2 AND world = 'talking' AND on_hold <> ?1`, on, string(id))
		if err != nil {
			return err
		}
		var talking bool
		var call ivr.CallID
		err = b.row(`SELECT world = 'talking', last_call FROM agents WHERE id = ?`, string(id)).Scan(&talking, &call)
		switch {
		case err != nil:
			return b.absent(id, err)
		case !talking:
			return b.agentIs(id, "in no conversation")
		case changed == 0:
			return nil
		}
		world := queue.Talking
		if on {
			world = queue.OnHold
		}
		return b.changed(queue.Change{At: at, Agent: id, Kind: string(world), Call: call})
	})
}
