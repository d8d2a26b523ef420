package queue_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/queue"
)

// hall is a queue as its rules describe it, with no thought of speed: what
// Decide is compared with.
type hall struct {
	now     time.Time
	seq     int64
	tickets []*queue.Ticket // in order
	agents  []*queue.Agent
	rules   queue.Rulebook
	refused map[ivr.CallID]map[ivr.AgentID]bool
}

func TestDecideStateMachine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := &hall{now: noon, refused: map[ivr.CallID]map[ivr.AgentID]bool{}, rules: queue.Rulebook{
			Default: queue.Rules{OtherLanguageAfter: time.Minute},
			Queues: map[string]queue.Rules{
				"tax":    {Choose: queue.LeastCalls},
				"police": {Choose: queue.RingAll, RingAtOnce: 3, OtherLanguageAfter: time.Minute},
			},
		}}
		t.Repeat(map[string]func(*rapid.T){
			"enter": h.enter, "hire": h.hire, "choose": h.choose, "leave": h.leave,
			"finish": h.finish, "wait": h.wait, "miss": h.miss, "refuse": h.refuse, "decide": h.decide,
		})
	})
}

func (h *hall) enter(t *rapid.T) {
	h.seq++
	k := waiting(h.seq, rapid.SampledFrom([]string{"main", "tax", "police"}).Draw(t, "queue"),
		rapid.SampledFrom([]flows.Language{kk, ru, ""}).Draw(t, "language"), 0)
	k.At = h.now
	k.Category = rapid.SampledFrom([]string{"", "health", "health/covid", "transport"}).Draw(t, "category")
	k.OtherLanguage = rapid.Bool().Draw(t, "other language")
	k.HeadStart = rapid.SampledFrom([]time.Duration{0, 0, time.Minute, ivr.MaxHeadStart}).Draw(t, "head start")
	h.tickets = append(h.tickets, k)
	slices.SortFunc(h.tickets, inOrder)
}

func (h *hall) hire(t *rapid.T) {
	a := free(fmt.Sprint("a", len(h.agents)), 0,
		rapid.SampledFrom([][]flows.Language{{kk}, {ru}, {kk, ru}, nil}).Draw(t, "languages"),
		rapid.SampledFrom([][]string{nil, {"main"}, {"tax", "police"}, {"main", "tax", "police"}}).Draw(t, "queues")...)
	a.IdleSince = h.now
	a.Topics = rapid.SampledFrom([][]string{nil, {"health"}, {"transport"}, {"health", "transport"}}).Draw(t, "topics")
	h.agents = append(h.agents, a)
}

func (h *hall) choose(t *rapid.T) {
	if len(h.agents) > 0 {
		a := rapid.SampledFrom(h.agents).Draw(t, "agent")
		a.Chosen = rapid.SampledFrom([]ivr.Chosen{ivr.Ready, ivr.Paused, ivr.Off}).Draw(t, "chosen")
	}
}

func (h *hall) leave(t *rapid.T) {
	if len(h.tickets) > 0 {
		i := rapid.IntRange(0, len(h.tickets)-1).Draw(t, "ticket")
		h.unbind(h.tickets[i])
		h.tickets = slices.Delete(h.tickets, i, i+1)
	}
}

func (h *hall) unbind(k *queue.Ticket) {
	for _, a := range h.agents {
		if a.Call == k.Call {
			a.World, a.Call, a.IdleSince = queue.Idle, "", h.now
		}
	}
}

func (h *hall) finish(*rapid.T) {
	if i := slices.IndexFunc(h.tickets, func(k *queue.Ticket) bool { return k.Status == queue.Offered }); i >= 0 {
		h.unbind(h.tickets[i])
		h.tickets = slices.Delete(h.tickets, i, i+1)
	}
}

// miss takes back an offer: the caller is at the old place.
func (h *hall) miss(*rapid.T) {
	if i := slices.IndexFunc(h.tickets, func(k *queue.Ticket) bool { return k.Status == queue.Offered }); i >= 0 {
		h.unbind(h.tickets[i])
		h.tickets[i].Status, h.tickets[i].Agents = queue.Waiting, nil
	}
}

// refuse has an agent not take a caller, whom they are not offered again.
func (h *hall) refuse(*rapid.T) {
	for _, k := range h.tickets {
		if k.Status != queue.Offered {
			continue
		}
		if h.refused[k.Call] == nil {
			h.refused[k.Call] = map[ivr.AgentID]bool{}
		}
		h.refused[k.Call][k.Agents[0]] = true
		h.unbind(k)
		k.Status, k.Agents = queue.Waiting, nil
		return
	}
}

// lines are those who wait: who was refused has a line of their own.
func (h *hall) lines() []queue.Line {
	var all []queue.Line
	var alike []*queue.Ticket
	for _, k := range h.waiting() {
		if h.refused[k.Call] == nil {
			alike = append(alike, k)
			continue
		}
		own := lines(k)
		own[0].Refused = h.refused[k.Call]
		all = append(all, own...)
	}
	return append(all, lines(alike...)...)
}

func (h *hall) wait(t *rapid.T) {
	h.now = h.now.Add(time.Duration(rapid.IntRange(1, 50).Draw(t, "seconds")) * time.Second)
}

func (h *hall) waiting() []*queue.Ticket {
	return slices.DeleteFunc(slices.Clone(h.tickets), func(k *queue.Ticket) bool { return k.Status != queue.Waiting })
}

// speaks and serves are the rules in words.
func speaks(a *queue.Agent, k *queue.Ticket) bool {
	return k.Language == "" || len(a.Languages) == 0 || slices.Contains(a.Languages, k.Language)
}

func serves(a *queue.Agent, k *queue.Ticket) bool {
	topic, _, _ := strings.Cut(k.Category, "/")
	knows := len(a.Topics) == 0 || topic == "" || slices.Contains(a.Topics, topic)
	return knows && (len(a.Queues) == 0 || slices.Contains(a.Queues, k.Queue))
}

func (h *hall) overdue(k *queue.Ticket) bool {
	after := h.rules.For(k.Queue).OtherLanguageAfter
	return k.OtherLanguage && after > 0 && h.now.Sub(k.At)+k.HeadStart >= after
}

// decide asks Decide, checks its answer and carries it out.
func (h *hall) decide(t *rapid.T) {
	offers := queue.Decide(queue.State{Now: h.now, Lines: h.lines(), Agents: h.agents, Rules: h.rules})
	if d := gocmp.Diff(h.byTheRules(), offers); d != "" {
		t.Fatalf("not what the rules say (-want +got):\n%s", d)
	}
	for _, o := range offers {
		h.carryOut(t, o)
	}
	for _, k := range h.waiting() {
		for _, a := range h.agents {
			if a.Free() && serves(a, k) && (speaks(a, k) || h.overdue(k)) && !h.refused[k.Call][a.ID] {
				t.Fatalf("%s waits and %s, who could serve them, is free", k.Call, a.ID)
			}
		}
	}
}

// carryOut makes an offer true, which it can only be once for either side.
func (h *hall) carryOut(t *rapid.T, o queue.Offer) {
	i := slices.IndexFunc(h.tickets, func(k *queue.Ticket) bool { return k.Call == o.Call })
	j := slices.IndexFunc(h.agents, func(a *queue.Agent) bool { return a.ID == o.Agent })
	if i < 0 || j < 0 {
		t.Fatalf("offer %v is of nobody", o)
	}
	k, a := h.tickets[i], h.agents[j]
	if k.Status != queue.Waiting || !a.Free() {
		t.Fatalf("offer %v: the caller is %s, the agent free: %v", o, k.Status, a.Free())
	}
	if !serves(a, k) || speaks(a, k) == o.OtherLanguage {
		t.Fatalf("offer %v does not fit %v and %v", o, k, a)
	}
	for _, first := range h.tickets[:i] {
		if first.Status == queue.Waiting {
			h.excuse(t, first, k, a)
		}
	}
	for _, later := range h.tickets[i:] {
		if k.At.After(later.At.Add(ivr.MaxHeadStart)) {
			t.Fatalf("%s is before %s, who has waited longer by more than any head start", k.Call, later.Call)
		}
	}
	k.Status, k.Agents = queue.Offered, o.All()
	h.ring(t, k, a, o.More)
}

// ring makes the phones of an offer ring, of which no agent has more than one.
func (h *hall) ring(t *rapid.T, k *queue.Ticket, a *queue.Agent, more []ivr.AgentID) {
	a.World, a.Call, a.Taken = queue.Ringing, k.Call, a.Taken+1
	if limit := h.rules.For(k.Queue).RingAtOnce; len(more)+1 > max(1, limit) {
		t.Fatalf("%d phones ring for %s", len(more)+1, k.Call)
	}
	for _, id := range more {
		i := slices.IndexFunc(h.agents, func(a *queue.Agent) bool { return a.ID == id })
		if i < 0 || !h.agents[i].Free() || h.agents[i].Lacks(k, h.rules.For(k.Queue), h.now) != "" {
			t.Fatalf("%s rings for %s, too, and can't", id, k.Call)
		}
		h.agents[i].World, h.agents[i].Call = queue.Ringing, k.Call
	}
}

// excuse wants a reason for offering a caller before one who is first: that the
// agent is not for the other one.
func (h *hall) excuse(t *rapid.T, first, then *queue.Ticket, a *queue.Agent) {
	if h.refused[first.Call][a.ID] {
		return
	}
	why := a.Lacks(first, h.rules.For(first.Queue), h.now)
	fits := serves(a, first) && (speaks(a, first) || h.overdue(first))
	if fits || why == "" {
		t.Fatalf("%s was overtaken by %s with %s for no reason (%q)", first.Call, then.Call, a.ID, why)
	}
	alike := h.refused[first.Call] == nil && first.Queue == then.Queue && first.Language == then.Language && first.Topic() == then.Topic() &&
		first.OtherLanguage == then.OtherLanguage
	if alike {
		t.Fatalf("%s was overtaken by %s, who needs the same", first.Call, then.Call)
	}
}

// byTheRules is Decide, written down with no thought of speed.
func (h *hall) byTheRules() []queue.Offer {
	var offers []queue.Offer
	taken := map[ivr.AgentID]bool{}
	for _, k := range h.waiting() {
		for _, other := range []bool{false, true} {
			if a := h.whoseTurn(k, other, taken); a != nil {
				taken[a.ID] = true
				offers = append(offers, queue.Offer{Call: k.Call, Agent: a.ID, OtherLanguage: other})
				break
			}
		}
	}
	for i := range offers { // who is left over rings where all shall
		h.leftOver(&offers[i], taken)
	}
	return offers
}

func (h *hall) leftOver(o *queue.Offer, taken map[ivr.AgentID]bool) {
	k := h.tickets[slices.IndexFunc(h.tickets, func(k *queue.Ticket) bool { return k.Call == o.Call })]
	rules := h.rules.For(k.Queue)
	for rules.Choose == queue.RingAll && len(o.More)+1 < rules.RingAtOnce {
		a := h.whoseTurn(k, false, taken)
		if a == nil {
			a = h.whoseTurn(k, true, taken)
		}
		if a == nil {
			return
		}
		taken[a.ID] = true
		o.More = append(o.More, a.ID)
	}
}

func (h *hall) whoseTurn(k *queue.Ticket, other bool, taken map[ivr.AgentID]bool) *queue.Agent {
	var fitting []*queue.Agent
	for _, a := range h.agents {
		if a.Free() && !taken[a.ID] && serves(a, k) && !h.refused[k.Call][a.ID] && speaks(a, k) != other && (!other || h.overdue(k)) {
			fitting = append(fitting, a)
		}
	}
	if len(fitting) == 0 {
		return nil
	}
	return slices.MinFunc(fitting, func(a, b *queue.Agent) int {
		calls := 0
		if h.rules.For(k.Queue).Choose == queue.LeastCalls {
			calls = cmp.Compare(a.Taken, b.Taken)
		}
		return cmp.Or(calls, a.IdleSince.Compare(b.IdleSince), cmp.Compare(a.ID, b.ID))
	})
}
