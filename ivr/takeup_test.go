package ivr_test

import (
	"sync/atomic"
	"testing"
	"time"

	"ikomek109/ivr"
)

// TestHungUpWhileTakenUp: whoever hangs up just when a program takes their call up,
// with a switch that has five hundred others to look after, is out of the queue at
// once, and not lost.
func TestHungUpWhileTakenUp(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.startDesk()
		b.arrive("a")
		b.press("a", "10")
		b.after(20 * time.Second)
		b.killed()
		var hungUp atomic.Bool
		b.sw.Break(func(op string, _ ivr.ChannelID) error {
			if op != "hold" || !hungUp.CompareAndSwap(false, true) {
				return nil
			}
			go b.sw.HangUp("a")
			return errDown
		})
		did := len(b.sw.Did())
		b.startedAgain(b.sw)
		b.after(5 * time.Second)
		if r := b.only(); r.Outcome != ivr.Abandoned || r.Reason != ivr.CallerHungUp {
			t.Errorf("ended as %s, %s; %v", r.Outcome, r.Reason, b.sw.Did()[did:])
		}
		b.settled()
	})
}
