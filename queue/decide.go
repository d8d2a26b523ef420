package queue

import (
	"container/heap"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
)

// State is all that [Decide] looks at.
type State struct {
	Now    time.Time
	Lines  []Line   // in any order
	Agents []*Agent // in any order; those who are not free are passed over
	Rules  Rulebook
}

// Line is the waiting callers who need the same of an agent. To an agent they
// are all alike, so that when the first of them can't be served, none can:
// that is why a decision need not look at every caller.
type Line struct {
	Queue         string
	Language      flows.Language // empty: any agent will do
	Topic         string         // empty: any agent will do
	OtherLanguage bool           // an agent of another language will do after a while
	Tickets       []*Ticket      // who can be offered now, in order
	// Refused are those who are not to be offered the line: who was refused by
	// somebody is not like the others, and has a line of their own.
	Refused map[ivr.AgentID]bool
}

// Offer is a caller and the agent whose phone shall ring for them.
type Offer struct {
	Call  ivr.CallID
	Agent ivr.AgentID
	More  []ivr.AgentID // whose phones ring as well, where the rules say ring-all
	// OtherLanguage tells that the agent does not speak the caller's language,
	// and gets them because they waited too long for one who does.
	OtherLanguage bool
}

// All gives every agent of the offer.
func (o Offer) All() []ivr.AgentID { return append([]ivr.AgentID{o.Agent}, o.More...) }

// Decide chooses who is offered to whom. It changes nothing and remembers
// nothing.
//
// The callers have their say in one order over all queues, by rank. Each gets, of
// the free agents who serve the queue, speak the language and know the topic, the
// one idle longest; failing that, when ticket and rules allow it and the wait is
// long enough, the one idle longest of another language. Among callers who need
// the same nobody overtakes. So no caller is offered twice, no agent gets two,
// and nobody waits while somebody who could serve them is idle. Where all shall
// be rung, who is left over then rings as well, up to the limit.
//
// The cost is n log n in agents and lines and, for a line, goes by the offers
// made to it, not by its length.
func Decide(s State) []Offer {
	p := newPool(s.Agents)
	heads := p.heads(s)
	heap.Init(&heads)
	var offers []Offer
	var from []served
	for p.left > 0 && len(heads) > 0 {
		h := heads[0]
		agent, other := h.pick(p, h.first(), s.Now)
		if agent == nil {
			heap.Pop(&heads)
			continue
		}
		offers = append(offers, Offer{Call: h.first().Call, Agent: agent.ID, OtherLanguage: other})
		from = append(from, served{h, h.first()})
		if h.at++; h.at == len(h.tickets) {
			heap.Pop(&heads)
		} else {
			heap.Fix(&heads, 0)
		}
	}
	for i := range offers {
		from[i].ringMore(p, s.Now, &offers[i])
	}
	return offers
}

// served is whom an offer was made to.
type served struct {
	line   *head
	ticket *Ticket
}

// ringMore adds agents to an offer, as long as there are any left.
func (s served) ringMore(p *pool, now time.Time, o *Offer) {
	for len(o.More)+1 < s.line.atOnce && p.left > 0 {
		agent, _ := s.line.pick(p, s.ticket, now)
		if agent == nil {
			return
		}
		o.More = append(o.More, agent.ID)
	}
}

// head is a line while it is worked off: who is first now, and who could serve.
type head struct {
	tickets []*Ticket
	at      int           // the first who has not been offered yet
	own     []*roll       // agents who speak the language and know the topic
	others  []*roll       // agents who do not
	after   time.Duration // the wait after which they will do; 0: never
	atOnce  int           // how many may be rung for one caller
	refused map[ivr.AgentID]bool
}

func (h *head) first() *Ticket { return h.tickets[h.at] }

// pick takes the agent for one of the line, or nil.
func (h *head) pick(p *pool, t *Ticket, now time.Time) (agent *Agent, other bool) {
	if a := p.take(h.own, h.refused); a != nil {
		return a, false
	}
	if h.after <= 0 || now.Sub(t.Rank()) < h.after {
		return nil, false
	}
	return p.take(h.others, h.refused), true
}

// order is the lines by who is first in them; it implements [heap.Interface].
type order []*head

func (o order) Len() int           { return len(o) }
func (o order) Less(i, j int) bool { return before(o[i].first(), o[j].first()) }
func (o order) Swap(i, j int)      { o[i], o[j] = o[j], o[i] }
func (o *order) Push(x any)        { *o = append(*o, x.(*head)) }

// Pop implements [heap.Interface].
func (o *order) Pop() any {
	last := len(*o) - 1
	h := (*o)[last]
	*o = (*o)[:last]
	return h
}
