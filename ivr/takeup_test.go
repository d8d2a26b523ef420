package ivr_test

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

// TestHungUpWhileTakenUp: whoever hangs up just when a program takes their call up,
// with a switch that has five hundred others to look after, is out of the queue at
// once, and not lost.
func TestHungUpWhileTakenUp(t *testing.T) {
	for during, waited := range map[string]time.Duration{"stop": 20 * time.Second, "hold": 20 * time.Second, "play": 2 * time.Second} {
		t.Run(during, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.startDesk()
				b.arrive("a")
				b.press("a", "10")
				b.after(waited)
				b.killed()
				var hungUp atomic.Bool
				b.sw.Break(func(op string, _ ivr.ChannelID) error {
					if op != during || !hungUp.CompareAndSwap(false, true) {
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
		})
	}
}

// TestTakenUpWithFewCommands: hundreds of callers are taken up at once, so that each
// request before they hear something counts; who hears music is left to it.
func TestTakenUpWithFewCommands(t *testing.T) {
	for name, c := range map[string]struct {
		keys string
		wait time.Duration
		want []string
	}{
		"in a prompt":        {"", time.Second, []string{"stop", "play"}},
		"between prompts":    {"1", 20 * time.Second, []string{"stop", "play"}},
		"in an announcement": {"10", 2 * time.Second, []string{"stop", "play"}},
		"with music":         {"10", 20 * time.Second, []string{"stop", "hold"}},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.startDesk()
				b.arrive("a")
				b.press("a", c.keys)
				b.after(c.wait)
				b.killed()
				did := len(b.sw.Did())
				b.startedAgain(b.sw)
				b.after(20 * time.Millisecond)
				var got []string
				for _, command := range b.sw.Did()[did:] {
					op, _, _ := strings.Cut(command, " ")
					got = append(got, op)
				}
				if !slices.Equal(got, c.want) {
					t.Errorf("the switch was told %v, want %v", got, c.want)
				}
				b.sw.HangUp("a")
				b.after(time.Second)
				b.settled()
			})
		})
	}
}

// TestSpokenToHearsItAgain: whoever was being told something when the program was
// killed, in the queue or on the way back to it, hears that the line is there, and
// what there is to hear.
func TestSpokenToHearsItAgain(t *testing.T) {
	for name, c := range map[string]struct {
		before func(b *bench) // up to the kill
		again  bool
	}{
		"music":               {func(*bench) {}, false},
		"the place":           {func(b *bench) { b.press("a", "#"); b.after(time.Second) }, true},
		"the place was told":  {func(b *bench) { b.press("a", "#"); b.after(20 * time.Second) }, false},
		"back from the menu":  {func(b *bench) { b.press("a", "*0"); b.after(500 * time.Millisecond) }, true},
		"back, and told":      {func(b *bench) { b.press("a", "*0"); b.after(20 * time.Second) }, false},
		"the topic's answers": {func(b *bench) { b.press("a", "2"); b.after(time.Second) }, true},
		"it is recorded": {func(b *bench) {
			b.chooses("aigerim", ivr.Ready)
			b.until("told so", func() bool { return heard(b, "play", "call/recorded") })
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.recording()
				b.agent("aigerim", ivrtest.Manner{Answer: time.Second})
				b.startDesk()
				b.chooses("aigerim", ivr.Off)
				b.arrive("a")
				b.press("a", "130") // transport, and an operator
				b.after(25 * time.Second)
				c.before(b)
				b.killed()
				did := len(b.sw.Did())
				b.startedAgain(b.sw)
				b.after(5 * time.Second)
				if again := heardSince(b, did, "one_moment"); again != c.again {
					t.Errorf("told again: %t; %v", again, b.sw.Did()[did:])
				}
				b.sw.HangUp("a")
				b.after(time.Second)
				b.settled()
			})
		})
	}
}

func (b *bench) chooses(agent ivr.AgentID, c ivr.Chosen) {
	b.t.Helper()
	if err := b.desk.Choose(b.t.Context(), agent, c, ""); err != nil {
		b.t.Fatal(err)
	}
}
