package sqlite

import (
	"context"
	"database/sql"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/queue"
)

// Staff is the agents in the store: [queue.Staff]. The version is kept by
// triggers, so that a change by any program moves it.
type Staff struct{ store *Store }

// Staff gives the agents in the store.
func (s *Store) Staff() *Staff { return &Staff{store: s} }

// Add implements [queue.Staff].
func (s *Staff) Add(ctx context.Context, a queue.Agent) error {
	const name = "add agent"
	if a.ID == "" || len(a.ID) > maxID || a.Call != "" {
		return refuse(name, ivr.Invalid, "a new agent needs an id and has no call")
	}
	if err := firstError(checkChosen(name, a.Chosen), checkWorld(name, a.World), queue.CheckNumber(a.Number)); err != nil {
		return err
	}
	languages, queues, topics := packList(a.Languages), packList(a.Queues), packList(a.Topics)
	return s.store.change(ctx, name, func(b *batch) error {
		number, err := b.number(a)
		if err != nil {
			return err
		}
		_, err = b.exec(`INSERT INTO agents (id, number, name, languages, queues, topics, credential, chosen, pause_reason, world, idle_since)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			string(a.ID), number, a.Name, languages, queues, topics, a.Credential, string(a.Chosen), a.PauseReason, string(a.World), micros(a.IdleSince))
		if constraint(err) {
			return refuse("", ivr.Conflict, "agent %s exists already", a.ID)
		}
		return firstError(err,
			b.changed(queue.Change{At: a.IdleSince, Agent: a.ID, Kind: queue.Added}),
			b.changed(queue.Change{At: a.IdleSince, Agent: a.ID, Kind: string(a.Chosen), Detail: a.PauseReason}),
			b.changed(queue.Change{At: a.IdleSince, Agent: a.ID, Kind: string(a.World)}))
	})
}

// number gives the number of a new agent: their own unless it is taken, or the
// lowest that is free; null when none is.
func (b *batch) number(a queue.Agent) (n sql.NullInt64, err error) {
	if a.Number == 0 {
		err = b.row(`WITH RECURSIVE all_of(n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM all_of WHERE n < ?2)
			SELECT min(n) FROM all_of WHERE n NOT IN (SELECT number FROM agents WHERE number IS NOT NULL)`,
			queue.FirstNumber, queue.LastNumber).Scan(&n)
		return n, err
	}
	var whose string
	err = b.row(`SELECT coalesce(max(id), '') FROM agents WHERE number = ? AND id <> ?`, a.Number, string(a.ID)).Scan(&whose)
	if err == nil && whose != "" {
		err = refuse("", ivr.Conflict, "the number %d is that of %s", a.Number, whose)
	}
	return sql.NullInt64{Int64: int64(a.Number), Valid: true}, err
}

// Remove implements [queue.Staff].
func (s *Staff) Remove(ctx context.Context, id ivr.AgentID, at time.Time) error {
	return s.store.change(ctx, "remove agent", func(b *batch) error {
		changed, err := b.exec(`DELETE FROM agents WHERE id = ? AND NOT EXISTS (SELECT 1 FROM offers WHERE agent = agents.id)`, string(id))
		if err != nil || changed == 0 {
			return firstError(err, b.agentIs(id, "with a caller"))
		}
		return b.changed(queue.Change{At: at, Agent: id, Kind: queue.Removed})
	})
}

// Edit implements [queue.Staff].
func (s *Staff) Edit(ctx context.Context, id ivr.AgentID, change func(*queue.Agent)) error {
	return s.store.change(ctx, "edit agent", func(b *batch) error {
		a, err := scanAgent(b.row(agentQuery+` WHERE a.id = ?`, string(id)))
		if err != nil {
			return b.absent(id, err)
		}
		change(&a)
		_, err = b.exec(`UPDATE agents SET name = ?, languages = ?, queues = ?, topics = ? WHERE id = ?`,
			a.Name, packList(a.Languages), packList(a.Queues), packList(a.Topics), string(id))
		return err
	})
}

// SetCredential implements [queue.Staff].
func (s *Staff) SetCredential(ctx context.Context, id ivr.AgentID, credential string) error {
	return s.store.change(ctx, "set password", func(b *batch) error {
		changed, err := b.exec(`UPDATE agents SET credential = ? WHERE id = ?`, credential, string(id))
		if err != nil || changed > 0 {
			return err
		}
		return b.agentIs(id, "")
	})
}

// Choose implements [queue.Staff].
func (s *Staff) Choose(ctx context.Context, id ivr.AgentID, c ivr.Chosen, reason string, at time.Time) error {
	const name = "choose state"
	if err := checkChosen(name, c); err != nil {
		return err
	}
	why := reason
	if c != ivr.Paused {
		reason = ""
	}
	return s.store.change(ctx, name, func(b *batch) error {
		a, err := scanAgent(b.row(agentQuery+` WHERE a.id = ?`, string(id)))
		if err != nil {
			return b.absent(id, err)
		}
		if c == ivr.Ready && a.World == queue.WrapUp {
			if err := b.turn(id, queue.Idle, at); err != nil {
				return err
			}
			a.World, a.IdleSince = queue.Idle, at
		}
		if a.Chosen == c && a.PauseReason == reason {
			return nil
		}
		if c == ivr.Ready && a.Chosen != ivr.Ready && a.World == queue.Idle {
			a.IdleSince = at
		}
		if c == ivr.Ready && a.BeginsShift(at) {
			a.Taken, a.ShiftAt = 0, at
		}
		_, err = b.exec(`UPDATE agents SET chosen = ?, pause_reason = ?, idle_since = ?, taken = ?, shift_at = ? WHERE id = ?`,
			string(c), reason, micros(a.IdleSince), a.Taken, micros(a.ShiftAt), string(id))
		return firstError(err, b.changed(queue.Change{At: at, Agent: id, Kind: string(c), Detail: why}))
	})
}

// SetWorld implements [queue.Staff].
func (s *Staff) SetWorld(ctx context.Context, id ivr.AgentID, w queue.World, at time.Time) error {
	const name = "set agent's state"
	if err := checkWorld(name, w); err != nil {
		return err
	}
	return s.store.change(ctx, name, func(b *batch) error {
		var world queue.World
		var bound bool
		err := b.row(`SELECT world, EXISTS (SELECT 1 FROM offers WHERE agent = agents.id) FROM agents WHERE id = ?`,
			string(id)).Scan(&world, &bound)
		switch {
		case err != nil:
			return b.absent(id, err)
		case bound:
			return refuse("", ivr.Conflict, "agent %s has a caller", id)
		case world == w:
			return nil
		}
		return b.turn(id, w, at)
	})
}

// Agents implements [queue.Staff].
func (s *Staff) Agents(ctx context.Context) ([]queue.Agent, int64, error) {
	agents, version, err := s.agents(ctx)
	return agents, version, s.store.fault("read agents", err)
}

// agents reads the agents and their version in one view of the store.
func (s *Staff) agents(ctx context.Context) (all []queue.Agent, version int64, err error) {
	tx, err := s.store.read.BeginTx(ctx, nil)
	if err != nil {
		return nil, 0, err
	}
	defer tx.Rollback() //nolint:errcheck // it was only read
	if err := tx.QueryRowContext(ctx, agentsVersion).Scan(&version); err != nil {
		return nil, 0, err
	}
	rows, err := tx.QueryContext(ctx, agentQuery+` ORDER BY a.id`)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		a, err := scanAgent(rows)
		if err != nil {
			return nil, 0, err
		}
		all = append(all, a)
	}
	return all, version, rows.Err()
}

const agentQuery = `SELECT a.id, coalesce(a.number, 0), a.name, a.languages, a.queues, a.topics, a.credential, a.chosen,
	a.pause_reason, ` + worldOf + `, a.idle_since, a.taken, a.shift_at, coalesce(o.call, ''), a.last_call, a.wrap_since, a.wrap_until
	FROM agents a LEFT JOIN offers o ON o.agent = a.id`

const agentsVersion = `SELECT value FROM counters WHERE name = 'agents'`

// Version implements [queue.Staff].
func (s *Staff) Version(ctx context.Context) (version int64, err error) {
	err = s.store.read.QueryRowContext(ctx, agentsVersion).Scan(&version)
	return version, s.store.fault("read agents", err)
}

func scanAgent(row scanner) (a queue.Agent, err error) {
	var languages, queues, topics string
	var idle, shift, since, until sql.NullInt64
	err = row.Scan(&a.ID, &a.Number, &a.Name, &languages, &queues, &topics, &a.Credential, &a.Chosen, &a.PauseReason, &a.World, &idle,
		&a.Taken, &shift, &a.Call, &a.LastCall, &since, &until)
	if err != nil {
		return a, err
	}
	a.IdleSince, a.ShiftAt, a.WrapSince, a.WrapUntil = moment(idle), moment(shift), moment(since), moment(until)
	if a.Languages, err = unpackList[flows.Language](languages); err != nil {
		return a, err
	}
	if a.Queues, err = unpackList[string](queues); err != nil {
		return a, err
	}
	a.Topics, err = unpackList[string](topics)
	return a, err
}

// absent tells an agent that is not there from a failure to look.
func (b *batch) absent(id ivr.AgentID, err error) error {
	if !weather(err) {
		return b.agentIs(id, "")
	}
	return err
}

func checkChosen(op string, c ivr.Chosen) error {
	switch c {
	case ivr.Ready, ivr.Paused, ivr.Off:
		return nil
	}
	return refuse(op, ivr.Invalid, "an agent can't choose to be %q", string(c))
}

// checkWorld takes what the world can make of an agent by itself; ringing,
// talking and wrap-up come from tickets only.
func checkWorld(op string, w queue.World) error {
	switch w {
	case queue.Idle, queue.Unreachable:
		return nil
	case queue.Ringing, queue.Talking, queue.OnHold, queue.WrapUp:
	}
	return refuse(op, ivr.Invalid, "an agent without a caller can't be %q", string(w))
}
