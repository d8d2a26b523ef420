package ivr_test

import (
	"context"
	"fmt"
	"log/slog"
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
		return b.line.Arrive(ivr.Arrival{Node: node, Channel: leg, Caller: "+77011234567", Dialled: "109"})
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
		b.t.Errorf("legs left in the switch: %+v", b.sw.Legs())
	}
	if n := b.sw.Bridges(); n != 0 {
		b.t.Errorf("%d conversations left in the switch; %v", n, b.sw.Did())
	}
	if tickets, err := b.store.All(b.t.Context()); err != nil || len(tickets) != 0 {
		b.t.Errorf("tickets left: %v, %v", tickets, err)
	}
	if s := b.line.Stats(); s.Live != 0 {
		b.t.Errorf("%d calls live on", s.Live)
	}
}
