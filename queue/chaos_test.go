package queue_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/queue"
	"ikomek109/queue/queuetest"
)

// act is one line of a script drawn by rapid: what happens next, and to whom.
type act struct {
	What string
	Who  int
}

func acts() *rapid.Generator[[]act] {
	one := rapid.Custom(func(t *rapid.T) act {
		return act{
			What: rapid.SampledFrom([]string{
				"enter", "enter", "enter", "answer", "answer", "answer", "miss", "refuse", "fault", "end", "end", "end", "aside",
				"ready", "ready", "pause", "other", "break", "lose", "mend", "wait", "settle", "restart",
			}).Draw(t, "what"),
			Who: rapid.IntRange(0, 9).Draw(t, "who"),
		}
	})
	return rapid.SliceOfN(one, 1, 80)
}

// TestDeskAgainstAnyScript has callers, agents, other programs and faults of
// the store do as they please. At every moment nobody is offered twice; when
// all is mended, the store, the desk and the callers tell the same story, and
// nobody waits whom a free agent could serve.
func TestDeskAgainstAnyScript(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		script := acts().Draw(rt, "script")
		rules := queue.Rules{OtherLanguageAfter: time.Minute, PlaceKept: 10 * time.Minute}
		rules.Choose = rapid.SampledFrom([]queue.Choose{queue.LongestIdle, queue.RingAll}).Draw(rt, "choose")
		rules.RingAtOnce = 2
		var problem error
		synctest.Test(t, func(t *testing.T) { problem = play(t, script, rules) })
		if problem != nil {
			rt.Fatal(problem)
		}
	})
}

// caller is one call as its own goroutine would know it.
type caller struct {
	id    ivr.CallID
	phase string // "", waiting, offered, talking, aside
	with  []ivr.AgentID
	in    *ivr.Inbox
	owed  bool // talking, and the store has perhaps not heard of it
}

// one gives an agent who rings for the caller or talks with them.
func (c *caller) one(i int) ivr.AgentID { return c.with[i%len(c.with)] }

type drama struct {
	t     *testing.T
	rules queue.Rules
	store *late
	desk  *queue.Desk
	cast  [11]*caller // the last one comes only at the end
}

func play(t *testing.T, script []act, rules queue.Rules) error {
	d := &drama{t: t, rules: rules, store: &late{Store: queuetest.NewStore()}}
	for i := range d.cast {
		d.cast[i] = &caller{id: ivr.CallID(fmt.Sprint("c", i))}
	}
	for i, langs := range [][]flows.Language{{kk}, {ru}, nil} {
		if err := d.store.Add(t.Context(), ready(ivr.AgentID(fmt.Sprint("a", i)), langs...)); err != nil {
			return err
		}
	}
	if err := d.start(); err != nil {
		return err
	}
	defer func() { _ = d.desk.Stop(context.WithoutCancel(t.Context())) }() // its debts are not the matter here
	for i, a := range script {
		if err := d.do(a); err != nil {
			return fmt.Errorf("act %d %v: %w", i, a, err)
		}
	}
	d.mend()
	d.enter(t.Context(), d.cast[len(d.cast)-1])
	time.Sleep(200 * time.Second) // longer than any refusal holds
	if err := d.listen(); err != nil {
		return err
	}
	return d.audit()
}

func (d *drama) start() error {
	d.desk = queue.NewDesk(queue.Options{
		Tickets: d.store, Staff: d.store, Log: slog.New(slog.DiscardHandler),
		Rules: queue.Rulebook{Default: d.rules},
	})
	var live []ivr.CallID
	for _, c := range d.cast {
		if c.phase != "" {
			live = append(live, c.id)
		}
	}
	return d.desk.Start(d.t.Context(), live)
}

func (d *drama) mend() {
	d.store.Break(nil)
	d.store.lose.Store(false)
}

func (d *drama) do(a act) error {
	c, agent := d.cast[a.Who], ivr.AgentID(fmt.Sprint("a", a.Who%3))
	ctx := d.t.Context()
	switch a.What {
	case "break":
		d.store.Break(down("*"))
	case "lose":
		synctest.Wait()
		d.store.lose.Store(true)
	case "mend":
		synctest.Wait()
		d.mend()
	case "wait":
		time.Sleep(time.Duration(a.Who*100) * time.Millisecond)
	case "settle":
		synctest.Wait()
	case "restart":
		return d.restart()
	case "ready":
		_ = d.desk.Choose(ctx, agent, ivr.Ready, "") // may fail while the store is down
	case "pause":
		_ = d.desk.Choose(ctx, agent, ivr.Paused, "lunch")
	case "other": // another program
		_ = d.store.Choose(ctx, agent, ivr.Paused, "lunch", time.Now())
	default:
		return d.call(ctx, c, a)
	}
	return d.listen()
}

// call does what a call can do where it stands.
func (d *drama) call(ctx context.Context, c *caller, a act) error {
	switch what := a.What; {
	case what == "enter" && (c.phase == "" || c.phase == "aside"):
		d.enter(ctx, c)
	case what == "answer" && c.phase == "offered":
		c.phase, c.with = "talking", []ivr.AgentID{c.one(a.Who)}
		err := d.desk.Connected(ctx, c.id, c.one(0))
		if c.owed = err != nil; c.owed && ivr.CodeOf(err) != ivr.Unavailable {
			return err
		}
	case (what == "miss" || what == "refuse") && c.phase == "offered", what == "fault" && (c.phase == "offered" || c.phase == "talking"):
		why := "no_answer"
		switch what {
		case "fault":
			why = ivr.MissedByFault
		case "refuse":
			why = ivr.MissedRefused
		}
		agent := c.one(a.Who)
		c.with = slices.DeleteFunc(slices.Clone(c.with), func(id ivr.AgentID) bool { return id == agent })
		if len(c.with) == 0 {
			c.phase = "waiting"
		}
		if err := d.desk.Missed(ctx, c.id, agent, why); err != nil && ivr.CodeOf(err) != ivr.Unavailable {
			return err
		}
	case what == "end" && c.phase == "talking":
		_, _ = d.desk.Finished(ctx, c.id, c.one(0)) // owed when the store is down
		c.phase, c.with = "", nil
	case what == "end" && c.phase != "":
		_ = d.desk.Leave(ctx, c.id, "abandoned") // as above
		c.phase, c.with = "", nil
	case what == "aside" && c.phase == "waiting":
		_ = d.desk.Aside(ctx, c.id) // as above
		c.phase = "aside"
	}
	return d.listen()
}

func (d *drama) enter(ctx context.Context, c *caller) {
	l := kk
	if c.id > "c4" {
		l = ru
	}
	c.in = ivr.NewInbox() // what came before is void
	if _, err := d.desk.Enter(ctx, ticket(c.id, l), c.in); err == nil {
		c.phase = "waiting"
	} else { // who does not try again has to leave, as Enter says
		_ = d.desk.Leave(ctx, c.id, "abandoned")
		c.phase = ""
	}
}

// restart kills the program: what it still owed the store is forgotten, so a
// conversation that no store knows of has to begin anew.
func (d *drama) restart() error {
	dead, cancel := context.WithCancel(d.t.Context())
	cancel()
	_ = d.desk.Stop(dead)
	d.mend()
	for _, c := range d.cast {
		if c.phase == "talking" && c.owed {
			c.phase = "offered"
		}
	}
	if err := d.start(); err != nil {
		return err
	}
	for _, c := range d.cast {
		if c.phase == "offered" {
			for _, agent := range c.with {
				if err := d.desk.Missed(d.t.Context(), c.id, agent, ivr.MissedByFault); err != nil {
					return err
				}
			}
		}
		if c.phase == "offered" || c.phase == "waiting" {
			c.with = nil
			d.enter(d.t.Context(), c)
		}
	}
	return nil
}

// listen has every call look into its mailbox.
func (d *drama) listen() error {
	for _, c := range d.cast {
		if c.in == nil {
			continue
		}
		for ev, ok := c.in.TryTake(); ok; ev, ok = c.in.TryTake() {
			offer, is := ev.(ivr.OfferMade)
			if !is || (c.phase != "waiting" && c.phase != "offered") {
				continue
			}
			if c.phase == "offered" {
				return fmt.Errorf("%s, offered to %s, is offered to %s", c.id, c.with, offer.Agent)
			}
			all := append([]ivr.AgentID{offer.Agent}, offer.More...)
			for _, agent := range all {
				if other := d.with(agent); other != nil {
					return fmt.Errorf("%s is offered to %s, who is with %s", c.id, agent, other.id)
				}
			}
			c.phase, c.with = "offered", slices.Sorted(slices.Values(all))
		}
	}
	return nil
}

func (d *drama) with(agent ivr.AgentID) *caller {
	for _, c := range d.cast {
		if slices.Contains(c.with, agent) {
			return c
		}
	}
	return nil
}

// audit compares what the callers, the store and the desk hold to be true.
func (d *drama) audit() error {
	tickets, err := d.store.All(d.t.Context())
	if err != nil {
		return err
	}
	told := map[ivr.CallID]string{}
	for _, c := range d.cast {
		if c.phase != "" {
			told[c.id] = fmt.Sprint(c.phase, c.with)
		}
	}
	names := map[queue.Status]string{
		queue.Waiting: "waiting", queue.Offered: "offered", queue.Served: "talking", queue.Aside: "aside",
	}
	stored := map[ivr.CallID]string{}
	counts := map[queue.Status]int{}
	for _, t := range tickets {
		stored[t.Call] = fmt.Sprint(names[t.Status], t.Agents)
		counts[t.Status]++
	}
	if diff := cmp.Diff(told, stored); diff != "" {
		return fmt.Errorf("callers and store differ (-callers +store):\n%s", diff)
	}
	agents, _, err := d.store.Agents(d.t.Context())
	if err != nil {
		return err
	}
	if diff := cmp.Diff(agents, d.desk.Agents()); diff != "" {
		return fmt.Errorf("store and desk differ (-store +desk):\n%s", diff)
	}
	if err := d.auditCounts(counts); err != nil {
		return err
	}
	return d.auditIdle(agents, tickets)
}

func (d *drama) auditCounts(want map[queue.Status]int) error {
	got := map[queue.Status]int{}
	for _, q := range d.desk.Snapshot().Queues {
		got[queue.Waiting] += q.Waiting
		got[queue.Offered] += q.Offered
		got[queue.Served] += q.Served
		got[queue.Aside] += q.Aside
	}
	maps.DeleteFunc(got, func(_ queue.Status, n int) bool { return n == 0 })
	if diff := cmp.Diff(want, got); diff != "" {
		return fmt.Errorf("the snapshot is wrong (-want +got):\n%s", diff)
	}
	return nil
}

// auditIdle: everybody has waited long enough for either language by now.
func (d *drama) auditIdle(agents []queue.Agent, tickets []queue.Ticket) error {
	for _, a := range agents {
		if i := slices.IndexFunc(tickets, func(t queue.Ticket) bool { return t.Status == queue.Waiting }); i >= 0 && a.Free() {
			return fmt.Errorf("%s waits while %s is free", tickets[i].Call, a.ID)
		}
	}
	return nil
}
