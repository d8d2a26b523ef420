package flows

import (
	"slices"
	"time"
)

// Phase says what a call waits for. The zero value is unset and refuses:
// a state without a phase is sent to an operator.
type Phase string

// What a call can wait for.
const (
	Playing   Phase = "playing"   // for Played
	Listening Phase = "listening" // for Key or Silence
	Queued    Phase = "queued"    // for Left, or a key
	Ended     Phase = "ended"     // for nothing more
)

// State is where a call stands in a flow. It is plain data, complete at every
// step, and survives being written as JSON and read back. The engine never
// changes a state that it was given: it returns a new one.
type State struct {
	// Flow is the ID of the flow that made the state.
	Flow  string `json:"flow"`
	Node  string `json:"node"`
	Phase Phase  `json:"phase"`
	// Part is the part of a node that has several; its meaning is the node's own.
	Part string `json:"part,omitempty"`
	// Language is Kazakh until another is chosen. While LanguageChosen is
	// false, what is said is said in every language.
	Language       Language `json:"language"`
	LanguageChosen bool     `json:"language_chosen,omitempty"`
	// Tries counts silences and wrong keys in this visit of the node.
	Tries int `json:"tries,omitempty"`
	// Steps counts the inputs of the call.
	Steps    int    `json:"steps"`
	Category string `json:"category,omitempty"` // code, such as "utilities/water"; empty while unknown
	// Back is the way here: nodes to return to, the nearest last.
	Back []string `json:"back,omitempty"`
	// Heard lists the answers that were heard to their end.
	Heard []string `json:"heard,omitempty"`
	// Hinted tells that the caller has heard what 0, # and * do.
	Hinted bool `json:"hinted,omitempty"`
}

// clone is a copy that shares nothing with s.
func (s State) clone() State {
	s.Back, s.Heard = slices.Clone(s.Back), slices.Clone(s.Heard)
	return s
}

// Env is what the engine may know of the world at one step.
type Env struct {
	// Now decides which answers are in term. The zero time reads none.
	Now time.Time
	// Mode is the line's mode (daily, heightened, emergency), for conditions.
	Mode string
}
