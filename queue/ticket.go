package queue

import "ikomek109/ivr"

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
	Seq    int64 // the order: lower came first
	Status Status
	Agent  ivr.AgentID // set while offered or served
}
