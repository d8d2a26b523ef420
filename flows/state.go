package flows

import (
	"maps"
	"slices"
)

// Phase says what a call waits for. The zero value is unset and refuses:
// a state without a phase is sent to an operator.
type Phase string

// What a call can wait for.
const (
	Playing   Phase = "playing"   // for Played
	Listening Phase = "listening" // for Key or Silence
	Queued    Phase = "queued"    // for Left, Served, or a key
	Recording Phase = "recording" // for Recorded
	Keeping   Phase = "keeping"   // for Kept
	LookingUp Phase = "looking"   // for Looked
	Asking    Phase = "asking"    // for Requested
	Handing   Phase = "handing"   // for HandedOver
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
	// Vars are the values of the flow's variables that differ from those they
	// begin with.
	Vars map[string]string `json:"vars,omitempty"`
	// Digits are those typed so far in this visit of an input.
	Digits string `json:"digits,omitempty"`
	// Order lists the options of the menu being visited, by name, when they are
	// in another order than the file's.
	Order []string `json:"order,omitempty"`
	// Demand is the order by demand of each menu that was visited, by node: within
	// a call a key keeps its meaning.
	Demand map[string][]string `json:"demand,omitempty"`
	// Recording is the message that the caller has recorded and not yet sent.
	Recording string `json:"recording,omitempty"`
}

// clone is a copy that shares nothing with s.
func (s State) clone() State {
	s.Back, s.Heard, s.Order = slices.Clone(s.Back), slices.Clone(s.Heard), slices.Clone(s.Order)
	s.Vars, s.Demand = maps.Clone(s.Vars), maps.Clone(s.Demand) // no order is ever changed
	return s
}
