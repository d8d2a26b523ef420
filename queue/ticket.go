package queue

import (
	"slices"
	"strings"
	"time"

	"ikomek109/ivr"
)

// Status is where a ticket stands. The zero value is refused.
type Status string

// Where a ticket can stand. A ticket that is served or left is gone from the
// queue; the call's journal tells what became of it.
const (
	Waiting Status = "waiting"
	Aside   Status = "aside"   // the caller is back in the menu, the place is kept
	Offered Status = "offered" // claimed together with an agent whose phone rings
	Served  Status = "served"  // in conversation
)

// Ticket is a caller's place in the queue.
type Ticket struct {
	ivr.Ticket
	Seq    int64  // given by the store, never twice: of equal ranks the lower is first
	Node   string // the phone switch of the call, as it entered last
	Status Status
	Agents []ivr.AgentID // who is rung while offered, by id; the one who talks while served
	// Since is when the stay in this queue began, of which the rules bound the
	// length; it is later than At for who was led here from another queue.
	Since time.Time
	// Regained is set by Enter alone: see [ivr.Standing].
	Regained bool
}

// Rank is since when the caller waits, credit included: the order goes by it.
func (t *Ticket) Rank() time.Time { return t.At.Add(-t.HeadStart) }

// rank is Rank as a number, as the store compares it.
func (t *Ticket) rank() int64 { return t.At.UnixMicro() - t.HeadStart.Microseconds() }

// Topic is what the caller's agent has to know about: the first level of the
// category, empty when it is not known.
func (t *Ticket) Topic() string {
	topic, _, _ := strings.Cut(t.Category, "/")
	return topic
}

// dismiss takes an agent out of an offer, which is none any more without one.
func (t *Ticket) dismiss(agent ivr.AgentID) {
	if t.Status == Offered {
		t.Agents = slices.DeleteFunc(slices.Clone(t.Agents), func(id ivr.AgentID) bool { return id == agent })
	}
	if t.Status != Offered || len(t.Agents) == 0 {
		t.Status, t.Agents = Waiting, nil
	}
}

// Entry is a ticket that enters the queue.
type Entry struct {
	ivr.Ticket
	Node string // the phone switch of the call
	Now  time.Time
	// Kept is how long after they were cut off a caller's place is given back;
	// 0: never.
	Kept time.Duration
}
