package sqlite

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"ikomek109/ivr"
)

// The columns of a call after its number, in the order of packRecord.
const columns = `id, node, channel, caller, dialled, flow, language, category, path, keys,
	arrived_at, queued_at, connected_at, ended_at, queue, agent, wait, talk, heard, outcome, reason,
	partner, score, origin, callback, first_call, hold, handed_by`

// readColumns are those that are read: a wrap-up is no part of what a call
// itself writes.
const readColumns = columns + `, wrap_up`

const insertCall = `INSERT INTO calls (` + columns + `)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const updateCall = `UPDATE calls SET (` + columns + `) =
	(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE n = ? AND ended_at IS NULL`

// packRecord gives a record's columns.
func packRecord(r ivr.Record) []any {
	return []any{
		string(r.ID), r.Node, string(r.Channel), r.Caller.Reveal(), r.Dialled, r.Flow,
		string(r.Language), r.Category, packList(r.Path), r.Keys,
		micros(r.ArrivedAt), micros(r.QueuedAt), micros(r.ConnectedAt), micros(r.EndedAt),
		r.Queue, string(r.Agent), r.Wait.Microseconds(), r.Talk.Microseconds(), r.Heard,
		string(r.Outcome), string(r.Reason), r.Partner, r.Score,
		string(r.Origin), r.Callback, string(r.First),
		r.Hold.Microseconds(), string(r.HandedBy),
	}
}

// scanRecord reads a call's number and its columns.
func scanRecord(row scanner, more ...any) (n int64, r ivr.Record, err error) {
	var (
		caller, path                        string
		arrived, queued, connected, endedAt sql.NullInt64
		wait, talk, hold, wrapUp            int64
	)
	into := []any{
		&n, &r.ID, &r.Node, &r.Channel, &caller, &r.Dialled, &r.Flow, &r.Language, &r.Category, &path, &r.Keys,
		&arrived, &queued, &connected, &endedAt, &r.Queue, &r.Agent, &wait, &talk, &r.Heard, &r.Outcome, &r.Reason,
		&r.Partner, &r.Score, &r.Origin, &r.Callback, &r.First, &hold, &r.HandedBy, &wrapUp,
	}
	if err := row.Scan(append(into, more...)...); err != nil {
		return 0, r, err
	}
	r.Caller = ivr.Number(caller)
	r.ArrivedAt, r.QueuedAt, r.ConnectedAt, r.EndedAt = moment(arrived), moment(queued), moment(connected), moment(endedAt)
	r.Wait, r.Talk = time.Duration(wait)*time.Microsecond, time.Duration(talk)*time.Microsecond
	r.Hold = time.Duration(hold) * time.Microsecond
	r.WrapUp = time.Duration(wrapUp) * time.Microsecond
	r.Path, err = unpackList[string](path)
	return n, r, err
}

// micros is a moment as the store keeps it: microseconds UTC, NULL for none.
func micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

func moment(at sql.NullInt64) time.Time {
	if !at.Valid {
		return time.Time{}
	}
	return time.UnixMicro(at.Int64).UTC()
}

// packList writes a list as JSON; none is the empty list.
func packList[T ~string](list []T) string {
	if len(list) == 0 {
		return "[]"
	}
	b := []byte{'['}
	for i, item := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, string(item))
	}
	return string(append(b, ']'))
}

func unpackList[T any](packed string) (list []T, err error) {
	if packed == "[]" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(packed), &list); err != nil {
		return nil, fmt.Errorf("a list in the store is damaged: %w", err)
	}
	return list, nil
}

// maxID bounds a call's or a leg's id: they come from outside the program.
const maxID = 256

func checkRecord(op string, r ivr.Record, s ivr.Step) error {
	switch {
	case r.ID == "" || r.Node == "" || r.Channel == "":
		return refuse(op, ivr.Invalid, "a record needs an id, a node and a channel")
	case len(r.ID) > maxID || len(r.Channel) > maxID:
		return refuse(op, ivr.Invalid, "an id has more than %d bytes", maxID)
	case r.ArrivedAt.IsZero():
		return refuse(op, ivr.Invalid, "call %s has no time of arrival", r.ID)
	case s.Call != r.ID:
		return refuse(op, ivr.Invalid, "the step is of call %q, the record of %q", string(s.Call), string(r.ID))
	}
	return checkStep(op, s)
}

func checkStep(op string, s ivr.Step) error {
	if s.Call == "" {
		return refuse(op, ivr.NotFound, "no call is named")
	}
	last := 0
	for _, e := range s.Entries {
		switch {
		case e.Seq <= last:
			return refuse(op, ivr.Invalid, "entry %d of call %s comes after entry %d", e.Seq, s.Call, last)
		case e.Kind == "" || e.At.IsZero():
			return refuse(op, ivr.Invalid, "entry %d of call %s has no kind or no time", e.Seq, s.Call)
		}
		last = e.Seq
	}
	return nil
}
