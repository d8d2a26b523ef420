package ivr_test

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/queue"
)

// ana is who is called back.
const ana ivr.Number = "+77011234567"

// recalls is a bench whose line calls people back.
type recalls struct {
	*bench
	callbacks *ivrtest.Callbacks
	opt       ivr.Recalling
}

// inRecalls runs a test with a line that calls people back as opt says.
func inRecalls(t *testing.T, opt ivr.Recalling, f func(t *testing.T, r *recalls)) {
	t.Helper()
	inBubble(t, func(t *testing.T, b *bench) {
		r := &recalls{bench: b, callbacks: new(ivrtest.Callbacks), opt: opt}
		r.callbacks.Lives = b.lives
		r.opt.Number, r.opt.Name = "109", "iKOMEK 109"
		b.with(r.change)
		f(t, r)
	})
}

// lives tells whether a call is open in the journal.
func (b *bench) lives(call ivr.CallID) bool {
	live, err := b.journal.Live(context.Background(), node)
	return err == nil && slices.ContainsFunc(live, func(s ivr.Saved) bool { return s.Record.ID == call })
}

// change puts the callbacks into a line.
func (r *recalls) change(o *ivr.Options) {
	r.opt.Store = r.callbacks
	o.Callbacks, o.Recall = r.callbacks, r.opt
}

// begin has the line and the desk work.
func (r *recalls) begin() {
	r.t.Helper()
	r.startDesk()
	r.reconcile()
}

// ask notes that somebody wants to be called back, and waits since some time ago.
func (r *recalls) ask(n ivr.Number, ago time.Duration) {
	r.t.Helper()
	now := time.Now()
	if err := r.callbacks.Ask(r.t.Context(), ivr.Callback{
		Number: n, Call: "asked-by-" + ivr.CallID(n), Queue: "main", Category: "transport", Language: "ru",
		AskedAt: now, Since: now.Add(-ago), DueAt: now, State: ivr.CallbackWaiting,
	}); err != nil {
		r.t.Fatal(err)
	}
}

// callback gives the only callback there is.
func (r *recalls) callback() ivr.Callback {
	r.t.Helper()
	all := r.callbacks.All()
	if len(all) != 1 {
		r.t.Fatalf("callbacks %+v", all)
	}
	return all[0]
}

// is checks how the only callback stands.
func (r *recalls) is(state ivr.CallbackState, tries int, why string) {
	r.t.Helper()
	if cb := r.callback(); cb.State != state || cb.Tries != tries || cb.Why != why {
		r.t.Errorf("the callback is %s, %d tries, %q; want %s, %d, %q; %v", cb.State, cb.Tries, cb.Why, state, tries, why, r.sw.Did())
	}
}

// ends gives the outcomes of the calls to citizens that have ended, in order.
func (r *recalls) ends(want ...ivr.Outcome) {
	r.t.Helper()
	got := []ivr.Outcome{}
	for _, one := range r.journal.Records() {
		if one.Origin == ivr.ByCallback && !one.Live() {
			got = append(got, one.Outcome)
		}
	}
	if !slices.Equal(got, want) {
		r.t.Errorf("calls to citizens ended as %v, want %v", got, want)
	}
}

// rings counts how often somebody's telephone was rung.
func (r *recalls) rings(who string) (n int) {
	for _, did := range r.sw.Did() {
		if did == "ring "+who {
			n++
		}
	}
	return n
}

// everybodyHangsUp ends what goes on, and checks that nothing is left.
func (r *recalls) everybodyHangsUp() {
	r.t.Helper()
	for _, leg := range r.sw.Legs() {
		r.sw.HangUp(leg.Channel)
	}
	r.after(time.Minute)
	r.settled()
}

// TestAgentFirst: nobody's telephone rings to be kept waiting, and the agent
// knows what it is about.
func TestAgentFirst(t *testing.T) {
	inRecalls(t, ivr.Recalling{}, func(t *testing.T, r *recalls) {
		r.ask(ana, 10*time.Minute)
		r.sw.Citizen(ana, ivrtest.Manner{Answer: 5 * time.Second})
		r.begin()
		r.after(time.Minute)
		if r.rings(string(ana)) != 0 {
			t.Error("the citizen was called with no agent there")
		}
		r.is(ivr.CallbackTrying, 0, "")
		r.agent("aigerim", ivrtest.Manner{Answer: 2 * time.Second})
		r.after(40 * time.Second) // until the desk reads its agents again, and all pick up
		if r.sw.Bridges() != 1 || !heard(r.bench, "play", "ru/callback/agent") || heard(r.bench, "play", "callback/hello") {
			t.Fatalf("no conversation: %v", r.sw.Did())
		}
		if agent := r.agentNow(); agent.World != queue.Talking {
			t.Errorf("the agent is %s", agent.World)
		}
		for _, leg := range r.sw.Legs() {
			if leg.Agent == "" {
				r.sw.HangUp(leg.Channel)
			}
		}
		r.after(time.Minute)
		r.is(ivr.CallbackReached, 1, "served")
		one := r.only()
		if one.Outcome != ivr.Served || one.Callback != 1 || one.First != "asked-by-+77011234567" || one.Caller != ana ||
			one.Language != "ru" || one.Category != "transport" || one.Agent != "aigerim" || one.Talk <= 0 {
			t.Errorf("record %+v", one)
		}
		r.settled()
	})
}

// TestCitizenFirst hears that an agent is on the way, and is called when there
// is one.
func TestCitizenFirst(t *testing.T) {
	inRecalls(t, ivr.Recalling{CitizenFirst: true}, func(t *testing.T, r *recalls) {
		r.ask(ana, 10*time.Minute)
		r.sw.Citizen(ana, ivrtest.Manner{Answer: 5 * time.Second})
		r.begin()
		r.after(time.Minute)
		if r.rings(string(ana)) != 0 {
			t.Error("the citizen was called with no agent there")
		}
		r.agent("aigerim", ivrtest.Manner{})
		r.after(70 * time.Second)
		if !heard(r.bench, "play", "ru/callback/hello") {
			t.Fatalf("not said what it is about: %v", r.sw.Did())
		}
		r.sw.Agent("aigerim", ivrtest.Manner{Answer: 2 * time.Second})
		if err := r.desk.Choose(t.Context(), "aigerim", ivr.Ready, ""); err != nil {
			t.Fatal(err)
		}
		r.after(20 * time.Second)
		if r.sw.Bridges() != 1 || r.rings(string(ana)) != 1 {
			t.Fatalf("no conversation: %v", r.sw.Did())
		}
		r.everybodyHangsUp()
		r.is(ivr.CallbackReached, 1, "served")
		r.ends(ivr.Served)
	})
}

// TestAgentsFaultIsNoTry: another agent is asked, and the citizen not blamed.
func TestAgentsFaultIsNoTry(t *testing.T) {
	for name, manner := range map[string]ivrtest.Manner{"does not pick up": {}, "refuses": {Cause: 21}} {
		t.Run(name, func(t *testing.T) {
			inRecalls(t, ivr.Recalling{}, func(t *testing.T, r *recalls) {
				r.sw.Citizen(ana, ivrtest.Manner{Answer: time.Second})
				r.agent("aigerim", manner)
				r.ask(ana, 0)
				r.begin()
				r.after(2 * time.Second)
				r.agent("marat", ivrtest.Manner{Answer: time.Second})
				r.after(2 * time.Minute)
				if r.sw.Bridges() != 1 || r.rings("marat") != 1 || r.rings("aigerim") != 1 {
					t.Fatalf("the second agent was not asked: %v", r.sw.Did())
				}
				r.everybodyHangsUp()
				r.is(ivr.CallbackReached, 1, "served")
				r.ends(ivr.Served)
			})
		})
	}
	t.Run("hangs up while it rings", func(t *testing.T) {
		inRecalls(t, ivr.Recalling{}, func(t *testing.T, r *recalls) {
			r.sw.Citizen(ana, ivrtest.Manner{})
			r.agent("aigerim", ivrtest.Manner{Answer: time.Second})
			r.ask(ana, 0)
			r.begin()
			r.after(20 * time.Second)
			for _, leg := range r.sw.Legs() {
				if leg.Agent != "" {
					r.sw.HangUp(leg.Channel)
				}
			}
			r.after(time.Minute)
			r.is(ivr.CallbackTrying, 0, "")
			if legs := r.sw.Legs(); len(legs) != 0 || r.rings(string(ana)) != 1 {
				t.Errorf("left in the switch: %v; %v", legs, r.sw.Did())
			}
			if agent := r.agentNow(); agent.Chosen != ivr.Paused {
				t.Errorf("the agent is %s", agent.Chosen)
			}
			r.callbacks.Cancel(1)
			r.after(5 * time.Second)
			r.settled()
		})
	})
}

// TestNotNow: hours are respected, and who is in a call to us is not called.
func TestNotNow(t *testing.T) {
	t.Run("hours", func(t *testing.T) {
		var night atomic.Bool
		night.Store(true)
		open := func(time.Time) bool { return !night.Load() }
		inRecalls(t, ivr.Recalling{Open: open}, func(t *testing.T, r *recalls) {
			r.sw.Citizen(ana, ivrtest.Manner{Answer: time.Second})
			r.ask(ana, time.Hour)
			r.begin()
			r.after(time.Hour)
			r.is(ivr.CallbackWaiting, 0, "")
			night.Store(false)
			r.after(5 * time.Second)
			r.is(ivr.CallbackTrying, 0, "")
			night.Store(true)
			r.after(5 * time.Second)
			r.is(ivr.CallbackWaiting, 0, "hours")
			r.ends(ivr.Withdrawn)
			r.settled()
			night.Store(false)
			r.agent("aigerim", ivrtest.Manner{Answer: time.Second})
			r.after(time.Minute)
			if r.sw.Bridges() != 1 {
				t.Errorf("not called back in the morning: %v", r.sw.Did())
			}
			r.everybodyHangsUp()
		})
	})
	t.Run("the program is about to stop", func(t *testing.T) {
		inRecalls(t, ivr.Recalling{}, func(t *testing.T, r *recalls) {
			r.ask(ana, time.Hour)
			r.begin()
			r.after(5 * time.Second)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if left := r.line.Quiet(ctx); left != 0 {
				t.Errorf("%d calls hold it up", left)
			}
			r.after(time.Minute)
			r.is(ivr.CallbackWaiting, 0, "stopping")
			r.ends(ivr.Withdrawn)
			r.settled()
		})
	})
	t.Run("in a call to us", func(t *testing.T) {
		inRecalls(t, ivr.Recalling{}, func(t *testing.T, r *recalls) {
			r.sw.Citizen(ana, ivrtest.Manner{Answer: time.Second})
			r.ask(ana, time.Hour)
			r.begin()
			r.after(5 * time.Second)
			r.arrive("a")
			r.after(5 * time.Second)
			r.is(ivr.CallbackWaiting, 0, "calling")
			r.agent("aigerim", ivrtest.Manner{Answer: time.Second})
			r.after(time.Minute)
			if r.rings(string(ana)) != 0 {
				t.Errorf("called while in a call: %v", r.sw.Did())
			}
			r.sw.HangUp("a")
			r.after(time.Minute)
			if r.sw.Bridges() != 1 {
				t.Errorf("not called back afterwards: %v", r.sw.Did())
			}
			r.everybodyHangsUp()
			r.is(ivr.CallbackReached, 1, "served")
		})
	})
	t.Run("served meanwhile", func(t *testing.T) {
		inRecalls(t, ivr.Recalling{}, func(t *testing.T, r *recalls) {
			r.sw.Citizen(ana, ivrtest.Manner{Answer: time.Second})
			r.ask(ana, time.Hour)
			r.begin()
			r.arrive("a")
			r.press("a", "10")
			r.agent("aigerim", ivrtest.Manner{Answer: time.Second})
			r.after(time.Minute)
			r.is(ivr.CallbackCancelled, 0, "served")
			r.everybodyHangsUp()
			r.after(time.Hour)
			if r.rings(string(ana)) != 0 {
				t.Errorf("called back nevertheless: %v", r.sw.Did())
			}
		})
	})
}

// TestCancelled in the queue, and while the telephone rings.
func TestCancelled(t *testing.T) {
	for name, agent := range map[string]bool{"in the queue": false, "ringing": true} {
		t.Run(name, func(t *testing.T) {
			inRecalls(t, ivr.Recalling{}, func(t *testing.T, r *recalls) {
				if agent {
					r.agent("aigerim", ivrtest.Manner{Answer: time.Second})
				}
				r.sw.Citizen(ana, ivrtest.Manner{Answer: 30 * time.Second})
				r.ask(ana, 0)
				r.begin()
				r.after(10 * time.Second)
				if got := r.rings(string(ana)) == 1; got != agent {
					t.Errorf("rung: %t", got)
				}
				r.callbacks.Cancel(1)
				r.after(2 * time.Second)
				r.ends(ivr.Withdrawn)
				r.settled()
			})
		})
	}
}

// TestManyAreCalledBackInTheirOrder, each once, and no agent for two.
func TestManyAreCalledBackInTheirOrder(t *testing.T) {
	inRecalls(t, ivr.Recalling{}, func(t *testing.T, r *recalls) {
		numbers := []ivr.Number{"+77010000001", "+77010000002", "+77010000003", "+77010000004"}
		for i, n := range numbers {
			r.sw.Citizen(n, ivrtest.Manner{Answer: time.Second})
			r.ask(n, time.Duration(10+i)*time.Minute) // the last has waited longest
		}
		r.agent("aigerim", ivrtest.Manner{Answer: time.Second})
		r.begin()
		for range numbers {
			r.after(40 * time.Second)
			if r.sw.Bridges() != 1 {
				t.Errorf("%d conversations", r.sw.Bridges())
			}
			for _, leg := range r.sw.Legs() {
				r.sw.HangUp(leg.Channel)
			}
		}
		r.after(time.Minute)
		var order []string
		for _, did := range r.sw.Did() {
			if n, ok := strings.CutPrefix(did, "ring +"); ok {
				order = append(order, n[len(n)-1:])
			}
		}
		if got := strings.Join(order, ""); got != "4321" {
			t.Errorf("called in the order %s", got)
		}
		r.settled()
	})
}

// TestCallbackKeepsItsPlace: who waited before they asked waits since then, and
// the books balance: the call in which they asked is the one that counts.
func TestCallbackKeepsItsPlace(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		recalling := func(opt *ivr.Options) {
			o.change(opt)
			opt.Recall = ivr.Recalling{Store: o.callbacks}
		}
		o.callbacks.Lives = o.lives
		o.with(recalling)
		o.sw.Citizen(o.caller, ivrtest.Manner{Answer: 2 * time.Second})
		o.startDesk()
		o.reconcile()
		o.arriveAt("0", 5*time.Minute)
		queued := o.only().QueuedAt
		o.press("a", "*")
		o.after(2 * time.Second)
		o.press("a", "21")
		o.after(time.Minute)
		all := o.callbacks.All()
		if len(all) != 1 || !all[0].Since.Equal(queued) {
			t.Fatalf("waiting since %s, want %s: %+v", all[0].Since, queued, all)
		}
		tickets, err := o.store.All(t.Context())
		if err != nil || len(tickets) != 1 || !tickets[0].At.Equal(queued) || !tickets[0].Patient {
			t.Fatalf("tickets %+v, %v", tickets, err)
		}
		o.agent("aigerim", ivrtest.Manner{Answer: time.Second})
		o.after(time.Minute)
		for _, leg := range o.sw.Legs() {
			o.sw.HangUp(leg.Channel)
		}
		o.after(time.Minute)
		var queuedCalls []ivr.Outcome
		for _, r := range o.journal.Records() {
			if r.Origin == ivr.ByCitizen && !r.QueuedAt.IsZero() {
				queuedCalls = append(queuedCalls, r.Outcome)
			} else if r.Outcome != ivr.Served || r.Talk == 0 {
				t.Errorf("the call to the citizen is %+v", r)
			}
		}
		if !slices.Equal(queuedCalls, []ivr.Outcome{ivr.Recalled}) {
			t.Errorf("queued were %v", queuedCalls)
		}
		o.settled()
	})
}

// TestNobodyIsOvertaken who has waited longer, on the line or for a callback.
func TestNobodyIsOvertaken(t *testing.T) {
	inRecalls(t, ivr.Recalling{}, func(t *testing.T, r *recalls) {
		r.sw.Citizen(ana, ivrtest.Manner{Answer: time.Second})
		r.begin()
		call := func(leg ivr.ChannelID, n ivr.Number) {
			r.sw.Connect(leg, func() *ivr.Inbox {
				return r.line.Arrive(ivr.Arrival{Node: node, Channel: leg, Caller: n, Dialled: "109"})
			})
			r.press(leg, "20")
		}
		call("longest", "+77010000001")
		r.after(10 * time.Minute)
		call("shortest", "+77010000002")
		r.after(2 * time.Minute)
		r.ask(ana, 5*time.Minute) // since before the last and after the first
		r.after(5 * time.Second)
		r.agent("aigerim", ivrtest.Manner{Answer: time.Second})
		var order []string
		for range 3 {
			for len(r.sw.Legs()) > 0 && r.sw.Bridges() == 0 {
				r.after(time.Second)
			}
			for _, leg := range r.sw.Legs() {
				switch {
				case leg.Bridge == "" || leg.Agent != "":
					continue
				case leg.Channel == "longest" || leg.Channel == "shortest":
					order = append(order, string(leg.Channel))
				default:
					order = append(order, "a citizen")
				}
				r.sw.HangUp(leg.Channel)
			}
			r.after(5 * time.Second)
		}
		if got := strings.Join(order, ", "); got != "longest, a citizen, shortest" {
			t.Errorf("served were %s", got)
		}
		r.everybodyHangsUp()
	})
}
