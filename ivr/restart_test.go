package ivr_test

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/queue"
)

// tracked is a switch that remembers which playbacks were begun and stopped.
type tracked struct {
	*ivrtest.Switch
	mu      sync.Mutex
	begun   []ivr.PlayID // guarded by mu
	stopped []ivr.PlayID // guarded by mu
}

func (s *tracked) Play(ctx context.Context, p ivr.Play) error {
	s.mu.Lock()
	s.begun = append(s.begun, p.ID)
	s.mu.Unlock()
	return s.Switch.Play(ctx, p)
}

func (s *tracked) Stop(ctx context.Context, id ivr.PlayID) error {
	s.mu.Lock()
	s.stopped = append(s.stopped, id)
	s.mu.Unlock()
	return s.Switch.Stop(ctx, id)
}

// did gives both, the begun ones in order of their ids.
func (s *tracked) did() (begun, stopped []ivr.PlayID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(slices.Values(s.begun)), slices.Clone(s.stopped)
}

// killed ends the program at one moment: nothing that it does from then on reaches
// a store or the switch, nor does it learn of that and do something else.
func (b *bench) killed() {
	var dead atomic.Bool
	b.sw.Break(func(string, ivr.ChannelID) error { return endIf(&dead) })
	b.journal.Break(func(string, ivr.CallID) error { return endIf(&dead) })
	b.store.Break(func(string) error { // its goroutines are waited for
		if dead.Load() {
			return errDown
		}
		return nil
	})
	dead.Store(true)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_ = b.line.Stop(ctx)
	_ = b.desk.Stop(ctx)
	b.sw.Break(nil)
	b.journal.Break(nil)
	b.store.Break(nil)
}

// endIf ends the goroutine that asks, once dead.
func endIf(dead *atomic.Bool) error {
	if dead.Load() {
		runtime.Goexit()
	}
	return nil
}

// startedAgain starts a program on what an earlier one left.
func (b *bench) startedAgain(sw ivr.Switch) {
	b.t.Helper()
	b.startedAgainWith(func(o *ivr.Options) { o.Switch = sw })
}

func (b *bench) startedAgainWith(change func(o *ivr.Options)) {
	b.t.Helper()
	saved, err := b.journal.Live(b.t.Context(), node)
	if err != nil {
		b.t.Fatal(err)
	}
	var live []ivr.CallID
	for _, s := range saved {
		live = append(live, s.Record.ID)
	}
	b.open()
	b.with(change)
	b.startDesk(live...)
	b.reconcile()
}

// reconcile is what the switch's adapter does after it has connected.
func (b *bench) reconcile() ivr.Routes {
	b.t.Helper()
	routes := b.line.Reconcile(b.t.Context(), node, b.sw.Legs())
	b.sw.Reroute(routes.Known)
	for _, id := range routes.Strange {
		b.sw.HangUp(id)
	}
	return routes
}

// TestKilledProgramsPromptIsCut: the new program's words would wait behind it,
// and its end would pass for theirs.
func TestKilledProgramsPromptIsCut(t *testing.T) {
	for where, keys := range map[string]string{"welcome": "", "menu": "1", "queue": "10"} {
		t.Run(where, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				sw := &tracked{Switch: b.sw}
				b.with(func(o *ivr.Options) { o.Switch = sw })
				b.startDesk()
				b.arrive("a")
				b.press("a", keys)
				b.after(500 * time.Millisecond)
				begun, _ := sw.did()
				playing := begun[len(begun)-1]
				b.killed()
				b.startedAgain(sw)
				b.after(20 * time.Second)
				begun, stopped := sw.did()
				if !slices.Contains(stopped, playing) {
					t.Errorf("%s was playing; stopped were %v", playing, stopped)
				}
				if once := slices.Compact(slices.Clone(begun)); len(once) != len(begun) {
					t.Errorf("an id was used twice: %v", begun)
				}
				b.sw.HangUp("a")
				b.after(time.Second)
				b.settled()
			})
		})
	}
}

// TestKilledJustAfterJoining: the two who talk already go on talking.
func TestKilledJustAfterJoining(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.agent("aigerim", ivrtest.Manner{Answer: 2 * time.Second})
		b.startDesk()
		b.sw.Watch(func(op string, _ ivr.ChannelID, _ int) {
			if op == "join" {
				b.journal.Break(func(string, ivr.CallID) error { return errDown })
			}
		})
		b.arrive("a")
		b.press("a", "10")
		b.after(10 * time.Second)
		b.killed()
		b.startedAgain(b.sw)
		b.after(10 * time.Second)
		if b.sw.Bridges() != 1 || len(b.sw.Legs()) != 2 {
			t.Fatalf("the conversation was disturbed: %v", b.sw.Did())
		}
		if a := b.agentNow(); a.World != queue.Talking {
			t.Errorf("the agent is %s", a.World)
		}
		b.hangUp("agent")
		b.after(time.Minute) // asked for a mark, and giving none
		if r := b.only(); r.Outcome != ivr.Served || r.Agent != "aigerim" || r.Reason != ivr.Goodbye {
			t.Errorf("record %+v", r)
		}
		b.settled()
	})
}

// TestKilledWhileTheStoreHeardNothing: that somebody was rung and picked up, no
// store knows; the switch does. The agent is offered to nobody else.
func TestKilledWhileTheStoreHeardNothing(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.agent("aigerim", ivrtest.Manner{Answer: 2 * time.Second})
		b.startDesk()
		b.sw.Watch(func(op string, _ ivr.ChannelID, _ int) {
			if op == "ring" {
				b.journal.Break(func(string, ivr.CallID) error { return errDown })
				b.store.Break(func(string) error { return errDown })
			}
		})
		b.arrive("a")
		b.press("a", "10")
		b.after(10 * time.Second)
		b.killed()
		b.sw.Watch(nil)
		b.startedAgain(b.sw)
		b.arrive("b")
		b.press("b", "10")
		b.after(30 * time.Second)
		if b.sw.Bridges() != 1 || len(b.sw.Legs()) != 3 {
			t.Fatalf("the conversation was disturbed: %v", b.sw.Did())
		}
		if a := b.agentNow(); a.World != queue.Talking || a.Chosen != ivr.Ready {
			t.Errorf("the agent is %s, %s", a.World, a.Chosen)
		}
		for _, l := range b.sw.Legs() {
			if l.Agent != "" {
				b.sw.HangUp(l.Channel)
			}
		}
		b.after(15 * time.Second)
		if b.sw.Bridges() != 1 {
			t.Errorf("who waits is not served: %v", b.sw.Did())
		}
		b.sw.HangUp("b")
		b.after(time.Second)
		for _, r := range b.journal.Records() {
			if r.Outcome != ivr.Served || r.Agent != "aigerim" {
				t.Errorf("record %+v", r)
			}
		}
		b.settled()
	})
}

// TestKilledWhileRinging: the phone is let go before anybody is offered again.
func TestKilledWhileRinging(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.agent("aigerim", ivrtest.Manner{})
		b.startDesk()
		b.arrive("a")
		b.press("a", "10")
		b.after(5 * time.Second)
		b.killed()
		did := len(b.sw.Did())
		b.startedAgain(b.sw)
		b.after(10 * time.Second)
		ended, rung := slices.Index(b.sw.Did()[did:], "hangup"), slices.Index(b.sw.Did()[did:], "ring aigerim")
		if rung < 0 || ended < 0 || ended > rung {
			t.Errorf("rung while still ringing: %v", b.sw.Did()[did:])
		}
		b.sw.HangUp("a")
		b.after(time.Second)
		b.settled()
		if a := b.agentNow(); a.Chosen != ivr.Ready || a.World != queue.Idle {
			t.Errorf("the agent is %s, %s", a.Chosen, a.World)
		}
	})
}

// TestStoppedProgramTakesNoCall: the switch keeps it for whoever comes next.
func TestStoppedProgramTakesNoCall(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.close()
		if in := b.line.Arrive(ivr.Arrival{Node: node, Channel: "a"}); in != nil {
			t.Error("a call was taken that nobody lives")
		}
		if in := b.line.Code(ivr.CodeCall{Node: node, Channel: "c", Agent: "aigerim", Dialled: "*11"}); in != nil {
			t.Error("a code was taken that nobody carries out")
		}
		if s := b.line.Stats(); s.Arrived != 0 {
			t.Errorf("counted all the same: %+v", s)
		}
	})
}

// TestStoreLockedAtTheStart: whoever calls is answered, and those whom the
// earlier program left are taken up once the store says who they are.
func TestStoreLockedAtTheStart(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.startDesk()
		b.arrive("waits")
		b.press("waits", "10")
		b.after(20 * time.Second)
		b.killed()
		b.open()
		b.startDesk(b.journal.Records()[0].ID)
		b.journal.Break(func(string, ivr.CallID) error { return errDown })
		begun := time.Now()
		routes := b.reconcile()
		if took := time.Since(begun); took > 3*time.Second {
			t.Errorf("new callers waited %s for the store", took)
		}
		if !routes.Again || len(routes.Strange) != 0 {
			t.Errorf("routes %+v: the leg is nobody's as far as can be known", routes)
		}
		b.arrive("a")
		b.press("a", "231")
		b.after(20 * time.Second)
		if !heard(b, "play", "ru/transport-") {
			t.Errorf("a new caller was not answered: %v", b.sw.Did())
		}
		b.arrive("short")
		b.after(time.Second)
		b.journal.Break(func(op string, _ ivr.CallID) error {
			if op == "live" {
				return errDown
			}
			return nil
		})
		b.after(10 * time.Second)
		did := len(b.sw.Did())
		b.journal.Break(nil)
		b.after(2 * time.Second)
		b.sw.HangUp("short") // open when the store was read, and over when it is acted on
		b.after(time.Second)
		if routes := b.reconcile(); routes.Again || len(routes.Strange) != 0 || len(routes.Known) != 2 {
			t.Errorf("routes %+v, want both legs known", routes)
		}
		b.press("waits", "#")
		b.after(time.Second)
		if !heardSince(b, did, "kk/queue/place=1") {
			t.Errorf("the caller of the earlier program did not get the place back: %v", b.sw.Did()[did:])
		}
		for _, leg := range []ivr.ChannelID{"waits", "a"} {
			b.sw.HangUp(leg)
			b.after(time.Second)
		}
		b.after(time.Minute)
		for _, r := range b.journal.Records() {
			if r.Reason != ivr.CallerHungUp {
				t.Errorf("%s ended as %s, %s", r.Channel, r.Outcome, r.Reason)
			}
		}
		if n := b.line.Stats().Ended; n != 3 {
			t.Errorf("%d ends counted of 3 calls", n)
		}
		b.settled()
	})
}
