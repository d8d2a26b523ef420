package ivr_test

import (
	"context"
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
)

// world is a line of which everything is made up.
type world struct {
	mode      string
	bulletins []flows.Bulletin
	queue     flows.QueueState
	elsewhere int  // callers of other queues who come before
	unfit     bool // nobody on duty can serve the caller
	hang      bool // the store behind it does not answer
}

func (w world) Mode() string                  { return w.mode }
func (w world) Queue(string) flows.QueueState { return w.queue }
func (w world) Serving(ivr.Ticket) (agents, before int) {
	if w.unfit {
		return 0, w.elsewhere
	}
	return math.MaxInt, w.elsewhere
}
func (w world) Demand(string) map[string]int { return nil }
func (w world) Bulletins(ctx context.Context, caller ivr.Number) ([]flows.Bulletin, bool) {
	if w.hang && caller != "" {
		<-ctx.Done()
	}
	return w.bulletins, false
}

func (w world) CallsToday(ctx context.Context, _ ivr.Number, _ ivr.CallID) (int, error) {
	if w.hang {
		<-ctx.Done()
		return 0, ctx.Err()
	}
	return 3, nil
}

// TestStoreThatHangsKeepsNoBulletin has a caller hear the first word soon, with
// the bulletin, though the store that is asked about them does not answer.
func TestStoreThatHangsKeepsNoBulletin(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		flood := flows.Bulletin{ID: "1", Text: flows.Text{KK: "Су тасқыны.", RU: "Паводок."}}
		b.with(func(o *ivr.Options) {
			o.World = world{mode: "emergency", bulletins: []flows.Bulletin{flood}, hang: true}
		})
		b.arrive("a")
		b.after(time.Second)
		played := slices.IndexFunc(b.sw.Did(), func(did string) bool { return strings.HasPrefix(did, "play") })
		if played < 0 {
			t.Errorf("nothing was said within a second: %v", b.sw.Did())
		}
		b.after(time.Minute) // the mode's own comes first
		id := b.journal.Records()[0].ID
		if !slices.ContainsFunc(b.journal.Entries(id), func(e ivr.Entry) bool {
			return e.Kind == ivr.BulletinBegun && e.Detail["bulletin"] == "bulletin/1"
		}) {
			t.Errorf("the bulletin is not on record: %v", b.journal.Entries(id))
		}
	})
}

// TestService has an agent's phone talk with a service: what is keyed in
// reaches it, also while a prompt plays, and is on no record.
func TestService(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		var agent ivr.AgentID
		var digits string
		var ended error
		b.with(func(o *ivr.Options) {
			o.Services = map[string]ivr.Service{"*15": func(ctx context.Context, h *ivr.Handset) error {
				agent = h.Agent()
				if err := h.Say(ctx, ivr.Said{ID: "agent/pin"}); err != nil {
					return err
				}
				digits, _ = h.Digits(ctx, 8, time.Second)
				_, _, ended = h.Key(ctx, time.Hour)
				return ended
			}}
		})
		b.dial("*15")
		b.after(100 * time.Millisecond)
		b.sw.Press("c", "12a3#")
		b.after(2 * time.Second)
		b.sw.HangUp("c")
		b.after(time.Second)
		if agent != "aigerim" || digits != "123" || !ivr.HungUp(ended) {
			t.Errorf("agent %q keyed in %q, ended by %v", agent, digits, ended)
		}
	})
}

// TestServiceIsHungUp ends the agent's call also after a service that panics or
// fails.
func TestServiceIsHungUp(t *testing.T) {
	for name, service := range map[string]ivr.Service{
		"done":   func(context.Context, *ivr.Handset) error { return nil },
		"failed": func(context.Context, *ivr.Handset) error { return errors.New("no") },
		"panics": func(context.Context, *ivr.Handset) error { panic("no") },
		"stays":  func(ctx context.Context, _ *ivr.Handset) error { <-ctx.Done(); return ctx.Err() },
	} {
		inBubble(t, func(t *testing.T, b *bench) {
			b.with(func(o *ivr.Options) { o.Services = map[string]ivr.Service{"*15": service} })
			b.dial("*15")
			b.after(time.Hour)
			if len(b.sw.Legs()) > 0 {
				t.Errorf("%s: the agent's phone is still in the call", name)
			}
		})
	}
}

// TestTally wants demand to put options in order, and the order to hold still.
func TestTally(t *testing.T) {
	noon := time.Date(2022, 1, 5, 12, 0, 0, 0, time.UTC)
	tally := ivr.NewTally(3 * time.Hour)
	choose := func(minute, n int, option string) {
		for range n {
			tally.Add(ivr.Choice{At: noon.Add(time.Duration(minute) * time.Minute), Menu: "topics", Option: option})
		}
	}
	is := func(what string, minute int, want ...string) {
		t.Helper()
		tally.Settle(noon.Add(time.Duration(minute) * time.Minute))
		ranks := tally.Of("topics")
		got := slices.SortedFunc(maps.Keys(ranks), func(a, b string) int { return ranks[b] - ranks[a] })
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	is("at first", 0)
	choose(1, 9, "water")
	is("a few are no demand", 6)
	choose(7, 31, "water")
	is("not at once", 9)
	is("counted", 10, "water")
	choose(12, 41, "bus")
	is("one more is not clearly more", 15, "water", "bus")
	choose(16, 8, "bus")
	is("nor are nine", 20, "water", "bus")
	choose(21, 1, "bus")
	is("ten are, and a fifth", 25, "bus", "water")
	choose(26, 11, "water")
	is("it does not go back by one", 30, "bus", "water")
	is("what is older than three hours is forgotten", 3*60+15, "bus", "water")
	is("also of what came first", 3*60+25, "water")
	is("and a menu that nobody asks is as in the file", 4*60)
	if got := tally.Of("another"); len(got) != 0 {
		t.Errorf("another menu: %v", got)
	}
}
