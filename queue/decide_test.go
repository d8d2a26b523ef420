package queue_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/queue"
)

const (
	kk flows.Language = "kk"
	ru flows.Language = "ru"
)

var noon = time.Date(2022, 1, 6, 6, 0, 0, 0, time.UTC)

func waiting(seq int64, q string, l flows.Language, waited time.Duration) *queue.Ticket {
	return &queue.Ticket{
		Ticket: ivr.Ticket{
			Call: ivr.CallID(fmt.Sprint("c", seq)), Queue: q, Language: l, At: noon.Add(-waited), OtherLanguage: true,
		},
		Seq: seq, Status: queue.Waiting,
	}
}

func free(id string, idleSeconds int, langs []flows.Language, queues ...string) *queue.Agent {
	return &queue.Agent{
		ID: ivr.AgentID(id), Languages: langs, Queues: queues,
		Chosen: ivr.Ready, World: queue.Idle, IdleSince: noon.Add(-time.Duration(idleSeconds) * time.Second),
	}
}

// lines sorts tickets into lines, as the desk does.
func lines(tickets ...*queue.Ticket) []queue.Line {
	var all []queue.Line
	slices.SortFunc(tickets, inOrder)
	for _, t := range tickets {
		i := slices.IndexFunc(all, func(l queue.Line) bool {
			return l.Queue == t.Queue && l.Language == t.Language && l.Topic == t.Topic() && l.OtherLanguage == t.OtherLanguage
		})
		if i < 0 {
			i, all = len(all), append(all, queue.Line{
				Queue: t.Queue, Language: t.Language, Topic: t.Topic(), OtherLanguage: t.OtherLanguage,
			})
		}
		all[i].Tickets = append(all[i].Tickets, t)
	}
	return all
}

// inOrder is the order of callers: by waiting, credit included; of equals, who
// entered first.
func inOrder(a, b *queue.Ticket) int {
	return cmp.Or(a.At.Add(-a.HeadStart).Compare(b.At.Add(-b.HeadStart)), cmp.Compare(a.Seq, b.Seq))
}

// about gives a ticket a topic, which may have a second level.
func about(category string, k *queue.Ticket) *queue.Ticket {
	k.Category = category
	return k
}

func knows(a *queue.Agent, topics ...string) *queue.Agent {
	a.Topics = topics
	return a
}

func took(calls int, a *queue.Agent) *queue.Agent {
	a.Taken = calls
	return a
}

func TestDecide(t *testing.T) {
	both := []flows.Language{kk, ru}
	paused := free("p", 3600, both)
	paused.Chosen = ivr.Paused
	gone := free("u", 3600, both)
	gone.World = queue.Unreachable
	patient := waiting(1, "main", ru, time.Hour)
	patient.OtherLanguage = false
	ahead := waiting(2, "main", ru, time.Minute)
	ahead.HeadStart = 5 * time.Minute
	cases := []struct {
		name    string
		tickets []*queue.Ticket
		agents  []*queue.Agent
		want    []queue.Offer
	}{
		{"nobody waits", nil, []*queue.Agent{free("a", 1, both)}, nil},
		{"nobody serves", []*queue.Ticket{waiting(1, "main", kk, 0)}, []*queue.Agent{paused, gone}, nil},
		{
			"first come, longest idle",
			[]*queue.Ticket{waiting(1, "main", ru, 5*time.Second), waiting(2, "main", kk, 9*time.Second)},
			[]*queue.Agent{free("a", 1, both), free("b", 2, both)},
			[]queue.Offer{{Call: "c2", Agent: "b"}, {Call: "c1", Agent: "a"}},
		},
		{
			"equally idle go by id",
			[]*queue.Ticket{waiting(1, "main", kk, 0)},
			[]*queue.Agent{free("b", 1, both), free("a", 1, both)},
			[]queue.Offer{{Call: "c1", Agent: "a"}},
		},
		{
			"language and queue are skills; who can't be served is passed over",
			[]*queue.Ticket{waiting(1, "main", ru, 9), waiting(2, "tax", kk, 5), waiting(3, "main", kk, 1)},
			[]*queue.Agent{free("a", 1, []flows.Language{kk}, "main")},
			[]queue.Offer{{Call: "c3", Agent: "a"}},
		},
		{
			"one who waited too long gets an agent of the other language",
			[]*queue.Ticket{waiting(1, "main", ru, time.Minute), waiting(2, "main", kk, 1)},
			[]*queue.Agent{free("a", 1, []flows.Language{kk})},
			[]queue.Offer{{Call: "c1", Agent: "a", OtherLanguage: true}},
		},
		{
			"but their own language comes first, however long it was idle",
			[]*queue.Ticket{waiting(1, "main", ru, time.Hour)},
			[]*queue.Agent{free("a", 9, []flows.Language{kk}), free("b", 1, []flows.Language{ru})},
			[]queue.Offer{{Call: "c1", Agent: "b"}},
		},
		{
			"a queue's own rules: never the other language",
			[]*queue.Ticket{waiting(1, "strict", ru, time.Hour)},
			[]*queue.Agent{free("a", 9, []flows.Language{kk})},
			nil,
		},
		{
			"the topic is a skill",
			[]*queue.Ticket{
				about("health/covid", waiting(1, "main", kk, 9)), about("transport", waiting(2, "main", kk, 5)), waiting(3, "main", kk, 1),
			},
			[]*queue.Agent{knows(free("a", 9, both), "transport"), knows(free("b", 1, both), "water", "curfew")},
			[]queue.Offer{{Call: "c2", Agent: "a"}, {Call: "c3", Agent: "b"}},
		},
		{
			"who knows no topic in particular knows all",
			[]*queue.Ticket{about("health", waiting(1, "main", kk, 9)), about("transport", waiting(2, "tax", kk, 5))},
			[]*queue.Agent{knows(free("a", 2, both), "health"), free("b", 9, both)},
			[]queue.Offer{{Call: "c1", Agent: "b"}},
		},
		{
			"the other language only when the ticket allows it",
			[]*queue.Ticket{patient},
			[]*queue.Agent{free("a", 1, []flows.Language{kk})},
			nil,
		},
		{
			"a credit counts as waiting, and not for more",
			[]*queue.Ticket{waiting(1, "main", ru, 5*time.Minute), ahead, waiting(3, "main", ru, 7*time.Minute)},
			[]*queue.Agent{free("a", 3, both), free("b", 2, both), free("c", 1, both)},
			[]queue.Offer{{Call: "c3", Agent: "a"}, {Call: "c2", Agent: "b"}, {Call: "c1", Agent: "c"}},
		},
		{
			"least calls, then longest idle, where the queue says so",
			[]*queue.Ticket{
				waiting(1, "fair", kk, 9*time.Second), waiting(2, "fair", ru, 8*time.Second), waiting(3, "main", kk, 7*time.Second),
			},
			[]*queue.Agent{took(7, free("a", 9, both)), took(2, free("b", 1, both)), took(2, free("c", 3, both)), took(9, free("d", 20, both))},
			[]queue.Offer{{Call: "c1", Agent: "c"}, {Call: "c2", Agent: "b"}, {Call: "c3", Agent: "d"}},
		},
		{
			"all are rung where the queue says so: up to the limit, and with nobody left waiting for it",
			[]*queue.Ticket{waiting(1, "all", kk, 9*time.Second), waiting(2, "main", kk, 8*time.Second)},
			[]*queue.Agent{
				free("a", 9, both), free("b", 7, both), free("c", 5, both, "main"), free("d", 3, both), free("e", 2, both), free("f", 1, both),
			},
			[]queue.Offer{{Call: "c1", Agent: "a", More: []ivr.AgentID{"d", "e"}}, {Call: "c2", Agent: "b"}},
		},
		{
			"no language on either side means any",
			[]*queue.Ticket{waiting(1, "main", "", 0), waiting(2, "strict", ru, 0)},
			[]*queue.Agent{free("a", 2, []flows.Language{kk}), free("b", 1, nil)},
			[]queue.Offer{{Call: "c1", Agent: "a"}, {Call: "c2", Agent: "b"}},
		},
	}
	rules := queue.Rulebook{Default: queue.DefaultRules(), Queues: map[string]queue.Rules{"strict": {}, "fair": {Choose: queue.LeastCalls}, "all": {Choose: queue.RingAll, RingAtOnce: 3}}}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := queue.Decide(queue.State{Now: noon, Lines: lines(c.tickets...), Agents: c.agents, Rules: rules})
			if d := gocmp.Diff(c.want, got); d != "" {
				t.Errorf("offers (-want +got):\n%s", d)
			}
		})
	}
}
