package ivr_test

import (
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
)

// agentNamed gives one agent of several.
func (b *bench) agentNamed(id ivr.AgentID) queue.Agent {
	b.t.Helper()
	agents, _, err := b.store.Agents(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	for _, a := range agents {
		if a.ID == id {
			return a
		}
	}
	b.t.Fatalf("no agent %s", id)
	return queue.Agent{}
}

// legOf gives the leg of an agent or a partner, empty when there is none.
func (b *bench) legOf(who string) ivr.ChannelID {
	for _, l := range b.sw.Legs() {
		if string(l.Agent)+l.Partner == who {
			return l.Channel
		}
	}
	return ""
}

// speaks tells whether two legs are in one conversation; each is "a", an agent
// or a partner.
func (b *bench) speaks(one, other string) bool {
	in := map[string]ivr.BridgeID{}
	for _, l := range b.sw.Legs() {
		who := string(l.Agent) + l.Partner
		if who == "" {
			who = string(l.Channel)
		}
		in[who] = l.Bridge
	}
	return in[one] != "" && in[one] == in[other]
}

// onHold has a caller and an agent speak, and the agent put the caller on hold.
func (b *bench) onHold() {
	b.t.Helper()
	b.talks()
	b.after(10 * time.Second)
	b.pressAgent("*0")
	if b.sw.Bridges() != 0 || !b.sw.Music("a") || !heard(b, "play", "kk/agent/hold") {
		b.t.Fatalf("not on hold: %v", b.sw.Did())
	}
	if a := b.agentNow(); a.World != queue.OnHold {
		b.t.Fatalf("the agent is %s", a.World)
	}
}

// TestHoldPartsForSure: a caller on hold does not go on hearing the agent because
// the switch did not answer once.
func TestHoldPartsForSure(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.talks()
		failures := 2
		b.sw.Break(func(op string, _ ivr.ChannelID) error {
			if op == "part" && failures > 0 {
				failures--
				return errDown
			}
			return nil
		})
		b.pressAgent("*0")
		b.after(5 * time.Second)
		if b.sw.Bridges() != 0 || !b.sw.Music("a") || !heard(b, "play", "kk/agent/hold") {
			t.Errorf("not on hold: %v", b.sw.Did())
		}
	})
}

// TestHold is apart from talk on the record, and takes the caller back.
func TestHold(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.onHold()
		b.after(20 * time.Second)
		b.pressAgent("*0")
		if !b.speaks("a", "aigerim") || b.sw.Music("a") {
			t.Fatalf("not taken back: %v", b.sw.Did())
		}
		if a := b.agentNow(); a.World != queue.Talking {
			t.Errorf("the agent is %s", a.World)
		}
		b.after(5 * time.Second)
		b.sw.HangUp("a")
		b.after(time.Minute)
		r := b.only()
		if r.Outcome != ivr.Served || r.Hold.Round(time.Second) != 21*time.Second || r.Talk.Round(time.Second) != 16*time.Second {
			t.Errorf("talk %s, hold %s, %s", r.Talk, r.Hold, r.Outcome)
		}
		b.settled()
	})
}

// TestHoldByTheAgentAlone: keys of the caller, and * with nothing soon after it,
// do nothing.
func TestHoldByTheAgentAlone(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.talks()
		b.press("a", "*0")
		b.pressAgent("*")
		b.after(4 * time.Second)
		b.pressAgent("0*50")
		if !b.speaks("a", "aigerim") || b.agentNow().World != queue.Talking {
			t.Errorf("disturbed: %v", b.sw.Did())
		}
		b.sw.HangUp("a")
		b.after(time.Minute)
		b.settled()
	})
}

// TestHoldByThePhonesOwnKey counts the same.
func TestHoldByThePhonesOwnKey(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.talks()
		b.sw.HoldByPhone(b.agentLeg(), true)
		b.after(time.Second)
		if b.sw.Bridges() != 0 || !b.sw.Music("a") || b.agentNow().World != queue.OnHold {
			t.Errorf("not on hold: %v", b.sw.Did())
		}
		b.sw.HoldByPhone(b.agentLeg(), true) // said twice
		b.sw.HoldByPhone(b.agentLeg(), false)
		b.after(time.Second)
		if !b.speaks("a", "aigerim") {
			t.Errorf("not taken back: %v", b.sw.Did())
		}
		b.sw.HangUp("a")
		b.after(time.Minute)
		b.settled()
	})
}

// TestHangUpOnHold ends the call, whoever does it.
func TestHangUpOnHold(t *testing.T) {
	for who, reason := range map[string]ivr.Reason{"caller": ivr.CallerHungUp, "agent": ivr.Goodbye} {
		t.Run(who, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.onHold()
				b.after(5 * time.Second)
				b.hangUp(who)
				b.after(time.Minute)
				if r := b.only(); r.Outcome != ivr.Served || r.Reason != reason || r.Hold < 5*time.Second {
					t.Errorf("record %+v", r)
				}
				if a := b.agentNow(); a.World != queue.Idle {
					t.Errorf("the agent is %s", a.World)
				}
				b.settled()
			})
		})
	}
}

// TestKilledOnHold: the caller is on hold still, and is taken back.
func TestKilledOnHold(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.onHold()
		b.killed()
		b.startedAgain(b.sw)
		b.after(10 * time.Second)
		if b.sw.Bridges() != 0 || !b.sw.Music("a") || b.agentNow().World != queue.OnHold {
			t.Errorf("not on hold any more: %v", b.sw.Did())
		}
		b.pressAgent("*0")
		if !b.speaks("a", "aigerim") || b.sw.Music("a") {
			t.Errorf("not taken back: %v", b.sw.Did())
		}
		b.sw.HangUp("a")
		b.after(time.Minute)
		b.settled()
	})
}

// TestKilledWhileTakingBack at each command: the two speak in the end.
func TestKilledWhileTakingBack(t *testing.T) {
	for _, op := range []string{"hold", "join"} {
		t.Run(op, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.onHold()
				b.sw.Break(func(o string, _ ivr.ChannelID) error {
					if o == op {
						return errDown
					}
					return nil
				})
				b.pressAgent("*0")
				b.killed()
				b.sw.Break(nil)
				b.startedAgain(b.sw)
				b.after(time.Second)
				if !b.speaks("a", "aigerim") || b.sw.Music("a") {
					t.Errorf("they do not speak: %v", b.sw.Did())
				}
				b.sw.HangUp("a")
				b.after(time.Minute)
				b.settled()
			})
		})
	}
}

// TestHoldThatTheSwitchDoesNotEnd: tried again while it does not answer.
func TestHoldThatTheSwitchDoesNotEnd(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.onHold()
		b.sw.Break(func(op string, _ ivr.ChannelID) error {
			if op == "join" {
				return errDown
			}
			return nil
		})
		b.pressAgent("*0")
		b.after(5 * time.Second)
		b.sw.Break(nil)
		b.after(time.Second)
		if !b.speaks("a", "aigerim") {
			t.Errorf("they do not speak: %v", b.sw.Did())
		}
		b.sw.HangUp("a")
		b.after(time.Minute)
		b.settled()
	})
}
