package ivr_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/queue"
)

// deeds are what an agent does in a conversation.
func deeds() map[string]func(b *bench) {
	return map[string]func(b *bench){
		"hold": func(b *bench) {
			b.keys("*0")
			b.after(2 * time.Second)
			b.keys("*0")
		},
		"attended to a partner": func(b *bench) {
			b.keys("*2112#")
			b.after(8 * time.Second)
			b.keys("*2")
		},
		"attended, taken back": func(b *bench) {
			b.keys("*2112#")
			b.after(8 * time.Second)
			b.keys("*0")
		},
		"attended to a colleague": func(b *bench) {
			b.keys("*2202#")
			b.after(8 * time.Second)
			b.keys("*2")
		},
		"blind to a partner":   func(b *bench) { b.keys("*3112#") },
		"blind to a colleague": func(b *bench) { b.keys("*3202#") },
		"blind to nobody": func(b *bench) {
			b.sw.Partner("112", ivrtest.Manner{})
			b.keys("*3112#")
			b.after(30 * time.Second)
		},
		"to a queue": func(b *bench) { b.keys("*22#") },
	}
}

// eachMoment does something after the first command that the switch takes of
// what an agent does, the second, the third … In the end nobody is left anywhere,
// and a caller who did not hang up speaks with somebody, waits, or was told
// goodbye.
func eachMoment(t *testing.T, deed func(b *bench), do func(b *bench) (hungUp bool)) {
	t.Helper()
	for n, done := 1, false; !done && !t.Failed(); n++ {
		if n > 60 {
			t.Fatal("it never comes to its end")
		}
		t.Run(fmt.Sprint("after command ", n), func(t *testing.T) {
			inBubble(t, func(_ *testing.T, b *bench) {
				b.handing(ivrtest.Manner{Answer: 3 * time.Second}, ivrtest.Manner{Answer: 3 * time.Second})
				before := len(b.sw.Did())
				hungUp := false
				over := b.afterCommand(before+n, func() { hungUp = do(b) })
				deed(b)
				b.after(20 * time.Second)
				over()
				done = len(b.sw.Did()) < before+n
				b.notLost(hungUp)
				b.sw.HangUp("a")
				b.after(5 * time.Minute)
				b.settled()
				for _, id := range []ivr.AgentID{"aigerim", "daniyar"} {
					if a := b.agentNamed(id); a.World != queue.Idle {
						b.t.Errorf("%s is %s", id, a.World)
					}
				}
			})
		})
	}
}

// afterCommand does something beside the test once the switch has taken so many
// commands; the function given ends that.
func (b *bench) afterCommand(n int, do func()) (over func()) {
	now, end := make(chan struct{}), make(chan struct{})
	b.sw.Watch(func(_ string, _ ivr.ChannelID, did int) {
		if did == n {
			close(now)
		}
	})
	go func() {
		select {
		case <-now:
			do()
		case <-end:
		}
	}()
	return func() { b.sw.Watch(nil); close(end) }
}

// notLost checks what a caller hears, who may be gone if somebody hung up.
func (b *bench) notLost(hungUp bool) {
	b.t.Helper()
	b.until("the caller speaks or hears music", func() bool {
		r := b.only()
		return b.sw.Music("a") || b.speaks("a", "aigerim") || b.speaks("a", "daniyar") || b.speaks("a", "112") || hungUp && !r.Live()
	})
}

func eachDeed(t *testing.T, do func(b *bench) (hungUp bool)) {
	t.Helper()
	for name, deed := range deeds() {
		t.Run(name, func(t *testing.T) { eachMoment(t, deed, do) })
	}
}

func TestCallerHangsUpAtEveryMomentOfADeed(t *testing.T) {
	eachDeed(t, func(b *bench) bool { b.sw.HangUp("a"); return true })
}

func TestAgentHangsUpAtEveryMomentOfADeed(t *testing.T) {
	eachDeed(t, func(b *bench) bool {
		b.sw.HangUp(b.legOf("aigerim"))
		return true
	})
}

// TestOtherHangsUpAtEveryMomentOfADeed: that is the end of the call once they
// have the caller, and no sooner.
func TestOtherHangsUpAtEveryMomentOfADeed(t *testing.T) {
	eachDeed(t, func(b *bench) bool {
		with := slices.Concat(b.sw.HangUp(b.legOf("112")), b.sw.HangUp(b.legOf("daniyar")))
		return slices.Contains(with, "a")
	})
}

func TestKilledAtEveryMomentOfADeed(t *testing.T) {
	eachDeed(t, func(b *bench) bool {
		b.killed()
		b.startedAgainWith(handing)
		return false
	})
}
