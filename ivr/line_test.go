package ivr_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/queue"
)

func TestSilentCallerHearsKazakhAndReachesAnOperator(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.startDesk()
		b.arrive("a")
		b.after(5 * time.Minute)
		r := b.only()
		if r.Language != flows.Kazakh {
			t.Errorf("language %q, want kk", r.Language)
		}
		if !r.Waiting() && r.Path[len(r.Path)-1] != "operator" {
			t.Errorf("a silent caller is at %v", r.Path)
		}
		if !heard(b, "play", "kk/queue/place=1") {
			t.Errorf("the place was not told: %v", b.sw.Did())
		}
		b.sw.HangUp("a")
		b.after(time.Second)
		if r := b.only(); r.Outcome != ivr.Abandoned || r.Reason != ivr.CallerHungUp {
			t.Errorf("ended as %s, %s", r.Outcome, r.Reason)
		}
		b.settled()
	})
}

// heard tells whether a playback held the sound.
func heard(b *bench, op, sound string) bool {
	return slices.ContainsFunc(b.sw.Did(), func(d string) bool {
		return strings.HasPrefix(d, op) && strings.Contains(d, sound)
	})
}

func TestAnswerHeardInRussian(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.startDesk()
		b.arrive("a")
		b.press("a", "2") // early, during the welcome
		b.after(2 * time.Second)
		b.press("a", "32") // transport, its second answer
		b.after(40 * time.Second)
		if !heard(b, "play", "ru/transport-fare/") {
			t.Errorf("not heard: %v", b.sw.Did())
		}
		b.sw.HangUp("a")
		b.after(time.Second)
		r := b.only()
		if r.Outcome != ivr.Informed || r.Language != flows.Russian || r.Keys != "232" || !strings.HasPrefix(r.Category, "transport") {
			t.Errorf("record %+v", r)
		}
		b.settled()
	})
}

func TestHangingUpOnTheLastWordCountsAsHeard(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.startDesk()
		b.arrive("a")
		b.press("a", "232")
		var played time.Time
		for !heard(b, "play", "ru/transport-fare/text") {
			b.after(10 * time.Millisecond)
		}
		played = time.Now()
		phrase, _ := b.flow.Phrase("transport-fare/text")
		_, length, _ := ivrtest.Voice{}.Sounds("ru", "", phrase.Text.RU, nil)
		b.after(length * 9 / 10)
		b.sw.HangUp("a")
		b.after(time.Second)
		if r := b.only(); r.Heard != 1 || r.Outcome != ivr.Informed {
			t.Errorf("after %s of %s: record %+v, journal %+v", time.Since(played), length, r, b.journal.Entries(r.ID))
		}
		b.settled()
	})
}

func TestGoodbyeEndsTheCall(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.startDesk()
		b.arrive("a")
		b.press("a", "131")
		b.after(30 * time.Second)
		b.press("a", "3") // goodbye, after the answer
		b.after(time.Minute)
		r := b.only()
		if r.Live() {
			t.Fatalf("still there, at %v", r.Path)
		}
		b.settled()
	})
}

// TestHangUpAtEveryMoment hangs up after the first command, the second, the
// third … of a call that goes through menu, answer, queue and agent.
func TestHangUpAtEveryMoment(t *testing.T) {
	for n := 1; ; n++ {
		done := false
		t.Run(fmt.Sprint("after command ", n), func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.agent("aigerim", ivrtest.Manner{Answer: 3 * time.Second})
				b.agent("daniyar", ivrtest.Manner{Cause: 17})
				b.startDesk()
				b.sw.Watch(func(_ string, _ ivr.ChannelID, now int) {
					if now == n {
						go b.sw.HangUp("a")
					}
				})
				b.arrive("a")
				b.press("a", "2")
				b.after(2 * time.Second)
				b.press("a", "31")
				b.after(10 * time.Second)
				b.press("a", "0")
				b.after(30 * time.Second)
				done = len(b.sw.Did()) < n
				b.sw.HangUp("a")
				b.after(time.Minute)
				b.settled()
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

func TestConversation(t *testing.T) {
	for _, who := range []string{"caller", "agent"} {
		t.Run(who+" hangs up", func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.agent("aigerim", ivrtest.Manner{Answer: 3 * time.Second})
				b.startDesk()
				b.arrive("a")
				b.press("a", "10")
				b.after(20 * time.Second)
				if b.sw.Bridges() != 1 {
					t.Fatalf("no conversation: %v", b.sw.Did())
				}
				if heard(b, "play", "queue/joined") {
					t.Error("told that all are busy, when one was free")
				}
				if !heard(b, "play", "kk/connecting") {
					t.Error("not told that the operator is being rung")
				}
				b.hangUp(who)
				b.after(time.Minute)
				r := b.only()
				if r.Outcome != ivr.Served || r.Agent != "aigerim" || r.Talk < 10*time.Second {
					t.Errorf("record %+v", r)
				}
				if want := map[string]ivr.Reason{"caller": ivr.CallerHungUp, "agent": ivr.Goodbye}[who]; r.Reason != want {
					t.Errorf("reason %s, want %s", r.Reason, want)
				}
				b.settled()
			})
		})
	}
}

// hangUp hangs up the caller's leg, or the other one.
func (b *bench) hangUp(who string) {
	for _, l := range b.sw.Legs() {
		if (l.Channel == "a") == (who == "caller") {
			b.sw.HangUp(l.Channel)
		}
	}
}

func TestAgentWhoDoesNotPickUpIsPassedOver(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.agent("aigerim", ivrtest.Manner{}) // idle longest, never picks up
		b.after(time.Second)
		b.agent("daniyar", ivrtest.Manner{Answer: 2 * time.Second})
		b.startDesk()
		b.arrive("a")
		b.press("a", "10")
		b.after(time.Minute)
		if b.sw.Bridges() != 1 {
			t.Fatalf("no conversation: %v", b.sw.Did())
		}
		b.sw.HangUp("a")
		b.after(time.Second)
		r := b.only()
		if r.Agent != "daniyar" {
			t.Errorf("served by %q", r.Agent)
		}
		agents, _, err := b.store.Agents(t.Context())
		if err != nil || agents[0].Chosen != ivr.Paused || agents[0].PauseReason != queue.MissedReason {
			t.Errorf("who missed is %+v, %v", agents[0], err)
		}
		b.settled()
	})
}

func TestWayBackFromTheQueueKeepsThePlace(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.startDesk()
		for _, leg := range []ivr.ChannelID{"a", "b"} {
			b.arrive(leg)
			b.press(leg, "10")
			b.after(10 * time.Second)
		}
		b.press("a", "*")
		b.after(5 * time.Second)
		b.press("a", "0")
		b.after(10 * time.Second)
		told := 0
		for _, d := range b.sw.Did() {
			if strings.Contains(d, "queue/place=1") {
				told++
			}
		}
		if told < 2 {
			t.Errorf("first place told %d times: %v", told, b.sw.Did())
		}
		b.sw.HangUp("a")
		b.sw.HangUp("b")
		b.after(time.Second)
		b.settled()
	})
}

func TestAgentCodes(t *testing.T) {
	for code, want := range ivr.Codes() {
		t.Run(code, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.agent("aigerim", ivrtest.Manner{})
				b.startDesk()
				b.dial(code)
				b.after(20 * time.Second)
				agents, _, _ := b.store.Agents(t.Context())
				if agents[0].Chosen != want {
					t.Errorf("chose %s, want %s", agents[0].Chosen, want)
				}
				if !heard(b, "play", "kk/agent/"+string(want)) || !heard(b, "play", "ru/agent/"+string(want)) {
					t.Errorf("not confirmed: %v", b.sw.Did())
				}
				b.settled()
			})
		})
	}
}
