package queue

import "container/heap"

// idler is a free agent who waits for a caller. Numbers compare faster than
// times, and comparing is most of a decision.
type idler struct {
	calls int   // taken in this shift, where the rules ask for it
	since int64 // idle, microseconds
	agent int   // in pool.agents
}

// crew is the free agents who have the very same skills: mostly there are few
// crews of many agents. Its agents stand in a file for each way to choose.
type crew struct {
	pool   *pool
	agents []int // in pool.agents
	files  map[Choose]*idlers
}

// file gives the crew in the order of a way to choose.
func (c *crew) file(by Choose) *idlers {
	if by != LeastCalls {
		by = LongestIdle
	}
	if f := c.files[by]; f != nil {
		return f
	}
	f := &idlers{pool: c.pool, list: make([]idler, 0, len(c.agents))}
	for _, i := range c.agents {
		a := c.pool.agents[i]
		one := idler{since: a.IdleSince.UnixMicro(), agent: i}
		if by == LeastCalls {
			one.calls = a.Taken
		}
		f.list = append(f.list, one)
	}
	heap.Init(f)
	if c.files == nil {
		c.files = map[Choose]*idlers{}
	}
	c.files[by] = f
	return f
}

// first gives whose turn it is in a file and who is neither taken nor barred.
func (f *idlers) first() (one idler, ok bool) {
	for len(f.list) > 0 {
		top, p := f.list[0], f.pool
		barred := p.barred[p.agents[top.agent].ID]
		if !p.taken[top.agent] && !barred {
			break
		}
		heap.Pop(f)
		if !p.taken[top.agent] {
			p.spared = append(p.spared, spared{f, top})
		}
	}
	if len(f.list) == 0 {
		return idler{}, false
	}
	return f.list[0], true
}

// idlers is a heap of agents, whose turn it is first. It implements
// [heap.Interface].
type idlers struct {
	pool *pool
	list []idler
}

func (f *idlers) Len() int           { return len(f.list) }
func (f *idlers) Less(i, j int) bool { return f.pool.compare(f.list[i], f.list[j]) < 0 }
func (f *idlers) Swap(i, j int)      { f.list[i], f.list[j] = f.list[j], f.list[i] }
func (f *idlers) Push(x any)         { f.list = append(f.list, x.(idler)) }

// Pop implements [heap.Interface].
func (f *idlers) Pop() any {
	last := len(f.list) - 1
	f.list = f.list[:last]
	return nil // nobody asks: see first
}

// roll is the crews of one skill by whose turn it is in each: a heap, made when it
// is first asked. What it knows of a crew may be out of date, as agents are taken
// through other rolls: then the turn comes later than it thinks, never earlier.
// It implements [heap.Interface].
type roll struct {
	pool   *pool
	crews  []*crew
	choose Choose
	turns  []turnOf
	heaped bool
}

// turnOf is whose turn it was in a crew.
type turnOf struct {
	one  idler
	file *idlers
}

// first gives the one whose turn it is.
func (r *roll) first() (one idler, ok bool) {
	if !r.heaped {
		r.fill()
	}
	for len(r.turns) > 0 {
		top := &r.turns[0]
		now, ok := top.file.first()
		switch {
		case !ok:
			heap.Pop(r)
		case now.agent == top.one.agent:
			return now, true
		default:
			top.one = now
			heap.Fix(r, 0)
		}
	}
	return idler{}, false
}

func (r *roll) fill() {
	r.heaped = true
	for _, c := range r.crews {
		f := c.file(r.choose)
		if one, ok := f.first(); ok {
			r.turns = append(r.turns, turnOf{one, f})
		}
	}
	heap.Init(r)
}

func (r *roll) Len() int           { return len(r.turns) }
func (r *roll) Less(i, j int) bool { return r.pool.compare(r.turns[i].one, r.turns[j].one) < 0 }
func (r *roll) Swap(i, j int)      { r.turns[i], r.turns[j] = r.turns[j], r.turns[i] }
func (r *roll) Push(x any)         { r.turns = append(r.turns, x.(turnOf)) }

// Pop implements [heap.Interface].
func (r *roll) Pop() any {
	r.turns = r.turns[:len(r.turns)-1]
	return nil // nobody asks: see first
}
