package flows

import "time"

// Action is one thing to do with a call. A list of actions holds any number of
// Say, Replay and Discard, then exactly one of the others, which waits for an
// input or ends the call. Before a Disconnect there may also be a Keep, which
// is then not answered.
type Action interface{ action() }

// Say plays utterances one after the other without a gap.
type Say struct {
	Node       string
	Utterances []Utterance
	// Barge lets any key cut it; with a key already waiting it is not begun.
	// The key stays in the buffer for the Listen that comes next, in this list
	// or a later one. Without Barge it plays to its end and keys are kept.
	Barge bool
	// Bulletin names the bulletin that it says; empty for anything else. That it
	// is begun is to be on record before it is.
	Bulletin string
}

// Listen waits for one Key, taken from the buffer of early keys first, or for
// a Silence of Timeout, which begins when what was said has ended.
type Listen struct {
	Node    string
	Timeout time.Duration
	// Private tells that the keys pressed now are nobody else's business: they
	// must not be written down.
	Private bool
}

// Wait waits for the end of what is being said, and is answered by Played.
// When a key has cut it, Played comes first; the key waits for a Listen.
type Wait struct{ Node string }

// Enqueue puts the call into a queue. Answered by Left, or by a Key when the
// queue hands keys on (* goes back to the menu), or by Hangup.
type Enqueue struct {
	Node, Queue string
	Category    string   // code, may be empty
	Topic       string   // the first level of Category
	Language    Language // in which to serve the caller
	// OtherLanguage allows an agent of another language when none of the caller's
	// becomes free in the time that the settings give.
	OtherLanguage bool
	// Keys are those that mean something to the flow while the caller waits, with
	// what is to be said of them after the place.
	Keys []KeyOffer
	// Resumed tells that the call was in this queue before the program was
	// started again, and keeps its place.
	Resumed bool
	// After tells that the caller goes on in the flow when the agent hangs up,
	// by Served; without it the call ends then.
	After bool
	// NoAgents tells that the flow leads elsewhere who would wait for nobody, by
	// Left; without it they wait.
	NoAgents bool
}

// KeyOffer is a key, and the words that say what it is for.
type KeyOffer struct {
	Digit rune
	Says  []Utterance
	Away  bool // it leads out of the queue, the place being kept
}

// Stay goes on waiting as before: the input changed nothing.
type Stay struct{}

// Disconnect ends the call.
type Disconnect struct{ Reason EndReason }

// EndReason tells why a flow ended a call. The zero value is unset.
type EndReason string

// Why a flow ends a call. There is no other reason: a flow never hangs up on
// a caller who did not ask for it.
const (
	EndGoodbye EndReason = "goodbye" // the caller chose to end it
	EndHangup  EndReason = "hangup"  // the caller hung up
)

func (Say) action()             {}
func (Replay) action()          {}
func (Discard) action()         {}
func (Listen) action()          {}
func (Wait) action()            {}
func (Enqueue) action()         {}
func (Record) action()          {}
func (Keep) action()            {}
func (Lookup) action()          {}
func (RequestCallback) action() {}
func (Handover) action()        {}
func (Stay) action()            {}
func (Disconnect) action()      {}
