package queue

import (
	"slices"
	"time"

	"ikomek109/ivr"
)

// Glance is one queue at a moment, as a menu's conditions ask for it.
type Glance struct {
	Waiting int // callers who have a place, also those whose agent is being rung
	Free    int // agents who could be offered a caller now
	OnDuty  int // agents who are ready or with a caller, and can be reached
}

// Glance gives a queue as it is now, from memory. It looks at every agent and at
// no caller.
func (d *Desk) Glance(queue string) Glance {
	now := time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	var g Glance
	if r := d.floor.rooms[queue]; r != nil {
		g.Waiting = r.count[Waiting] + r.count[Offered]
	}
	for _, m := range d.floor.members {
		if len(m.Queues) > 0 && !slices.Contains(m.Queues, queue) {
			continue
		}
		if d.floor.usable(m, now) {
			g.Free++
		}
		if m.onDuty() {
			g.OnDuty++
		}
	}
	return g
}

// Serving counts the agents on duty who can serve a caller, at once or, where the
// ticket and the rules allow another language, when they have waited for that; and
// the callers of other queues whom these have to serve before: they have waited
// longer.
func (d *Desk) Serving(t ivr.Ticket) (agents, before int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var serving []*member
	for _, m := range d.floor.members {
		if m.onDuty() && d.suits(m, &Ticket{Ticket: t}) {
			serving = append(serving, m)
		}
	}
	if s := d.floor.seats[t.Call]; s != nil {
		before = d.elsewhere(s, serving)
	}
	return len(serving), before
}

// elsewhere counts the callers of other queues who come before a seat, and whom one
// of some agents can serve; mu is held.
func (d *Desk) elsewhere(s *seat, serving []*member) (n int) {
	for name, room := range d.floor.rooms {
		if name == s.Queue {
			continue
		}
		for need, row := range room.rows {
			like := Ticket{Ticket: ivr.Ticket{Queue: name, Language: need.language, Category: need.topic, OtherLanguage: need.other}}
			if ahead := row.ahead(&s.Ticket); ahead > 0 && slices.ContainsFunc(serving, func(m *member) bool { return d.suits(m, &like) }) {
				n += ahead
			}
		}
	}
	return n
}

// suits tells whether an agent can serve a caller, now or when they have waited for
// another language.
func (d *Desk) suits(m *member, t *Ticket) bool {
	rules := d.rules.For(t.Queue)
	return m.Lacks(t, rules, t.Rank().Add(rules.OtherLanguageAfter)) == ""
}

// onDuty tells whether the agent serves callers, now or after the present one.
func (a *Agent) onDuty() bool {
	return a.Chosen == ivr.Ready && a.World != Unreachable
}

// minSamples is how many calls must have been handled before a wait is told.
const minSamples = 5

// EstimateWait is the wait of who joins a queue now: none with a free agent for
// them; else the place times the average handle time, shared by the agents on
// duty. 0, false when it cannot be told.
func EstimateWait(g Glance, handled int, handling time.Duration) (time.Duration, bool) {
	switch {
	case g.Free > g.Waiting:
		return 0, true
	case g.OnDuty == 0 || handled < minSamples:
		return 0, false
	}
	return time.Duration(g.Waiting+1) * AverageHandling(handled, handling) / time.Duration(g.OnDuty), true
}

// AverageHandling is the average handle time of so many calls handled; 0 while
// there are too few to tell.
func AverageHandling(handled int, handling time.Duration) time.Duration {
	if handled < minSamples {
		return 0
	}
	return handling / time.Duration(handled)
}
