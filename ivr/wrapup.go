package ivr

import (
	"strconv"
	"time"
)

// WrappedUpFor is the entry by which a wrap-up comes onto the record of its call.
func WrappedUpFor(agent AgentID, length time.Duration, at time.Time) Entry {
	return Entry{
		At: at.UTC(), Kind: WrappedUp,
		Detail: map[string]string{"agent": string(agent), "ms": strconv.FormatInt(max(0, length.Milliseconds()), 10)},
	}
}
