package ivr_test

import (
	"slices"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

// TestRecordedThoughKilledBefore: whoever was told that the conversation is
// recorded is recorded, at whichever moment before that the program was killed.
func TestRecordedThoughKilledBefore(t *testing.T) {
	for name, k := range map[string]struct {
		command string // of the switch: the store takes nothing any more from then on
		fails   bool   // it does not come to the switch any more
		promise bool   // or from the promise on
	}{
		"joined":               {command: "join"},
		"about to be promised": {promise: true},
		"promised":             {command: "record bridge", fails: true},
		"begun, and not noted": {command: "record bridge"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				kept := b.recording()
				down := func() error {
					b.journal.Break(func(string, ivr.CallID) error { return errDown })
					b.store.Break(func(string) error { return errDown })
					return errDown
				}
				b.sw.Watch(func(op string, _ ivr.ChannelID, _ int) {
					if op == k.command {
						_ = down()
					}
				})
				b.sw.Break(func(op string, _ ivr.ChannelID) error {
					if k.fails && op == k.command {
						return down()
					}
					return nil
				})
				kept.Break(func(string) error {
					if k.promise {
						return down()
					}
					return nil
				})
				b.talks()
				b.killed()
				b.sw.Watch(nil)
				b.sw.Break(nil)
				kept.Break(nil)
				b.startedAgainWith(b.recorder(kept))
				b.after(20 * time.Second)
				if !b.speaks("a", "aigerim") {
					t.Errorf("they do not speak: %v", b.sw.Did())
				}
				b.sw.HangUp("a")
				b.after(time.Minute)
				all, noted := kept.All(), b.entriesOf(ivr.CallRecorded)
				if len(all) != 1 || all[0].State != ivr.ConversationKept || all[0].Length < 20*time.Second || all[0].Agent != "aigerim" {
					t.Fatalf("kept is %+v, failed %v", all, b.failures())
				}
				if len(noted) != 1 || noted[0].Detail["recording"] != string(all[0].ID) || b.failures() != nil {
					t.Errorf("noted are %v, failed %v", noted, b.failures())
				}
				if left := b.sw.Tapes(); len(left) != 0 {
					t.Errorf("left are %v", left)
				}
				b.settled()
			})
		})
	}
}

// TestRecordedAfterHoldAndKill: the next program knows that the caller was told,
// and records what is said once they are taken back from hold.
func TestRecordedAfterHoldAndKill(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		kept := b.recording()
		b.talks()
		b.after(10 * time.Second)
		b.pressAgent("*0")
		b.killed()
		b.startedAgainWith(b.recorder(kept))
		b.after(5 * time.Second)
		b.pressAgent("*0")
		b.after(15 * time.Second)
		b.sw.HangUp("a")
		b.after(time.Minute)
		all := kept.All()
		if len(all) != 2 || all[0].State != ivr.ConversationKept || all[1].State != ivr.ConversationKept || all[1].Length < 15*time.Second {
			t.Errorf("kept is %+v, failed %v", all, b.failures())
		}
		b.settled()
	})
}

// TestRecordedWithAColleague as with the agent; what a partner is told is not.
func TestRecordedWithAColleague(t *testing.T) {
	for keys, want := range map[string][]ivr.AgentID{"*3202#": {"aigerim", "daniyar"}, "*3112#": {"aigerim"}} {
		inBubble(t, func(t *testing.T, b *bench) {
			kept := ivrtest.NewConversations()
			b.with(func(o *ivr.Options) { b.recorder(kept)(o); handing(o) })
			b.talks()
			b.sw.Partner("112", ivrtest.Manner{Answer: time.Second})
			b.agent("daniyar", ivrtest.Manner{Answer: time.Second})
			b.after(10 * time.Second)
			b.keys(keys)
			b.until("they speak", func() bool { return b.speaks("a", "daniyar") || b.speaks("a", "112") })
			b.after(10 * time.Second)
			b.sw.HangUp("a")
			b.after(time.Minute)
			var with []ivr.AgentID
			for _, c := range kept.All() {
				if with = append(with, c.Agent); c.State != ivr.ConversationKept || c.Length < 10*time.Second {
					t.Errorf("%s: %+v", keys, c)
				}
			}
			if !slices.Equal(with, want) {
				t.Errorf("%s: recorded with %v", keys, with)
			}
			b.settled()
		})
	}
}
