package queue

import (
	"maps"
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
func (f *floor) refuse(s *seat, agent ivr.AgentID, at time.Time) {
	if s.refused == nil {
		s.refused = map[ivr.AgentID]time.Time{}
	}
	s.refused[agent] = at.Add(refusalHolds)
	f.refused[s.Call] = s
}

// refusers gives who is not to be offered the caller at a moment.
func (s *seat) refusers(now time.Time) map[ivr.AgentID]bool {
	maps.DeleteFunc(s.refused, func(_ ivr.AgentID, until time.Time) bool { return !now.Before(until) })
	all := make(map[ivr.AgentID]bool, len(s.refused))
	for agent := range s.refused {
		all[agent] = true
	}
	return all
}

// refusedIn gives those whom somebody has refused, by the line that they are in.
func (f *floor) refusedIn(now time.Time) map[*line][]*seat {
	all := map[*line][]*seat{}
	for call, s := range f.refused {
		if len(s.refusers(now)) == 0 {
			delete(f.refused, call)
		} else if s.in != nil {
			all[s.in] = append(all[s.in], s)
		}
	}
	return all
}

// apart takes those whom somebody has refused out of a line, into lines of their
// own: the agent goes to the next caller, and they, in turn, to another agent.
func apart(whole Line, refused []*seat, now time.Time) []Line {
	if len(refused) == 0 {
		return []Line{whole}
	}
	var all []Line
	rest := line(slices.Clone(whole.Tickets))
	for _, s := range refused {
		rest.remove(&s.Ticket)
		own := whole
		own.Tickets, own.Refused = []*Ticket{&s.Ticket}, s.refusers(now)
		all = append(all, own)
	}
	whole.Tickets = rest
	return append(all, whole)
}
