package ivr_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/queue"
	"ikomek109/queue/queuetest"
)

// with has the bench use another line, on parts that the test has changed.
func (b *bench) with(change func(o *ivr.Options)) {
	o := ivr.Options{
		Switch: b.sw, Journal: b.journal, Queue: b.desk, Roster: b.desk, Voice: ivrtest.Voice{},
		Flow:   func() *flows.Flow { return b.flow },
		Logger: slog.New(slog.NewTextHandler(testWriter{b.t}, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	change(&o)
	b.line = ivr.NewLine(o)
}

// stuck is a store whose answer does not come while it hangs, as that of a
// locked file: it gives up when the one who asks does.
type stuck struct{ hangs atomic.Bool }

func (s *stuck) wait(ctx context.Context, op string) error {
	if !s.hangs.Load() {
		return nil
	}
	<-ctx.Done()
	return &ivr.Error{Op: op, Code: ivr.Unavailable, Message: "the store did not take it in time", Err: ctx.Err()}
}

// stuckTickets is a store of the queue that hangs on entering and connecting.
type stuckTickets struct {
	*queuetest.Store
	stuck
}

func (s *stuckTickets) Enter(ctx context.Context, e queue.Entry) (queue.Ticket, error) {
	if err := s.wait(ctx, "enter"); err != nil {
		return queue.Ticket{}, err
	}
	return s.Store.Enter(ctx, e)
}

func (s *stuckTickets) Connected(ctx context.Context, call ivr.CallID, agent ivr.AgentID, at time.Time) error {
	if err := s.wait(ctx, "connect"); err != nil {
		return err
	}
	return s.Store.Connected(ctx, call, agent, at)
}

func (s *stuckTickets) Finish(ctx context.Context, call ivr.CallID, at, until time.Time) error {
	if err := s.wait(ctx, "finish"); err != nil {
		return err
	}
	return s.Store.Finish(ctx, call, at, until)
}

func (s *stuckTickets) Drop(ctx context.Context, call ivr.CallID, keep bool, at time.Time) error {
	if err := s.wait(ctx, "drop"); err != nil {
		return err
	}
	return s.Store.Drop(ctx, call, keep, at)
}

// onStuckTickets gives the bench a desk on a store that can hang.
func (b *bench) onStuckTickets() *stuckTickets {
	s := &stuckTickets{Store: b.store}
	b.desk = queue.NewDesk(queue.Options{Tickets: s, Staff: b.store, Log: slog.New(slog.DiscardHandler)})
	b.with(func(*ivr.Options) {})
	return s
}

// TestQueueStoreThatHangsHoldsNobody: the caller is told something, may hang
// up, and is queued as soon as the store answers.
func TestQueueStoreThatHangsHoldsNobody(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		store := b.onStuckTickets()
		b.startDesk()
		store.hangs.Store(true)
		for _, leg := range []ivr.ChannelID{"stays", "goes"} {
			b.arrive(leg)
			b.press(leg, "10")
		}
		b.after(15 * time.Second)
		if !heard(b, "play", "kk/queue/closed") {
			t.Errorf("a caller whom the queue does not take hears nothing: %v", b.sw.Did())
		}
		b.sw.HangUp("goes")
		b.after(15 * time.Second)
		for _, r := range b.journal.Records() {
			if r.Channel == "goes" && r.Live() {
				t.Error("who hung up is still a live call")
			}
		}
		store.hangs.Store(false)
		b.after(15 * time.Second)
		if !heard(b, "play", "kk/queue/place=1") {
			t.Errorf("not queued once the store answers: %v", b.sw.Did())
		}
		b.sw.HangUp("stays")
		b.after(15 * time.Second)
		b.settled()
	})
}

// TestAgentAndCallerTalkThoughTheStoreHangs: neither of them waits for a disk.
func TestAgentAndCallerTalkThoughTheStoreHangs(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		store := b.onStuckTickets()
		b.agent("aigerim", ivrtest.Manner{Answer: 2 * time.Second})
		b.startDesk()
		b.arrive("a")
		b.press("a", "10")
		for !heard(b, "ring", "aigerim") {
			b.after(100 * time.Millisecond)
		}
		store.hangs.Store(true)
		b.after(2100 * time.Millisecond)
		b.pressAgent("1")
		b.after(3 * time.Second)
		if b.sw.Bridges() != 1 {
			t.Errorf("three seconds after the agent answered they can't talk: %v", b.sw.Did())
		}
		b.hangUp("agent")
		b.after(time.Minute) // asked for a mark, and giving none
		if r := b.only(); r.Live() || r.Outcome != ivr.Served {
			t.Errorf("record %+v", r)
		}
		store.hangs.Store(false)
		b.after(5 * time.Second)
		b.settled()
		if agents, _, _ := b.store.Agents(t.Context()); agents[0].World != queue.Idle {
			t.Errorf("the agent is %s", agents[0].World)
		}
	})
}

// stuckJournal is a journal that hangs.
type stuckJournal struct {
	ivr.Journal
	stuck
}

func (s *stuckJournal) Open(ctx context.Context, r ivr.Record, first ivr.Step) error {
	if err := s.wait(ctx, "open"); err != nil {
		return err
	}
	return s.Journal.Open(ctx, r, first)
}

func (s *stuckJournal) Append(ctx context.Context, step ivr.Step) error {
	if err := s.wait(ctx, "append"); err != nil {
		return err
	}
	return s.Journal.Append(ctx, step)
}

// TestJournalThatHangsIsWaitedForOnce: not a second at every step of the menu.
func TestJournalThatHangsIsWaitedForOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		journal := &stuckJournal{Journal: b.journal}
		journal.hangs.Store(true)
		b.with(func(o *ivr.Options) { o.Journal = journal })
		b.startDesk()
		b.arrive("a")
		b.press("a", "232")
		b.after(2 * time.Second)
		if !heard(b, "play", "ru/transport-fare/") {
			t.Errorf("a second after the last key, no answer yet: %v", b.sw.Did())
		}
		b.sw.HangUp("a")
		b.after(time.Minute)
		if n := len(b.journal.Records()); n != 0 {
			t.Fatalf("%d records in a journal that hangs", n)
		}
		journal.hangs.Store(false)
		b.after(10 * time.Second)
		if r := b.only(); r.Reason != ivr.CallerHungUp || r.Keys != "232" {
			t.Errorf("record %+v", r)
		}
		b.settled()
	})
}

// TestProgramStopsWhileTheJournalRests: the last state is sent all the same.
func TestProgramStopsWhileTheJournalRests(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.startDesk()
		b.arrive("a")
		b.after(time.Second)
		b.journal.Break(func(string, ivr.CallID) error { return errDown })
		b.press("a", "2")
		b.journal.Break(nil)
		b.close()
		if r := b.only(); r.Language != flows.Russian {
			t.Errorf("what happened before the stop is not in the store: %+v", r)
		}
	})
}

// TestAgentIsToldThatTheStoreHangs: a code is answered within seconds.
func TestAgentIsToldThatTheStoreHangs(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		roster := &stuckRoster{Roster: b.desk}
		roster.hangs.Store(true)
		b.with(func(o *ivr.Options) { o.Roster = roster })
		b.agent("aigerim", ivrtest.Manner{})
		b.startDesk()
		b.dial("*12")
		b.after(5 * time.Second)
		if !heard(b, "play", "kk/agent/failed") {
			t.Errorf("the agent hears silence: %v", b.sw.Did())
		}
		b.after(time.Minute)
		b.settled()
	})
}

type stuckRoster struct {
	ivr.Roster
	stuck
}

func (s *stuckRoster) Choose(ctx context.Context, id ivr.AgentID, c ivr.Chosen, reason string) error {
	if err := s.wait(ctx, "choose"); err != nil {
		return err
	}
	return s.Roster.Choose(ctx, id, c, reason)
}

// TestStoreThatHangsKeepsThePlace: who steps aside and comes back just then is
// where they were, once the store answers.
func TestStoreThatHangsKeepsThePlace(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		store := b.onStuckTickets()
		b.startDesk()
		for _, leg := range []ivr.ChannelID{"first", "second"} {
			b.arrive(leg)
			b.press(leg, "10")
			b.after(15 * time.Second)
		}
		b.press("first", "*")
		b.after(2 * time.Second)
		store.hangs.Store(true)
		b.press("first", "0")
		for !heard(b, "play", "kk/queue/closed") {
			b.after(100 * time.Millisecond)
		}
		store.hangs.Store(false)
		b.after(20 * time.Second)
		tickets, err := b.store.All(t.Context())
		if err != nil || len(tickets) != 2 {
			t.Fatalf("tickets %v, %v", tickets, err)
		}
		r, _ := b.journal.Record(tickets[0].Call)
		if r.Channel != "first" || tickets[0].Status != queue.Waiting {
			t.Errorf("%s comes first, %s", r.Channel, tickets[0].Status)
		}
		b.sw.HangUp("first")
		b.sw.HangUp("second")
		b.after(5 * time.Second)
		b.settled()
	})
}

// TestHangUpBeforeTheQueueAnswered leaves no ticket that the store has taken
// without our knowing.
func TestHangUpBeforeTheQueueAnswered(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.startDesk()
		late := &lateAnswer{Queue: b.desk}
		b.with(func(o *ivr.Options) { o.Queue = late })
		b.arrive("a")
		b.press("a", "10")
		for late.entered.Load() == 0 {
			b.after(100 * time.Millisecond)
		}
		b.after(time.Second)
		b.sw.HangUp("a")
		b.after(5 * time.Second)
		b.settled()
	})
}

// lateAnswer is a queue that takes callers and whose answer is lost.
type lateAnswer struct {
	ivr.Queue
	entered atomic.Int64
}

func (q *lateAnswer) Enter(ctx context.Context, t ivr.Ticket, in *ivr.Inbox) (ivr.Standing, error) {
	q.entered.Add(1)
	if _, err := q.Queue.Enter(ctx, t, in); err != nil {
		return ivr.Standing{}, err
	}
	return ivr.Standing{}, errDown
}

// TestKilledOnceTheQueueHadTheCaller, before anybody wrote that down, and the caller
// hangs up before the next program starts: no ticket is left for nobody.
func TestKilledOnceTheQueueHadTheCaller(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.startDesk()
		last := &lastWord{Queue: b.desk, b: b}
		b.with(func(o *ivr.Options) { o.Queue = last })
		b.reconcile()
		b.arrive("a")
		b.press("a", "10")
		b.until("in the queue", func() bool { return last.entered.Load() > 0 })
		b.killed()
		b.sw.HangUp("a")
		if r := b.only(); r.Waiting() {
			t.Fatalf("it was written down: %+v", r)
		}
		b.startedAgainWith(func(*ivr.Options) {})
		b.after(10 * time.Second)
		b.settled()
	})
}

// lastWord is a queue that takes a caller as the last thing that is written.
type lastWord struct {
	ivr.Queue
	b       *bench
	entered atomic.Int64
}

func (q *lastWord) Enter(ctx context.Context, t ivr.Ticket, in *ivr.Inbox) (ivr.Standing, error) {
	s, err := q.Queue.Enter(ctx, t, in)
	q.b.journal.Break(func(string, ivr.CallID) error { return errDown })
	q.entered.Add(1)
	return s, err
}
