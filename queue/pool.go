package queue

import (
	"cmp"
	"container/heap"
	"encoding/binary"
	"slices"

	"ikomek109/flows"
	"ikomek109/ivr"
)

// skill is what one caller needs of an agent. What is empty in an agent's skill
// means all of them.
type skill struct {
	queue    string
	language flows.Language
	topic    string
}

// pool is the free agents of one decision. An agent is on a roll for each skill
// that is asked for, and taken off all of them by one mark.
type pool struct {
	agents    []*Agent
	taken     []bool
	left      int
	barred    map[ivr.AgentID]bool // who is not to be taken just now
	spared    []spared             // whom that took off their files
	crews     map[skill][]*crew
	rolls     map[rollKey]*roll
	languages []flows.Language
	topics    []string
}

// rollKey names a roll: who is on it, and in which order.
type rollKey struct {
	skill
	choose Choose
}

func newPool(agents []*Agent) *pool {
	p := &pool{agents: make([]*Agent, 0, len(agents)), crews: map[skill][]*crew{}, rolls: map[rollKey]*roll{}}
	known := map[string]*crew{}
	var mark []byte
	for _, a := range agents {
		if !a.Free() {
			continue
		}
		mark = a.appendSkills(mark[:0])
		c := known[string(mark)]
		if c == nil {
			c = &crew{pool: p}
			known[string(mark)] = c
			p.enrol(c, a)
		}
		c.agents = append(c.agents, len(p.agents))
		p.agents = append(p.agents, a)
	}
	p.taken, p.left = make([]bool, len(p.agents)), len(p.agents)
	return p
}

// appendSkills writes down what an agent can, so that two who can the same have
// the same written down.
func (a *Agent) appendSkills(b []byte) []byte {
	b = appendList(appendList(b, a.Queues), a.Topics)
	return appendList(b, a.Languages)
}

func appendList[T ~string](b []byte, list []T) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, one := range list {
		b = append(binary.AppendUvarint(b, uint64(len(one))), one...)
	}
	return b
}

// enrol notes a crew under each of its skills, of which one agent is a sample.
func (p *pool) enrol(c *crew, a *Agent) {
	for _, q := range orAll(a.Queues) {
		for _, l := range orAll(a.Languages) {
			for _, t := range orAll(a.Topics) {
				p.crews[skill{q, l, t}] = append(p.crews[skill{q, l, t}], c)
				p.topics = include(p.topics, t)
			}
			p.languages = include(p.languages, l)
		}
	}
}

func orAll[T ~string](list []T) []T {
	if len(list) == 0 {
		return []T{""}
	}
	return list
}

func include[T comparable](list []T, one T) []T {
	if slices.Contains(list, one) {
		return list
	}
	return append(list, one)
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
		rules := s.Rules.For(l.Queue)
		h := &head{tickets: l.Tickets, atOnce: 1, refused: l.Refused}
		if rules.Choose == RingAll {
			h.atOnce = rules.RingAtOnce
		}
		if l.OtherLanguage {
			h.after = rules.OtherLanguageAfter
		}
		for _, spoken := range p.languages {
			if l.Language == "" || spoken == "" || spoken == l.Language {
				h.own = p.serving(h.own, l, spoken, rules.Choose)
			} else if h.after > 0 {
				h.others = p.serving(h.others, l, spoken, rules.Choose)
			}
		}
		heads = append(heads, h)
	}
	return heads
}

// serving appends the rolls of those who can serve a line, in a language which
// need not be its own.
func (p *pool) serving(rolls []*roll, l Line, spoken flows.Language, choose Choose) []*roll {
	topics := []string{l.Topic, ""}
	if l.Topic == "" {
		topics = p.topics
	}
	for _, q := range []string{l.Queue, ""} {
		for _, t := range topics {
			if r := p.roll(rollKey{skill{q, spoken, t}, choose}); r != nil {
				rolls = append(rolls, r)
			}
		}
	}
	return rolls
}

// roll gives the roll of a skill, nil when nobody has it.
func (p *pool) roll(key rollKey) *roll {
	crews := p.crews[key.skill]
	if len(crews) == 0 {
		return nil
	}
	r := p.rolls[key]
	if r == nil {
		r = &roll{pool: p, crews: crews, choose: key.choose}
		p.rolls[key] = r
	}
	return r
}

// spared is an agent who goes back to their file.
type spared struct {
	file *idlers
	one  idler
}

// take takes the one whose turn it is on any of the rolls, or nil; who is barred
// keeps their turn for others.
func (p *pool) take(rolls []*roll, barred map[ivr.AgentID]bool) *Agent {
	p.barred = barred
	agent := p.takeFirst(rolls)
	p.barred = nil
	for _, s := range p.spared {
		heap.Push(s.file, s.one)
	}
	if len(p.spared) > 0 { // whose turn it is on them is known no more
		for _, r := range rolls {
			r.turns, r.heaped = r.turns[:0], false
		}
		p.spared = p.spared[:0]
	}
	return agent
}

func (p *pool) takeFirst(rolls []*roll) *Agent {
	var best idler
	found := false
	for _, r := range rolls {
		if one, ok := r.first(); ok && (!found || p.compare(one, best) < 0) {
			best, found = one, true
		}
	}
	if !found {
		return nil
	}
	p.taken[best.agent] = true
	p.left--
	return p.agents[best.agent]
}

// compare tells whose turn it is; equals go by id.
func (p *pool) compare(a, b idler) int {
	switch {
	case a.calls != b.calls:
		return cmp.Compare(a.calls, b.calls)
	case a.since != b.since:
		return cmp.Compare(a.since, b.since)
	}
	return cmp.Compare(p.agents[a.agent].ID, p.agents[b.agent].ID)
}
