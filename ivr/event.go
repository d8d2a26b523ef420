package ivr

import "time"

// Event is something that happened to a call: on one of its legs, in its
// queue, or to the switch as a whole.
type Event interface{ isEvent() }

// KeyPressed is a key that ended on a leg.
type KeyPressed struct {
	Channel ChannelID
	Key     Key
	At      time.Time
}

// PlayEnded is the end of a playback, for whatever cause.
type PlayEnded struct {
	Channel ChannelID
	Play    PlayID
	Failed  bool // the switch could not play it; a stop is no failure
}

// RecordingEnded is the end of a recording, for whatever cause: the key #,
// silence, its longest length, or our own command.
type RecordingEnded struct {
	Channel   ChannelID
	Recording RecordingID
	Length    time.Duration // in whole seconds; 0 when the switch did not tell
	Failed    bool          // there is no recording
}

// LegAnswered is an agent's leg that was picked up.
type LegAnswered struct{ Channel ChannelID }

// HeldByPhone is a phone whose owner pressed its own key for hold, or pressed it
// again.
type HeldByPhone struct {
	Channel ChannelID
	On      bool
}

// Gone is a leg that ended. It is the last event of that leg.
type Gone struct {
	Channel ChannelID
	Cause   int  // the Q.850 cause, 16 is a normal hang-up; 0 unknown
	Lost    bool // the switch went away with it
	Unseen  bool // the switch was there all along, and how the leg ended was not heard
}

// unknown tells whether nobody knows who ended the leg.
func (g Gone) unknown() bool { return g.Lost || g.Unseen }

// OfferMade says that the queue has claimed an agent for this call, or several, of
// whom the first to pick up has the caller.
type OfferMade struct {
	Agent AgentID
	More  []AgentID
}

// PlaceChanged says that the caller's place in the queue is another one now.
type PlaceChanged struct{ Place int }

// PassedOver says that one who came later was offered to an agent first, and what
// that agent lacks for this caller: "queue", "topic" or "language"; or that the
// agent has "refused" them.
type PassedOver struct{ Why string }

// TurnedOut says that the caller has to leave the queue: why is "timeout",
// "overflow" or "closed".
type TurnedOut struct{ Why string }

// RecallOff says that a citizen is not to be called back now: why as in
// [RecallPutOff].
type RecallOff struct{ Why string }

func (RecallOff) isEvent() {}

// Why a caller is turned out of a queue, who may yet go on waiting elsewhere.
const (
	turnedOutLate   = "timeout"
	turnedOutFull   = "overflow"
	turnedOutClosed = "closed"
	turnedOutAlone  = "no_agents" // the flow leads elsewhere who would wait for nobody
)

func (KeyPressed) isEvent()     {}
func (PlayEnded) isEvent()      {}
func (RecordingEnded) isEvent() {}
func (LegAnswered) isEvent()    {}
func (HeldByPhone) isEvent()    {}
func (Gone) isEvent()           {}
func (OfferMade) isEvent()      {}
func (PlaceChanged) isEvent()   {}
func (PassedOver) isEvent()     {}
func (TurnedOut) isEvent()      {}
