package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
)

// Tickets is the queue in the store: [queue.Tickets]. A change whose context
// ends before the writer comes to it is withdrawn.
type Tickets struct{ store *Store }

// Tickets gives the queue in the store.
func (s *Store) Tickets() *Tickets { return &Tickets{store: s} }

const ticketColumns = `seq, call, queue, language, category, at, caller, head_start, other_language, since, status, patient, node,
	(SELECT coalesce(json_group_array(agent), '[]') FROM (SELECT agent FROM offers o WHERE o.call = tickets.call ORDER BY agent))`

// Enter implements [queue.Tickets].
func (t *Tickets) Enter(ctx context.Context, in queue.Entry) (queue.Ticket, error) {
	const name = "enter queue"
	if in.Call == "" || in.At.IsZero() || in.Now.IsZero() || len(in.Call) > maxID {
		return queue.Ticket{}, refuse(name, ivr.Invalid, "a ticket needs a call and a time")
	}
	return made(ctx, t.store, &op{name: name}, func(b *batch) (entered queue.Ticket, err error) {
		in := in // the change may be made again
		regained, err := b.regain(&in)
		if err != nil {
			return entered, err
		}
		if err := firstError(b.release(in.Call, in.Now), b.enter(in)); err != nil {
			return entered, err
		}
		entered, err = scanTicket(b.row(`SELECT `+ticketColumns+` FROM tickets WHERE call = ?`, string(in.Call)))
		entered.Regained = regained
		return entered, err
	})
}

// enter writes a waiting ticket. One that is there keeps its rank, unless it was
// served, and the stay in its queue goes on where it was not broken off.
func (b *batch) enter(in queue.Entry) error {
	_, err := b.exec(`INSERT INTO tickets
			(call, queue, language, category, at, caller, head_start, other_language, since, patient, node, status)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')
		ON CONFLICT (call) DO UPDATE SET
			at = CASE WHEN status = 'served' THEN excluded.at ELSE at END,
			head_start = CASE WHEN status = 'served' THEN excluded.head_start ELSE head_start END,
			since = CASE WHEN queue = excluded.queue AND status IN ('waiting', 'offered') THEN since ELSE excluded.since END,
			queue = excluded.queue, language = excluded.language, category = excluded.category,
			caller = excluded.caller, other_language = excluded.other_language, node = excluded.node, status = 'waiting'`,
		string(in.Call), in.Queue, string(in.Language), in.Category, in.At.UnixMicro(),
		in.Caller.Reveal(), in.HeadStart.Microseconds(), in.OtherLanguage, in.Now.UnixMicro(), in.Patient, in.Node)
	return err
}

// regain credits a call that has no ticket yet with the waiting of an earlier
// one of the same caller, which is then used up.
func (b *batch) regain(in *queue.Entry) (bool, error) {
	if in.Caller == "" || in.Kept <= 0 {
		return false, nil
	}
	var n, rank int64
	err := b.row(`SELECT n, rank FROM kept_places WHERE caller = ? AND left_at >= ?
			AND NOT EXISTS (SELECT 1 FROM tickets WHERE call = ?) ORDER BY rank, n LIMIT 1`,
		in.Caller.Reveal(), in.Now.Add(-in.Kept).UnixMicro(), string(in.Call)).Scan(&n, &rank)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	in.HeadStart = max(in.HeadStart, time.Duration(in.At.UnixMicro()-rank)*time.Microsecond)
	_, err = b.exec(`DELETE FROM kept_places WHERE n = ?`, n)
	return err == nil, err
}

// Aside implements [queue.Tickets].
func (t *Tickets) Aside(ctx context.Context, call ivr.CallID) error {
	return t.store.change(ctx, "step aside", func(b *batch) error {
		changed, err := b.exec(`UPDATE tickets SET status = 'aside' WHERE call = ? AND status = 'waiting'`, string(call))
		return b.moved(changed, err, call, "waiting")
	})
}

// Claim implements [queue.Tickets].
func (t *Tickets) Claim(ctx context.Context, call ivr.CallID, agents []ivr.AgentID, at time.Time) error {
	const name = "claim agent"
	if len(agents) == 0 {
		return refuse(name, ivr.Invalid, "nobody is claimed")
	}
	return t.store.change(ctx, name, func(b *batch) error {
		if err := b.stands(call, queue.Waiting, ""); err != nil {
			return err
		}
		for _, agent := range agents { // a refusal must not come half done
			if err := b.free(agent); err != nil {
				return err
			}
		}
		for _, agent := range agents {
			_, err := b.exec(`UPDATE agents SET world = 'ringing' WHERE id = ?`, string(agent))
			if err != nil {
				return err
			}
			if _, err := b.exec(`INSERT INTO offers (agent, call) VALUES (?, ?)`, string(agent), string(call)); err != nil {
				return err
			}
			if err := b.changed(queue.Change{At: at, Agent: agent, Kind: string(queue.Ringing), Call: call}); err != nil {
				return err
			}
		}
		_, err := b.exec(`UPDATE tickets SET status = 'offered' WHERE call = ?`, string(call))
		return err
	})
}

// Connected implements [queue.Tickets].
func (t *Tickets) Connected(ctx context.Context, call ivr.CallID, agent ivr.AgentID, at time.Time) error {
	return t.store.change(ctx, "connect agent", func(b *batch) error {
		if err := b.stands(call, queue.Offered, agent); err != nil {
			return err
		}
		if _, err := b.exec(`UPDATE tickets SET status = 'served' WHERE call = ?`, string(call)); err != nil {
			return err
		}
		if err := b.spare(call, agent, at); err != nil {
			return err
		}
		return b.talks(agent, call, at)
	})
}

// Missed implements [queue.Tickets].
func (t *Tickets) Missed(ctx context.Context, m queue.Miss) error {
	idle := m.IdleSince
	if idle.IsZero() {
		idle = m.At
	}
	return t.store.change(ctx, "miss offer", func(b *batch) error {
		if err := b.stands(m.Call, queue.Offered, m.Agent); err != nil {
			return err
		}
		if _, err := b.exec(`DELETE FROM offers WHERE agent = ?`, string(m.Agent)); err != nil {
			return err
		}
		if _, err := b.exec(`UPDATE agents SET world = 'idle', idle_since = ? WHERE id = ?`, micros(idle), string(m.Agent)); err != nil {
			return err
		}
		_, err := b.exec(`UPDATE tickets SET status = 'waiting'
			WHERE call = ?1 AND NOT EXISTS (SELECT 1 FROM offers WHERE call = ?1)`, string(m.Call))
		if err == nil {
			err = b.changed(queue.Change{At: m.At, Agent: m.Agent, Kind: string(queue.Idle), Call: m.Call})
		}
		if err != nil || m.Pause == "" {
			return err
		}
		_, err = b.exec(`UPDATE agents SET chosen = 'paused', pause_reason = ? WHERE id = ?`, m.Pause, string(m.Agent))
		return firstError(err, b.changed(queue.Change{At: m.At, Agent: m.Agent, Kind: string(ivr.Paused), Detail: m.Pause}))
	})
}

// HandOver implements [queue.Tickets].
func (t *Tickets) HandOver(ctx context.Context, h queue.Handover) error {
	return t.store.change(ctx, "hand over", func(b *batch) error {
		if err := b.stands(h.Call, queue.Served, h.To); err == nil {
			return nil // it was said before
		}
		if err := b.stands(h.Call, queue.Served, ""); err != nil {
			return err
		}
		if err := b.free(h.To); err != nil {
			return err
		}
		if err := b.leave(h.Call, h.At, h.Until); err != nil {
			return err
		}
		if _, err := b.exec(`INSERT INTO offers (agent, call) VALUES (?, ?)`, string(h.To), string(h.Call)); err != nil {
			return err
		}
		return b.talks(h.To, h.Call, h.At)
	})
}

// Drop implements [queue.Tickets].
func (t *Tickets) Drop(ctx context.Context, call ivr.CallID, keep bool, at time.Time) error {
	return t.store.change(ctx, "leave queue", func(b *batch) error {
		if err := b.release(call, at); err != nil {
			return err
		}
		if keep {
			if _, err := b.exec(`INSERT INTO kept_places (caller, rank, left_at) SELECT caller, at - head_start, ?
				FROM tickets WHERE call = ? AND status <> 'served' AND caller <> ''`, at.UnixMicro(), string(call)); err != nil {
				return err
			}
		}
		_, err := b.exec(`DELETE FROM tickets WHERE call = ?`, string(call))
		return err
	})
}

// Finish implements [queue.Tickets].
func (t *Tickets) Finish(ctx context.Context, call ivr.CallID, at, until time.Time) error {
	return t.store.change(ctx, "finish call", func(b *batch) error {
		if err := b.leave(call, at, until); err != nil {
			return err
		}
		_, err := b.exec(`DELETE FROM tickets WHERE call = ?`, string(call))
		return err
	})
}

// Forget implements [queue.Tickets].
func (t *Tickets) Forget(ctx context.Context, before time.Time) error {
	return t.store.change(ctx, "forget places", func(b *batch) error {
		_, err := b.exec(`DELETE FROM kept_places WHERE left_at < ?`, before.UnixMicro())
		return err
	})
}

// All implements [queue.Tickets].
func (t *Tickets) All(ctx context.Context) ([]queue.Ticket, error) {
	const name = "read queue"
	rows, err := t.store.read.QueryContext(ctx, `SELECT `+ticketColumns+` FROM tickets ORDER BY at - head_start, seq`)
	if err != nil {
		return nil, t.store.fault(name, err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var all []queue.Ticket
	for rows.Next() {
		one, err := scanTicket(rows)
		if err != nil {
			return nil, t.store.fault(name, err)
		}
		all = append(all, one)
	}
	return all, t.store.fault(name, rows.Err())
}

func scanTicket(row scanner) (t queue.Ticket, err error) {
	var at, headStart, since int64
	var agents string
	err = row.Scan(&t.Seq, &t.Call, &t.Queue, &t.Language, &t.Category, &at, &t.Caller, &headStart, &t.OtherLanguage, &since,
		&t.Status, &t.Patient, &t.Node, &agents)
	if err != nil {
		return t, err
	}
	t.Agents, err = unpackList[ivr.AgentID](agents)
	t.At, t.Since = time.UnixMicro(at).UTC(), time.UnixMicro(since).UTC()
	t.HeadStart = time.Duration(headStart) * time.Microsecond
	return t, err
}

// stands checks a ticket, and that the agent is bound to it unless none is named,
// before anything is changed.
func (b *batch) stands(call ivr.CallID, want queue.Status, agent ivr.AgentID) error {
	var status queue.Status
	var bound bool
	err := b.row(`SELECT status, EXISTS (SELECT 1 FROM offers o WHERE o.call = tickets.call AND agent = ?) FROM tickets WHERE call = ?`,
		string(agent), string(call)).Scan(&status, &bound)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return refuse("", ivr.NotFound, "call %q is not in the queue", string(call))
	case err != nil:
		return err
	case status != want:
		return refuse("", ivr.Conflict, "call %s is %s, not %s", call, status, want)
	case agent != "" && !bound:
		return refuse("", ivr.Conflict, "call %s is not %s to %s", call, want, agent)
	}
	return nil
}

// moved explains a change of a ticket that met no ticket.
func (b *batch) moved(changed int64, err error, call ivr.CallID, want string) error {
	if err != nil || changed > 0 {
		return err
	}
	var is string
	err = b.row(`SELECT status FROM tickets WHERE call = ?`, string(call)).Scan(&is)
	if errors.Is(err, sql.ErrNoRows) {
		return refuse("", ivr.NotFound, "call %q is not in the queue", string(call))
	}
	return firstError(err, refuse("", ivr.Conflict, "call %s is %s, not %s", call, is, want))
}
