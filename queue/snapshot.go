package queue

import (
	"maps"
	"slices"
	"time"

	"ikomek109/ivr"
)

// Standing is where an agent stands, what they chose and what the world made
// of them put into one word.
type Standing string

// Where agents can stand. Each agent is counted in one of them.
const (
	StandsFree        Standing = "free"
	StandsRinging     Standing = "ringing"
	StandsTalking     Standing = "talking"
	StandsOnHold      Standing = "on_hold"
	StandsWrapUp      Standing = "wrap_up"
	StandsPaused      Standing = "paused"
	StandsOff         Standing = "off"
	StandsUnreachable Standing = "unreachable"
)

// Standings lists all, in the order in which they are shown.
func Standings() []Standing {
	return []Standing{
		StandsFree, StandsRinging, StandsTalking, StandsOnHold, StandsWrapUp,
		StandsPaused, StandsOff, StandsUnreachable,
	}
}

// Standing tells where the agent stands. Whoever has a caller has one,
// whatever they chose for afterwards.
func (a *Agent) Standing() Standing {
	switch {
	case a.World == Ringing:
		return StandsRinging
	case a.World == Talking:
		return StandsTalking
	case a.World == OnHold:
		return StandsOnHold
	case a.World == WrapUp:
		return StandsWrapUp
	case a.Chosen == ivr.Paused:
		return StandsPaused
	case a.Chosen != ivr.Ready:
		return StandsOff
	case a.World != Idle:
		return StandsUnreachable
	}
	return StandsFree
}

// View is one queue at a moment.
type View struct {
	Queue       string        `json:"queue"`
	Waiting     int           `json:"waiting"` // those being offered are not among them
	Offered     int           `json:"offered"`
	Aside       int           `json:"aside"`
	Served      int           `json:"served"`
	LongestWait time.Duration `json:"longest_wait"` // of those waiting or being offered
}

// Counts is what happened since the start. They only grow.
type Counts struct {
	Offers        uint64 `json:"offers"`         // pairs claimed
	Missed        uint64 `json:"missed"`         // offers not taken
	TurnedOut     uint64 `json:"turned_out"`     // by overflow or time-out
	Conflicts     uint64 `json:"conflicts"`      // claims that the store refused: another was quicker
	StoreFailures uint64 `json:"store_failures"` // operations that the store did not answer
}

// Snapshot is the queue at a moment, for screens and metrics.
type Snapshot struct {
	At      time.Time        `json:"at"`
	Queues  []View           `json:"queues"` // by name
	Agents  map[Standing]int `json:"agents"` // every standing is there
	Counts  Counts           `json:"counts"`
	Owed    int              `json:"owed"`    // changes that the store has yet to hear of
	Failing bool             `json:"failing"` // the store did not answer last time
}

// Snapshot gives the queue as it is now. It reads nothing from the store.
func (d *Desk) Snapshot() Snapshot {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now()
	s := Snapshot{At: now, Agents: map[Standing]int{}, Counts: d.told, Owed: len(d.debts), Failing: d.failing}
	for _, name := range slices.Sorted(maps.Keys(d.floor.rooms)) {
		r := d.floor.rooms[name]
		s.Queues = append(s.Queues, View{
			Queue: name, LongestWait: r.longestWait(now),
			Waiting: r.count[Waiting], Offered: r.count[Offered], Aside: r.count[Aside], Served: r.count[Served],
		})
	}
	for _, st := range Standings() {
		s.Agents[st] = 0
	}
	for _, m := range d.floor.members {
		s.Agents[m.Standing()]++
	}
	return s
}

// Agents gives all agents as the desk knows them, by id.
func (d *Desk) Agents() []Agent {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.floor.agents()
}

func (r *room) longestWait(now time.Time) time.Duration {
	var longest time.Duration
	for _, w := range r.rows {
		for _, l := range []line{w.next, w.held} {
			for _, t := range l {
				longest = max(longest, now.Sub(t.At))
			}
		}
	}
	return longest
}
