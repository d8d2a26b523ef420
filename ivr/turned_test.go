package ivr_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/queue"
)

// inTwoQueues runs a test in a menu of two queues, that of roads leading on to
// that of water, where callers are patient for half a minute.
func inTwoQueues(t *testing.T, f func(t *testing.T, b *bench)) {
	t.Helper()
	inBubble(t, func(t *testing.T, b *bench) {
		b.serves(strings.Replace(twoQueues, "queue: roads}", "queue: roads, timeout: water}", 1))
		b.halfAMinute()
		b.startDesk()
		f(t, b)
	})
}

// halfAMinute is the longest wait in every queue.
func (b *bench) halfAMinute() {
	rules := queue.DefaultRules()
	rules.LongestWait = 30 * time.Second
	b.desk.SetRules(queue.Rulebook{Default: rules})
}

// reasons gives why a call left queues, in order.
func (b *bench) reasons(id ivr.CallID) (all []string) {
	for _, e := range b.journal.Entries(id) {
		if e.Kind == ivr.LeftQueue {
			all = append(all, e.Detail["why"])
		}
	}
	return all
}

// TestTurnedOutGoesOnWaiting: whom no agent served in one queue, and then in the
// next, is still before who came later; the wait is counted from its beginning.
func TestTurnedOutGoesOnWaiting(t *testing.T) {
	inTwoQueues(t, func(t *testing.T, b *bench) {
		b.arrive("a")
		b.press("a", "11") // roads
		b.after(20 * time.Second)
		b.arrive("b")
		b.press("b", "12")        // water
		b.after(60 * time.Second) // a is led to water, and from there nowhere
		b.agent("aigerim", ivrtest.Manner{Answer: time.Second})
		b.after(10 * time.Second)
		var a, later ivr.Record
		for _, r := range b.journal.Records() {
			for _, e := range b.journal.Entries(r.ID) {
				r.Fold(e)
			}
			if r.Channel == "a" {
				a = r
			} else {
				later = r
			}
		}
		if a.Agent != "aigerim" || a.Wait < 80*time.Second || a.Queue != "water" {
			t.Errorf("who waited longest: %+v", a)
		}
		if !later.Waiting() {
			t.Errorf("who came later: %+v", later)
		}
		if got := b.reasons(a.ID); len(got) < 2 || got[0] != "timeout" || got[1] != "timeout" {
			t.Errorf("left queues for %v", got)
		}
		b.sw.HangUp("a")
		b.sw.HangUp("b")
		b.after(5 * time.Second)
		b.settled()
	})
}

// TestTurnedOutAndOfferedMeanwhile: what is said to who waits on keeps them from no
// agent, who would else have the one behind.
func TestTurnedOutAndOfferedMeanwhile(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.serves(twoQueues)
		b.halfAMinute()
		b.startDesk()
		b.arrive("a")
		b.press("a", "11")
		b.after(20 * time.Second)
		b.arrive("b")
		b.press("b", "11")
		for range 200 {
			if b.after(100 * time.Millisecond); heard(b, "play", "queue/stay") {
				break
			}
		}
		b.agent("aigerim", ivrtest.Manner{Answer: 500 * time.Millisecond})
		b.after(6 * time.Second)
		for _, r := range b.journal.Records() {
			for _, e := range b.journal.Entries(r.ID) {
				r.Fold(e)
			}
			if served := r.Agent == "aigerim"; served != (r.Channel == "a") {
				t.Errorf("the caller %s: served %t, %v; %v", r.Channel, served, b.reasons(r.ID), b.sw.Did())
			}
		}
		b.sw.HangUp("a")
		b.sw.HangUp("b")
		b.after(5 * time.Second)
		b.settled()
	})
}

// closing is a queue that takes nobody any more when it is told to.
type closing struct {
	ivr.Queue
	closed  atomic.Bool
	refused atomic.Int64
}

func (q *closing) Enter(ctx context.Context, t ivr.Ticket, in *ivr.Inbox) (ivr.Standing, error) {
	if q.closed.Load() {
		q.refused.Add(1)
		return ivr.Standing{}, errDown
	}
	return q.Queue.Enter(ctx, t, in)
}

// TestTurnedOutAndNotTakenBack: the caller is told to hold on, now and then, and is
// back in the queue when it takes them.
func TestTurnedOutAndNotTakenBack(t *testing.T) {
	inTwoQueues(t, func(t *testing.T, b *bench) {
		q := &closing{Queue: b.desk}
		b.with(func(o *ivr.Options) { o.Queue = q })
		b.arrive("a")
		b.press("a", "12") // water, from which nothing leads on
		b.after(20 * time.Second)
		q.closed.Store(true)
		b.after(60 * time.Second)
		if n := q.refused.Load(); n < 2 || n > 20 || !heard(b, "play", "queue/stay") || !heard(b, "play", "queue/closed") {
			t.Errorf("asked %d times: %v", n, b.sw.Did())
		}
		q.closed.Store(false)
		b.agent("aigerim", ivrtest.Manner{Answer: time.Second})
		b.after(30 * time.Second)
		if r := b.only(); r.Agent != "aigerim" {
			t.Errorf("record %+v", r)
		}
		b.sw.HangUp("a")
		b.after(5 * time.Second)
		b.settled()
	})
}

// TestTurnedOutAndGone is counted as overflowed when the caller is in no queue
// any more, and leaves no ticket behind.
func TestTurnedOutAndGone(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.halfAMinute()
		b.startDesk()
		b.arrive("a")
		b.press("a", "10")
		b.after(45 * time.Second) // in the menu that the shipped flow has for it
		b.sw.HangUp("a")
		b.after(5 * time.Second)
		if r := b.only(); r.Outcome != ivr.Overflowed || r.Wait < 29*time.Second || r.Wait > 32*time.Second {
			t.Errorf("record %+v", r)
		}
		b.settled()
	})
}

// TestTurnedOutToACallback keeps the time since the caller waits.
func TestTurnedOutToACallback(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		rules := queue.DefaultRules()
		rules.LongestWait = 30 * time.Second
		o.desk.SetRules(queue.Rulebook{Default: rules})
		o.startDesk()
		o.arriveAt("0", 45*time.Second) // turned out, and asked to hold on
		queued := o.only().QueuedAt
		o.press("a", "*")
		o.after(time.Second)
		o.press("a", "21")
		o.ended(ivr.Recalled)
		if all := o.callbacks.All(); len(all) != 1 || !all[0].Since.Equal(queued) || time.Since(queued) < 45*time.Second {
			t.Errorf("noted are %+v, queued at %s", all, queued)
		}
	})
}

// TestPassedOverIsOnRecord: who waits for an agent of their own language has in
// the journal why others went first.
func TestPassedOverIsOnRecord(t *testing.T) {
	inTwoQueues(t, func(t *testing.T, b *bench) {
		b.arrive("a")
		b.press("a", "21") // Russian, roads
		b.after(5 * time.Second)
		b.sw.Agent("aigerim", ivrtest.Manner{Answer: time.Second})
		if err := b.store.Add(t.Context(), queue.Agent{
			ID: "aigerim", Languages: []flows.Language{flows.Kazakh}, Chosen: ivr.Ready, World: queue.Idle, IdleSince: time.Now(),
		}); err != nil {
			t.Fatal(err)
		}
		b.after(2 * time.Second)
		b.arrive("b")
		b.press("b", "11")
		b.after(10 * time.Second)
		b.sw.HangUp("a")
		b.sw.HangUp("b")
		b.after(5 * time.Second)
		b.settled()
		found := ""
		for _, r := range b.journal.Records() {
			for _, e := range b.journal.Entries(r.ID) {
				if e.Kind == ivr.PassedOverKind {
					found += string(r.Channel) + " " + e.Detail["why"] + " "
				}
			}
		}
		if found != "a language " {
			t.Errorf("passed over: %s", found)
		}
	})
}

// TestTwoFullQueues: who is sent from one to the other and back hears each time what
// is said there, and the line takes its time.
func TestTwoFullQueues(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		const says = `text: {kk: "Күте тұрыңыз, өтінеміз.", ru: "Пожалуйста, подождите."}`
		menu := strings.Replace(twoQueues, "queue: roads}", "queue: roads, overflow: water, "+says+"}", 1)
		b.serves(strings.Replace(menu, "queue: water}", "queue: water, overflow: roads, "+says+"}", 1))
		rules := queue.DefaultRules()
		rules.Capacity = 1
		b.desk.SetRules(queue.Rulebook{Default: rules})
		b.startDesk()
		for i, key := range []string{"11", "12"} {
			leg := ivr.ChannelID([]string{"x", "y"}[i])
			b.arrive(leg)
			b.press(leg, key)
			b.after(20 * time.Second)
		}
		b.arrive("a")
		b.press("a", "11")
		b.after(20 * time.Second)
		hops := 0
		for _, r := range b.journal.Records() {
			hops += len(b.reasons(r.ID))
		}
		if hops < 2 || hops > 40 {
			t.Errorf("%d times from one queue to the other in 20 seconds", hops)
		}
		for _, leg := range []ivr.ChannelID{"a", "x", "y"} {
			b.sw.HangUp(leg)
		}
		b.after(5 * time.Second)
		b.settled()
	})
}

// TestTurnedOutIsPromisedNoMore: who waits on in the queue that turned them out is
// told no longer wait, and no other place, than before.
func TestTurnedOutIsPromisedNoMore(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.serves(twoQueues)
		b.halfAMinute()
		line := wavering{handling: new(atomic.Int64)}
		line.handling.Store(int64(4 * time.Minute))
		b.with(func(o *ivr.Options) { o.World = line })
		b.startDesk()
		b.arrive("a")
		b.press("a", "11")
		b.after(20 * time.Second)
		line.handling.Store(int64(9 * time.Minute)) // calls take longer than they were thought to
		b.after(70 * time.Second)
		r := b.only()
		if got := b.reasons(r.ID); len(got) < 2 {
			t.Fatalf("turned out for %v", got)
		}
		told := 0
		for _, e := range b.journal.Entries(r.ID) {
			if e.Kind != ivr.WaitTold {
				continue
			}
			if told++; e.Detail["from"] != "3" || e.Detail["to"] != "5" {
				t.Errorf("told %v", e.Detail)
			}
		}
		if told < 2 {
			t.Errorf("told %d times", told)
		}
		b.ends("a")
	})
}

// TestAskedInVain: whom a queue took only after a while has waited since they first
// asked, and is before who asked later.
func TestAskedInVain(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.serves(twoQueues)
		q := &closing{Queue: b.desk}
		b.with(func(o *ivr.Options) { o.Queue = q })
		b.startDesk()
		q.closed.Store(true)
		first := map[ivr.ChannelID]time.Time{}
		for _, leg := range []ivr.ChannelID{"a", "b"} {
			b.arrive(leg)
			asked := q.refused.Load()
			b.press(leg, "12")
			for first[leg] = time.Now(); q.refused.Load() == asked; first[leg] = time.Now() {
				b.after(100 * time.Millisecond)
			}
			b.after(time.Minute)
		}
		q.closed.Store(false)
		b.after(time.Minute)
		for _, r := range b.journal.Records() {
			for _, e := range b.journal.Entries(r.ID) {
				r.Fold(e)
			}
			since, ok := b.desk.Rank(r.ID)
			if late := r.QueuedAt.Sub(first[r.Channel]); !ok || !since.Equal(r.QueuedAt) || late.Abs() > 2*time.Second {
				t.Errorf("%s asked at %s and waits since %s, on record since %s", r.Channel, first[r.Channel], since, r.QueuedAt)
			}
		}
		b.sw.HangUp("a")
		b.sw.HangUp("b")
		b.after(5 * time.Second)
		b.settled()
	})
}
