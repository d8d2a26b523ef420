package queue

import (
	"time"

	"ikomek109/ivr"
)

// Choose is whose turn it is of the free agents who fit. The zero value is
// LongestIdle.
type Choose string

// The ways to choose.
const (
	LongestIdle Choose = "longest-idle"
	LeastCalls  Choose = "least-calls" // in this shift; of equals who is idle longest
	RingAll     Choose = "ring-all"    // several at once, those idle longest; who is first to pick up
)

// Rules is how one queue treats its callers. The zero value of a field has the
// meaning told beside it, so that a queue can be told what it shall not do.
type Rules struct {
	// Rules are those that the call keeps by itself: how long an agent's phone
	// rings, how often the place is told.
	ivr.Rules
	// Choose is whose turn it is of the agents who could serve a caller.
	Choose Choose
	// RingAtOnce is how many phones ring for one caller, at most, with RingAll.
	RingAtOnce int
	// OtherLanguageAfter is the wait, credit included, after which a caller whose
	// language no free agent speaks may be offered to one of another language,
	// when their ticket allows it; 0: never.
	OtherLanguageAfter time.Duration
	// LongestWait is the stay in the queue after which a caller is turned out
	// with "timeout"; 0: never.
	LongestWait time.Duration
	// Capacity is how many may wait on the line; one more is turned out with "overflow".
	// 0: no limit.
	Capacity int
	// PlaceKept is how long a caller who was cut off gets the place back; 0: never.
	PlaceKept time.Duration
}

// DefaultRules are those of a queue for which nothing was set.
func DefaultRules() Rules {
	return Rules{
		Rules:              ivr.DefaultRules(),
		Choose:             LongestIdle,
		RingAtOnce:         3,
		OtherLanguageAfter: time.Minute,
		PlaceKept:          10 * time.Minute,
	}
}

// Rulebook is the rules of all queues. It is never changed once in use: a new
// one takes its place.
type Rulebook struct {
	Default Rules
	Queues  map[string]Rules // those that differ, whole
}

// For gives the rules of a queue.
func (b Rulebook) For(queue string) Rules {
	if r, ok := b.Queues[queue]; ok {
		return r
	}
	return b.Default
}
