package ivr_test

import (
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

// firstCall is a caller who waits for twenty minutes and is cut off; it gives when
// the waiting began.
func (o *offices) firstCall() time.Time {
	o.t.Helper()
	o.arriveAt("0", 20*time.Minute)
	queued := o.only().QueuedAt
	o.sw.HangUp("a")
	o.after(time.Minute)
	return queued
}

// wished gives the one wish to be called back.
func (o *offices) wished() ivr.Callback {
	o.t.Helper()
	all := o.callbacks.All()
	if len(all) != 1 {
		o.t.Fatalf("noted are %+v", all)
	}
	return all[0]
}

// near tells whether two moments are the same, but for the time that it takes to
// be put into a queue.
func near(a, b time.Time) bool { return a.Sub(b).Abs() < time.Second }

// TestCallbackKeepsARegainedPlace: who was cut off, dialled again and has the place
// back waits since their first call, also when the program is killed meanwhile.
func TestCallbackKeepsARegainedPlace(t *testing.T) {
	for name, meanwhile := range map[string]func(o *offices){
		"at once":               func(*offices) {},
		"in a later program":    func(o *offices) { o.again(func() {}); o.after(time.Minute) },
		"killed after the star": func(o *offices) { o.press("a", "*"); o.after(time.Second); o.again(func() {}); o.after(time.Minute) },
	} {
		t.Run(name, func(t *testing.T) {
			inOffices(t, func(t *testing.T, o *offices) {
				o.startDesk()
				o.reconcile()
				queued := o.firstCall()
				o.arriveAt("0", time.Minute)
				meanwhile(o)
				o.press("a", "*")
				o.after(time.Second)
				o.press("a", "21")
				o.after(time.Minute)
				if cb := o.wished(); !near(cb.Since, queued) {
					t.Errorf("waits since %s, and was cut off after waiting since %s", cb.Since, queued)
				}
			})
		})
	}
}

// TestCallbackKeepsTheCreditOfAHandover: who was handed on to a queue by an agent
// is called back before those who came meanwhile.
func TestCallbackKeepsTheCreditOfAHandover(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		o.with(func(opt *ivr.Options) { o.change(opt); opt.Queues = []string{"main"} })
		o.agent("aigerim", ivrtest.Manner{Answer: time.Second})
		o.startDesk()
		o.arriveAt("0", 10*time.Second)
		o.pause("aigerim")
		o.keys("*31#")
		o.after(time.Minute)
		if r := o.only(); !r.Waiting() {
			t.Fatalf("the caller does not wait: %v, %v", o.kinds(), o.sw.Did())
		}
		queued := o.only().QueuedAt
		o.press("a", "*")
		o.after(time.Second)
		o.press("a", "21")
		o.after(time.Minute)
		if cb := o.wished(); queued.Sub(cb.Since) < ivr.HeadStartHandedBack || queued.Sub(cb.Since) > ivr.MaxHeadStart {
			t.Errorf("waits since %s, in the queue since %s", cb.Since, queued)
		}
	})
}

// TestLossKeepsARegainedPlace, also when the store takes the callback from the next
// program only.
func TestLossKeepsARegainedPlace(t *testing.T) {
	for name, broken := range map[string]bool{"noted at once": false, "noted by the next program": true} {
		t.Run(name, func(t *testing.T) {
			inOffices(t, func(t *testing.T, o *offices) {
				losing := func(opt *ivr.Options) { o.change(opt); opt.AfterLoss = true }
				o.with(losing)
				o.startDesk()
				o.reconcile()
				queued := o.firstCall()
				o.arriveAt("0", time.Minute)
				if broken {
					o.callbacks.Break(errDown)
				}
				o.sw.Lose("a")
				o.after(10 * time.Second)
				if broken {
					o.killed()
					o.callbacks.Break(nil)
					o.startedAgainWith(losing)
				}
				o.after(time.Minute)
				if cb := o.wished(); !near(cb.Since, queued) {
					t.Errorf("waits since %s, and was cut off after waiting since %s", cb.Since, queued)
				}
			})
		})
	}
}
