package ivrtest

import (
	"fmt"
	"maps"
	"slices"

	"ikomek109/ivr"
)

// Record gives a call's record as it was opened or, later, closed.
func (j *Journal) Record(id ivr.CallID) (ivr.Record, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	k, ok := j.calls[id]
	if !ok {
		return ivr.Record{}, false
	}
	return clone(k.record), true
}

// Records gives every call's record, by id; with ids of version 7 that is the
// order of arrival.
func (j *Journal) Records() []ivr.Record {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := make([]ivr.Record, 0, len(j.calls))
	for _, id := range slices.Sorted(maps.Keys(j.calls)) {
		all = append(all, clone(j.calls[id].record))
	}
	return all
}

// Entries gives a call's journal so far, by Seq; none for an unknown call.
func (j *Journal) Entries(id ivr.CallID) []ivr.Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	k, ok := j.calls[id]
	if !ok {
		return nil
	}
	return k.all()
}

// State gives the saved state of a live call; nil when there is none.
func (j *Journal) State(id ivr.CallID) []byte {
	j.mu.Lock()
	defer j.mu.Unlock()
	k, ok := j.calls[id]
	if !ok {
		return nil
	}
	return slices.Clone(k.state)
}

// Steps tells how many steps a call has sent, and how many of them asked to be
// on disk.
func (j *Journal) Steps(id ivr.CallID) (all, durable int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	k, ok := j.calls[id]
	if !ok {
		return 0, 0
	}
	return k.steps, k.durable
}

func checkRecord(op string, r ivr.Record, s ivr.Step) error {
	switch {
	case r.ID == "" || r.Node == "" || r.Channel == "":
		return failure(op, ivr.Invalid, "a record needs an id, a node and a channel")
	case r.ArrivedAt.IsZero():
		return failure(op, ivr.Invalid, "call %s has no time of arrival", r.ID)
	case s.Call != r.ID:
		return failure(op, ivr.Invalid, "the step is of call %q, the record of %q", string(s.Call), string(r.ID))
	}
	return checkStep(op, s)
}

func checkStep(op string, s ivr.Step) error {
	last := 0
	for _, e := range s.Entries {
		switch {
		case e.Seq <= last:
			return failure(op, ivr.Invalid, "entry %d of call %s comes after entry %d", e.Seq, s.Call, last)
		case e.Kind == "" || e.At.IsZero():
			return failure(op, ivr.Invalid, "entry %d of call %s has no kind or no time", e.Seq, s.Call)
		}
		last = e.Seq
	}
	return nil
}

func failure(op string, code ivr.Code, format string, args ...any) error {
	return &ivr.Error{Op: op, Code: code, Message: fmt.Sprintf(format, args...)}
}

func clone(r ivr.Record) ivr.Record {
	r.Path = slices.Clone(r.Path)
	return r
}

func cloneEntries(in []ivr.Entry) []ivr.Entry {
	out := slices.Clone(in)
	for i := range out {
		out[i].Detail = maps.Clone(out[i].Detail)
	}
	return out
}

// Music tells whether a leg hears music.
func (s *Switch) Music(leg ivr.ChannelID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.music[leg]
}

// HoldByPhone presses the phone's own key for hold.
func (s *Switch) HoldByPhone(leg ivr.ChannelID, on bool) {
	s.put(leg, ivr.HeldByPhone{Channel: leg, On: on})
}
