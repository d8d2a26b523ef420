package queue

import (
	"container/heap"
	"slices"

	"ikomek109/flows"
)

// skill is what one caller needs of an agent. An empty queue or language in an
// agent's skill means all of them.
type skill struct {
	queue    string
	language flows.Language
}

// idler is a free agent on a roll. Numbers compare faster than times, and
// comparing is most of a decision.
type idler struct {
	since int64 // microseconds
	agent int   // in pool.agents
}

// pool is the free agents of one decision. An agent is on a roll for each
// skill, and taken off all of them by one mark.
type pool struct {
	agents    []*Agent
	taken     []bool
	left      int
	rolls     map[skill]*roll
	languages []flows.Language
}

func newPool(agents []*Agent) *pool {
	p := &pool{agents: make([]*Agent, 0, len(agents)), rolls: map[skill]*roll{}}
	for _, a := range agents {
		if a.Free() {
			p.agents = append(p.agents, a)
		}
	}
	p.taken, p.left = make([]bool, len(p.agents)), len(p.agents)
	everyQueue, everyLanguage := []string{""}, []flows.Language{""}
	for i, a := range p.agents {
		one := idler{a.IdleSince.UnixMicro(), i}
		for _, q := range orAll(a.Queues, everyQueue) {
			for _, l := range orAll(a.Languages, everyLanguage) {
				p.enrol(one, skill{q, l})
			}
		}
	}
	return p
}

func orAll[T any](list, all []T) []T {
	if len(list) == 0 {
		return all
	}
	return list
}

func (p *pool) enrol(one idler, s skill) {
	r := p.rolls[s]
	if r == nil {
		r = &roll{pool: p}
		p.rolls[s] = r
		if !slices.Contains(p.languages, s.language) {
			p.languages = append(p.languages, s.language)
		}
	}
	r.idlers = append(r.idlers, one)
}

// heads gives the lines in which somebody waits, each with who could serve it.
func (p *pool) heads(s State) order {
	if p.left == 0 {
		return nil
	}
	heads := make(order, 0, len(s.Lines))
	for _, l := range s.Lines {
		if len(l.Tickets) == 0 {
			continue
		}
		h := &head{tickets: l.Tickets, after: s.Rules.For(l.Queue).OtherLanguageAfter}
		for _, spoken := range p.languages {
			rolls := p.serving(l.Queue, spoken)
			if l.Language == "" || spoken == "" || spoken == l.Language {
				h.own = append(h.own, rolls...)
			} else {
				h.others = append(h.others, rolls...)
			}
		}
		heads = append(heads, h)
	}
	return heads
}

// serving gives the rolls of those who serve a queue and speak a language.
func (p *pool) serving(queue string, language flows.Language) []*roll {
	var rolls []*roll
	if r := p.rolls[skill{queue, language}]; r != nil {
		rolls = append(rolls, r)
	}
	if r := p.rolls[skill{"", language}]; r != nil && queue != "" {
		rolls = append(rolls, r)
	}
	return rolls
}

// take takes the one idle longest on any of the rolls, or nil.
func (p *pool) take(rolls []*roll) *Agent {
	var best *idler
	for _, r := range rolls {
		if first := r.first(); first != nil && (best == nil || p.longer(*first, *best)) {
			best = first
		}
	}
	if best == nil {
		return nil
	}
	p.taken[best.agent] = true
	p.left--
	return p.agents[best.agent]
}

// longer tells whether a is idle longer than b; equals go by id.
func (p *pool) longer(a, b idler) bool {
	if a.since != b.since {
		return a.since < b.since
	}
	return p.agents[a.agent].ID < p.agents[b.agent].ID
}

// roll is the free agents of one skill: a heap, made when it is first asked,
// since mostly few of many agents are needed. It implements [heap.Interface].
type roll struct {
	pool   *pool
	idlers []idler
	heaped bool
}

// first gives the one idle longest who is not taken, or nil.
func (r *roll) first() *idler {
	if !r.heaped {
		heap.Init(r)
		r.heaped = true
	}
	for len(r.idlers) > 0 && r.pool.taken[r.idlers[0].agent] {
		last := len(r.idlers) - 1
		r.idlers[0], r.idlers = r.idlers[last], r.idlers[:last]
		if last > 0 {
			heap.Fix(r, 0)
		}
	}
	if len(r.idlers) == 0 {
		return nil
	}
	return &r.idlers[0]
}

func (r *roll) Len() int           { return len(r.idlers) }
func (r *roll) Less(i, j int) bool { return r.pool.longer(r.idlers[i], r.idlers[j]) }
func (r *roll) Swap(i, j int)      { r.idlers[i], r.idlers[j] = r.idlers[j], r.idlers[i] }

// Push and Pop are there for heap.Interface; a roll only shrinks, in first.
func (r *roll) Push(x any) { r.idlers = append(r.idlers, x.(idler)) }

// Pop implements [heap.Interface].
func (r *roll) Pop() any {
	last := len(r.idlers) - 1
	one := r.idlers[last]
	r.idlers = r.idlers[:last]
	return one
}
