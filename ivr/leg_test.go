package ivr_test

import (
	"strings"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/queue"
)

// agentNow gives the one agent as the store has them.
func (b *bench) agentNow() queue.Agent {
	b.t.Helper()
	agents, _, err := b.store.Agents(b.t.Context())
	if err != nil || len(agents) != 1 {
		b.t.Fatalf("agents %v, %v", agents, err)
	}
	return agents[0]
}

// TestEndOfAnAgentsLegCutsNoPrompt: the caller goes back to the menu just when
// an agent's leg comes to nothing; its end is news of yesterday there.
func TestEndOfAnAgentsLegCutsNoPrompt(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.agent("aigerim", ivrtest.Manner{Answer: 5 * time.Second})
		b.startDesk()
		b.sw.Break(func(op string, _ ivr.ChannelID) error {
			if op == "join" {
				return errDown
			}
			return nil
		})
		b.arrive("a")
		b.press("a", "10")
		for !heard(b, "ring", "aigerim") {
			b.after(100 * time.Millisecond)
		}
		b.press("a", "*")
		b.after(time.Minute)
		r := b.only()
		aside := false
		for _, e := range b.journal.Entries(r.ID) {
			aside = aside || e.Kind == ivr.SteppedAside
			if aside && e.Kind == ivr.PromptPlayed {
				if e.Detail["end"] != "finished" {
					t.Errorf("the first prompt back in the menu was %v", e.Detail)
				}
				break
			}
		}
		if !aside {
			t.Fatalf("the caller never came back to the menu: %v", b.sw.Did())
		}
		b.sw.HangUp("a")
		b.after(time.Second)
		b.settled()
	})
}

// TestWhatIsNotTheAgentsDoingPausesNobody: a phone that is not there, or a leg
// that the switch lost, is no offer missed.
func TestWhatIsNotTheAgentsDoingPausesNobody(t *testing.T) {
	t.Run("no phone", func(t *testing.T) {
		inBubble(t, func(t *testing.T, b *bench) {
			b.agent("aigerim", ivrtest.Manner{Answer: time.Second})
			b.sw.Break(func(op string, _ ivr.ChannelID) error {
				if op == "ring" {
					return &ivr.Error{Op: op, Code: ivr.NotFound, Message: "no phone"}
				}
				return nil
			})
			b.startDesk()
			b.arrive("a")
			b.press("a", "10")
			b.after(20 * time.Second)
			if a := b.agentNow(); a.Chosen != ivr.Ready || a.World != queue.Unreachable {
				t.Errorf("the agent is %s, %s", a.Chosen, a.World)
			}
			b.sw.Break(nil)
			if err := b.desk.Reachable(t.Context(), "aigerim", true); err != nil {
				t.Fatal(err)
			}
			b.after(5 * time.Second)
			if b.sw.Bridges() != 1 {
				t.Errorf("not served once the phone is there: %v", b.sw.Did())
			}
			b.sw.HangUp("a")
			b.after(time.Second)
			b.settled()
		})
	})
	t.Run("leg lost", func(t *testing.T) {
		inBubble(t, func(t *testing.T, b *bench) {
			b.agent("aigerim", ivrtest.Manner{})
			b.startDesk()
			b.arrive("a")
			b.press("a", "10")
			b.after(10 * time.Second)
			for _, l := range b.sw.Legs() {
				if l.Channel != "a" {
					b.sw.Lose(l.Channel)
				}
			}
			b.after(time.Second)
			if a := b.agentNow(); a.Chosen != ivr.Ready {
				t.Errorf("the agent is %s, %s", a.Chosen, a.PauseReason)
			}
			b.sw.HangUp("a")
			b.after(time.Second)
			b.settled()
		})
	})
}

// TestSwitchThatDoesNotAnswerForLong: a leg that is there is a caller who
// waits, and keeps the place; only the leg's end ends the call.
func TestSwitchThatDoesNotAnswerForLong(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.startDesk()
		b.arrive("a")
		b.press("a", "10")
		b.after(20 * time.Second)
		b.sw.Break(func(string, ivr.ChannelID) error { return errDown })
		b.after(10 * time.Minute)
		if r := b.only(); !r.Live() {
			t.Fatalf("ended as %s, %s", r.Outcome, r.Reason)
		}
		b.sw.Break(nil)
		did := len(b.sw.Did())
		b.after(4 * time.Minute) // the place is told ever more seldom
		if !heardSince(b, did, "kk/queue/place=1") || !strings.Contains(strings.Join(b.sw.Did()[did:], " "), "hold true") {
			t.Errorf("no place and no music afterwards: %v", b.sw.Did()[did:])
		}
		b.sw.HangUp("a")
		b.after(time.Second)
		b.settled()
	})
}

// TestMusicThatFailsKeepsNobodyFromAnAgent: it is an ornament.
func TestMusicThatFailsKeepsNobodyFromAnAgent(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.sw.Break(func(op string, _ ivr.ChannelID) error {
			if op == "hold" {
				return errDown
			}
			return nil
		})
		b.startDesk()
		b.arrive("a")
		b.press("a", "10")
		b.after(20 * time.Second)
		b.agent("aigerim", ivrtest.Manner{Answer: time.Second})
		b.after(8 * time.Second)
		if b.sw.Bridges() != 1 {
			t.Errorf("not connected to a free agent: %v", b.sw.Did())
		}
		b.sw.HangUp("a")
		b.after(time.Second)
		b.settled()
	})
}
