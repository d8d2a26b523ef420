// Package books says what does not add up in the log of calls, once every call
// has ended: each call has one closed record, which is the sum of its journal,
// and whoever entered the queue left it in one way.
package books

import (
	"fmt"
	"reflect"
	"slices"

	"ikomek109/ivr"
)

// Account is one call as the store has it.
type Account struct {
	Record  ivr.Record
	Entries []ivr.Entry
}

// Placed is a call as the citizen's telephone knows it.
type Placed struct {
	Number   ivr.Number // of this call alone
	Answered bool       // by the program or by Asterisk's fallback
	Taken    bool       // the program had something played to it
}

// Sum is what became of those who entered the queue: Q = A + B + V + X + W.
type Sum struct {
	Q int // entered a queue
	A int // answered by an agent
	B int // gone before, by themselves or by a fault
	V int // will be called back
	X int // left the queue for something else
	W int // still waiting
}

// String is the equation.
func (s Sum) String() string {
	return fmt.Sprintf("Q %d = A %d + B %d + V %d + X %d + W %d", s.Q, s.A, s.B, s.V, s.X, s.W)
}

// Result is the balance of a run.
type Result struct {
	Sum      Sum
	Records  int
	Fallback int      // answered calls that the fallback alone had
	Met      int      // callbacks in which somebody was spoken with
	Handed   int      // calls that an agent handed on
	Held     int      // calls in which somebody was put on hold
	Wrong    []string // what does not add up
}

// Balance compares the calls that were placed with the log of calls.
func Balance(placed []Placed, log []Account) Result {
	r := Result{Records: len(log)}
	of := map[ivr.Number]int{}
	met := map[int64]int{}
	for i := range log {
		record := &log[i].Record
		if record.Origin == ivr.ByCallback { // placed by the line
			if record.Outcome == ivr.Served {
				met[record.Callback]++
			}
		} else {
			of[record.Caller]++
		}
		r.account(&log[i])
	}
	for id, n := range met {
		if r.Met++; n > 1 {
			r.wrong("callback %d was met %d times", id, n)
		}
	}
	for _, p := range placed {
		switch n := of[p.Number]; {
		case n > 1:
			r.wrong("call from %s has %d records", p.Number.Reveal(), n)
		case n == 0 && p.Taken:
			r.wrong("call from %s was taken by the program and has no record", p.Number.Reveal())
		case n == 0 && p.Answered:
			r.Fallback++
		}
		delete(of, p.Number)
	}
	for number, n := range of {
		r.wrong("%d records of %s, who placed no call", n, number.Reveal())
	}
	slices.Sort(r.Wrong)
	return r
}

func (r *Result) wrong(format string, args ...any) {
	r.Wrong = append(r.Wrong, fmt.Sprintf(format, args...))
}

// account looks at one call.
func (r *Result) account(a *Account) {
	if a.Record.Live() || a.Record.Outcome == "" || a.Record.Reason == "" {
		r.wrong("call %s is not closed: %s", a.Record.ID, a.Record.Outcome)
	}
	ends := 0
	for i, e := range a.Entries {
		if e.Seq != i+1 {
			r.wrong("call %s: entry %d of its journal has the number %d", a.Record.ID, i+1, e.Seq)
		}
		if e.Kind == ivr.Ended {
			ends++
		}
	}
	if ends > 1 {
		r.wrong("call %s ended %d times", a.Record.ID, ends)
	}
	if field := unlike(a.Record, folded(a)); field != "" {
		r.wrong("call %s: its journal and its record differ in %s", a.Record.ID, field)
	}
	if a.Record.HandedBy != "" {
		r.Handed++
	}
	if a.Record.Hold > 0 {
		r.Held++
	}
	r.queued(a)
}

// folded is the sum of a call's journal.
func folded(a *Account) ivr.Record {
	from := a.Record
	sum := ivr.Record{
		ID: from.ID, Node: from.Node, Channel: from.Channel, Caller: from.Caller,
		Dialled: from.Dialled, Flow: from.Flow, Path: []string{},
	}
	for _, e := range a.Entries {
		sum.Fold(e)
	}
	return sum
}

// unlike names the first field in which two records differ.
func unlike(a, b ivr.Record) string {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range x.NumField() {
		field := x.Type().Field(i)
		if !field.IsExported() || field.Name == "ArrivedAt" && a.ArrivedAt.Equal(b.ArrivedAt) {
			continue
		}
		if fmt.Sprint(x.Field(i)) != fmt.Sprint(y.Field(i)) {
			return fmt.Sprintf("%s: %v, %v", field.Name, y.Field(i), x.Field(i))
		}
	}
	return ""
}

// queued counts what became of a call that entered the queue, by its journal
// alone, and holds the record's outcome to it. A call that the line made is not
// counted: the one in which it was asked for is.
func (r *Result) queued(a *Account) {
	in, answered, why := false, false, ""
	for _, e := range a.Entries {
		switch e.Kind { //nolint:exhaustive // the others say nothing of the queue
		case ivr.Queued:
			in, why = true, ""
		case ivr.Connected:
			answered = true
		case ivr.LeftQueue:
			why = e.Detail["why"]
		}
	}
	if !in {
		return
	}
	var count *int
	var outcomes []ivr.Outcome
	switch {
	case answered:
		count, outcomes = &r.Sum.A, []ivr.Outcome{ivr.Served}
	case a.Record.Origin == ivr.ByCallback && why != "":
		outcomes = []ivr.Outcome{ivr.Unreached, ivr.Withdrawn, ivr.Lost}
	case why == "abandoned" || why == "lost":
		count, outcomes = &r.Sum.B, []ivr.Outcome{ivr.Abandoned, ivr.Lost}
	case why == "callback":
		count, outcomes = &r.Sum.V, []ivr.Outcome{ivr.Recalled}
	case why != "":
		count, outcomes = &r.Sum.X, []ivr.Outcome{ivr.Overflowed, ivr.LeftWord, ivr.HandedOver, ivr.Recalled}
	default:
		count = &r.Sum.W
	}
	if a.Record.Origin != ivr.ByCallback {
		r.Sum.Q++
		*count++
	}
	if count == &r.Sum.W {
		r.wrong("call %s ended and never left the queue", a.Record.ID)
		return
	}
	if !slices.Contains(outcomes, a.Record.Outcome) {
		r.wrong("call %s left the queue by %q and its outcome is %s", a.Record.ID, why, a.Record.Outcome)
	}
}
