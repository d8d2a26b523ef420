package queue

import (
	"cmp"
	"slices"
	"strings"

	"ikomek109/flows"
)

// skill is what one caller needs of an agent. An empty queue or language in an
// agent's skill means all of them.
type skill struct {
	queue    string
	language flows.Language
}

// roll is the free agents of one skill, the one idle longest first.
type roll struct {
	agents []int // indices into pool.agents, rising
	at     int   // all before it are taken
}

// pool is the free agents of one decision. An agent is on a roll for each
// skill, and taken off all of them by one mark.
type pool struct {
	agents    []*Agent // by how long they are idle
	taken     []bool
	left      int
	rolls     map[skill]*roll
	languages []flows.Language
}

func newPool(agents []*Agent) *pool {
	p := &pool{agents: byIdleness(agents), rolls: map[skill]*roll{}}
	p.taken, p.left = make([]bool, len(p.agents)), len(p.agents)
	for i, a := range p.agents {
		for _, q := range orAll(a.Queues) {
			for _, l := range orAll(a.Languages) {
				p.enrol(i, skill{q, l})
			}
		}
	}
	return p
}

// byIdleness gives those who are free, the one idle longest first.
func byIdleness(agents []*Agent) []*Agent {
	type idler struct {
		since int64 // a number compares faster than a time, and this sort is most of a decision
		agent *Agent
	}
	idlers := make([]idler, 0, len(agents))
	for _, a := range agents {
		if a.Free() {
			idlers = append(idlers, idler{a.IdleSince.UnixMicro(), a})
		}
	}
	slices.SortFunc(idlers, func(a, b idler) int {
		if c := cmp.Compare(a.since, b.since); c != 0 {
			return c
		}
		return strings.Compare(string(a.agent.ID), string(b.agent.ID))
	})
	sorted := make([]*Agent, len(idlers))
	for i, one := range idlers {
		sorted[i] = one.agent
	}
	return sorted
}

// orAll gives the list, or the one empty value that stands for all.
func orAll[T ~string](list []T) []T {
	if len(list) == 0 {
		return []T{""}
	}
	return list
}

func (p *pool) enrol(i int, s skill) {
	r := p.rolls[s]
	if r == nil {
		r = &roll{}
		p.rolls[s] = r
		if !slices.Contains(p.languages, s.language) {
			p.languages = append(p.languages, s.language)
		}
	}
	r.agents = append(r.agents, i)
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
			own := l.Language == "" || spoken == "" || spoken == l.Language
			rolls := p.serving(l.Queue, spoken)
			if own {
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
	best := len(p.agents)
	for _, r := range rolls {
		for r.at < len(r.agents) && p.taken[r.agents[r.at]] {
			r.at++
		}
		if r.at < len(r.agents) {
			best = min(best, r.agents[r.at])
		}
	}
	if best == len(p.agents) {
		return nil
	}
	p.taken[best] = true
	p.left--
	return p.agents[best]
}
