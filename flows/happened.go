package flows

import "time"

// Input is what happened to a call: Key, Silence, Played, Left, Served, Recorded,
// Kept, Looked, Requested, HandedOver or Hangup.
// A value (not a pointer) of one of these types; anything else is ignored.
type Input interface{ input() }

// Key is one key of the phone: 0 to 9, *, #, A to D.
type Key struct{ Digit rune }

// Silence is a Listen whose time ran out.
type Silence struct{}

// Played ends a Wait: what was to be said came to its end or was cut.
type Played struct {
	// Cut tells that a key, pressed during it or before, ended it early.
	Cut bool
	// Heard of Total is how much of it was played; both zero when not known.
	Heard, Total time.Duration
}

// Left ends an Enqueue by something other than a hang-up.
type Left struct{ Reason LeftReason }

// LeftReason tells why a caller left a queue.
type LeftReason string

// Why a caller leaves a queue without having hung up.
const (
	LeftNoAgents LeftReason = "no-agents" // nobody is on duty
	LeftTimeout  LeftReason = "timeout"   // waited as long as the queue allows
	LeftOverflow LeftReason = "overflow"  // the queue is full
	LeftFailed   LeftReason = "failed"    // the queue cannot be used
)

// Hangup is the caller's, or the network's, end of the call.
type Hangup struct{}

func (Key) input()     {}
func (Silence) input() {}
func (Played) input()  {}
func (Left) input()    {}
func (Hangup) input()  {}
