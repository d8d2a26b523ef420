package queue

import "ikomek109/ivr"

// Engage implements [ivr.Roster].
func (d *Desk) Engage(agent ivr.AgentID, yes bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if yes {
		d.floor.engaged[agent]++
		return
	}
	d.floor.disengage(agent)
	d.wake()
}

// keepFree has nobody offered to an agent until what it gives is called, once or more
// often, with mu held.
func (d *Desk) keepFree(agent ivr.AgentID) (over func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.floor.engaged[agent]++
	kept := true
	return func() {
		if kept {
			kept = false
			d.floor.disengage(agent)
		}
	}
}

func (f *floor) disengage(agent ivr.AgentID) {
	if f.engaged[agent]--; f.engaged[agent] <= 0 {
		delete(f.engaged, agent)
	}
}
