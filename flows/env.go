package flows

import "time"

// Env is what the engine may know of the world at one step. The zero value is
// a world of which nothing is known.
type Env struct {
	// Now decides which answers are in term and what is open. The zero time
	// reads no answer, and nothing is open.
	Now time.Time
	// Mode is the line's mode: daily, heightened or emergency.
	Mode string
	// CallerKnown tells that the caller's number is known: that it was neither
	// withheld nor is no number. Only then can they be called back without
	// typing one.
	CallerKnown bool
	// CallsToday counts the calls from this number since midnight, this one
	// included; 0 when the number is not known.
	CallsToday int
	// Queue tells how a queue stands. It is called when a condition asks for
	// it, must be quick, and may be nil.
	Queue func(name string) QueueState
	// Demand tells how much the options of a menu, by the names that events
	// have, were asked for in the last hours: the more, the earlier they are
	// offered. It is called once in a call for each menu that asks for it, must
	// be quick, and may be nil.
	Demand func(menu string) map[string]int
	// Partner tells whether there is somebody to hand a caller over to under a
	// code. Where there is nobody, the caller is not told that they are being
	// connected. Nil: there always is.
	Partner func(code string) bool
	// Bulletins are to be said to a caller at the beginning of the call, first
	// thing, after the mode's own. Looked at by Begin, and when a waiting caller
	// asks what there is to know.
	Bulletins []Bulletin
	// ModeSpared leaves the mode's own bulletin out: this caller has heard it
	// often enough. Looked at by Begin alone.
	ModeSpared bool
}

// QueueState is how a queue stands at one moment.
type QueueState struct {
	Waiting int           // callers
	Free    int           // agents who could take a caller now
	OnDuty  int           // agents on duty, free or not
	Wait    time.Duration // the wait of who joins now, by estimate; 0 when it cannot be told
	// Handling is the average handle time of the last hours; 0 while too few
	// calls were handled to tell.
	Handling time.Duration
}

// Bulletin is a short word to every caller. It is said as the phrase
// "bulletin/<ID>", so that a recording of it wins over a voice.
type Bulletin struct {
	ID   string // of small Latin letters, digits and dashes
	Text Text
}

// Known is what the settings have, for the checker. What is nil is not checked.
type Known struct {
	Queues   []string // their names
	Partners []string // codes of those to whom callers can be handed over
	Hosts    []string // that may be looked up, as host or host:port
}
