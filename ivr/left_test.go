package ivr_test

import (
	"context"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

// TestCallsLeftAreClosed as of the last thing known of them, however late that
// is done: nobody waits or talks for days.
func TestCallsLeftAreClosed(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.agent("aigerim", ivrtest.Manner{Answer: time.Second})
		b.startDesk()
		for _, leg := range []ivr.ChannelID{"talks", "waits", "menu"} {
			b.arrive(leg)
			if leg != "menu" {
				b.press(leg, "10")
			}
			b.after(20 * time.Second)
		}
		b.killed()
		b.after(72 * time.Hour)
		saved, err := b.journal.Live(t.Context(), node)
		if err != nil || len(saved) != 3 {
			t.Fatalf("%d calls are open, %v", len(saved), err)
		}
		want := map[ivr.ChannelID]ivr.Outcome{"talks": ivr.Served, "waits": ivr.Lost, "menu": ivr.Lost}
		for _, s := range saved {
			r, err := ivr.CloseLeft(t.Context(), b.journal, s)
			if err != nil {
				t.Fatal(err)
			}
			if r.Outcome != want[r.Channel] || r.Reason != ivr.GoneMeantime || r.EndedAt.Sub(r.ArrivedAt) > time.Minute || r.Wait > time.Minute {
				t.Errorf("%s: %+v", r.Channel, r)
			}
			if _, err := ivr.CloseLeft(t.Context(), b.journal, s); ivr.CodeOf(err) != ivr.Conflict {
				t.Errorf("closed twice: %v", err)
			}
		}
		for _, l := range b.sw.Legs() {
			_ = b.sw.Part(t.Context(), l.Bridge)
			b.sw.HangUp(l.Channel)
		}
		b.open()
		b.startDesk()
		b.settled()
	})
}

// TestLegOfACallThatIsOpen: the record of a new call is not lost to one that
// the store still has open on the same leg.
func TestLegOfACallThatIsOpen(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.startDesk()
		b.reconcile()
		stale := ivr.Record{ID: "stale", Node: node, Channel: "a", ArrivedAt: time.Now()}
		step := ivr.Step{Call: "stale", Entries: []ivr.Entry{{Seq: 1, At: time.Now(), Kind: ivr.Arrived}}}
		if err := b.journal.Open(t.Context(), stale, step); err != nil {
			t.Fatal(err)
		}
		b.after(time.Hour)
		b.arrive("a")
		b.press("a", "231")
		b.after(30 * time.Second)
		b.sw.HangUp("a")
		b.after(10 * time.Second)
		records := b.journal.Records()
		if len(records) != 2 {
			t.Fatalf("%d records, want both", len(records))
		}
		for _, r := range records {
			if want := map[bool]ivr.Reason{true: ivr.GoneMeantime, false: ivr.CallerHungUp}[r.ID == "stale"]; r.Reason != want {
				t.Errorf("%s ended as %s, %s", r.ID, r.Outcome, r.Reason)
			}
		}
	})
}

// late is a journal that does what it is asked and says so too late, once.
type late struct {
	ivr.Journal
	done bool // touched by one call's goroutine
}

func (l *late) Open(ctx context.Context, r ivr.Record, first ivr.Step) error {
	err := l.Journal.Open(ctx, r, first)
	if err == nil && !l.done {
		l.done = true
		return errDown
	}
	return err
}

// TestOpenedAfterAllIsOpened: a store that wrote the record and was too slow to
// say so is not asked for another.
func TestOpenedAfterAllIsOpened(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.with(func(o *ivr.Options) { o.Journal = &late{Journal: b.journal} })
		b.startDesk()
		b.reconcile()
		b.arrive("a")
		b.press("a", "231")
		b.after(30 * time.Second)
		b.sw.HangUp("a")
		b.after(10 * time.Second)
		if r := b.only(); r.Outcome != ivr.Informed || r.Keys != "231" {
			t.Errorf("record %+v", r)
		}
		b.settled()
	})
}
