package ivr_test

import (
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

// losing is a bench whose lost callers are called back.
type losing struct {
	*bench
	callbacks *ivrtest.Callbacks
}

func inLosses(t *testing.T, f func(t *testing.T, l *losing)) {
	t.Helper()
	inBubble(t, func(t *testing.T, b *bench) {
		l := &losing{bench: b, callbacks: new(ivrtest.Callbacks)}
		b.with(l.change)
		f(t, l)
	})
}

func (l *losing) change(o *ivr.Options) { o.Callbacks, o.AfterLoss = l.callbacks, true }

// calls lets a citizen call, press keys, and stay for a while.
func (l *losing) calls(number ivr.Number, keys string, stays time.Duration) {
	l.t.Helper()
	l.sw.Connect("a", func() *ivr.Inbox {
		return l.line.Arrive(ivr.Arrival{Node: node, Channel: "a", Caller: number, Dialled: "109"})
	})
	l.press("a", keys)
	l.after(stays)
}

// loses has the switch lose every leg at once, as one that died does.
func (l *losing) loses() {
	l.t.Helper()
	for _, leg := range l.sw.Legs() {
		l.sw.Lose(leg.Channel)
	}
	l.after(time.Minute)
}

// asked gives the results of all callbacks that the only call asked for.
func (l *losing) asked() (results []string) {
	for _, e := range l.journal.Entries(l.only().ID) {
		if e.Kind == ivr.CallbackAsked {
			results = append(results, e.Detail["result"]+" by "+e.Detail["by"])
		}
	}
	return results
}

// TestLostCallersAreCalledBack: those from whom the end of the switch took what
// they had called for, and nobody else.
func TestLostCallersAreCalledBack(t *testing.T) {
	const mobile = "+77011234567"
	for name, c := range map[string]struct {
		number  ivr.Number
		keys    string
		stays   time.Duration
		outcome ivr.Outcome
		result  string        // of the one wish that is on record; empty: there is none
		waited  time.Duration // as the callback has it: until the queue was left, or the loss
	}{
		"in the menu":        {mobile, "1", 2 * time.Second, ivr.Recalled, "taken by line", 0},
		"waiting":            {mobile, "20", 50 * time.Second, ivr.Recalled, "taken by line", 49 * time.Second},
		"served and cut off": {mobile, "10", 70 * time.Second, ivr.Served, "taken by line", 7 * time.Second},
		"informed":           {mobile, "231", 40 * time.Second, ivr.Informed, "", 0},
		"number withheld":    {"", "20", 50 * time.Second, ivr.Lost, "failed by line", 0},
		"number of abroad":   {"+4930123456", "20", 50 * time.Second, ivr.Lost, "failed by line", 0},
	} {
		t.Run(name, func(t *testing.T) {
			inLosses(t, func(t *testing.T, l *losing) {
				if c.outcome == ivr.Served {
					l.agent("aigerim", ivrtest.Manner{Answer: 5 * time.Second})
				}
				l.startDesk()
				l.calls(c.number, c.keys, c.stays)
				at := time.Now()
				l.loses()
				if r := l.only(); r.Outcome != c.outcome || r.Reason != ivr.SwitchLost {
					t.Errorf("ended as %s, %s", r.Outcome, r.Reason)
				}
				if asked := l.asked(); (c.result == "") != (len(asked) == 0) || len(asked) > 0 && asked[0] != c.result || len(asked) > 1 {
					t.Errorf("asked for: %v, want %q", asked, c.result)
				}
				all := l.callbacks.All()
				if (c.result == "taken by line") != (len(all) == 1) {
					t.Fatalf("callbacks %v", all)
				}
				if len(all) == 1 {
					cb := all[0]
					if waited := at.Sub(cb.Since).Round(time.Second); waited != c.waited {
						t.Errorf("waits since %s before the loss, want %s", waited, c.waited)
					}
					if cb.Queue != "main" || cb.Language == "" || cb.Number != mobile || cb.Call != l.only().ID {
						t.Errorf("the callback is %+v", cb)
					}
				}
				l.settled()
			})
		})
	}
}

// TestLossIsMadeGoodOnlyWhereSettingsSaySo: the rest of the record is as it was.
func TestLossIsMadeGoodOnlyWhereSettingsSaySo(t *testing.T) {
	inLosses(t, func(t *testing.T, l *losing) {
		l.with(func(o *ivr.Options) { o.Callbacks = l.callbacks })
		l.startDesk()
		l.calls("+77011234567", "20", 20*time.Second)
		l.loses()
		if r := l.only(); r.Outcome != ivr.Lost || len(l.callbacks.All()) != 0 || len(l.asked()) != 0 {
			t.Errorf("ended as %s; callbacks %v", r.Outcome, l.callbacks.All())
		}
		l.settled()
	})
}

// TestGoneWhileNothingWasHeard: those who were gone when the events came again may
// have had enough, all but the waiting.
func TestGoneWhileNothingWasHeard(t *testing.T) {
	for name, c := range map[string]struct {
		keys    string
		outcome ivr.Outcome
		wishes  int
	}{
		"in the menu": {"1", ivr.Lost, 0}, "waiting": {"20", ivr.Recalled, 1}, "in conversation": {"10", ivr.Served, 0},
	} {
		t.Run(name, func(t *testing.T) {
			inLosses(t, func(t *testing.T, l *losing) {
				if c.outcome == ivr.Served {
					l.agent("aigerim", ivrtest.Manner{Answer: time.Second})
				}
				l.startDesk()
				l.calls("+77011234567", c.keys, 10*time.Second)
				for _, leg := range l.sw.Legs() {
					l.sw.Vanish(leg.Channel)
				}
				l.after(time.Minute)
				if r := l.only(); r.Outcome != c.outcome || r.Reason != ivr.GoneMeantime || len(l.callbacks.All()) != c.wishes {
					t.Errorf("ended as %s, %s; callbacks %v", r.Outcome, r.Reason, l.callbacks.All())
				}
				l.settled()
			})
		})
	}
}

// TestGoneMeanwhile: of those who were gone when the program came back only the
// waiting are called back; the others may have had enough.
func TestGoneMeanwhile(t *testing.T) {
	for keys, want := range map[string]struct {
		outcome ivr.Outcome
		wishes  int
	}{"2": {ivr.Lost, 0}, "20": {ivr.Recalled, 1}} {
		inLosses(t, func(t *testing.T, l *losing) {
			l.startDesk()
			l.calls("+77011234567", keys, 20*time.Second)
			l.killed()
			l.sw.HangUp("a")
			l.startedAgainWith(l.change)
			l.after(time.Minute)
			if r := l.only(); r.Outcome != want.outcome || r.Reason != ivr.GoneMeantime || len(l.callbacks.All()) != want.wishes {
				t.Errorf("keys %s: ended as %s, %s; callbacks %v", keys, r.Outcome, r.Reason, l.callbacks.All())
			}
			l.settled()
		})
	}
}

// TestLossIsMadeGoodWhenTheStoreIsBack, by the same program or the next one.
func TestLossIsMadeGoodWhenTheStoreIsBack(t *testing.T) {
	for name, next := range map[string]bool{"the same program": false, "the next program": true} {
		t.Run(name, func(t *testing.T) {
			inLosses(t, func(t *testing.T, l *losing) {
				l.startDesk()
				l.calls("+77011234567", "1", 2*time.Second)
				l.callbacks.Break(errDown)
				l.loses()
				if r := l.only(); !r.Live() {
					t.Fatalf("closed as %s before the callback is noted", r.Outcome)
				}
				if next {
					l.killed()
				}
				l.callbacks.Break(nil)
				if next {
					l.startedAgainWith(l.change)
				}
				l.after(time.Minute)
				if r := l.only(); r.Outcome != ivr.Recalled || r.Reason != ivr.SwitchLost || len(l.callbacks.All()) != 1 {
					t.Errorf("ended as %s, %s; callbacks %v", r.Outcome, r.Reason, l.callbacks.All())
				}
				l.settled()
			})
		})
	}
}

// TestOneCallbackForANumber: who is to be called back already is not noted twice.
func TestOneCallbackForANumber(t *testing.T) {
	inLosses(t, func(t *testing.T, l *losing) {
		now := time.Now()
		if err := l.callbacks.Ask(t.Context(), ivr.Callback{
			Number: "+77011234567", Call: "another", Queue: "main", AskedAt: now, Since: now, DueAt: now, State: ivr.CallbackWaiting,
		}); err != nil {
			t.Fatal(err)
		}
		l.startDesk()
		l.calls("+77011234567", "20", 20*time.Second)
		l.loses()
		if asked := l.asked(); len(asked) != 1 || asked[0] != "already by line" || len(l.callbacks.All()) != 1 {
			t.Errorf("asked for: %v; callbacks %v", asked, l.callbacks.All())
		}
		if why := l.entriesOf(ivr.LeftQueue); len(why) != 1 || why[0].Detail["why"] != "callback" || l.only().Outcome != ivr.Recalled {
			t.Errorf("left the queue: %v; outcome %s", why, l.only().Outcome)
		}
		l.settled()
	})
}

// TestLostCallToACitizen: a callback that a fault cut off is asked for again once
// they talked; until then it stands as it was, and is tried again.
func TestLostCallToACitizen(t *testing.T) {
	for name, talks := range map[string]bool{"rung": false, "talking": true} {
		t.Run(name, func(t *testing.T) {
			inRecalls(t, ivr.Recalling{}, func(t *testing.T, r *recalls) {
				r.with(func(o *ivr.Options) { r.change(o); o.AfterLoss = true })
				r.ask(ana, 10*time.Minute)
				if talks {
					r.sw.Citizen(ana, ivrtest.Manner{Answer: 2 * time.Second})
				} else {
					r.sw.Citizen(ana, ivrtest.Manner{})
				}
				r.agent("aigerim", ivrtest.Manner{Answer: 2 * time.Second})
				r.begin()
				r.after(20 * time.Second)
				if (r.sw.Bridges() == 1) != talks {
					t.Fatalf("%d conversations: %v", r.sw.Bridges(), r.sw.Did())
				}
				r.sw.Citizen(ana, ivrtest.Manner{})
				for _, leg := range r.sw.Legs() {
					r.sw.Lose(leg.Channel)
				}
				r.after(10 * time.Second)
				all := r.callbacks.All()
				if talks && (len(all) != 2 || all[0].State != ivr.CallbackReached || !all[1].State.Open()) ||
					!talks && (len(all) != 1 || !all[0].State.Open()) {
					t.Errorf("callbacks %+v", all)
				}
			})
		})
	}
}
