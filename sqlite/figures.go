package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"ikomek109/ivr"
)

// CallsOf counts the calls from a number that arrived since a moment, but for
// one of them.
func (s *Store) CallsOf(ctx context.Context, caller ivr.Number, since time.Time, but ivr.CallID) (n int, err error) {
	err = s.read.QueryRowContext(ctx, callsOf, caller.Reveal(), since.UnixMicro(), string(but)).Scan(&n)
	return n, s.fault("count calls", err)
}

const callsOf = `SELECT count(*) FROM calls WHERE caller = ? AND caller <> '' AND arrived_at >= ? AND id <> ? AND origin = ''`

// BulletinsOf counts, by name, the bulletins that were begun in calls from a
// number since a moment. Calls that arrived long before it are not looked at.
func (s *Store) BulletinsOf(ctx context.Context, caller ivr.Number, since time.Time) (map[string]int, error) {
	const name = "count bulletins heard"
	// A bulletin is said first thing: no later than that after the arrival.
	const slack = 10 * time.Minute
	rows, err := s.read.QueryContext(ctx, bulletinsOf, caller.Reveal(), since.Add(-slack).UnixMicro(), since.UnixMicro())
	if err != nil {
		return nil, s.fault(name, err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	heard := map[string]int{}
	for rows.Next() {
		var bulletin string
		var n int
		if err := rows.Scan(&bulletin, &n); err != nil {
			return nil, s.fault(name, err)
		}
		heard[bulletin] = n
	}
	return heard, s.fault(name, rows.Err())
}

const bulletinsOf = `SELECT p.name, count(*) FROM calls c JOIN bulletin_plays p ON p.call = c.n
	WHERE c.caller = ? AND c.caller <> '' AND c.arrived_at >= ? AND p.at >= ? GROUP BY p.name`

// HandlingTime is what the calls of a queue that have ended took its agents: talk,
// hold and wrap-up.
type HandlingTime struct {
	Calls int
	Sum   time.Duration
}

// HandlingTimes gives the handling time, by queue, of served calls that arrived
// since a moment.
func (s *Store) HandlingTimes(ctx context.Context, since time.Time) (map[string]HandlingTime, error) {
	const name = "read handling times"
	rows, err := s.read.QueryContext(ctx, handlingTimes, since.UnixMicro())
	if err != nil {
		return nil, s.fault(name, err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	times := map[string]HandlingTime{}
	for rows.Next() {
		var queue string
		var t HandlingTime
		var micros int64
		if err := rows.Scan(&queue, &t.Calls, &micros); err != nil {
			return nil, s.fault(name, err)
		}
		t.Sum = time.Duration(micros) * time.Microsecond
		times[queue] = t
	}
	return times, s.fault(name, rows.Err())
}

const handlingTimes = `SELECT queue, count(*), sum(talk + hold + wrap_up) FROM calls
	WHERE outcome = 'served' AND outcome <> '' AND arrived_at >= ? GROUP BY queue`

// maxChoices bounds the rows of the journal that one Choices looks at.
const maxChoices = 20_000

// Choices reads what callers chose in menus from the journal: the rows after a
// number, at most some of them, and no entry from before since. It gives the
// number to go on from; one that did not move says that there is no more. With
// 0 it begins at about since, and leaves the rest of the journal alone.
func (s *Store) Choices(ctx context.Context, after int64, since time.Time) (all []ivr.Choice, last int64, err error) {
	const name = "read choices"
	if after == 0 {
		err := s.read.QueryRowContext(ctx, journalSince, since.UnixMicro()).Scan(&after)
		if errors.Is(err, sql.ErrNoRows) {
			return nil, 0, nil
		}
		if err != nil {
			return nil, 0, s.fault(name, err)
		}
		after--
	}
	rows, err := s.read.QueryContext(ctx, `SELECT n, entries FROM journal WHERE n > ? ORDER BY n LIMIT ?`, after, maxChoices)
	if err != nil {
		return nil, after, s.fault(name, err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	last = after
	for rows.Next() {
		var packed string
		if err := rows.Scan(&last, &packed); err != nil {
			return all, after, s.fault(name, err)
		}
		all = append(all, choicesIn(packed, since)...)
	}
	return all, last, s.fault(name, rows.Err())
}

const journalSince = `SELECT j.n FROM journal j WHERE j.call = (
	SELECT n FROM calls WHERE arrived_at >= ? ORDER BY arrived_at, n LIMIT 1) ORDER BY j.seq LIMIT 1`

// choicesIn takes the choices out of a row of the journal. A row without any,
// as most are, is not unpacked.
func choicesIn(packed string, since time.Time) (all []ivr.Choice) {
	if !strings.Contains(packed, `"`+string(ivr.OptionChosen)+`"`) {
		return nil
	}
	entries, err := unpackEntries(packed)
	if err != nil {
		return nil // whoever shows the call says so
	}
	for _, e := range entries {
		if option := e.Detail["name"]; e.Kind == ivr.OptionChosen && option != "" && !e.At.Before(since) {
			all = append(all, ivr.Choice{At: e.At, Menu: e.Node, Option: option})
		}
	}
	return all
}
