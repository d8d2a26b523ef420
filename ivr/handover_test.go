package ivr_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/queue"
)

// handing has a caller speak with aigerim, and beside them a partner, a colleague
// and a second queue to be handed to.
func (b *bench) handing(partner, colleague ivrtest.Manner) {
	b.t.Helper()
	b.sw.Partner("112", partner)
	b.with(handing)
	b.talks()
	b.agent("daniyar", colleague)
	b.after(10 * time.Second)
}

func handing(o *ivr.Options) { o.Partners, o.Queues = []string{"112"}, []string{"main", "housing"} }

// numberOf gives what an agent keys for a colleague.
func (b *bench) numberOf(id ivr.AgentID) string {
	return strconv.Itoa(b.agentNamed(id).Number)
}

// keys has aigerim press keys.
func (b *bench) keys(keys string) { b.press(b.legOf("aigerim"), keys) }

// handed gives what the journal has of handovers.
func (b *bench) handed() []string {
	var all []string
	for _, e := range b.journal.Entries(b.only().ID) {
		if kind, ok := strings.CutPrefix(string(e.Kind), "handover_"); ok {
			all = append(all, kind+" "+e.Detail["partner"]+e.Detail["agent"]+e.Detail["queue"]+" "+e.Detail["why"]+e.Detail["by"])
		}
	}
	return all
}

func (b *bench) wantHanded(want ...string) {
	b.t.Helper()
	got := b.handed()
	for i := range got {
		got[i] = strings.TrimSpace(got[i])
	}
	if !slices.Equal(got, want) {
		b.t.Errorf("the journal has %q, want %q", got, want)
	}
}

// callerGone ends the call and checks the books.
func (b *bench) callerGone() ivr.Record {
	b.t.Helper()
	b.sw.HangUp("a")
	b.after(2 * time.Minute)
	b.settled()
	r := b.only()
	if r.Outcome != ivr.Served {
		b.t.Errorf("ended as %s", r.Outcome)
	}
	for _, id := range []ivr.AgentID{"aigerim", "daniyar"} {
		if a := b.agentNamed(id); a.World != queue.Idle {
			b.t.Errorf("%s is %s", id, a.World)
		}
	}
	return r
}

// TestAttendedToAPartner: the agent speaks first, and leaves in one way or the
// other; who accepted it when is on record.
func TestAttendedToAPartner(t *testing.T) {
	for name, leave := range map[string]func(b *bench){
		"by keys":       func(b *bench) { b.keys("*2") },
		"by hanging up": func(b *bench) { b.sw.HangUp(b.legOf("aigerim")) },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.handing(ivrtest.Manner{Answer: 3 * time.Second}, ivrtest.Manner{})
				b.keys("*2112#")
				if !b.sw.Music("a") || !heard(b, "play", "kk/agent/handover/number") {
					t.Errorf("the caller hears no music: %v", b.sw.Did())
				}
				b.until("agent and partner speak", func() bool { return b.speaks("aigerim", "112") })
				if !b.sw.Music("a") || b.sw.Bridges() != 1 {
					t.Errorf("the caller does not wait: %v", b.sw.Did())
				}
				b.after(10 * time.Second)
				leave(b)
				b.after(time.Second)
				if !b.speaks("a", "112") || b.sw.Music("a") || b.legOf("aigerim") != "" {
					t.Errorf("not handed over: %v", b.sw.Did())
				}
				if a := b.agentNamed("aigerim"); a.World != queue.Idle {
					t.Errorf("the agent is %s", a.World)
				}
				b.after(10 * time.Second)
				r := b.callerGone()
				if r.Agent != "aigerim" || r.HandedBy != "aigerim" || r.Partner != "112" || r.Hold < 13*time.Second || r.Talk > 14*time.Second {
					t.Errorf("record %+v", r)
				}
				b.wantHanded("offered 112 aigerim", "answered 112", "done 112 aigerim", "ended 112 caller")
			})
		})
	}
}

// TestAttendedThatComesToNothing: the caller is with the agent again.
func TestAttendedThatComesToNothing(t *testing.T) {
	for name, c := range map[string]struct {
		partner ivrtest.Manner
		keys    string
		do      func(b *bench)
		said    string
		handed  []string
	}{
		"no answer":           {ivrtest.Manner{}, "112#", func(b *bench) { b.after(35 * time.Second) }, "no_answer", []string{"offered 112 aigerim", "missed 112 no_answer"}},
		"busy":                {ivrtest.Manner{Cause: 17}, "112#", nil, "busy", []string{"offered 112 aigerim", "missed 112 busy"}},
		"taken back, ringing": {ivrtest.Manner{}, "112#", func(b *bench) { b.after(3 * time.Second); b.keys("*0") }, "", []string{"offered 112 aigerim", "missed 112 taken_back"}},
		"taken back, speaking": {
			ivrtest.Manner{Answer: time.Second},
			"112#", func(b *bench) { b.after(3 * time.Second); b.keys("*0") }, "",
			[]string{"offered 112 aigerim", "answered 112", "ended 112 agent"},
		},
		"the partner leaves": {
			ivrtest.Manner{Answer: time.Second},
			"112#", func(b *bench) { b.after(3 * time.Second); b.sw.HangUp(b.legOf("112")) }, "",
			[]string{"offered 112 aigerim", "answered 112", "ended 112 other"},
		},
		"no such number":  {ivrtest.Manner{}, "999#", nil, "unknown", nil},
		"oneself":         {ivrtest.Manner{}, "201#", nil, "busy", nil},
		"thought better":  {ivrtest.Manner{}, "11*0", nil, "", nil},
		"nothing keyed":   {ivrtest.Manner{}, "", func(b *bench) { b.after(15 * time.Second) }, "", nil},
		"a lot of digits": {ivrtest.Manner{}, "99999999999999999999#", nil, "unknown", nil},
		"not a number":    {ivrtest.Manner{}, "0#", nil, "unknown", nil},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.handing(c.partner, ivrtest.Manner{})
				b.keys("*2" + c.keys)
				if c.do != nil {
					c.do(b)
				}
				b.after(5 * time.Second)
				if !b.speaks("a", "aigerim") || b.sw.Music("a") || len(b.sw.Legs()) != 2 {
					t.Errorf("the caller is not back: %v", b.sw.Did())
				}
				if c.said != "" && !heard(b, "play", "kk/agent/handover/"+c.said) {
					t.Errorf("the agent was not told: %v", b.sw.Did())
				}
				if r := b.callerGone(); r.Agent != "aigerim" || r.HandedBy != "" || r.Partner != "" {
					t.Errorf("record %+v", r)
				}
				b.wantHanded(c.handed...)
			})
		})
	}
}

// TestCallerHangsUpDuringAHandover, at each of its moments.
func TestCallerHangsUpDuringAHandover(t *testing.T) {
	for keys, wait := range map[string]time.Duration{"*2": 0, "*2112#": time.Second, "*2112# ": 10 * time.Second, "*3112#": time.Second} {
		inBubble(t, func(_ *testing.T, b *bench) {
			b.handing(ivrtest.Manner{Answer: 5 * time.Second}, ivrtest.Manner{})
			b.keys(strings.TrimSpace(keys))
			b.after(wait)
			b.callerGone()
		})
	}
}

// TestHandoverToAColleague, who serves the caller from then on.
func TestHandoverToAColleague(t *testing.T) {
	for _, way := range []string{"*2", "*3"} {
		t.Run(way, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.handing(ivrtest.Manner{}, ivrtest.Manner{Answer: 4 * time.Second})
				b.keys(way + b.numberOf("daniyar") + "#")
				b.after(time.Second)
				if gone := b.legOf("aigerim") == ""; gone != (way == "*3") || !b.sw.Music("a") {
					t.Errorf("the agent is gone: %t; %v", gone, b.sw.Did())
				}
				b.after(5 * time.Second)
				if way == "*2" {
					b.keys("*2")
				}
				b.after(time.Second)
				if !b.speaks("a", "daniyar") || b.legOf("aigerim") != "" || b.sw.Music("a") {
					t.Fatalf("not handed over: %v", b.sw.Did())
				}
				if from, to := b.agentNamed("aigerim"), b.agentNamed("daniyar"); from.World != queue.Idle || to.World != queue.Talking {
					t.Errorf("the agents are %s and %s", from.World, to.World)
				}
				b.press(b.legOf("daniyar"), "*0")
				if a := b.agentNamed("daniyar"); a.World != queue.OnHold || !b.sw.Music("a") {
					t.Errorf("the colleague cannot hold: %s", a.World)
				}
				b.press(b.legOf("daniyar"), "*0")
				if r := b.callerGone(); r.Agent != "daniyar" || r.HandedBy != "aigerim" {
					t.Errorf("record %+v", r)
				}
				b.wantHanded("offered daniyar aigerim", "answered daniyar", "done daniyar aigerim")
			})
		})
	}
}

// TestBlindThatNobodyTakes: the agent is rung again and has the caller back.
func TestBlindThatNobodyTakes(t *testing.T) {
	for name, give := range map[string]func(b *bench){
		"a colleague": func(b *bench) { b.keys("*3" + b.numberOf("daniyar") + "#") },
		"a partner":   func(b *bench) { b.keys("*3112#") },
		"attended, and the agent hangs up while it rings": func(b *bench) {
			b.keys("*2112#")
			b.after(time.Second)
			b.sw.HangUp(b.legOf("aigerim"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.handing(ivrtest.Manner{}, ivrtest.Manner{})
				give(b)
				b.after(2 * time.Second)
				if b.legOf("aigerim") != "" || !b.sw.Music("a") || b.agentNamed("aigerim").World == queue.Idle {
					t.Errorf("the agent is not kept for the caller: %v", b.sw.Did())
				}
				b.until("the agent is told", func() bool { return heard(b, "play", "kk/agent/handover/back") })
				b.after(10 * time.Second)
				if !b.speaks("a", "aigerim") || b.sw.Music("a") {
					t.Fatalf("the caller is not back: %v", b.sw.Did())
				}
				if a := b.agentNamed("aigerim"); a.World != queue.Talking {
					t.Errorf("the agent is %s", a.World)
				}
				b.keys("*0")
				b.keys("*0")
				if r := b.callerGone(); r.Agent != "aigerim" || r.HandedBy != "" {
					t.Errorf("record %+v", r)
				}
			})
		})
	}
}

// TestNobodyTakesTheCallerBack: the queue does, before others.
func TestNobodyTakesTheCallerBack(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.handing(ivrtest.Manner{}, ivrtest.Manner{Answer: time.Second})
		tickets := b.entering()
		b.sw.Agent("aigerim", ivrtest.Manner{})
		b.keys("*3112#")
		b.until("another agent", func() bool { return b.speaks("a", "daniyar") })
		if a := b.agentNamed("aigerim"); a.Chosen != ivr.Paused || a.PauseReason != queue.MissedReason {
			t.Errorf("the agent is %s %s", a.Chosen, a.PauseReason)
		}
		if last := tickets(); last.Queue != "main" || last.HeadStart < ivr.HeadStartHandedBack {
			t.Errorf("the ticket is %+v", last)
		}
		if r := b.callerGone(); r.Agent != "daniyar" {
			t.Errorf("record %+v", r)
		}
	})
}

// TestHandoverToAQueue: the caller waits there, with a head start.
func TestHandoverToAQueue(t *testing.T) {
	for _, way := range []string{"*2", "*3"} {
		t.Run(way, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.handing(ivrtest.Manner{}, ivrtest.Manner{})
				b.pause("daniyar")
				tickets := b.entering()
				b.pause("aigerim")
				b.keys(way + "2#")
				b.after(time.Second)
				if r := b.only(); r.Queue != "housing" || !r.Waiting() || b.legOf("aigerim") != "" || r.HandedBy != "aigerim" {
					t.Fatalf("record %+v", r)
				}
				if last := tickets(); last.Queue != "housing" || last.HeadStart < ivr.HeadStartHandedBack {
					t.Errorf("the ticket is %+v", last)
				}
				b.after(20 * time.Second)
				if !b.sw.Music("a") {
					t.Errorf("no music: %v", b.sw.Did())
				}
				b.killed()
				b.startedAgainWith(handing)
				b.after(20 * time.Second)
				if r := b.only(); r.Queue != "housing" || !r.Waiting() || !b.sw.Music("a") {
					t.Errorf("after a restart: %+v", r)
				}
				r := b.callerGone()
				if r.Reason != ivr.CallerHungUp {
					t.Errorf("record %+v", r)
				}
				b.wantHanded("done housing aigerim")
			})
		})
	}
}

// pause has an agent be offered nobody.
func (b *bench) pause(id ivr.AgentID) {
	b.t.Helper()
	if err := b.desk.Choose(b.t.Context(), id, ivr.Paused, "lunch"); err != nil {
		b.t.Fatal(err)
	}
}

// entering gives the ticket with which the one caller stands in a queue.
func (b *bench) entering() func() ivr.Ticket {
	return func() ivr.Ticket {
		all, err := b.store.All(b.t.Context())
		if err != nil || len(all) != 1 {
			b.t.Fatalf("tickets %v, %v", all, err)
		}
		return all[0].Ticket
	}
}
