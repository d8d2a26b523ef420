package queue

import (
	"slices"
	"time"

	"ikomek109/ivr"
)

// Lack is the reason why an agent is not offered a caller. The empty one says
// that they fit.
type Lack string

// What an agent can lack.
const (
	LacksQueue    Lack = "queue"    // does not serve it
	LacksTopic    Lack = "topic"    // does not know it
	LacksLanguage Lack = "language" // does not speak it, and the caller has to wait for one who does
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
	last := &d.floor.seats[offers[len(offers)-1].Call].Ticket
	for _, l := range s.Lines {
		for _, t := range l.Tickets {
			if !before(t, last) {
				break
			}
			d.passed(d.floor.seats[t.Call], s, offers)
		}
	}
}

// passed tells one caller, unless they are offered themselves.
func (d *Desk) passed(s *seat, state State, offers []Offer) {
	i := slices.IndexFunc(offers, func(o Offer) bool { return !before(&d.floor.seats[o.Call].Ticket, &s.Ticket) })
	if i < 0 || offers[i].Call == s.Call {
		return
	}
	why := d.floor.members[offers[i].Agent].Lacks(&s.Ticket, state.Rules.For(s.Queue), state.Now)
	if why != s.passed {
		s.passed = why
		s.inbox.Put(ivr.PassedOver{Why: string(why)})
	}
}
