package ivr_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/queue"
	"ikomek109/queue/queuetest"
)

const node = "test"

// today is when the tests' calls are made.
var today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// bench is a line with everything around it, inside a synctest bubble.
type bench struct {
	t       *testing.T
	line    *ivr.Line
	desk    *queue.Desk
	sw      *ivrtest.Switch
	journal *ivrtest.Journal
	flow    *flows.Flow
	store   *queuetest.Store
}

// inBubble runs a test with a line of its own on the clock of a bubble.
func inBubble(t *testing.T, f func(t *testing.T, b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(today)) // bubbles begin in the year 2000; answers have their term
		b := &bench{t: t, sw: ivrtest.NewSwitch(), journal: ivrtest.NewJournal(), store: queuetest.NewStore()}
		b.open()
		defer b.close()
		f(t, b)
	})
}

// open starts a desk and a line on the bench's store and switch.
func (b *bench) open() {
	b.t.Helper()
	flow, findings := flows.Load(flows.Shipped, flows.ShippedName, flows.Known{})
	if flow == nil {
		b.t.Fatalf("the shipped flow: %v", findings)
	}
	b.flow = flow
	log := slog.New(slog.NewTextHandler(testWriter{b.t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
	b.desk = queue.NewDesk(queue.Options{Tickets: b.store, Staff: b.store, Log: log})
	b.line = ivr.NewLine(ivr.Options{
		Switch: b.sw, Journal: b.journal, Queue: b.desk, Roster: b.desk, Voice: ivrtest.Voice{},
		Flow: func() *flows.Flow { return flow }, Logger: log,
	})
}

// startDesk has the desk make offers; live are the calls of an earlier program.
func (b *bench) startDesk(live ...ivr.CallID) {
	b.t.Helper()
	if err := b.desk.Start(b.t.Context(), live); err != nil {
		b.t.Fatal(err)
	}
}

// close stops the line and the desk: what the next program finds is in the
// store and in the switch.
func (b *bench) close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := b.line.Stop(ctx); err != nil {
		b.t.Error(err)
	}
	if err := b.desk.Stop(ctx); err != nil {
		b.t.Error(err)
	}
}

type testWriter struct{ t *testing.T }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

// arrive lets a citizen call.
func (b *bench) arrive(leg ivr.ChannelID) {
	b.sw.Connect(leg, func() *ivr.Inbox {
		return b.line.Arrive(ivr.Arrival{Node: node, Channel: leg, Caller: "+77011234567", Dialled: "109", At: time.Now()})
	})
}

// dial lets an agent's phone call a code.
func (b *bench) dial(code string) {
	b.sw.Connect("c", func() *ivr.Inbox {
		return b.line.Code(ivr.CodeCall{Node: node, Channel: "c", Agent: "aigerim", Dialled: code})
	})
}

// after lets time pass and everything settle.
func (b *bench) after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// press presses keys, a little apart, as a person would.
func (b *bench) press(leg ivr.ChannelID, keys string) {
	for _, k := range keys {
		b.after(300 * time.Millisecond)
		b.sw.Press(leg, string(k))
	}
	synctest.Wait()
}

// only gives the one record there is.
func (b *bench) only() ivr.Record {
	b.t.Helper()
	records := b.journal.Records()
	if len(records) != 1 {
		b.t.Fatalf("%d records, want 1", len(records))
	}
	r := records[0]
	if r.Live() { // the store's copy is as it was opened
		for _, e := range b.journal.Entries(r.ID) {
			r.Fold(e)
		}
	}
	return r
}

// agent puts a ready agent on the roster.
func (b *bench) agent(id ivr.AgentID, m ivrtest.Manner) {
	b.t.Helper()
	b.sw.Agent(id, m)
	err := b.store.Add(b.t.Context(), queue.Agent{
		ID: id, Name: string(id), Languages: flows.Languages(), Credential: "c",
		Chosen: ivr.Ready, World: queue.Idle, IdleSince: time.Now(),
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// settled checks what must hold once every caller has gone: each call has one
// closed record whose journal folds up to it, and nothing is left anywhere.
func (b *bench) settled() {
	b.t.Helper()
	for _, r := range b.journal.Records() {
		if r.Live() || r.Outcome == "" || r.Reason == "" {
			b.t.Errorf("record not closed: %+v", r)
		}
		entries := b.journal.Entries(r.ID)
		folded := ivr.Record{ID: r.ID, Node: r.Node, Channel: r.Channel, Caller: r.Caller, Dialled: r.Dialled, Flow: r.Flow, Path: []string{}}
		for i, e := range entries {
			if e.Seq != i+1 {
				b.t.Errorf("entry %d of the journal has number %d", i+1, e.Seq)
			}
			folded.Fold(e)
		}
		if got, want := fmt.Sprintf("%+v", folded), fmt.Sprintf("%+v", r); got != want {
			b.t.Errorf("the journal folds up to\n%s\nthe record is\n%s", got, want)
		}
		ends := 0
		for _, e := range entries {
			if e.Kind == ivr.Ended {
				ends++
			}
		}
		if ends != 1 {
			b.t.Errorf("call ended %d times", ends)
		}
	}
	if n := len(b.sw.Legs()); n != 0 {
		b.t.Errorf("%d legs left in the switch", n)
	}
	if n := b.sw.Bridges(); n != 0 {
		b.t.Errorf("%d conversations left in the switch", n)
	}
	if tickets, err := b.store.All(b.t.Context()); err != nil || len(tickets) != 0 {
		b.t.Errorf("tickets left: %v, %v", tickets, err)
	}
	if s := b.line.Stats(); s.Live != 0 {
		b.t.Errorf("%d calls live on", s.Live)
	}
}

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
				if want := map[string]ivr.Reason{"caller": ivr.CallerHungUp, "agent": ivr.AgentHungUp}[who]; r.Reason != want {
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
