package ivr_test

import (
	"context"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

// TestFaultOfOursInACodeHarmsNobodyElse: the agent is hung up on, the program
// goes on.
func TestFaultOfOursInACodeHarmsNobodyElse(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.with(func(o *ivr.Options) { o.Voice = panics{} })
		b.agent("aigerim", ivrtest.Manner{})
		b.startDesk()
		b.dial("*12")
		b.after(5 * time.Second)
		b.settled()
	})
}

// panicsLeaving is a queue with a fault in it that shows when a call ends.
type panicsLeaving struct{ ivr.Queue }

func (panicsLeaving) Leave(context.Context, ivr.CallID, string) error { panic("a fault of ours") }

// TestFaultOfOursAtTheEndOfACallStillClosesIt: once, and with the reason that
// was known before.
func TestFaultOfOursAtTheEndOfACallStillClosesIt(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.with(func(o *ivr.Options) { o.Queue = panicsLeaving{b.desk} })
		b.startDesk()
		b.arrive("a")
		b.press("a", "10")
		b.after(10 * time.Second)
		b.sw.HangUp("a")
		b.after(5 * time.Second)
		r := b.only()
		if r.Live() || r.Outcome != ivr.Abandoned || r.Reason != ivr.CallerHungUp {
			t.Errorf("record %+v", r)
		}
		ends := 0
		for _, e := range b.journal.Entries(r.ID) {
			if e.Kind == ivr.Ended {
				ends++
			}
		}
		if ends != 1 {
			t.Errorf("ended %d times", ends)
		}
	})
}
