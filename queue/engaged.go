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
	if d.floor.engaged[agent]--; d.floor.engaged[agent] <= 0 {
		delete(d.floor.engaged, agent)
	}
	d.wake()
}
