package ivr_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"ikomek109/ivr"
)

// queues lets a citizen call and wait in the queue.
func (b *bench) queues(leg ivr.ChannelID, number ivr.Number) {
	b.sw.Connect(leg, func() *ivr.Inbox {
		return b.line.Arrive(ivr.Arrival{Node: node, Channel: leg, Caller: number, Dialled: "109"})
	})
	b.press(leg, "10")
}

// placesTold gives the places that the caller on a leg was told, in order.
func (b *bench) placesTold(leg ivr.ChannelID) (all []int) {
	b.t.Helper()
	for _, r := range b.journal.Records() {
		if r.Channel != leg {
			continue
		}
		for _, e := range b.journal.Entries(r.ID) {
			if e.Kind != ivr.PlaceTold {
				continue
			}
			place, err := strconv.Atoi(e.Detail["place"])
			if err != nil {
				b.t.Error(err)
			}
			all = append(all, place)
		}
	}
	return all
}

// TestPlaceToldNeverGrows, though somebody has an earlier place back, and the
// program is killed and started again: at any time, also while it tells a place.
func TestPlaceToldNeverGrows(t *testing.T) {
	for _, later := range []time.Duration{0, time.Minute} {
		t.Run(fmt.Sprint(later), func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.startDesk()
				b.reconcile()
				b.queues("r", "+77010000001")
				b.after(time.Second)
				b.sw.HangUp("r")
				b.after(time.Second)
				b.queues("a", "+77010000002")
				b.queues("b", "+77010000003")
				b.until("told", func() bool { return len(b.placesTold("b")) > 0 })
				b.after(later)
				b.queues("again", "+77010000001")
				before := len(b.placesTold("b"))
				b.killed()
				b.startedAgainWith(func(*ivr.Options) {})
				b.after(2 * time.Minute)
				told := b.placesTold("b")
				if len(told) <= before {
					t.Fatalf("told %v, of which %d before the start", told, before)
				}
				for i := 1; i < len(told); i++ {
					if told[i] > told[i-1] {
						t.Errorf("the places told are %v", told)
					}
				}
				if told[0] != 2 {
					t.Errorf("the places told are %v", told)
				}
				if again := b.placesTold("again"); len(again) == 0 || again[0] != 1 {
					t.Errorf("who has the place back was told %v", again)
				}
			})
		})
	}
}

// TestWaitCountsWhoComesBefore: callers of other queues, too, whom the same agents
// serve first. Ten, of five minutes each, for two agents: twenty-five minutes.
func TestWaitCountsWhoComesBefore(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.with(func(o *ivr.Options) { o.World = world{queue: busy(), elsewhere: 9} })
		b.startDesk()
		b.arrive("a")
		b.press("a", "20")
		b.after(10 * time.Second)
		told := b.entriesOf(ivr.WaitTold)
		if len(told) != 1 || told[0].Detail["from"] != "18" || told[0].Detail["to"] != "32" {
			t.Errorf("told %v", told)
		}
	})
}

// TestWaitIsNotToldWhenNobodyFits: those on duty do not speak the caller's language.
func TestWaitIsNotToldWhenNobodyFits(t *testing.T) {
	for _, unfit := range []bool{false, true} {
		inBubble(t, func(t *testing.T, b *bench) {
			b.with(func(o *ivr.Options) { o.World = world{queue: busy(), unfit: unfit} })
			b.startDesk()
			b.arrive("a")
			b.press("a", "20")
			b.after(3 * time.Minute)
			if told := b.entriesOf(ivr.WaitTold); (len(told) == 0) != unfit || heard(b, "play", "queue/wait") == unfit {
				t.Errorf("nobody fits: %v; told %v", unfit, told)
			}
			if len(b.entriesOf(ivr.PlaceTold)) == 0 {
				t.Error("the place was not told")
			}
		})
	}
}
