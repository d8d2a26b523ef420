package ivr_test

import (
	"context"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/queue"
)

// entriesOf gives the entries of one kind of the only call.
func (b *bench) entriesOf(kind ivr.Kind) (all []ivr.Entry) {
	for _, e := range b.journal.Entries(b.only().ID) {
		if e.Kind == kind {
			all = append(all, e)
		}
	}
	return all
}

// busy is a queue with two on duty and five minutes a call.
func busy() flows.QueueState { return flows.QueueState{OnDuty: 2, Handling: 5 * time.Minute} }

// TestPlaceIsToldEverMoreSeldom: at once, and then at rising intervals.
func TestPlaceIsToldEverMoreSeldom(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.startDesk()
		b.arrive("a")
		b.press("a", "10")
		b.after(20 * time.Minute)
		told := b.entriesOf(ivr.PlaceTold)
		if len(told) < 6 {
			t.Fatalf("told %d times in 20 minutes", len(told))
		}
		for i := 2; i < len(told); i++ {
			before, now := told[i-1].At.Sub(told[i-2].At), told[i].At.Sub(told[i-1].At)
			if now+time.Second < before || now > 4*time.Minute {
				t.Errorf("announcement %d came after %s, the one before after %s", i, now, before)
			}
		}
		b.sw.HangUp("a")
		b.after(time.Second)
		b.settled()
	})
}

// TestWaitIsToldAsARange by the formula: place times the average handle time,
// shared by those on duty.
func TestWaitIsToldAsARange(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.with(func(o *ivr.Options) { o.World = world{queue: busy()} })
		b.startDesk()
		b.arrive("a")
		b.press("a", "20")
		b.after(20 * time.Second)
		told := b.entriesOf(ivr.WaitTold)
		// 1 × 5 ÷ 2 is two and a half minutes: from 1 to 4, a quarter taken and added.
		if len(told) != 1 || told[0].Detail["from"] != "1" || told[0].Detail["to"] != "4" {
			t.Errorf("told %v", told)
		}
		if !heard(b, "play", "ru/queue/wait_range") {
			t.Errorf("not said: %v", b.sw.Did())
		}
	})
}

// TestWaitIsNotToldWhenUnsure: with nobody on duty, or too few calls handled.
func TestWaitIsNotToldWhenUnsure(t *testing.T) {
	for name, q := range map[string]flows.QueueState{
		"nobody on duty": {Handling: time.Minute}, "too few calls": {OnDuty: 3},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.with(func(o *ivr.Options) { o.World = world{queue: q} })
				b.startDesk()
				b.arrive("a")
				b.press("a", "10")
				b.after(5 * time.Minute)
				if told := b.entriesOf(ivr.WaitTold); len(told) > 0 || heard(b, "play", "queue/wait") {
					t.Errorf("told %v", told)
				}
				if !heard(b, "play", "kk/queue/place=1") {
					t.Error("the place was not told")
				}
			})
		})
	}
}

// wavering is a line whose queue gets slower and slower.
type wavering struct {
	world
	handling *atomic.Int64
}

func (w wavering) Queue(string) flows.QueueState {
	return flows.QueueState{OnDuty: 1, Handling: time.Duration(w.handling.Load())}
}

// TestToldWaitNeverGrows for one caller, not even over a restart of the program,
// and who has waited longer than they were told is told no more.
func TestToldWaitNeverGrows(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		line := wavering{handling: new(atomic.Int64)}
		line.handling.Store(int64(8 * time.Minute))
		b.with(func(o *ivr.Options) { o.World = line })
		b.startDesk()
		b.arrive("a")
		b.press("a", "10")
		b.after(time.Minute)
		line.handling.Store(int64(30 * time.Minute))
		b.after(3 * time.Minute)
		b.killed()
		b.startedAgainWith(func(o *ivr.Options) { o.World = line })
		b.after(40 * time.Minute)
		told := b.entriesOf(ivr.WaitTold)
		if len(told) < 3 {
			t.Fatalf("told %v", told)
		}
		for _, e := range told[1:] {
			if to, _ := strconv.Atoi(e.Detail["to"]); to > 10 {
				t.Errorf("told up to 10 minutes first, and then %s", e.Detail["to"])
			}
			if from, _ := strconv.Atoi(e.Detail["from"]); from > 6 {
				t.Errorf("told 6 minutes at least first, and then %s", e.Detail["from"])
			}
		}
		last := told[len(told)-1].At.Sub(told[0].At)
		if last >= 10*time.Minute {
			t.Errorf("still told after %s, when 10 minutes were promised", last)
		}
		if places := b.entriesOf(ivr.PlaceTold); places[len(places)-1].At.Sub(told[0].At) < 30*time.Minute {
			t.Error("the place is not told any more")
		}
		b.sw.HangUp("a")
		b.after(time.Second)
		b.settled()
	})
}

// TestAnswersAreReadInTheQueue, and the caller is offered meanwhile: a free
// agent cuts them.
func TestAnswersAreReadInTheQueue(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.startDesk()
		b.arrive("a")
		b.press("a", "130") // transport, and an operator
		b.after(40 * time.Second)
		if !heard(b, "play", "queue/inform") {
			t.Errorf("the key was not told: %v", b.sw.Did())
		}
		did := len(b.sw.Did())
		b.press("a", "2")
		b.after(2 * time.Second)
		if !heardSince(b, did, "kk/transport-routes/text") {
			t.Errorf("not read: %v", b.sw.Did()[did:])
		}
		tickets, err := b.store.All(t.Context())
		if err != nil || len(tickets) != 1 || tickets[0].Status != queue.Waiting {
			t.Errorf("does not wait while listening: %v %v", tickets, err)
		}
		b.agent("aigerim", ivrtest.Manner{Answer: time.Second})
		b.after(5 * time.Second)
		if b.sw.Bridges() != 1 {
			t.Errorf("the answer kept the caller from a free agent: %v", b.sw.Did()[did:])
		}
	})
}

// TestCallbackAskedInTheQueue keeps the place until it is noted, and gives it
// up then; who thinks better of it waits on at the same place.
func TestCallbackAskedInTheQueue(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		wishes := new(ivrtest.Callbacks)
		b.with(func(o *ivr.Options) { o.Callbacks = wishes })
		b.startDesk()
		b.arrive("a")
		b.press("a", "130")
		b.after(30 * time.Second)
		b.press("a", "1")
		b.after(time.Second)
		b.press("a", "*")
		b.after(2 * time.Second)
		if r := b.only(); !r.Waiting() {
			t.Fatalf("does not wait: %+v", r)
		}
		b.press("a", "11")
		b.after(2 * time.Second)
		if all := wishes.All(); len(all) != 1 || time.Since(all[0].Since) < 30*time.Second {
			t.Fatalf("noted: %+v", all)
		}
		if tickets, _ := b.store.All(context.Background()); len(tickets) != 0 {
			t.Errorf("the ticket is there still: %v", tickets)
		}
		b.sw.HangUp("a")
		b.after(time.Second)
		if r := b.only(); r.Outcome != ivr.Recalled {
			t.Errorf("outcome %s", r.Outcome)
		}
		if why := b.entriesOf(ivr.LeftQueue); len(why) != 1 || !strings.Contains(why[0].Detail["why"], "callback") {
			t.Errorf("left the queue: %v", why)
		}
		b.settled()
	})
}

// TestCallbackNotedBefore: who is on the list already, and asks once more from the
// queue, is called back, and has not given up.
func TestCallbackNotedBefore(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		wishes := new(ivrtest.Callbacks)
		if err := wishes.Ask(t.Context(), ivrtest.NewCallback("+77011234567", "another")); err != nil {
			t.Fatal(err)
		}
		b.with(func(o *ivr.Options) { o.Callbacks = wishes })
		b.startDesk()
		b.arrive("a")
		b.press("a", "130")
		b.after(30 * time.Second)
		b.press("a", "11")
		b.after(time.Minute)
		if r := b.only(); r.Outcome != ivr.Recalled || r.Reason != ivr.Goodbye || r.Wait < 20*time.Second {
			t.Errorf("outcome %s by %s, after waiting %s", r.Outcome, r.Reason, r.Wait)
		}
		if why := b.entriesOf(ivr.LeftQueue); len(why) != 1 || why[0].Detail["why"] != "callback" {
			t.Errorf("left the queue: %v", why)
		}
		if all := wishes.All(); len(all) != 1 || all[0].Call != "another" {
			t.Errorf("noted: %+v", all)
		}
		b.settled()
	})
}
