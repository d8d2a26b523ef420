package ivr

import (
	"context"
	"time"
)

// Kind names what happened in a journal entry. Kinds are stable: figures are
// computed from them for years.
type Kind string

// The kinds of entry, in about the order in which a call meets them.
const (
	Arrived        Kind = "arrived"          // the switch gave us the call
	NodeEntered    Kind = "node_entered"     // Node
	BulletinBegun  Kind = "bulletin"         // Detail["bulletin"]: mode/<mode>, or bulletin/<its own name>
	LanguageChosen Kind = "language_chosen"  // Detail["language"], Detail["by"]: key or silence
	KeyPressedKind Kind = "key"              // Detail["key"]: a dot for a digit that was no choice
	WrongKey       Kind = "wrong_key"        // Detail["key"], likewise; Detail["try"]
	SilenceHeard   Kind = "silence"          // Detail["try"]
	OptionChosen   Kind = "option_chosen"    // Detail["key"], Detail["target"]; of a menu's option also Detail["name"]
	SentToOperator Kind = "sent_to_operator" // Detail["why"]: gave-up, limit, lost
	CategorySet    Kind = "category_set"     // Detail["category"]; Detail["agent"] when an agent set it
	PromptPlayed   Kind = "prompt_played"    // Node; Detail["end"]: finished, cut, failed; Detail["ms"]: how much was heard
	AnswerHeard    Kind = "answer_heard"     // Node; Detail["share"]: 0..100, percent of its length
	AnswerExpired  Kind = "answer_expired"   // Node: not read out, out of its term
	Queued         Kind = "queued"           // Detail["queue"], Detail["place"]; Detail["regained"]: yes, after a call that was cut off
	SteppedAside   Kind = "stepped_aside"    // back to the menu, the place kept
	PlaceTold      Kind = "place_told"       // Detail["place"]
	PassedOverKind Kind = "passed_over"      // Detail["why"]: what the agent lacks who was offered to a later caller: queue, topic, language; or refused: they would not have this one
	WaitTold       Kind = "wait_told"        // Detail["from"], Detail["to"]: minutes
	Offered        Kind = "offered"          // Detail["agent"]
	OfferMissed    Kind = "offer_missed"     // Detail["agent"], Detail["why"]
	OfferWithdrawn Kind = "offer_withdrawn"  // Detail["agent"]: rung when another picked up, or the caller went elsewhere
	Joining        Kind = "joining"          // Detail["agent"] or Detail["partner"] picked up; the two are being joined
	Connected      Kind = "connected"        // Detail["agent"]
	HoldBegun      Kind = "hold_begun"       // the caller hears music; Detail["by"]: keys, phone, handover
	HoldEnded      Kind = "hold_ended"       // the caller and the agent can speak again
	Parted         Kind = "parted"           // the conversation ended; Detail["by"]: caller, agent, fault
	LeftQueue      Kind = "left_queue"       // Detail["why"]: abandoned, timeout, overflow, lost, callback, message, handed_over, no_answer, put_off
	Resumed        Kind = "resumed"          // a restarted program took the call up again
	Ended          Kind = "ended"            // Detail["outcome"], Detail["reason"]
)

// The kinds of entry of what is done for a caller in place of an agent, and
// around one.
const (
	InputTyped       Kind = "input"             // Detail["length"], Detail["digits"]: hidden unless the node is public
	Switched         Kind = "switched"          // Detail["target"], Detail["why"]: the condition, or else
	ConditionFailed  Kind = "condition_failed"  // Detail["why"]: it counts as false
	MenuOrdered      Kind = "menu_ordered"      // Detail["by"]: demand, or the mode
	LookupAnswered   Kind = "lookup"            // Detail["result"]: found, failed
	MessageRecorded  Kind = "message_recorded"  // Detail["recording"], Detail["ms"]
	MessageKept      Kind = "message_kept"      // Detail["recording"], Detail["queue"]: it will be stored
	MessageDiscarded Kind = "message_discarded" // Detail["recording"], Detail["why"]: discarded, failed
	CallbackAsked    Kind = "callback_asked"    // Detail["result"]: taken, already, failed; Detail["queue"], Detail["number"], masked; Detail["by"]: line, after a fault that ended the call
	HandoverOffered  Kind = "handover_offered"  // Detail["partner"] or Detail["agent"] is rung; Detail["how"] when an agent asked: attended, blind
	HandoverMissed   Kind = "handover_missed"   // the same, Detail["why"], Detail["ms"]: how long it rang
	HandoverAnswered Kind = "handover_answered" // the same picked up: they and the caller, or the agent who asks, can speak
	HandoverEnded    Kind = "handover_ended"    // Detail["partner"], Detail["by"]: caller, partner, fault; who was only asked: agent
	HandoverDone     Kind = "handover_done"     // Detail["partner"], Detail["agent"] or Detail["queue"] has the caller now, Detail["by"]: who handed over
	CallRecorded     Kind = "call_recorded"     // Detail["recording"]: begun; the caller was told before
	RecordingFailed  Kind = "recording_failed"  // Detail["why"]: not_told, store, switch, lost; Detail["recording"] of a lost one
	SurveyAnswered   Kind = "survey"            // Detail["score"], Detail["key"]
)

// The kinds of entry of what an agent says or does after the conversation, when
// the call may have ended: see [Journal.Amend]. CategorySet can be one, too.
const (
	CategoryConfirmed Kind = "category_confirmed" // Detail["category"], Detail["agent"]
	WrappedUp         Kind = "wrapped_up"         // Detail["agent"], Detail["ms"]: how long it took
)

// The kinds of entry of a call that the line makes to a citizen who asked for it.
const (
	// RecallBegun stands in the place of Arrived. Detail["callback"], ["call"]: in
	// which it was asked for, ["try"], ["language"], ["category"].
	RecallBegun    Kind = "recall"
	RecallDialled  Kind = "recall_dialled"  // the citizen's telephone is called; Detail["try"]
	RecallAnswered Kind = "recall_answered" // they picked up
	// RecallMissed says that they did not. Detail["why"]: no_answer, busy, refused,
	// unreachable, failed; agent_left, fault: these are no try.
	RecallMissed Kind = "recall_missed"
	// RecallPutOff says that they are not called now. Detail["why"]: cancelled,
	// calling (they are in a call with us), hours, stopping, fault.
	RecallPutOff Kind = "recall_put_off"
)

// Entry is one line of a call's journal. Entries are only ever appended.
type Entry struct {
	Seq    int               `json:"seq"` // 1, 2, 3 … within the call
	At     time.Time         `json:"at"`
	Kind   Kind              `json:"kind"`
	Node   string            `json:"node,omitempty"`   // the flow's node it happened in
	Detail map[string]string `json:"detail,omitempty"` // small, by Kind
}

// Step is what one step of a call adds to the store: new entries, and the
// state from which the call can be taken up again.
type Step struct {
	Call    CallID
	Entries []Entry
	State   []byte // opaque to the store; nil leaves what was saved
	// Durable asks that the step be on disk before Append returns. A step that
	// is not durable may lag by the length of one group commit.
	Durable bool
}

// Saved is a live call as the store remembers it.
type Saved struct {
	Record  Record
	Entries []Entry
	State   []byte
}

// Journal is what a call needs of the store. Methods are called by many
// goroutines at once. Errors carry a Code: Unavailable when the store does not
// answer now (trying again may help), Conflict when the call is opened or
// closed already, NotFound for a call that was never opened.
type Journal interface {
	// Open writes the record and its first entries; on disk when it returns.
	Open(ctx context.Context, r Record, first Step) error
	// Append adds a step to an open call. A step sent twice (same first Seq)
	// is kept once.
	Append(ctx context.Context, s Step) error
	// Close writes the ended record and its last entries, once: a second
	// Close gives Conflict. On disk when it returns.
	Close(ctx context.Context, r Record, last Step) error
	// Amend adds what an agent says of a call after their part in it, whether or
	// not the call has ended. It is folded into the record after all entries of
	// the call itself; its Seq is given by the store. On disk when it returns.
	Amend(ctx context.Context, call CallID, e Entry) error
	// Find gives a call's record as it is by now, from its whole id.
	Find(ctx context.Context, call CallID) (Record, error)
	// Live gives every call of the node that was opened and not closed.
	Live(ctx context.Context, node string) ([]Saved, error)
}
