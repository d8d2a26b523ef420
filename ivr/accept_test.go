package ivr_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/queue"
)

// agentLeg gives the leg of the one agent who is rung or more.
func (b *bench) agentLeg() ivr.ChannelID {
	b.t.Helper()
	for _, l := range b.sw.Legs() {
		if l.Agent != "" {
			return l.Channel
		}
	}
	b.t.Fatal("no agent has a leg")
	return ""
}

// pressAgent presses keys on the one agent's leg.
func (b *bench) pressAgent(keys string) {
	b.t.Helper()
	b.press(b.agentLeg(), keys)
}

// until lets time pass until something holds.
func (b *bench) until(what string, holds func() bool) {
	b.t.Helper()
	for range 600 {
		if holds() {
			return
		}
		b.after(100 * time.Millisecond)
	}
	b.t.Fatalf("a minute later: not %s; %v", what, b.sw.Did())
}

// words is how an agent is told that a caller waits.
const words = "agent/offer kk/agent/language/kk kk/category/other"

// toldAgent has a caller come and an agent pick up, up to the words.
func (b *bench) toldAgent() {
	b.t.Helper()
	b.arrive("a")
	b.press("a", "10")
	b.until("told who waits", func() bool { return heard(b, "play", words) })
}

// missedWhys gives the reasons of the offers that came to nothing.
func (b *bench) missedWhys() (whys []string) {
	for _, e := range b.journal.Entries(b.only().ID) {
		if e.Kind == ivr.OfferMissed {
			whys = append(whys, e.Detail["agent"]+" "+e.Detail["why"])
		}
	}
	return whys
}

func TestWordsBeforeTheBridge(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.agent("aigerim", ivrtest.Manner{Answer: time.Second})
		b.startDesk()
		b.toldAgent()
		if b.sw.Bridges() != 0 || b.agentNow().World != queue.Ringing {
			t.Errorf("during the words: %d conversations, the agent is %s", b.sw.Bridges(), b.agentNow().World)
		}
		if did := b.sw.Did(); !slices.Contains(did, "hold true") {
			t.Errorf("the caller hears no music: %v", did)
		}
		b.until("joined after the words", func() bool { return b.sw.Bridges() == 1 })
		b.sw.HangUp("a")
		b.after(time.Second)
		b.settled()
	})
}

func TestOneTakesAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.agent("aigerim", ivrtest.Manner{Answer: time.Second})
		b.startDesk()
		b.toldAgent()
		at := time.Now()
		b.pressAgent("51") // 5 means nothing
		b.until("joined", func() bool { return b.sw.Bridges() == 1 })
		if took := time.Since(at); took > time.Second {
			t.Errorf("it took %s", took)
		}
		if did := b.sw.Did(); !slices.Contains(did, "stop") {
			t.Errorf("the words were not cut: %v", did)
		}
		b.sw.HangUp("a")
		b.after(time.Second)
		b.settled()
	})
}

func TestRefusedIsNoOfferMissed(t *testing.T) {
	for name, refuse := range map[string]func(*bench){
		"star":      func(b *bench) { b.pressAgent("*") },
		"hang up":   func(b *bench) { b.sw.HangUp(b.agentLeg()) },
		"not heard": func(b *bench) { b.sw.Lose(b.agentLeg()) },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.agent("aigerim", ivrtest.Manner{Answer: time.Second})
				b.startDesk()
				b.toldAgent()
				refuse(b)
				b.after(300 * time.Millisecond)
				want := "aigerim refused"
				if name == "not heard" {
					want = "aigerim fault"
				}
				if whys := b.missedWhys(); len(whys) != 1 || whys[0] != want {
					t.Errorf("missed: %v, want %s", whys, want)
				}
				if a := b.agentNow(); a.Chosen != ivr.Ready {
					t.Errorf("the agent is %s (%s)", a.Chosen, a.PauseReason)
				}
				b.sw.HangUp("a")
				b.after(5 * time.Second)
				b.settled()
			})
		})
	}
}

// TestByKeyAlone: nobody is joined without the key, and who gives none has not
// answered.
func TestByKeyAlone(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.with(func(o *ivr.Options) { o.Accept = ivr.Accept{ByKey: true, Within: 4 * time.Second} })
		b.agent("aigerim", ivrtest.Manner{Answer: time.Second})
		b.startDesk()
		b.toldAgent()
		b.until("given up", func() bool { return len(b.missedWhys()) == 1 })
		if whys := b.missedWhys(); whys[0] != "aigerim no_answer" || b.sw.Bridges() != 0 {
			t.Errorf("missed %v, %d conversations", whys, b.sw.Bridges())
		}
		if a := b.agentNow(); a.Chosen != ivr.Paused || a.PauseReason != queue.MissedReason {
			t.Errorf("the agent is %s (%s)", a.Chosen, a.PauseReason)
		}
		if err := b.desk.Choose(t.Context(), "aigerim", ivr.Ready, ""); err != nil {
			t.Fatal(err)
		}
		b.until("rung again", func() bool { return strings.Count(strings.Join(b.sw.Did(), "\n"), words) == 2 })
		b.after(4 * time.Second) // after the words, within the time
		b.pressAgent("1")
		if b.sw.Bridges() != 1 {
			t.Errorf("not joined by the key: %v", b.sw.Did())
		}
		b.sw.HangUp("a")
		b.after(time.Second)
		b.settled()
	})
}

func TestCallerWhoHangsUpDuringTheWordsFreesTheAgent(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.agent("aigerim", ivrtest.Manner{Answer: time.Second})
		b.startDesk()
		b.toldAgent()
		b.sw.HangUp("a")
		b.after(0)
		if a := b.agentNow(); !a.Free() {
			t.Errorf("the agent is %s, %s", a.Chosen, a.World)
		}
		if r := b.only(); r.Outcome != ivr.Abandoned {
			t.Errorf("the call is %s", r.Outcome)
		}
		b.settled()
	})
}

// TestWordsThatCannotBePlayedKeepNobody: the two are joined without them.
func TestWordsThatCannotBePlayedKeepNobody(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.agent("aigerim", ivrtest.Manner{Answer: 3 * time.Second})
		b.startDesk()
		b.sw.Break(func(op string, leg ivr.ChannelID) error {
			if op == "play" && leg != "a" {
				return errDown
			}
			return nil
		})
		b.arrive("a")
		b.press("a", "10")
		b.until("joined", func() bool { return b.sw.Bridges() == 1 })
		b.sw.HangUp("a")
		b.after(time.Second)
		b.settled()
	})
}

// TestKilledDuringTheWords: the caller is at the same place, the agent is not
// blamed and is rung again.
func TestKilledDuringTheWords(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.agent("aigerim", ivrtest.Manner{Answer: time.Second})
		b.startDesk()
		b.toldAgent()
		b.killed()
		b.startedAgain(b.sw)
		b.until("joined", func() bool { return b.sw.Bridges() == 1 })
		if whys := b.missedWhys(); len(whys) != 1 || whys[0] != "aigerim fault" {
			t.Errorf("missed: %v", whys)
		}
		if a := b.agentNow(); a.Chosen != ivr.Ready || a.World != queue.Talking {
			t.Errorf("the agent is %s, %s", a.Chosen, a.World)
		}
		b.sw.HangUp("a")
		b.after(time.Second)
		b.settled()
	})
}
