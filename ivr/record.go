package ivr

import (
	"time"

	"ikomek109/flows"
)

// CallID names a call for ever: a UUID of version 7, so that ids sort by time
// and two nodes never make the same one.
type CallID string

// ChannelID names a leg on the phone switch. Together with the node's name it
// is unique for ever.
type ChannelID string

// AgentID is an agent's login and SIP user: lower-case Latin letters first,
// then letters, digits, dots or dashes.
type AgentID string

// Record is one call as the log keeps it. It is the fold of the call's journal
// ([Record.Fold]); nothing else sets its fields after it was opened.
type Record struct {
	ID       CallID         `json:"id"`
	Node     string         `json:"node"`    // which phone switch carried it
	Channel  ChannelID      `json:"channel"` // the caller's leg there
	Caller   Number         `json:"caller"`
	Dialled  string         `json:"dialled"`
	Origin   Origin         `json:"origin,omitempty"`     // empty: a citizen called
	Callback int64          `json:"callback,omitempty"`   // the wish that a call to a citizen meets
	First    CallID         `json:"first_call,omitempty"` // the call in which it was asked for
	Flow     string         `json:"flow"`                 // the revision of the menu it walks
	Language flows.Language `json:"language,omitempty"`
	Category string         `json:"category,omitempty"`
	Path     []string       `json:"path"` // nodes in the order visited
	Keys     string         `json:"keys"` // every key pressed, in order

	ArrivedAt   time.Time `json:"arrived_at"`
	QueuedAt    time.Time `json:"queued_at,omitzero"`    // first time it entered a queue
	ConnectedAt time.Time `json:"connected_at,omitzero"` // an agent and the caller could speak
	EndedAt     time.Time `json:"ended_at,omitzero"`

	Queue string  `json:"queue,omitempty"`
	Agent AgentID `json:"agent,omitempty"` // who spoke with the caller last
	// HandedBy is the agent who handed the caller on last: to Agent, to Partner, or
	// to a queue again.
	HandedBy AgentID       `json:"handed_by,omitempty"`
	Wait     time.Duration `json:"wait"`    // from entering the queue to the agent, or to the end of waiting
	Talk     time.Duration `json:"talk"`    // in conversation with agents, hold apart
	Hold     time.Duration `json:"hold"`    // of a conversation, with music: while an agent asks somebody, for one
	WrapUp   time.Duration `json:"wrap_up"` // of all agents who spoke with the caller
	Heard    int           `json:"answers_heard"`
	Partner  string        `json:"partner,omitempty"` // that picked up when the call was handed over
	Score    int           `json:"score,omitempty"`   // given after the conversation; 0: none
	Outcome  Outcome       `json:"outcome,omitempty"` // empty while the call lives
	Reason   Reason        `json:"reason,omitempty"`

	leftQueue bool      // the last stay in a queue is over
	turnedOut bool      // by the queue, which keeps the ticket
	joining   joining   // who is being joined with the caller
	talking   bool      // with an agent
	onHold    bool      // of that agent's
	since     time.Time // when talk, or hold, was last summed up
	handed    bool      // in conversation with the partner
	cut       bool      // the last conversation was ended by a fault
	recalled  bool      // will be called back
	spoke     bool      // left a message

	taped RecordingID // of the conversation, begun last
}

// joining is who picked up, and when, until it is known whether the caller and
// they were joined; empty for nobody.
type joining struct {
	at      time.Time
	node    string
	agent   AgentID
	partner string
}

// detail is who picked up, as journal entries have it.
func (j joining) detail() []string {
	if j.partner != "" {
		return []string{"partner", j.partner}
	}
	return []string{"agent", string(j.agent)}
}

// Origin is why there is a call. The zero value is a citizen's call to the line:
// those alone are counted as offered to it, see docs/operations.md.
type Origin string

// The origins.
const (
	ByCitizen  Origin = ""
	ByCallback Origin = "callback" // the line calls a citizen back
)

// Live tells whether the call has not ended yet.
func (r *Record) Live() bool { return r.EndedAt.IsZero() }

// Outcome is what became of a call. The zero value means "not ended" and is
// refused when a record is closed.
type Outcome string

// The outcomes. Each call has one; they are counted apart and add up to all
// calls.
const (
	Served     Outcome = "served"      // spoke with an agent
	HandedOver Outcome = "handed_over" // spoke with a partner, and with no agent
	Recalled   Outcome = "callback"    // will be called back
	LeftWord   Outcome = "message"     // left a message
	Informed   Outcome = "informed"    // heard an answer, no agent
	Abandoned  Outcome = "abandoned"   // hung up while waiting in a queue
	MenuHangup Outcome = "menu_hangup" // ended before a queue and before an answer was heard
	Overflowed Outcome = "overflowed"  // left the queue by time-out or overflow
	Lost       Outcome = "lost"        // ended by a fault of ours or of the switch
	Unreached  Outcome = "unreached"   // called back, and did not come to speak with an agent
	Withdrawn  Outcome = "withdrawn"   // was to be called back: no more, or not now
)

// Outcomes gives every outcome, in the order in which reports list them.
func Outcomes() []Outcome {
	return []Outcome{Served, HandedOver, Recalled, LeftWord, Informed, Abandoned, MenuHangup, Overflowed, Lost, Unreached, Withdrawn}
}

// Reason is why a call ended, one short word of a closed list.
type Reason string

// The reasons.
const (
	CallerHungUp Reason = "caller_hung_up"
	AgentHungUp  Reason = "agent_hung_up"
	Goodbye      Reason = "goodbye"        // the menu came to its end
	SwitchLost   Reason = "switch_lost"    // the phone switch went away with the call
	SwitchFailed Reason = "switch_failed"  // the phone switch refused what the call needed
	ProgramFault Reason = "program_fault"  // a fault of ours, caught
	GoneMeantime Reason = "gone_meanwhile" // ended while the program was not there, or heard no events
	NoAnswer     Reason = "no_answer"      // the citizen who was called back was not reached
	PutOff       Reason = "put_off"        // the citizen is not to be called back now, or any more
)
