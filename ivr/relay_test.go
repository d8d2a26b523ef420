package ivr_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"ikomek109/incident"
	"ikomek109/incident/incidenttest"
	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

// relays is a line with incidents, of which number 1 is asked to be handed over.
type relays struct {
	*bench
	incidents *incidenttest.Store
	runner    *incident.Runner
}

func relaying(b *bench) *relays {
	r := &relays{bench: b, incidents: &incidenttest.Store{}}
	b.with(r.options)
	r.rules()
	b.sw.Agent("aigerim", ivrtest.Manner{Answer: time.Second})
	b.sw.Partner("104", ivrtest.Manner{Answer: 2 * time.Second})
	b.startDesk()
	b.reconcile()
	if _, err := r.incidents.Enter(b.t.Context(), incidenttest.New()); err != nil {
		b.t.Fatal(err)
	}
	r.ask()
	return r
}

func (r *relays) options(o *ivr.Options) {
	o.Relays = &incident.Book{Store: r.incidents, Name: "line"}
}

// rules makes the runner of the line that there is now.
func (r *relays) rules() {
	r.runner = &incident.Runner{Store: r.incidents, Line: r.line, Name: "line", Log: slog.New(slog.DiscardHandler)}
}

func (r *relays) ask() {
	r.t.Helper()
	err := r.incidents.Note(r.t.Context(), 1, incident.Event{
		At: time.Now(), Kind: incident.Asked, Author: "Тимур", Partner: "104", Agent: "aigerim",
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *relays) take() {
	r.t.Helper()
	if err := r.runner.Take(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
}

// now gives the incident, and in words what happened to it.
func (r *relays) now() (incident.Incident, string) {
	r.t.Helper()
	i, events, err := r.incidents.Find(r.t.Context(), 1)
	if err != nil {
		r.t.Fatal(err)
	}
	var said []string
	for _, e := range events {
		said = append(said, strings.TrimSpace(string(e.Kind)+" "+strings.TrimSpace(e.By+" "+e.Note)))
	}
	return i, strings.Join(said, ", ")
}

func (r *relays) happened(want string) {
	r.t.Helper()
	if _, got := r.now(); got != want {
		r.t.Errorf("on record: %s\nwant: %s", got, want)
	}
}

// nothingLeft checks that the switch carries nothing and the agent is free.
func (r *relays) nothingLeft() {
	r.t.Helper()
	if n := len(r.sw.Legs()) + r.sw.Bridges(); n != 0 {
		r.t.Errorf("%d legs and bridges are left", n)
	}
	if busy, err := r.line.Relaying("1"); busy || err != nil {
		r.t.Errorf("the relay is not over: %v", err)
	}
}

const agentsLeg, partnersLeg = ivr.ChannelID("relay-1-1-agent"), ivr.ChannelID("relay-1-1-partner")

// TestIncidentIsHandedOver: the agent hears what it is about and who is rung,
// the partner picks up, and both are on record.
func TestIncidentIsHandedOver(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		r := relaying(b)
		r.take()
		b.until("joined", func() bool { return b.sw.Bridges() == 1 })
		for _, words := range []string{"kk/agent/incident=1", "kk/agent/incident/calling_number=104", "ru/agent/incident=1", "ru/agent/incident/calling_number=104"} {
			if !heard(b, "play", words) {
				t.Errorf("the agent has not heard %s: %v", words, b.sw.Did())
			}
		}
		i, _ := r.now()
		if i.State != incident.Accepted || i.AcceptedBy != "104" || time.Since(i.AcceptedAt) > time.Second {
			t.Errorf("in conversation it is %+v", i)
		}
		r.take() // nothing is begun twice
		b.after(time.Minute)
		b.sw.HangUp(partnersLeg)
		b.after(time.Second)
		r.happened("asked, begun, accepted 104, ended partner")
		r.nothingLeft()
	})
}

// TestIncidentIsMissed by the agent, by the partner, and is open again.
func TestIncidentIsMissed(t *testing.T) {
	for name, k := range map[string]struct {
		agent, partner ivrtest.Manner
		do             func(*relays)
		want           string
	}{
		"agent is away":     {agent: ivrtest.Manner{}, want: "missed agent no_answer"},
		"agent is busy":     {agent: ivrtest.Manner{Cause: 17}, want: "missed agent busy"},
		"partner is away":   {agent: ivrtest.Manner{Answer: time.Second}, partner: ivrtest.Manner{}, want: "missed partner no_answer"},
		"partner is busy":   {agent: ivrtest.Manner{Answer: time.Second}, partner: ivrtest.Manner{Cause: 17}, want: "missed partner busy"},
		"agent refuses":     {agent: ivrtest.Manner{Answer: time.Second}, do: func(r *relays) { r.sw.Press(agentsLeg, "*") }, want: "missed agent refused"},
		"agent hangs up":    {agent: ivrtest.Manner{Answer: time.Second}, do: func(r *relays) { r.sw.HangUp(agentsLeg) }, want: "missed agent refused"},
		"agent is tired":    {agent: ivrtest.Manner{Answer: time.Second}, do: func(r *relays) { r.after(10 * time.Second); r.sw.HangUp(agentsLeg) }, want: "missed agent refused"},
		"no way to partner": {agent: ivrtest.Manner{Answer: time.Second}, do: func(r *relays) { r.breakRinging() }, want: "missed partner fault"},
	} {
		inBubble(t, func(t *testing.T, b *bench) {
			r := relaying(b)
			b.sw.Agent("aigerim", k.agent)
			b.sw.Partner("104", k.partner)
			r.take()
			b.after(2 * time.Second)
			if k.do != nil {
				k.do(r)
			}
			b.after(2 * time.Minute)
			r.happened("asked, begun, " + k.want)
			if i, _ := r.now(); i.State != incident.Open {
				t.Errorf("%s: it is %s", name, i.State)
			}
			if told := heard(b, "play", "kk/handover/failed"); told != strings.Contains(k.want, "partner") {
				t.Errorf("%s: the agent was told: %v", name, told)
			}
			b.sw.Break(nil)
			r.nothingLeft()
		})
	}
}

func (r *relays) breakRinging() {
	r.sw.Break(func(op string, _ ivr.ChannelID) error {
		if op == "ring" {
			return &ivr.Error{Op: op, Code: ivr.NotFound, Message: "no"}
		}
		return nil
	})
}

// TestAgentWithACallerIsNotRung for an incident.
func TestAgentWithACallerIsNotRung(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.agent("aigerim", ivrtest.Manner{Answer: time.Second})
		r := relaying(b)
		b.arrive("a")
		b.press("a", "10")
		b.until("joined", func() bool { return b.sw.Bridges() == 1 })
		r.take()
		b.after(time.Second)
		r.happened("asked, begun, missed agent busy")
		if rung := strings.Count(strings.Join(b.sw.Did(), ","), "ring aigerim"); rung != 1 {
			t.Errorf("the agent was rung %d times", rung)
		}
		b.sw.HangUp("a")
		b.after(time.Minute)
		r.ask()
		r.take()
		b.until("rung", func() bool { return heard(b, "ring 104", "") })
	})
}

// TestIncidentAfterAKill: whatever the program was doing, the hand-over is
// done once, or again from its beginning.
func TestIncidentAfterAKill(t *testing.T) {
	for name, k := range map[string]struct {
		until func(*relays) bool
		want  string
	}{
		"asked":         {until: func(*relays) bool { return true }, want: "asked, begun, accepted 104, ended agent"},
		"agent rung":    {until: func(r *relays) bool { return len(r.sw.Legs()) == 1 }, want: "asked, begun, begun, accepted 104, ended agent"},
		"agent told":    {until: func(r *relays) bool { return heard(r.bench, "play", "agent/incident") }, want: "asked, begun, begun, accepted 104, ended agent"},
		"partner rung":  {until: func(r *relays) bool { return heard(r.bench, "ring 104", "") }, want: "asked, begun, begun, accepted 104, ended agent"},
		"they talk":     {until: func(r *relays) bool { return r.sw.Bridges() == 1 }, want: "asked, begun, accepted 104, ended agent"},
		"accepted only": {until: func(r *relays) bool { i, _ := r.now(); return i.State == incident.Accepted }, want: "asked, begun, accepted 104, ended agent"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				r := relaying(b)
				if name == "accepted only" { // and not joined
					b.with(func(o *ivr.Options) { o.Relays = slowBook{&incident.Book{Store: r.incidents, Name: "line"}} })
					r.rules()
					b.reconcile()
				}
				if name != "asked" {
					r.take()
				}
				b.until(name, func() bool { return k.until(r) })
				b.killed()
				r.startedAfterAKill()
				b.until("joined", func() bool { return b.sw.Bridges() == 1 })
				for _, leg := range b.sw.Legs() {
					if leg.Agent != "" {
						b.sw.HangUp(leg.Channel)
					}
				}
				b.after(time.Minute)
				r.happened(k.want)
				r.nothingLeft()
			})
		})
	}
}

// slowBook says that something is put down when it has been for long.
type slowBook struct{ *incident.Book }

func (b slowBook) Relayed(ctx context.Context, r ivr.Relay, e ivr.RelayEvent) error {
	err := b.Book.Relayed(ctx, r, e)
	<-ctx.Done()
	return err
}

// startedAfterAKill starts a program that looks at the incidents before its
// switch has told it anything.
func (r *relays) startedAfterAKill() {
	r.t.Helper()
	r.open()
	r.with(r.options)
	r.rules()
	if i, _ := r.now(); i.State == incident.Offered {
		if err := r.runner.Take(r.t.Context()); ivr.CodeOf(err) != ivr.Unavailable {
			r.t.Errorf("before the switch is known: %v", err)
		}
	}
	r.startDesk()
	r.reconcile()
	r.take()
}

// TestIncidentIsNotTriedForEver: nor is one rung for that nobody remembers.
func TestIncidentIsNotTriedForEver(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		r := relaying(b)
		for range 3 {
			r.take()
			b.until("rung", func() bool { return len(b.sw.Legs()) == 1 })
			b.killed()
			r.startedUnasked()
		}
		r.take()
		b.after(time.Minute)
		r.happened("asked, begun, begun, begun, missed line fault")
		r.ask()
		b.after(11 * time.Minute)
		r.take()
		r.happened("asked, begun, begun, begun, missed line fault, asked, missed line too_late")
		r.nothingLeft()
	})
}

// startedUnasked starts a program that has not looked at the incidents yet.
func (r *relays) startedUnasked() {
	r.t.Helper()
	r.open()
	r.with(r.options)
	r.rules()
	r.startDesk()
	r.reconcile()
}

// TestIncidentIsPutDownLate: a store that does not answer keeps nobody from
// talking, and has all of it in the end.
func TestIncidentIsPutDownLate(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		r := relaying(b)
		r.take()
		b.until("rung", func() bool { return heard(b, "ring 104", "") })
		r.incidents.Break(errors.New("the disk is full"))
		b.until("joined", func() bool { return b.sw.Bridges() == 1 })
		b.sw.HangUp(agentsLeg)
		b.after(time.Minute)
		r.happened("asked, begun")
		if busy, _ := r.line.Relaying("1"); !busy {
			t.Error("it is taken for over, and would be begun again")
		}
		r.take()
		r.incidents.Break(nil)
		b.after(time.Minute)
		r.happened("asked, begun, accepted 104, ended agent")
		r.nothingLeft()
	})
}

// TestLegsThatLookLikeARelay belong to nobody.
func TestLegsThatLookLikeARelay(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		for _, id := range []ivr.ChannelID{"relay-", "relay-1", "relay-1-1", "relay-1-x-agent", "relay-1-1-caller", "relay-1-1-agent-1"} {
			b.sw.Connect(id, ivr.NewInbox)
		}
		b.startDesk()
		if routes := b.reconcile(); len(routes.Strange) != 6 || len(routes.Known) != 0 {
			t.Errorf("known are %v", routes.Known)
		}
	})
}
