package phone

import (
	"fmt"
	"time"
)

// EventKind says what sort of thing happened in a call.
type EventKind string

// The kinds of event, in about the order they come.
const (
	EventDialing  EventKind = "dialing"  // the call was sent
	EventRinging  EventKind = "ringing"  // the other side, or this phone, rings
	EventProgress EventKind = "progress" // sound before the answer (183)
	EventAnswered EventKind = "answered"
	EventKey      EventKind = "key"      // this phone pressed a key
	EventHeardKey EventKind = "heardkey" // the other side pressed a key
	EventSound    EventKind = "sound"    // sound began to be heard
	EventSilence  EventKind = "silence"  // sound stopped; At is when it was last heard
	EventHeld     EventKind = "held"     // either side put the call on hold
	EventResumed  EventKind = "resumed"  // either side took it back
	EventEnded    EventKind = "ended"
)

// maxEvents bounds the list of one call; a flood of keys must not fill memory.
const maxEvents = 2000

// Event is one thing that happened in a call.
type Event struct {
	At     time.Time
	Kind   EventKind
	Detail string // what a person reads beside the kind; may be empty
}

// String is the event as one line, without its time.
func (e Event) String() string {
	if e.Detail == "" {
		return string(e.Kind)
	}
	return string(e.Kind) + " " + e.Detail
}

// Side says who did something.
type Side int

// The zero Side is unset.
const (
	Us      Side = iota + 1 // this phone
	Them                    // the other side
	Network                 // nobody: a time-out or a broken connection
)

// String names the side for people.
func (s Side) String() string {
	switch s {
	case Us:
		return "us"
	case Them:
		return "them"
	case Network:
		return "the network"
	}
	return fmt.Sprintf("side(%d)", int(s))
}

// End says how a call ended.
type End struct {
	At     time.Time
	By     Side
	Code   int    // SIP status that refused or cancelled it; 0 after a goodbye
	Cause  int    // Q.850 cause the other side gave, 16 for a normal end; 0 if none
	Reason string // a few words
}

// String is the end as a person reads it.
func (e End) String() string {
	text := "ended by " + e.By.String()
	if e.Code != 0 {
		text += fmt.Sprintf(", %d", e.Code)
	}
	if e.Reason != "" {
		text += ", " + e.Reason
	}
	if e.Cause != 0 {
		text += fmt.Sprintf(", cause %d", e.Cause)
	}
	return text
}
