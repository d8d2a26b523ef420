package ivr

// Aftermath is what of the log tells who gave up, and who was helped since; calls
// may come in any order.
type Aftermath struct {
	Abandoned []Record   // calls whose caller gave up
	Served    []Record   // calls that an agent took
	Callbacks []Callback // wishes to be called back, whatever became of them
}

// GaveUp gives those who gave up while they waited, and were neither served nor
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
	for i, r := range e.Abandoned {
		at, ok := latest[key(r.Caller)]
		if r.Caller != "" && (!ok || r.ArrivedAt.After(e.Abandoned[at].ArrivedAt)) {
			latest[key(r.Caller)] = i
		}
	}
	for _, r := range e.Served {
		at, ok := latest[key(r.Caller)]
		if ok && r.ConnectedAt.After(e.Abandoned[at].ArrivedAt) {
			delete(latest, key(r.Caller))
		}
	}
	for _, cb := range e.Callbacks {
		at, ok := latest[key(cb.Number)]
		if ok && cb.AskedAt.After(e.Abandoned[at].ArrivedAt) {
			delete(latest, key(cb.Number))
		}
	}
	var all []Record
	for i, r := range e.Abandoned {
		if at, ok := latest[key(r.Caller)]; r.Caller == "" || ok && at == i {
			all = append(all, r)
		}
	}
	return all
}
