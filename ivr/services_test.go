package ivr_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

func TestMessage(t *testing.T) {
	for name, c := range map[string]struct {
		do      func(o *offices)
		kept    bool
		outcome ivr.Outcome
	}{
		"sent": {func(o *offices) {
			o.after(5 * time.Second)
			o.press("a", "#1")
		}, true, ivr.LeftWord},
		"heard again, then sent": {func(o *offices) {
			o.after(5 * time.Second)
			o.press("a", "#2")
			o.after(6 * time.Second)
			o.press("a", "1")
		}, true, ivr.LeftWord},
		"recorded anew": {func(o *offices) {
			o.after(5 * time.Second)
			o.press("a", "#3")
			o.untilTone()
			o.after(5 * time.Second)
			o.press("a", "#1")
		}, true, ivr.LeftWord},
		"hung up while speaking": {func(o *offices) {
			o.after(5 * time.Second)
			o.sw.HangUp("a")
		}, true, ivr.LeftWord},
		"hung up before a word": {func(o *offices) {
			o.after(time.Second)
			o.sw.HangUp("a")
		}, false, ivr.MenuHangup},
		"hung up before sending": {func(o *offices) {
			o.after(5 * time.Second)
			o.press("a", "#")
			o.after(time.Second)
			o.sw.HangUp("a")
		}, true, ivr.LeftWord},
		"to the end of its length": {func(o *offices) {
			o.after(35 * time.Second)
			o.press("a", "1")
		}, true, ivr.LeftWord},
		"an operator instead": {func(o *offices) {
			o.after(5 * time.Second)
			o.press("a", "0")
			o.after(10 * time.Second)
			o.sw.HangUp("a")
		}, false, ivr.Abandoned},
	} {
		t.Run(name, func(t *testing.T) {
			inOffices(t, func(t *testing.T, o *offices) {
				o.startDesk()
				o.reconcile()
				o.arriveAt("1", 0)
				o.untilTone()
				c.do(o)
				o.ended(c.outcome)
				all := o.messages.All()
				if !c.kept {
					if len(all) > 0 {
						t.Errorf("kept was %+v", all)
					}
				} else if len(all) != 1 || all[0].State != ivr.MessageNew || all[0].Queue != "main" || all[0].Caller != "+77011234567" ||
					all[0].Call != o.only().ID || all[0].Length < 3*time.Second || len(o.messages.Sound(all[0].ID)) == 0 {
					t.Errorf("messages %+v, commands %v", all, o.sw.Did())
				}
				if left := o.sw.Tapes(); len(left) > 0 {
					t.Errorf("recordings are left in the switch: %v", left)
				}
			})
		})
	}
}

// TestMessageIsHeardAgain as it was recorded, not as a prompt.
func TestMessageIsHeardAgain(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		o.startDesk()
		o.arriveAt("1", 0)
		o.untilTone()
		o.after(5 * time.Second)
		o.press("a", "#")
		o.after(time.Second)
		o.press("a", "2")
		o.after(time.Second)
		if !heard(o.bench, "play", "recording") {
			t.Errorf("it was not played: %v", o.sw.Did())
		}
		o.sw.HangUp("a")
		o.ended(ivr.LeftWord)
	})
}

// TestMessageOfASilentCaller ends by itself and is none.
func TestMessageOfASilentCaller(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		o.startDesk()
		o.sw.Speak("a", time.Second)
		o.arriveAt("1", 30*time.Second)
		if !heard(o.bench, "play", "message/short") {
			t.Errorf("it was not told: %v", o.sw.Did())
		}
		o.sw.HangUp("a")
		o.ended(ivr.MenuHangup)
	})
}

// TestMessageNotPromised leads where the flow says.
func TestMessageNotPromised(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		o.messages.Break(func(string) error { return errDown })
		o.startDesk()
		o.arriveAt("1", 0)
		o.untilTone()
		o.after(5 * time.Second)
		o.press("a", "#1")
		o.after(time.Minute)
		if r := o.only(); r.Path[len(r.Path)-1] != "operator" {
			t.Errorf("the caller is at %v", r.Path)
		}
		o.sw.HangUp("a")
		o.ended(ivr.Abandoned)
	})
}

// TestMessageOutlivesTheProgram that promised it, or had only recorded it.
func TestMessageOutlivesTheProgram(t *testing.T) {
	t.Run("promised", func(t *testing.T) {
		inOffices(t, func(t *testing.T, o *offices) {
			o.startDesk()
			o.messages.Break(func(op string) error {
				if op == "keep" {
					return errDown
				}
				return nil
			})
			o.arriveAt("1", 0)
			o.untilTone()
			o.after(5 * time.Second)
			o.press("a", "#1")
			o.after(10 * time.Second)
			o.again(func() { o.messages.Break(nil) })
			o.after(10 * time.Second)
			if all := o.messages.All(); len(all) != 1 || all[0].State != ivr.MessageNew {
				t.Errorf("messages %+v", all)
			}
			o.sw.HangUp("a")
			o.ended(ivr.LeftWord)
		})
	})
	t.Run("recording, and the caller hung up", func(t *testing.T) {
		inOffices(t, func(t *testing.T, o *offices) {
			o.startDesk()
			o.arriveAt("1", 0)
			o.untilTone()
			o.again(func() {
				o.after(5 * time.Second)
				o.sw.HangUp("a")
			})
			o.after(time.Minute)
			if all := o.messages.All(); len(all) != 1 || all[0].State != ivr.MessageNew {
				t.Errorf("messages %+v", all)
			}
			o.ended(ivr.LeftWord)
		})
	})
	t.Run("recording, and the caller is there", func(t *testing.T) {
		inOffices(t, func(t *testing.T, o *offices) {
			o.startDesk()
			o.arriveAt("1", 0)
			o.untilTone()
			first := o.sw.Tapes()
			o.again(func() { o.after(time.Second) })
			o.untilTone()
			o.after(5 * time.Second)
			now := o.sw.Tapes()
			if len(first) != 1 || len(now) != 1 || first[0] == now[0] || !heard(o.bench, "play", "one_moment") {
				t.Errorf("recordings %v, then %v; %v", first, now, o.sw.Did())
			}
			o.press("a", "#1")
			o.ended(ivr.LeftWord)
		})
	})
}

// TestSweep erases what callers of an earlier program recorded and did not
// send, and nothing else.
func TestSweep(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		o.sw.Connect("x", ivr.NewInbox)
		for _, id := range []ivr.RecordingID{"m-0197b1c2-1", "p-7"} {
			if err := o.sw.Record(t.Context(), ivr.Taping{ID: id, Channel: "x", Max: time.Second}); err != nil {
				t.Fatal(err)
			}
		}
		o.after(2 * time.Second)
		o.sw.HangUp("x")
		o.startDesk()
		o.reconcile()
		o.after(time.Second)
		if left := o.sw.Tapes(); !slices.Equal(left, []ivr.RecordingID{"p-7"}) {
			t.Errorf("left are %v", left)
		}
	})
}

// TestMessageLost is told of a sound that is nowhere, once.
func TestMessageLost(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		if err := o.messages.Promise(t.Context(), ivr.Message{
			ID: "m-0197b1c2-1", Call: "0197b1c2", Node: node, LeftAt: time.Now(), State: ivr.MessageOwed,
		}); err != nil {
			t.Fatal(err)
		}
		o.startDesk()
		o.reconcile()
		o.after(time.Minute)
		if all := o.messages.All(); all[0].State != ivr.MessageLost {
			t.Errorf("it is %+v", all[0])
		}
	})
}

func TestCallback(t *testing.T) {
	for name, c := range map[string]struct {
		caller  ivr.Number
		before  func(o *offices)
		keys    string
		outcome ivr.Outcome
		number  ivr.Number
	}{
		"this number":  {"+77011234567", nil, "21", ivr.Recalled, "+77011234567"},
		"with an 8":    {"87011234567", nil, "21", ivr.Recalled, "+77011234567"},
		"another one":  {"+77011234567", nil, "2287172123456#1", ivr.Recalled, "+77172123456"},
		"withheld":     {"", nil, "287011234567#1", ivr.Recalled, "+77011234567"},
		"noted before": {"+77011234567", noted("+77011234567"), "21", ivr.Recalled, "+77011234567"},
		"store down":   {"+77011234567", func(o *offices) { o.callbacks.Break(errDown) }, "21", ivr.Abandoned, ""},
	} {
		t.Run(name, func(t *testing.T) {
			inOffices(t, func(t *testing.T, o *offices) {
				if o.caller = c.caller; c.before != nil {
					c.before(o)
				}
				o.startDesk()
				o.arriveAt(c.keys, time.Minute)
				o.sw.HangUp("a")
				o.ended(c.outcome)
				all := o.callbacks.All()
				if c.number == "" && len(all) > 0 || c.number != "" && (len(all) != 1 || all[0].Number != c.number) {
					t.Errorf("noted are %+v at %v", all, o.only().Path)
				}
				for _, e := range o.journal.Entries(o.only().ID) {
					if strings.Contains(e.Detail["number"], "123") || strings.Contains(e.Detail["key"], "7") && c.keys != "21" {
						t.Errorf("the journal tells the number: %+v", e)
					}
				}
			})
		})
	}
}

func noted(number ivr.Number) func(o *offices) {
	return func(o *offices) {
		if err := o.callbacks.Ask(o.t.Context(), ivrtest.NewCallback(number, "another")); err != nil {
			o.t.Fatal(err)
		}
	}
}

// TestCallbackKeepsTheWait of one who waited before, and gives up the place.
func TestCallbackKeepsTheWait(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		o.startDesk()
		o.arriveAt("0", time.Minute)
		o.press("a", "*")
		o.after(time.Second)
		queued := o.only().QueuedAt
		o.press("a", "21")
		o.ended(ivr.Recalled)
		if all := o.callbacks.All(); len(all) != 1 || !all[0].Since.Equal(queued) || !all[0].AskedAt.After(queued.Add(time.Minute)) {
			t.Errorf("noted are %+v, queued at %s", all, queued)
		}
	})
}

// TestStrangersNumbersAreNotCalled: whoever types one chooses what is paid for.
func TestStrangersNumbersAreNotCalled(t *testing.T) {
	for raw, want := range map[ivr.Number]ivr.Number{
		"+77011234567": "+77011234567", "8 (701) 123-45-67": "+77011234567", "77011234567": "+77011234567", "7011234567": "+77011234567",
		"+7 7172 12 34 56": "+77172123456",
		"":                 "", "anonymous": "", "109": "", "+1 900 555 0100": "", "+442079460000": "", "+7701": "", "+77011234567;ext=1": "",
		"+7701123456789": "", "００７７０１１２３４５６７": "", "sip:+77011234567@evil.example": "",
	} {
		got, ok := ivr.Callable(raw, "KZ", []string{"+7"})
		if got != want || ok != (want != "") {
			t.Errorf("%q became %q", raw.Reveal(), got.Reveal())
		}
	}
}

// TestKeysWhileItRings: what is pressed while an agent's telephone rings is no
// answer to what is asked after the conversation.
func TestKeysWhileItRings(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		o.agent("aigerim", ivrtest.Manner{Answer: 5 * time.Second})
		o.startDesk()
		o.arriveAt("0", 3*time.Second)
		o.press("a", "42")
		o.until("joined", func() bool { return o.sw.Bridges() == 1 })
		o.after(10 * time.Second)
		o.sw.HangUp(o.legOf("aigerim"))
		o.after(time.Minute)
		if r := o.only(); r.Score != 0 || r.Outcome != ivr.Served {
			t.Errorf("the agent got %d; %s, %v", r.Score, r.Outcome, o.kinds())
		}
		o.settled()
	})
}

// TestWaitsAgain: whoever waits once more, after something else was done for them,
// and gives up has given up.
func TestWaitsAgain(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		o.startDesk()
		o.arriveAt("2", 5*time.Second)
		o.press("a", "1")
		o.until("taken", func() bool { return slices.Contains(o.kinds(), ivr.CallbackAsked) })
		o.press("a", "0")
		o.until("waiting", func() bool { return slices.Contains(o.kinds(), ivr.Queued) })
		o.after(10 * time.Second)
		o.sw.HangUp("a")
		o.ended(ivr.Abandoned)
	})
}
