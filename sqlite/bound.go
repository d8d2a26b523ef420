package sqlite

import (
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
)

// talks has an agent begin a conversation; the ticket binds them already.
func (b *batch) talks(agent ivr.AgentID, call ivr.CallID, at time.Time) error {
	_, err := b.exec(`UPDATE agents SET world = 'talking', taken = taken + 1, last_call = ? WHERE id = ?`, string(call), string(agent))
	return firstError(err, b.changed(queue.Change{At: at, Agent: agent, Kind: string(queue.Talking), Call: call}))
}

// free refuses an agent who cannot be given a caller.
func (b *batch) free(agent ivr.AgentID) error {
	var free bool
	err := b.row(`SELECT chosen = 'ready' AND world = 'idle' FROM agents WHERE id = ?`, string(agent)).Scan(&free)
	if err != nil {
		return b.absent(agent, err)
	}
	if !free {
		return refuse("", ivr.Conflict, "agent %s is not free", agent)
	}
	return nil
}

// release frees the agents that a call's ticket binds, if any; who was only rung is
// as idle as before. What becomes of the ticket is the caller's business, in the same
// transaction.
func (b *batch) release(call ivr.CallID, at time.Time) error {
	if err := b.freed(call, queue.Idle, at); err != nil {
		return err
	}
	_, err := b.exec(`UPDATE agents SET world = 'idle',
			idle_since = CASE world WHEN 'ringing' THEN idle_since ELSE ? END
		WHERE id IN (SELECT agent FROM offers WHERE call = ?)`, micros(at), string(call))
	if err == nil {
		_, err = b.exec(`DELETE FROM offers WHERE call = ?`, string(call))
	}
	return err
}

// spare frees those who were rung for a caller as well as the agent who took
// them: they were rung for nothing, and are as idle as they were.
func (b *batch) spare(call ivr.CallID, taken ivr.AgentID, at time.Time) error {
	for _, change := range []string{
		`INSERT INTO staff_journal (agent, at, kind, detail, call)
			SELECT agent, ?3, 'idle', '', call FROM offers WHERE call = ?1 AND agent <> ?2`,
		`UPDATE agents SET world = 'idle' WHERE id IN (SELECT agent FROM offers WHERE call = ?1 AND agent <> ?2)`,
		`DELETE FROM offers WHERE call = ?1 AND agent <> ?2`,
	} {
		if _, err := b.exec(change, string(call), string(taken), at.UnixMicro()); err != nil {
			return err
		}
	}
	return nil
}

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

// agentIs explains why an agent was not changed: none there, or in a state
// that forbids it.
func (b *batch) agentIs(id ivr.AgentID, what string) error {
	var there int
	if err := b.row(`SELECT count(*) FROM agents WHERE id = ?`, string(id)).Scan(&there); err != nil {
		return err
	}
	if there == 0 {
		return refuse("", ivr.NotFound, "no agent %q", string(id))
	}
	return refuse("", ivr.Conflict, "agent %s is %s", id, what)
}
