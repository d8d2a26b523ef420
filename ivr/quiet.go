package ivr

import (
	"context"
	"time"
)

// quietLook is how often it is looked whether calls are left.
const quietLook = 100 * time.Millisecond

// Quiet waits until no call is left, or ctx ends. It gives how many are left
// then. Whoever calls it sees to it that none come after; nobody is called back
// any more, and who waits for that is left to the next program.
func (l *Line) Quiet(ctx context.Context) (left int) {
	l.quiet.Store(true)
	tick := time.NewTicker(quietLook)
	defer tick.Stop()
	for {
		if left = l.Stats().Live; left == 0 {
			return 0
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return left
		}
	}
}
