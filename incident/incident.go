package incident

import (
	"time"

	"ikomek109/ivr"
)

// State is how an incident stands. The zero value is refused.
type State string

// The states of an incident.
const (
	Open     State = "open"     // nobody has accepted it
	Offered  State = "offered"  // a hand-over by telephone is asked for, or under way
	Accepted State = "accepted" // somebody at a partner has it
	Closed   State = "closed"
)

// Incident is something that has happened, as it stands now.
type Incident struct {
	ID       int64     `json:"id"` // given by the store, in the order of entering
	At       time.Time `json:"at"`
	By       string    `json:"by"` // who entered it
	Category string    `json:"category,omitempty"`
	Place    string    `json:"place"`
	Text     string    `json:"text"`

	// What follows is folded from the events.
	State      State       `json:"state"`
	Partner    string      `json:"partner,omitempty"` // to whom it was offered last, or who accepted it
	Agent      ivr.AgentID `json:"agent,omitempty"`   // who hands it over by telephone
	OfferedAt  time.Time   `json:"offered_at,omitzero"`
	AcceptedBy string      `json:"accepted_by,omitempty"`
	AcceptedAt time.Time   `json:"accepted_at,omitzero"`
	ClosedAt   time.Time   `json:"closed_at,omitzero"`

	begun int    // hand-overs begun, in all
	tries int    // those of the one that was asked for last
	line  string // the line that has one under way; empty: none
}

// Begun gives how many hand-overs were begun: each has its number.
func (i *Incident) Begun() int { return i.begun }

// Tries gives how often the hand-over that was asked for last was begun.
func (i *Incident) Tries() int { return i.tries }

// Line gives the line that has a hand-over under way; empty when none has.
func (i *Incident) Line() string { return i.line }

// Kind names what happened to an incident. Kinds are stable.
type Kind string

// The kinds of event.
const (
	Asked        Kind = "asked"    // Author wants it handed over to Partner by Agent
	Begun        Kind = "begun"    // the line named by Author rings the agent
	Missed       Kind = "missed"   // nothing came of it: By is agent, partner or line, Note is why
	AcceptedKind Kind = "accepted" // Partner has it; By is who there; of a telephone, Agent handed it over
	Ended        Kind = "ended"    // the conversation of agent and partner; By hung up
	ClosedKind   Kind = "closed"   // Note is how it ended
)

// Event is one line of what happened to an incident.
type Event struct {
	N       int64       `json:"n"` // given by the store
	At      time.Time   `json:"at"`
	Kind    Kind        `json:"kind"`
	Author  string      `json:"author"` // who wrote it down: a person, or a line
	Partner string      `json:"partner,omitempty"`
	Agent   ivr.AgentID `json:"agent,omitempty"`
	By      string      `json:"by,omitempty"`
	Note    string      `json:"note,omitempty"`
}

// Fold brings the incident up to date with one more event. It is the only way
// an incident changes.
func (i *Incident) Fold(e Event) {
	switch e.Kind {
	case Asked:
		i.State, i.Partner, i.Agent, i.OfferedAt, i.tries, i.line = Offered, e.Partner, e.Agent, e.At, 0, ""
	case Begun:
		i.begun++
		i.tries++
		i.line = e.Author
	case Missed:
		i.State, i.line = Open, ""
		if !i.AcceptedAt.IsZero() { // by another partner, before
			i.State = Accepted
		}
	case AcceptedKind:
		i.State, i.Partner, i.Agent, i.line = Accepted, e.Partner, e.Agent, ""
		i.AcceptedBy, i.AcceptedAt = e.By, e.At
	case ClosedKind:
		i.State, i.ClosedAt = Closed, e.At
	case Ended: // it is on record, and changes nothing
	}
}
