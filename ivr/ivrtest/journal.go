// Package ivrtest has what tests of the domain need: an [ivr.Journal] in
// memory, and the suite that every Journal has to pass.
package ivrtest

import (
	"context"
	"maps"
	"slices"
	"sync"

	"ikomek109/ivr"
)

// Journal is an [ivr.Journal] in memory, with the manners of the real one.
// It is safe for many goroutines.
type Journal struct {
	mu    sync.Mutex
	calls map[ivr.CallID]*kept // guarded by mu
	fault Fault                // guarded by mu
}

// Fault decides whether a call of a method fails: op is "open", "append",
// "close" or "live". It is asked before anything changes.
type Fault func(op string, call ivr.CallID) error

// kept is one call in the journal.
type kept struct {
	record  ivr.Record
	entries []ivr.Entry
	amended []ivr.Entry
	state   []byte
	steps   int // how many steps were kept
	durable int // how many of them asked to be on disk
}

// NewJournal gives an empty journal that never fails.
func NewJournal() *Journal { return &Journal{calls: map[ivr.CallID]*kept{}} }

// Break makes methods fail as f says, from now on; nil mends the journal.
func (j *Journal) Break(f Fault) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.fault = f
}

// Open implements [ivr.Journal].
func (j *Journal) Open(ctx context.Context, r ivr.Record, first ivr.Step) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.ask(ctx, "open", r.ID); err != nil {
		return err
	}
	if err := checkRecord("open call", r, first); err != nil {
		return err
	}
	if !r.Live() || r.Outcome != "" {
		return failure("open call", ivr.Invalid, "call %s has ended already", r.ID)
	}
	for id, k := range j.calls {
		if id == r.ID || k.record.Live() && k.record.Node == r.Node && k.record.Channel == r.Channel {
			return failure("open call", ivr.Conflict, "call %s is open already", id)
		}
	}
	k := &kept{record: clone(r)}
	k.add(first)
	j.calls[r.ID] = k
	return nil
}

// Append implements [ivr.Journal].
func (j *Journal) Append(ctx context.Context, s ivr.Step) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.ask(ctx, "append", s.Call); err != nil {
		return err
	}
	k, err := j.open("append to call", s.Call)
	if err != nil {
		return err
	}
	if err := checkStep("append to call", s); err != nil {
		return err
	}
	k.add(s)
	return nil
}

// Close implements [ivr.Journal].
func (j *Journal) Close(ctx context.Context, r ivr.Record, last ivr.Step) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.ask(ctx, "close", r.ID); err != nil {
		return err
	}
	if err := checkRecord("close call", r, last); err != nil {
		return err
	}
	if r.Live() || r.Outcome == "" {
		return failure("close call", ivr.Invalid, "call %s has no end or no outcome", r.ID)
	}
	k, err := j.open("close call", r.ID)
	if err != nil {
		return err
	}
	k.add(last)
	k.record, k.state = clone(r), nil
	for _, e := range k.amended {
		k.record.Fold(e)
	}
	return nil
}

// Amend implements [ivr.Journal].
func (j *Journal) Amend(ctx context.Context, call ivr.CallID, e ivr.Entry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.ask(ctx, "amend", call); err != nil {
		return err
	}
	k, ok := j.calls[call]
	switch {
	case e.Kind == "" || e.At.IsZero():
		return failure("amend call", ivr.Invalid, "an amendment has no kind or no time")
	case !ok:
		return failure("amend call", ivr.NotFound, "no call %q", string(call))
	}
	e.Seq = 0
	e.Detail = maps.Clone(e.Detail)
	k.amended = append(k.amended, e)
	if !k.record.Live() {
		k.record.Fold(e)
	}
	return nil
}

// Find implements [ivr.Journal].
func (j *Journal) Find(ctx context.Context, call ivr.CallID) (ivr.Record, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.ask(ctx, "find", call); err != nil {
		return ivr.Record{}, err
	}
	k, ok := j.calls[call]
	if !ok {
		return ivr.Record{}, failure("find call", ivr.NotFound, "no call %q", string(call))
	}
	r := clone(k.record)
	if r.Live() {
		for _, e := range k.all() {
			r.Fold(e)
		}
	}
	return r, nil
}

// all gives the entries of a call and, after them, what was said of it.
func (k *kept) all() []ivr.Entry {
	all := cloneEntries(k.entries)
	for _, e := range cloneEntries(k.amended) {
		e.Seq = len(all) + 1
		all = append(all, e)
	}
	return all
}

// Live implements [ivr.Journal]: the calls of a node that are open, by id.
func (j *Journal) Live(ctx context.Context, node string) ([]ivr.Saved, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.ask(ctx, "live", ""); err != nil {
		return nil, err
	}
	var live []ivr.Saved
	for _, id := range slices.Sorted(maps.Keys(j.calls)) {
		k := j.calls[id]
		if k.record.Live() && k.record.Node == node {
			live = append(live, ivr.Saved{
				Record: clone(k.record), Entries: cloneEntries(k.entries), State: slices.Clone(k.state),
			})
		}
	}
	return live, nil
}

// ask gives the error that a method has to return at once, if any.
func (j *Journal) ask(ctx context.Context, op string, call ivr.CallID) error {
	if err := ctx.Err(); err != nil {
		return &ivr.Error{Op: op, Code: ivr.Unavailable, Message: "gave up before it began", Err: err}
	}
	if j.fault == nil {
		return nil
	}
	return j.fault(op, call)
}

// open finds a call that can take entries.
func (j *Journal) open(op string, id ivr.CallID) (*kept, error) {
	k, ok := j.calls[id]
	switch {
	case !ok:
		return nil, failure(op, ivr.NotFound, "no call %q", string(id))
	case !k.record.Live():
		return nil, failure(op, ivr.Conflict, "call %s is closed already", id)
	}
	return k, nil
}

// add keeps the entries of a step that are not there yet, and its state, unless
// the whole step was there already: an older state must not come back.
func (k *kept) add(s ivr.Step) {
	fresh := len(s.Entries) == 0
	for _, e := range cloneEntries(s.Entries) {
		at, there := slices.BinarySearchFunc(k.entries, e.Seq, func(x ivr.Entry, seq int) int { return x.Seq - seq })
		if !there {
			k.entries = slices.Insert(k.entries, at, e)
			fresh = true
		}
	}
	if !fresh {
		return
	}
	k.steps++
	if s.Durable {
		k.durable++
	}
	if s.State != nil {
		k.state = slices.Clone(s.State)
	}
}
