package queue

import "ikomek109/ivr"

// Decider gives the desk's whole decision on a state in which one offer was refused.
// It tells how many are offered, and takes them back, so that it can be made again.
func Decider(s State, refused Offer) func() int {
	d := NewDesk(Options{Rules: s.Rules})
	for _, l := range s.Lines {
		for _, t := range l.Tickets {
			seat := d.floor.put(*t)
			d.floor.change(seat, func() { seat.inbox = ivr.NewInbox() })
		}
	}
	for _, a := range s.Agents {
		d.floor.members[a.ID] = &member{Agent: *a}
	}
	d.floor.refuse(d.floor.seats[refused.Call], refused.Agent, s.Now)
	return func() int {
		offers := d.decide(s.Now)
		for _, o := range offers {
			d.release(o)
		}
		return len(offers)
	}
}

// Place gives the caller's place now, from 1, as it may be told: it never
// grows. False when the call does not wait.
func (d *Desk) Place(call ivr.CallID) (int, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.floor.seats[call]
	if s == nil || s.in == nil || s.Status == Aside {
		return 0, false
	}
	return d.floor.tell(s), true
}
