package ivr

// Aftermath is what of the log tells who gave up, and who was helped since; calls
// may come in any order.
type Aftermath struct {
	Unhelped  []Record   // calls whose caller went without help, see [Record.Unhelped]
	Served    []Record   // calls that an agent took
	Callbacks []Callback // wishes to be called back, whatever became of them
}

// Unhelped tells whether a call that has ended left its caller without what they
// waited for: who gave up in a queue or after they were turned out of it, and whom a
// fault cut off. Who was gone when a program came back, and had not come to a queue,
// may have had what they wanted.
func (r *Record) Unhelped() bool {
	switch r.Outcome { //nolint:exhaustive // all others had something
	case Abandoned, Overflowed:
		return true
	case Lost: // a callback that was lost stands, and is tried again
		return r.Origin != ByCallback && (!r.QueuedAt.IsZero() || r.Reason != GoneMeantime)
	}
	return false
}

// GaveUp gives those who went without help, and were neither served nor
// noted to be called back since: the latest call of each, in the order given.
// Whose number is withheld is a caller of their own each time. callable is as
// [Callable].
func GaveUp(e Aftermath, callable func(Number) (Number, bool)) []Record {
	key := func(n Number) Number {
		if whole, ok := callable(n); ok {
			return whole
		}
		return n
	}
	latest := map[Number]int{}
	for i, r := range e.Unhelped {
		at, ok := latest[key(r.Caller)]
		if r.Caller != "" && (!ok || r.ArrivedAt.After(e.Unhelped[at].ArrivedAt)) {
			latest[key(r.Caller)] = i
		}
	}
	for _, r := range e.Served {
		at, ok := latest[key(r.Caller)]
		if ok && r.ConnectedAt.After(e.Unhelped[at].ArrivedAt) {
			delete(latest, key(r.Caller))
		}
	}
	for _, cb := range e.Callbacks {
		at, ok := latest[key(cb.Number)]
		if ok && cb.AskedAt.After(e.Unhelped[at].ArrivedAt) {
			delete(latest, key(cb.Number))
		}
	}
	var all []Record
	for i, r := range e.Unhelped {
		if at, ok := latest[key(r.Caller)]; r.Caller == "" || ok && at == i {
			all = append(all, r)
		}
	}
	return all
}
