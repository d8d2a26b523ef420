package ivr_test

import (
	"sync/atomic"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/queue"
)

// TestKilledDuringAHandover, at each of its moments: nobody is lost.
func TestKilledDuringAHandover(t *testing.T) {
	for name, c := range map[string]struct {
		partner  ivrtest.Manner
		keys     string
		wait     time.Duration
		meantime func(b *bench)
		with     string // whom the caller speaks with in the end
		finish   string // keys after the restart
	}{
		"a number is keyed":        {keys: "*211", with: "aigerim", finish: "*0"},
		"ringing":                  {keys: "*2112#", wait: time.Second, with: "aigerim"},
		"speaking":                 {ivrtest.Manner{Answer: time.Second}, "*2112#", 3 * time.Second, nil, "112", "*2"},
		"speaking, then back":      {ivrtest.Manner{Answer: time.Second}, "*2112#", 3 * time.Second, nil, "aigerim", "*0"},
		"speaking, partner left":   {ivrtest.Manner{Answer: time.Second}, "*2112#", 3 * time.Second, func(b *bench) { b.sw.HangUp(b.legOf("112")) }, "aigerim", ""},
		"speaking, the agent left": {ivrtest.Manner{Answer: time.Second}, "*2112#", 3 * time.Second, func(b *bench) { b.sw.HangUp(b.legOf("aigerim")) }, "112", ""},
		"blind, ringing":           {keys: "*3112#", wait: 2 * time.Second, with: "aigerim"},
		"blind, rung again":        {ivrtest.Manner{Cause: 17}, "*3112#", 100 * time.Millisecond, nil, "aigerim", ""},
		"handed over":              {ivrtest.Manner{Answer: time.Second}, "*3112#", 5 * time.Second, nil, "112", ""},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.handing(c.partner, ivrtest.Manner{})
				b.pause("daniyar")
				b.keys(c.keys)
				b.after(c.wait)
				b.killed()
				if c.meantime != nil {
					c.meantime(b)
				}
				b.startedAgainWith(handing)
				b.after(time.Second)
				if c.finish != "" {
					if b.speaks("a", "aigerim") || !b.sw.Music("a") {
						t.Errorf("the caller does not wait: %v", b.sw.Did())
					}
					b.keys(c.finish)
				}
				b.after(10 * time.Second)
				if !b.speaks("a", c.with) || b.sw.Music("a") || len(b.sw.Legs()) != 2 {
					t.Errorf("the caller is not with %s: %v", c.with, b.sw.Did())
				}
				b.callerGone()
			})
		})
	}
}

// TestKilledWhileTheQueueNotesAHandover: whoever it says has the caller has them.
func TestKilledWhileTheQueueNotesAHandover(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.handing(ivrtest.Manner{}, ivrtest.Manner{Answer: time.Second})
		var dead atomic.Bool
		b.store.Break(func(op string) error {
			if op == "HandOver" {
				dead.Store(true)
			}
			return nil
		})
		b.sw.Break(func(string, ivr.ChannelID) error { return endIf(&dead) })
		b.journal.Break(func(string, ivr.CallID) error { return endIf(&dead) })
		b.keys("*3" + b.numberOf("daniyar") + "#")
		b.after(5 * time.Second)
		if !dead.Load() {
			t.Fatal("the queue was not told")
		}
		b.killed()
		b.startedAgainWith(handing)
		b.after(5 * time.Second)
		if !b.speaks("a", "daniyar") || b.sw.Music("a") || len(b.sw.Legs()) != 2 {
			t.Errorf("the caller is not with daniyar: %v", b.sw.Did())
		}
		if a := b.agentNamed("daniyar"); a.World != queue.Talking {
			t.Errorf("daniyar is %s", a.World)
		}
		b.callerGone()
	})
}

// TestKilledWhileJoining the caller and a partner: they speak.
func TestKilledWhileJoiningThem(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.handing(ivrtest.Manner{Answer: time.Second}, ivrtest.Manner{})
		b.keys("*2112#")
		b.after(3 * time.Second)
		b.sw.Break(func(op string, _ ivr.ChannelID) error {
			if op == "join" {
				return errDown
			}
			return nil
		})
		b.keys("*2")
		b.killed()
		b.sw.Break(nil)
		b.startedAgainWith(handing)
		b.after(time.Second)
		if !b.speaks("a", "112") || b.sw.Music("a") {
			t.Errorf("they do not speak: %v", b.sw.Did())
		}
		b.callerGone()
	})
}
