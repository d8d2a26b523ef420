package queue

import (
	"slices"
	"time"

	"ikomek109/ivr"
)

// refusalHolds is how long an agent who has refused a caller is not offered that
// caller again. It ends, so that a caller whom all have refused is not left
// waiting for nobody.
const refusalHolds = 2 * time.Minute

// refuse notes that an agent has refused the caller, who goes to another. It is
// kept in memory alone: after a restart the worst is to be asked once more.
func (s *seat) refuse(agent ivr.AgentID, at time.Time) {
	if s.refused == nil {
		s.refused = map[ivr.AgentID]time.Time{}
	}
	s.refused[agent] = at.Add(refusalHolds)
}

// refusedBy tells whether an agent is not to be offered a caller.
func (f *floor) refusedBy(call ivr.CallID, agent ivr.AgentID, now time.Time) bool {
	s := f.seats[call]
	return s != nil && now.Before(s.refused[agent])
}

// choose is [Decide] that offers no caller to an agent who has refused them.
// Such a caller, in turn, gets whom Decide gives them of the others, and the
// agent goes to the next caller.
func choose(s State, refused func(ivr.CallID, ivr.AgentID) bool) (all []Offer) {
	for {
		offers := Decide(s)
		i := slices.IndexFunc(offers, func(o Offer) bool {
			return slices.ContainsFunc(o.All(), func(agent ivr.AgentID) bool { return refused(o.Call, agent) })
		})
		if i < 0 {
			return append(all, offers...)
		}
		for _, o := range offers[:i] {
			all = append(all, o)
			s = s.without(o.Call, o.All())
		}
		call := offers[i].Call
		others := s.only(call)
		others.Agents = slices.DeleteFunc(slices.Clone(s.Agents), func(a *Agent) bool { return refused(call, a.ID) })
		var taken []ivr.AgentID
		for _, o := range Decide(others) {
			all, taken = append(all, o), o.All()
		}
		s = s.without(call, taken)
	}
}

// without is the state when a caller and agents are out of the game.
func (s State) without(call ivr.CallID, agents []ivr.AgentID) State {
	s.Lines = slices.Clone(s.Lines)
	for i, l := range s.Lines {
		if slices.ContainsFunc(l.Tickets, func(t *Ticket) bool { return t.Call == call }) {
			s.Lines[i].Tickets = slices.DeleteFunc(slices.Clone(l.Tickets), func(t *Ticket) bool { return t.Call == call })
		}
	}
	s.Agents = slices.DeleteFunc(slices.Clone(s.Agents), func(a *Agent) bool { return slices.Contains(agents, a.ID) })
	return s
}

// only is the state in which nobody else waits.
func (s State) only(call ivr.CallID) State {
	lines := s.Lines
	s.Lines = nil
	for _, l := range lines {
		if i := slices.IndexFunc(l.Tickets, func(t *Ticket) bool { return t.Call == call }); i >= 0 {
			l.Tickets = l.Tickets[i : i+1]
			s.Lines = []Line{l}
		}
	}
	return s
}
