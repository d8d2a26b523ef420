package ivr_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

// partnersLeg gives the leg that is not the caller's.
func (o *offices) partnersLeg() ivr.ChannelID {
	o.t.Helper()
	for _, leg := range o.sw.Legs() {
		if leg.Channel != "a" {
			return leg.Channel
		}
	}
	o.t.Fatal("nobody else is there")
	return ""
}

func TestHandover(t *testing.T) {
	for name, c := range map[string]struct {
		partner *ivrtest.Manner
		do      func(o *offices)
		path    string // the last node
		outcome ivr.Outcome
	}{
		"finished": {&ivrtest.Manner{Answer: 3 * time.Second}, func(o *offices) {
			o.after(10 * time.Second)
			o.sw.HangUp(o.partnersLeg())
			o.after(5 * time.Second)
		}, "topics", ivr.HandedOver},
		"the caller hangs up": {&ivrtest.Manner{Answer: 3 * time.Second}, func(o *offices) {
			o.after(10 * time.Second)
		}, "rescue", ivr.HandedOver},
		"the caller hangs up while it rings": {&ivrtest.Manner{Answer: 30 * time.Second}, func(o *offices) {
			o.after(10 * time.Second)
		}, "rescue", ivr.MenuHangup},
		"busy":      {&ivrtest.Manner{Cause: 17}, func(o *offices) { o.after(10 * time.Second) }, "topics", ivr.MenuHangup},
		"no answer": {&ivrtest.Manner{}, func(o *offices) { o.after(40 * time.Second) }, "topics", ivr.MenuHangup},
		"not on the list": {nil, func(o *offices) {
			o.after(10 * time.Second)
		}, "operator", ivr.Abandoned},
	} {
		t.Run(name, func(t *testing.T) {
			inOffices(t, func(t *testing.T, o *offices) {
				if c.partner != nil {
					o.sw.Partner("112", *c.partner)
				}
				o.startDesk()
				o.arriveAt("3", 0)
				c.do(o)
				r := o.only()
				if r.Path[len(r.Path)-1] != c.path || (r.Partner != "") != (c.outcome == ivr.HandedOver) {
					t.Errorf("the caller is at %v, with %q", r.Path, r.Partner)
				}
				o.sw.HangUp("a")
				o.ended(c.outcome)
			})
		})
	}
}

// TestKeyWhileAPartnerRings does not skip what is said when nobody answers.
func TestKeyWhileAPartnerRings(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		o.sw.Partner("112", ivrtest.Manner{})
		o.startDesk()
		o.arriveAt("3", 10*time.Second)
		o.press("a", "5")
		o.after(30 * time.Second)
		if !heard(o.bench, "play", "kk/sorry/text") {
			t.Errorf("not heard: %v", o.sw.Did())
		}
		o.sw.HangUp("a")
		o.ended(ivr.MenuHangup)
	})
}

// TestAwayWhileAPartnerRings: 0 and * lead where they always do, at once, and the
// partner's telephone is silent.
func TestAwayWhileAPartnerRings(t *testing.T) {
	for key, c := range map[string]struct {
		node string
		ends ivr.Outcome
	}{
		"0":  {"operator", ivr.Abandoned},
		"50": {"operator", ivr.Abandoned}, // the first means nothing here
		"*":  {"topics", ivr.MenuHangup},
	} {
		t.Run(key, func(t *testing.T) {
			inOffices(t, func(t *testing.T, o *offices) {
				o.sw.Partner("112", ivrtest.Manner{})
				o.startDesk()
				o.arriveAt("3", 10*time.Second)
				o.press("a", key)
				o.after(2 * time.Second)
				if r := o.only(); r.Path[len(r.Path)-1] != c.node || len(o.sw.Legs()) != 1 || !strings.HasSuffix(r.Keys, key[len(key)-1:]) {
					t.Errorf("the caller is at %v with keys %s; %d legs", r.Path, r.Keys, len(o.sw.Legs()))
				}
				if missed := o.entriesOf(ivr.HandoverMissed); len(missed) != 1 || missed[0].Detail["why"] != "withdrawn" {
					t.Errorf("the journal has %v", missed)
				}
				o.sw.HangUp("a")
				o.ended(c.ends)
			})
		})
	}
}

// TestHandoverIsOnRecord: who accepted it when.
func TestHandoverIsOnRecord(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		o.sw.Partner("112", ivrtest.Manner{Answer: 3 * time.Second})
		o.startDesk()
		o.arriveAt("3", 10*time.Second)
		o.press("a", "12") // to the partner, and nobody's business
		o.sw.HangUp("a")
		o.ended(ivr.HandedOver)
		kinds := o.kinds()
		at := slices.Index(kinds, ivr.HandoverOffered)
		want := []ivr.Kind{ivr.HandoverOffered, ivr.Joining, ivr.HandoverAnswered, ivr.HandoverEnded}
		if at < 0 || len(kinds) < at+4 || !slices.Equal(kinds[at:at+4], want) {
			t.Fatalf("the journal has %v", kinds)
		}
		entries := o.journal.Entries(o.only().ID)
		if took := entries[at+2].At.Sub(entries[at].At); took != 3*time.Second {
			t.Errorf("it was accepted after %s", took)
		}
		if by := entries[at+3].Detail["by"]; by != "caller" {
			t.Errorf("ended by %q", by)
		}
		if keys := o.only().Keys; keys != "3" {
			t.Errorf("keys %q", keys)
		}
	})
}

// TestHandoverOutlivesTheProgram in each of its phases.
func TestHandoverOutlivesTheProgram(t *testing.T) {
	t.Run("ringing", func(t *testing.T) {
		inOffices(t, func(t *testing.T, o *offices) {
			o.sw.Partner("112", ivrtest.Manner{Answer: 10 * time.Second})
			o.startDesk()
			o.arriveAt("3", 2*time.Second)
			o.again(func() {})
			o.after(20 * time.Second)
			if o.sw.Bridges() != 1 {
				t.Errorf("no conversation: %v", o.sw.Did())
			}
			o.sw.HangUp("a")
			o.ended(ivr.HandedOver)
		})
	})
	for name, meanwhile := range map[string]func(o *offices){
		"talking":                           func(*offices) {},
		"talking, and the partner hung up":  func(o *offices) { o.sw.HangUp(o.partnersLeg()) },
		"talking, and nothing of it stored": nil,
	} {
		t.Run(name, func(t *testing.T) {
			inOffices(t, func(t *testing.T, o *offices) {
				o.sw.Partner("112", ivrtest.Manner{Answer: 3 * time.Second})
				o.startDesk()
				o.arriveAt("3", time.Second)
				if meanwhile == nil {
					o.journal.Break(func(string, ivr.CallID) error { return errDown })
				}
				o.after(10 * time.Second)
				o.again(func() {
					if meanwhile != nil {
						meanwhile(o)
					}
				})
				o.after(time.Second)
				if len(o.sw.Legs()) == 2 {
					if o.sw.Bridges() != 1 {
						t.Errorf("the conversation is gone: %v", o.sw.Did())
					}
					o.sw.HangUp(o.partnersLeg())
				}
				o.after(10 * time.Second)
				if r := o.only(); r.Path[len(r.Path)-1] != "topics" {
					t.Errorf("the caller is at %v", r.Path)
				}
				o.sw.HangUp("a")
				o.ended(ivr.HandedOver)
			})
		})
	}
}

// TestLookup says what the service answers; the number typed is no reading for
// anybody.
func TestLookup(t *testing.T) {
	answers := func(values map[string]string, err error, took time.Duration) func(*offices) {
		return func(o *offices) {
			o.look = func(ctx context.Context, url string, _ map[string]string) (map[string]string, error) {
				if !strings.HasSuffix(url, "/debts/4711") {
					o.t.Errorf("asked is %s", url)
				}
				select {
				case <-time.After(took):
					return values, err
				case <-ctx.Done():
					return nil, ctx.Err()
				}
			}
		}
	}
	for name, c := range map[string]struct {
		service func(*offices)
		path    string
	}{
		"found":    {answers(map[string]string{"left": "15"}, nil, time.Second), "told"},
		"failed":   {answers(nil, errDown, time.Second), "operator"},
		"too slow": {answers(map[string]string{"left": "15"}, nil, time.Minute), "operator"},
		"a fault":  {func(o *offices) { o.look = nil }, "operator"},
	} {
		t.Run(name, func(t *testing.T) {
			inOffices(t, func(t *testing.T, o *offices) {
				c.service(o)
				o.startDesk()
				o.arriveAt("44711", 20*time.Second)
				r := o.only()
				if !slices.Contains(r.Path, c.path) {
					t.Errorf("the caller is at %v", r.Path)
				}
				if r.Keys != "4••••" {
					t.Errorf("keys %q", r.Keys)
				}
				if told := heard(o.bench, "play", "told/text=15"); told != (c.path == "told") {
					t.Errorf("told: %t; %v", told, o.sw.Did())
				}
				if state := string(o.journal.State(r.ID)); strings.Contains(state, `"keys":"`) {
					t.Errorf("keys are left over: %s", state)
				}
				o.sw.HangUp("a")
				o.after(time.Minute)
				o.settled()
			})
		})
	}
}

// TestLookupEndsWithTheCall does not wait for a service.
func TestLookupEndsWithTheCall(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		o.look = func(ctx context.Context, _ string, _ map[string]string) (map[string]string, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		o.startDesk()
		o.arriveAt("44711", time.Second)
		o.sw.HangUp("a")
		o.after(100 * time.Millisecond)
		if r := o.only(); r.Live() {
			t.Error("the call goes on")
		}
		o.ended(ivr.MenuHangup)
	})
}

// TestSurvey comes after the agent has hung up, and changes no outcome.
func TestSurvey(t *testing.T) {
	for name, c := range map[string]struct {
		do    func(o *offices)
		score int
	}{
		"a mark":        {func(o *offices) { o.press("a", "5") }, 5},
		"none":          {func(*offices) {}, 0},
		"hung up on it": {func(o *offices) { o.sw.HangUp("a") }, 0},
		"after a restart": {func(o *offices) {
			o.again(func() {})
			o.after(10 * time.Second)
			o.press("a", "4")
		}, 4},
	} {
		t.Run(name, func(t *testing.T) {
			inOffices(t, func(t *testing.T, o *offices) {
				o.agent("aigerim", ivrtest.Manner{Answer: 2 * time.Second})
				o.startDesk()
				o.arriveAt("0", 10*time.Second)
				o.hangUp("agent")
				o.after(time.Second)
				parted := o.only().Talk
				c.do(o)
				o.ended(ivr.Served)
				if r := o.only(); r.Score != c.score || r.Talk != parted || r.Agent != "aigerim" {
					t.Errorf("record %+v, talk was %s", r, parted)
				}
				if o.agentNow().World != "idle" {
					t.Errorf("the agent is %s", o.agentNow().World)
				}
			})
		})
	}
}

// TestSurveyAfterAnUnseenEnd of a conversation: the agent hung up while no
// program was there.
func TestSurveyAfterAnUnseenEnd(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		o.agent("aigerim", ivrtest.Manner{Answer: 2 * time.Second})
		o.startDesk()
		o.arriveAt("0", 10*time.Second)
		o.again(func() { o.hangUp("agent") })
		o.after(5 * time.Second)
		o.press("a", "3")
		o.ended(ivr.Served)
		if r := o.only(); r.Score != 3 {
			t.Errorf("record %+v", r)
		}
	})
}
