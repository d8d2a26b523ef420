package queue

import (
	"slices"
	"time"

	"ikomek109/ivr"
)

// Lack is the reason why an agent is not offered a caller. The empty one says
// that they fit.
type Lack string

// What an agent can lack, or have against a caller.
const (
	LacksQueue    Lack = "queue"    // does not serve it
	LacksTopic    Lack = "topic"    // does not know it
	LacksLanguage Lack = "language" // does not speak it, and the caller has to wait for one who does
	Refused       Lack = "refused"  // fits, and has refused the caller a short while ago
)

// Lacks tells why a free agent is not offered a caller at a moment.
func (a *Agent) Lacks(t *Ticket, rules Rules, now time.Time) Lack {
	after := rules.OtherLanguageAfter
	overdue := t.OtherLanguage && after > 0 && now.Sub(t.Rank()) >= after
	switch topic := t.Topic(); {
	case !covers(a.Queues, t.Queue):
		return LacksQueue
	case topic != "" && !covers(a.Topics, topic):
		return LacksTopic
	case t.Language != "" && !covers(a.Languages, t.Language) && !overdue:
		return LacksLanguage
	}
	return ""
}

// covers tells whether a skill is among those of an agent, who has all when none
// is named.
func covers[T comparable](have []T, want T) bool {
	return len(have) == 0 || slices.Contains(have, want)
}

// notePassed tells the calls of those who wait on, while one behind them is
// offered, why that is: once for each reason. The offers are in order.
func (d *Desk) notePassed(s State, offers []Offer) {
	if len(offers) == 0 {
		return
	}
	offered := make([]*Ticket, len(offers))
	for i, o := range offers {
		offered[i] = &d.floor.seats[o.Call].Ticket
	}
	last := offered[len(offered)-1]
	for _, l := range s.Lines {
		rules := s.Rules.For(l.Queue)
		for _, t := range l.Tickets {
			if !before(t, last) {
				break
			}
			if i, is := slices.BinarySearchFunc(offered, t, compare); !is {
				agent := offers[i].Agent
				why := d.floor.members[agent].Lacks(t, rules, s.Now)
				if why == "" && l.Refused[agent] {
					why = Refused
				}
				d.floor.seats[t.Call].passOver(why)
			}
		}
	}
}

// passOver tells a caller why one behind them is offered, unless they know.
func (s *seat) passOver(why Lack) {
	if why != s.passed {
		s.passed = why
		s.inbox.Put(ivr.PassedOver{Why: string(why)})
	}
}
