package queue

import (
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
)

// World is what follows for an agent from the world, apart from what they
// chose. The zero value is refused.
type World string

// What the world can make of an agent.
const (
	Idle        World = "idle"
	Ringing     World = "ringing"     // offered a caller, the phone rings
	Talking     World = "talking"     // in conversation
	OnHold      World = "on_hold"     // in conversation, the caller hears music
	WrapUp      World = "wrap_up"     // the conversation is over, its paperwork is not
	Unreachable World = "unreachable" // no phone registered
)

// WithCaller tells whether the phone rings or is taken for a caller.
func (w World) WithCaller() bool { return w == Ringing || w == Talking || w == OnHold }

// Realm is the digest realm of agents' phones; it is part of every stored
// credential, so it never changes.
const Realm = "ikomek109"

// Agent is one who serves callers.
type Agent struct {
	ID ivr.AgentID `json:"id"`
	// Number is how colleagues key the agent: see [FirstNumber]. 0 when there
	// was none left to give.
	Number    int              `json:"number"`
	Name      string           `json:"name"`
	Languages []flows.Language `json:"languages"`
	Queues    []string         `json:"queues"` // empty: all of them
	Topics    []string         `json:"topics"` // first levels of categories; empty: all of them

	// Credential is the digest hash of user, realm and password, as the phone
	// switch checks it. The password itself is kept nowhere.
	Credential string `json:"-"`

	Chosen      ivr.Chosen `json:"chosen"`
	PauseReason string     `json:"pause_reason,omitempty"` // own words, or "missed" when an offer was not taken
	World       World      `json:"world"`
	Call        ivr.CallID `json:"call,omitempty"`      // the call offered or served
	IdleSince   time.Time  `json:"idle_since"`          // last time the agent became free
	LastCall    ivr.CallID `json:"last_call,omitempty"` // the conversation that began last
	WrapSince   time.Time  `json:"wrap_since,omitzero"` // set while the world is WrapUp
	WrapUntil   time.Time  `json:"wrap_until,omitzero"` // the same
	Taken       int        `json:"taken"`               // callers taken since ShiftAt
	ShiftAt     time.Time  `json:"shift_at"`            // when the shift began
}

// LongestShift is after how long an agent who becomes ready begins a new shift,
// also when they had not ended the one before.
const LongestShift = 16 * time.Hour

// BeginsShift tells whether an agent who becomes ready now begins a shift: a
// pause does not end one.
func (a *Agent) BeginsShift(now time.Time) bool {
	return a.Chosen == ivr.Off || a.ShiftAt.IsZero() || now.Sub(a.ShiftAt) >= LongestShift
}

// Free tells whether the agent can be offered a caller.
func (a *Agent) Free() bool { return a.Chosen == ivr.Ready && a.World == Idle }
