package ivr

import "time"

// Duty is where an agent stands, as far as their phone has to know.
type Duty struct {
	Missed bool      // paused for an offer not taken
	Last   CallID    // the conversation that began last; empty: none yet
	Busy   bool      // rung for a caller, or in conversation with one
	WrapUp time.Time // until when the agent wraps it up; zero when that is over
}
