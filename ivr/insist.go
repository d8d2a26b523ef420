package ivr

import (
	"context"
	"time"
)

// insist tries until it is done, more and more rarely, such as until a store takes
// what must not be lost. It is false when ctx ends first.
func insist(ctx context.Context, try func() (done bool)) bool {
	const first, last = 100 * time.Millisecond, 5 * time.Second
	for pause := first; !try(); pause = min(2*pause, last) {
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return false
		}
	}
	return true
}
