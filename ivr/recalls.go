package ivr

import (
	"context"
	"time"
)

// Recalls is what calling people back needs of a store of callbacks. Several
// programs may share it: whoever claims a callback has it alone. Every change
// is on disk when a method returns.
type Recalls interface {
	// Due gives those who wait and may be tried now, the longest waiting first.
	Due(ctx context.Context, now time.Time, limit int) ([]Callback, error)
	// Trying gives those who are being tried, by any program.
	Trying(ctx context.Context) ([]Callback, error)
	// Claim has a call of its own try one who waits: Conflict when another does,
	// or when it has ended.
	Claim(ctx context.Context, id int64, call CallID, at time.Time) error
	// Ours says whether the call has the callback still: Conflict when not. It
	// is asked just before somebody's telephone rings.
	Ours(ctx context.Context, id int64, call CallID) error
	// Settle says what came of a try. Conflict when the callback is another's, or
	// was ended meanwhile; that somebody was reached is noted all the same.
	Settle(ctx context.Context, t Tried) error
	// Tidy frees what was claimed by calls that are no more, and deletes what
	// ended long ago.
	Tidy(ctx context.Context, t Tidying) error
}

// Tried is what came of one try to call somebody back.
type Tried struct {
	ID     int64
	Call   CallID        // that tried
	State  CallbackState // waiting again, reached or failed
	Due    time.Time     // of one who waits again: not to be tried before
	Counts bool          // the telephone of the citizen rang, or should have
	Why    string        // in a word
	At     time.Time
}

// Tidying says what is to be tidied up.
type Tidying struct {
	Claimed time.Time // claims from before, whose call is not live, are void
	Ended   time.Time // those that ended before are deleted; zero: none
}
