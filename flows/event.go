package flows

import "time"

// EventKind names something that happened in a flow, for the journal.
type EventKind string

// What can happen. Beside each: the fields of Event that are set, other than
// Kind and Node.
const (
	EventEntered  EventKind = "entered"  // a node was entered
	EventLanguage EventKind = "language" // Language was set; Key, or none when by silence
	EventChosen   EventKind = "chosen"   // Key led to To; Option in a menu
	EventOperator EventKind = "operator" // Key asked for an operator
	EventRepeat   EventKind = "repeat"   // Key asked to hear it again
	EventBack     EventKind = "back"     // Key led back To
	EventWrong    EventKind = "wrong"    // Key means nothing here; the Tries so far
	EventSilence  EventKind = "silence"  // nothing was pressed; the Tries so far
	EventGaveUp   EventKind = "gave-up"  // too many Tries: an operator takes over
	EventLimit    EventKind = "limit"    // too many steps: an operator takes over
	EventCategory EventKind = "category" // Category was set
	EventHeard    EventKind = "heard"    // an answer was read: Cut, Heard, Total
	EventExpired  EventKind = "expired"  // an answer out of term was not read; To
	EventQueued   EventKind = "queued"   // Queue was entered
	EventLeft     EventKind = "left"     // Queue was left; Reason
	EventInformed EventKind = "informed" // Key had the bulletins and the answers of Category read to a waiting caller
	EventResumed  EventKind = "resumed"  // the program was started again
	EventEnded    EventKind = "ended"    // Reason
	EventLost     EventKind = "lost"     // the state did not fit the flow: an operator takes over

	EventOrdered  EventKind = "ordered"  // a menu is said in another order than the file's; Reason: demand, or the mode
	EventSwitched EventKind = "switched" // a switch led To; Reason is the condition, or else
	EventFault    EventKind = "fault"    // a condition could not be worked out and counts as false; Reason
	EventInput    EventKind = "input"    // Length digits were typed; Digits, masked unless the node is public
	EventLookup   EventKind = "lookup"   // a service answered; Reason: found or failed
	EventServed   EventKind = "served"   // the agent of Queue hung up, the call goes on
	EventMessage  EventKind = "message"  // a Recording of Total; Reason: recorded, kept, discarded, enough or failed
	EventCallback EventKind = "callback" // asked for in Queue; Reason: taken, already or failed
	EventHandover EventKind = "handover" // to Partner; Reason: finished, no-answer, busy or failed
	EventSurvey   EventKind = "survey"   // Score was given by Key
)

// Event is one thing that happened in a step, in order, for the journal.
type Event struct {
	Kind     EventKind     `json:"kind"`
	Node     string        `json:"node,omitempty"`
	To       string        `json:"to,omitempty"`
	Key      string        `json:"key,omitempty"`
	Language Language      `json:"language,omitempty"`
	Category string        `json:"category,omitempty"`
	Queue    string        `json:"queue,omitempty"`
	Reason   string        `json:"reason,omitempty"`
	Tries    int           `json:"tries,omitempty"`
	Cut      bool          `json:"cut,omitempty"`
	Heard    time.Duration `json:"heard,omitempty"`
	Total    time.Duration `json:"total,omitempty"`

	Option    string `json:"option,omitempty"` // its name
	Way       string `json:"way,omitempty"`    // of an option in another order: its key in the file
	Digits    string `json:"digits,omitempty"`
	Length    int    `json:"length,omitempty"`
	Recording string `json:"recording,omitempty"`
	Partner   string `json:"partner,omitempty"`
	Score     int    `json:"score,omitempty"`
}
