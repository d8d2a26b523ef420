// Package load makes the bench's calls: citizens by the hundred from one
// phone, some a few at a time through the menu, some staying on the line.
package load

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"ikomek109/phone"
)

// callWithin bounds one call: a call that takes longer has failed.
const callWithin = 30 * time.Second

// Crowd is many citizens on one phone.
type Crowd struct {
	// Phone carries all the calls.
	Phone *phone.Phone
	// AtOnce is how many of them call at the same time.
	AtOnce int
	// Tick, when set, is told of each call that ended. It may be called by
	// several goroutines at once.
	Tick func(done, total int)
}

// Tally is what became of a number of calls.
type Tally struct {
	Calls  int             `json:"calls"`
	Failed int             `json:"failed"`
	Delays []time.Duration `json:"-"` // from the end of a key to the next sound
	First  error           `json:"-"` // of the failed ones
}

// Make makes n calls, AtOnce at a time, each begun as soon as another has
// ended. It ends early with ctx; calls that were never made count as failed.
func (c Crowd) Make(ctx context.Context, n int, call func(context.Context, *phone.Phone) ([]time.Duration, error)) Tally {
	var (
		mu          sync.Mutex // guards all
		all         = Tally{Calls: n}
		begun, done atomic.Int64
		work        sync.WaitGroup
	)
	for range c.AtOnce {
		work.Go(func() {
			for begun.Add(1) <= int64(n) {
				delays, err := one(ctx, c.Phone, call)
				mu.Lock()
				all.add(delays, err)
				mu.Unlock()
				if c.Tick != nil {
					c.Tick(int(done.Add(1)), n)
				}
			}
		})
	}
	work.Wait()
	return all
}

func one(ctx context.Context, p *phone.Phone, call func(context.Context, *phone.Phone) ([]time.Duration, error)) ([]time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	return call(ctx, p)
}

func (t *Tally) add(delays []time.Duration, err error) {
	t.Delays = append(t.Delays, delays...)
	if err == nil {
		return
	}
	t.Failed++
	if t.First == nil {
		t.First = err
	}
}

// Err gives an error when more than one call in two hundred failed: then the
// figures are not what they seem to be.
func (t Tally) Err() error {
	if t.Failed*200 <= t.Calls {
		return nil
	}
	return fmt.Errorf("%d of %d calls failed, the first with: %w; try again on a quieter machine, or with fewer calls at once", t.Failed, t.Calls, t.First)
}

// pause lets time pass, unless the call or ctx ends first.
func pause(ctx context.Context, call *phone.Call, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-call.Done():
		return phone.ErrEnded
	case <-ctx.Done():
		return ctx.Err()
	}
}

// hangUp ends a call also when its own time is over.
func hangUp(ctx context.Context, call *phone.Call, err *error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	*err = errors.Join(*err, call.Hangup(ctx))
}
