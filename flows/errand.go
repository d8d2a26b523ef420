package flows

import "time"

// Record gives a tone and records what the caller says, until # is pressed,
// nothing is said for Silence, or it has lasted for Max. Answered by Recorded,
// also when the caller hangs up meanwhile; then Hangup follows.
type Record struct {
	Node         string
	Max, Silence time.Duration
}

// Replay plays a recording of this call to the caller.
type Replay struct {
	Node, Recording string
	Barge           bool // as in Say
}

// Keep stores a recording of this call as a message for the people of a queue.
// Answered by Kept, unless a Disconnect follows.
type Keep struct {
	Node, Recording string
	Category        string // code, may be empty
	Queue           string
	Language        Language
}

// Discard deletes a recording of this call.
type Discard struct{ Node, Recording string }

// Lookup asks a service of the city. Answered by Looked.
type Lookup struct {
	Node, URL string
	Timeout   time.Duration
	// Take tells what is taken from the answer: JSON pointers (RFC 6901) by
	// the variable that gets the value.
	Take map[string]string
}

// RequestCallback notes that the caller wants to be called back. It can be
// asked for again with the same call, after a restart, and is noted once.
// Answered by Requested.
type RequestCallback struct {
	Node, Queue string
	Number      string // as typed by the caller; empty for the one they call from
	Category    string // code, may be empty
	Language    Language
}

// Handover connects the caller with a partner of the settings. Answered by
// HandedOver, by Hangup, or while it rings by one of the keys that lead away.
type Handover struct {
	Node, Partner string
	Category      string // code, may be empty
	Language      Language
	// Resumed tells that the call was being handed over before the program was
	// started again.
	Resumed bool
	Away    []rune // keys that lead elsewhere while the partner's telephone rings
}

// Recorded ends a Record.
type Recorded struct {
	Name   string // of the recording, unique for ever; empty when it failed
	Length time.Duration
	Failed bool // nothing could be recorded
	Enough bool // nothing was: the caller has left as many messages as they may in a day
}

// Kept ends a Keep.
type Kept struct{ Failed bool }

// Looked ends a Lookup.
type Looked struct {
	Values map[string]string // by variable, as Take asked for
	Failed bool              // no answer in time, or not one that was asked for
}

// Requested ends a RequestCallback.
type Requested struct{ Result CallbackResult }

// CallbackResult tells what came of a wish to be called back. The zero value
// counts as failed.
type CallbackResult string

// What comes of a wish to be called back.
const (
	CallbackTaken   CallbackResult = "taken"   // noted
	CallbackAlready CallbackResult = "already" // this number is noted already, and keeps its place
	CallbackFailed  CallbackResult = "failed"  // could not be noted
)

// Noted tells whether the caller will be called back, by this wish or by an earlier one.
func (r CallbackResult) Noted() bool { return r == CallbackTaken || r == CallbackAlready }

// HandedOver ends a Handover.
type HandedOver struct{ Result HandoverResult }

// HandoverResult tells what came of a handover. The zero value counts as failed.
type HandoverResult string

// What comes of a handover.
const (
	HandoverFinished HandoverResult = "finished"  // they talked, and the partner hung up
	HandoverNoAnswer HandoverResult = "no-answer" // nobody picked up
	HandoverBusy     HandoverResult = "busy"
	HandoverFailed   HandoverResult = "failed" // the partner could not be called
)

// Served tells that the agent has hung up; only after an Enqueue with After.
type Served struct{}

func (Recorded) input()   {}
func (Kept) input()       {}
func (Looked) input()     {}
func (Requested) input()  {}
func (HandedOver) input() {}
func (Served) input()     {}
