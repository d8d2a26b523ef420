package ivr

import (
	"time"
)

// Recalling is how people are called back. With no store nobody is.
type Recalling struct {
	Store Recalls
	// Tries is how often somebody is tried, at most; zero means 3. Pauses part
	// the tries, the last of them all further ones; nil means 5, 20 and 60 minutes.
	Tries  int
	Pauses []time.Duration
	// CitizenFirst calls the citizen when an agent is free, and then the agent.
	// Else it is the other way round, and nobody is called to be kept waiting.
	CitizenFirst bool
	// Open tells whether people may be called at a moment; nil means always.
	Open func(at time.Time) bool
	// Ring is how long the citizen's telephone rings; zero means 40 seconds.
	Ring time.Duration
	// Number and Name are what their telephone shows.
	Number Number
	Name   string
	// Keep is how long callbacks that ended are kept; zero means for ever.
	Keep time.Duration
}

// Defaults of [Recalling].
const (
	defaultTries      = 3
	defaultRecallRing = 40 * time.Second
)

func (r Recalling) withDefaults() Recalling {
	if r.Tries == 0 {
		r.Tries = defaultTries
	}
	if len(r.Pauses) == 0 {
		r.Pauses = []time.Duration{5 * time.Minute, 20 * time.Minute, time.Hour}
	}
	if r.Open == nil {
		r.Open = func(time.Time) bool { return true }
	}
	if r.Ring == 0 {
		r.Ring = defaultRecallRing
	}
	return r
}

// after is the pause after so many tries.
func (r Recalling) after(tries int) time.Duration {
	return r.Pauses[min(max(tries, 1), len(r.Pauses))-1]
}

// recall is what a call to a citizen saves beside what every call does.
type recall struct {
	ID    int64     `json:"id"`    // of the callback
	Since time.Time `json:"since"` // since when they wait
	Queue string    `json:"queue"`
	Try   int       `json:"try"`           // this one, from 1
	Leg   ChannelID `json:"leg,omitempty"` // the citizen's, while it is called and when they have answered
	Up    bool      `json:"up,omitempty"`  // they have
	Why   string    `json:"why,omitempty"` // they have not, or are not called now
	End   Reason    `json:"end,omitempty"` // all is done but for telling the stores
}
