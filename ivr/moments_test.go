package ivr_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

// errands are calls that go through each of the services.
func errands() map[string]func(o *offices) {
	return map[string]func(o *offices){
		"message": func(o *offices) {
			o.arriveAt("1", 10*time.Second)
			o.press("a", "#")
			o.after(5 * time.Second)
			o.press("a", "2")
			o.after(10 * time.Second)
			o.press("a", "1")
		},
		"callback": func(o *offices) {
			o.arriveAt("2", 5*time.Second)
			o.press("a", "1")
		},
		"handover": func(o *offices) {
			o.arriveAt("3", 20*time.Second)
			o.hangUp("partner")
		},
		"away while it rings": func(o *offices) {
			o.arriveAt("0", time.Second)
			o.press("a", "*")
			o.after(5 * time.Second)
			o.press("a", "0")
			o.after(15 * time.Second)
			o.hangUp("agent")
		},
		"lookup": func(o *offices) { o.arriveAt("44711", 5*time.Second) },
		"survey": func(o *offices) {
			o.arriveAt("0", 15*time.Second)
			o.hangUp("agent")
			o.after(5 * time.Second)
			o.press("a", "4")
		},
	}
}

// momentsOf does something after the first command that the switch takes in a
// call, the second, the third …; then the books must balance.
func momentsOf(t *testing.T, call func(o *offices), do func(o *offices)) {
	t.Helper()
	for n := 1; ; n++ {
		done := false
		t.Run(fmt.Sprint("after command ", n), func(t *testing.T) {
			inOffices(t, func(t *testing.T, o *offices) {
				o.sw.Partner("112", ivrtest.Manner{Answer: 3 * time.Second})
				o.agent("aigerim", ivrtest.Manner{Answer: 3 * time.Second})
				o.look = func(context.Context, string, map[string]string) (map[string]string, error) {
					return map[string]string{"left": "15"}, nil
				}
				o.startDesk()
				o.reconcile()
				o.after(time.Second) // what the start does by itself is no moment of the call
				before := len(o.sw.Did())
				defer o.afterCommand(before+n, func() { do(o) })()
				call(o)
				o.after(time.Minute)
				done = len(o.sw.Did()) < before+n
				o.sw.HangUp("a")
				o.after(5 * time.Minute)
				o.settled()
				if left := o.sw.Tapes(); len(left) > 0 {
					t.Errorf("recordings are left in the switch: %v", left)
				}
				for _, m := range o.messages.All() {
					if m.State != ivr.MessageNew {
						t.Errorf("a message is %s", m.State)
					}
				}
			})
		})
		if done || t.Failed() {
			return
		}
		if n > 200 {
			t.Fatal("the call never comes to its end")
		}
	}
}

// TestHangUpAtEveryMomentOfAService leaves nothing behind.
func TestHangUpAtEveryMomentOfAService(t *testing.T) {
	for name, call := range errands() {
		t.Run(name, func(t *testing.T) { momentsOf(t, call, func(o *offices) { o.sw.HangUp("a") }) })
	}
}

// TestKilledAtEveryMomentOfAService is followed by a program that ends what the
// first had begun.
func TestKilledAtEveryMomentOfAService(t *testing.T) {
	for name, call := range errands() {
		t.Run(name, func(t *testing.T) {
			momentsOf(t, call, func(o *offices) { o.again(func() { time.Sleep(time.Second) }) })
		})
	}
}
