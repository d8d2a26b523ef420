package ivr_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ikomek109/ivr"
)

// TestMessageDeclined wants 0 and * to mean what they mean everywhere also
// before a word is recorded, whenever they are pressed.
func TestMessageDeclined(t *testing.T) {
	for name, c := range map[string]struct {
		keys string        // at the menu
		wait time.Duration // until the next one, from the menu's key on
		then string
		at   string
	}{
		"0 typed ahead":           {"10", 0, "", "operator"},
		"* typed ahead":           {"1*", 0, "", "topics"},
		"0 after another key":     {"1550", 0, "", "operator"},
		"0 while it is explained": {"1", time.Second, "0", "operator"},
		"* while it is explained": {"1", time.Second, "*", "topics"},
	} {
		t.Run(name, func(t *testing.T) {
			inOffices(t, func(t *testing.T, o *offices) {
				o.startDesk()
				o.arriveAt(c.keys, c.wait)
				o.press("a", c.then)
				o.after(15 * time.Second)
				if did := o.sw.Did(); slices.Contains(did, "record") {
					t.Errorf("it was recorded: %v", did)
				}
				if r := o.only(); r.Path[len(r.Path)-1] != c.at {
					t.Errorf("the caller is at %v, want %s", r.Path, c.at)
				}
				if !slices.Contains(o.kinds(), ivr.OptionChosen) {
					t.Errorf("the key is not on record: %v", o.kinds())
				}
				o.sw.HangUp("a")
				o.after(time.Minute)
				o.settled()
			})
		})
	}
}

// TestMessageDeclinedAtTheTone ends a recording that has hardly begun.
func TestMessageDeclinedAtTheTone(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		o.startDesk()
		o.arriveAt("1", 0)
		o.untilTone()
		o.sw.Press("a", "0")
		o.after(15 * time.Second)
		if r := o.only(); r.Path[len(r.Path)-1] != "operator" {
			t.Errorf("the caller is at %v", r.Path)
		}
		if left := o.sw.Tapes(); len(left) > 0 {
			t.Errorf("recordings are left in the switch: %v", left)
		}
		o.sw.HangUp("a")
		o.ended(ivr.Abandoned)
	})
}

// TestMessageWhenTheStoreIsSlow wants a message kept of who hung up, and could
// not know that the store did not take it.
func TestMessageWhenTheStoreIsSlow(t *testing.T) {
	for name, c := range map[string]struct {
		keys string
		held time.Duration // between the last key and hanging up
		down time.Duration // how long the store takes nothing, from then on
		mute bool          // there is no sound to tell them so
	}{
		"while speaking":          {"", 0, 3 * time.Second, false},
		"for long":                {"", 0, 10 * time.Minute, false},
		"before sending":          {"#", time.Second, time.Minute, false},
		"as soon as it was sent":  {"#1", 0, time.Minute, false},
		"before they are told so": {"#1", 500 * time.Millisecond, time.Minute, false},
		"who are told nothing":    {"#1", 5 * time.Second, time.Minute, true},
	} {
		t.Run(name, func(t *testing.T) {
			inOffices(t, func(t *testing.T, o *offices) {
				if c.mute {
					o.with(func(opt *ivr.Options) {
						o.change(opt)
						opt.Voice = gaps{missing: func(p string) bool { return strings.HasSuffix(p, "message/failed") }}
					})
				}
				o.startDesk()
				o.reconcile()
				o.arriveAt("1", 0)
				o.untilTone()
				o.after(20 * time.Second)
				o.messages.Break(func(string) error { return errDown })
				o.press("a", c.keys)
				o.after(c.held)
				o.sw.HangUp("a")
				o.after(c.down)
				if n := len(o.sw.Legs()); n != 0 {
					t.Errorf("%d legs wait for the store", n)
				}
				o.messages.Break(nil)
				o.ended(ivr.LeftWord)
				if all := o.messages.All(); len(all) != 1 || all[0].State != ivr.MessageNew || all[0].Length < 15*time.Second {
					t.Errorf("messages %+v", all)
				}
				if left := o.sw.Tapes(); len(left) > 0 {
					t.Errorf("recordings are left in the switch: %v", left)
				}
			})
		})
	}
}

// TestMessageOwedOutlivesTheProgram wants the next program to do what the store
// kept this one from: before anything is swept away.
func TestMessageOwedOutlivesTheProgram(t *testing.T) {
	for name, keys := range map[string]string{"while speaking": "", "before sending": "#", "sent": "#1"} {
		t.Run(name, func(t *testing.T) {
			inOffices(t, func(t *testing.T, o *offices) {
				o.startDesk()
				o.reconcile()
				o.arriveAt("1", 0)
				o.untilTone()
				o.after(20 * time.Second)
				o.messages.Break(func(string) error { return errDown })
				o.press("a", keys)
				o.sw.HangUp("a")
				o.after(20 * time.Second)
				o.again(func() {})
				o.after(10 * time.Second)
				o.messages.Break(nil)
				o.ended(ivr.LeftWord)
				if all := o.messages.All(); len(all) != 1 || all[0].State != ivr.MessageNew {
					t.Errorf("messages %+v", all)
				}
				kept := 0
				for _, k := range o.kinds() {
					if k == ivr.MessageKept {
						kept++
					}
				}
				if kept != 1 {
					t.Errorf("it is on record %d times: %v", kept, o.kinds())
				}
			})
		})
	}
}

// TestMessageGoesOnAfterARestart wants nothing lost of what was dictated to an
// earlier program, nor of what was said while none was there.
func TestMessageGoesOnAfterARestart(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile func(o *offices)
		then      string
		outcome   ivr.Outcome
		least     time.Duration
	}{
		"speaking still, sent":   {func(*offices) {}, "1", ivr.LeftWord, 9 * time.Second},
		"speaking still, gone":   {func(*offices) {}, "", ivr.LeftWord, 9 * time.Second},
		"finished meanwhile":     {func(o *offices) { o.after(time.Minute) }, "1", ivr.LeftWord, 25 * time.Second},
		"an operator, after all": {func(*offices) {}, "0", ivr.Abandoned, 0},
		"the switch is slow":     {func(o *offices) { o.slow(2 * time.Second) }, "1", ivr.LeftWord, 9 * time.Second},
		"gone while it is fetched": {func(o *offices) {
			o.slow(2 * time.Second)
			time.AfterFunc(time.Second, func() { o.sw.HangUp("a") })
		}, "", ivr.LeftWord, 9 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			inOffices(t, func(t *testing.T, o *offices) {
				o.startDesk()
				o.arriveAt("1", 0)
				o.untilTone()
				first := o.sw.Tapes()
				o.after(10 * time.Second)
				o.again(func() { c.meanwhile(o) })
				o.after(5 * time.Second)
				if now := o.sw.Tapes(); c.then != "" && !slices.Equal(first, now) {
					t.Errorf("recordings %v, then %v", first, now)
				}
				o.press("a", c.then)
				o.after(5 * time.Second)
				o.sw.HangUp("a")
				o.ended(c.outcome)
				all := o.messages.All()
				if c.outcome != ivr.LeftWord {
					if len(all) > 0 {
						t.Errorf("kept was %+v", all)
					}
				} else if len(all) != 1 || all[0].State != ivr.MessageNew || all[0].Length < c.least {
					t.Errorf("messages %+v, commands %v", all, o.sw.Did())
				}
			})
		})
	}
}

// slow makes the switch end no recording for a while.
func (o *offices) slow(d time.Duration) {
	until := time.Now().Add(d)
	o.sw.Break(func(op string, _ ivr.ChannelID) error {
		if op == "end recording" && time.Now().Before(until) {
			return errDown
		}
		return nil
	})
}

// locked is a switch whose recordings of some calls cannot be read.
type locked struct {
	ivr.Recordings
	tries atomic.Int32
}

func (l *locked) FetchRecording(ctx context.Context, id ivr.RecordingID, to io.Writer) error {
	if strings.HasPrefix(string(id), "m-locked") {
		l.tries.Add(1)
		return errDown
	}
	return l.Recordings.FetchRecording(ctx, id, to)
}

// TestMessagesBehindOnesThatHang are brought home all the same, and those that
// hang are tried less and less.
func TestMessagesBehindOnesThatHang(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		for i := range 20 {
			id := fmt.Sprintf("locked%d", i)
			if err := o.messages.Promise(t.Context(), ivr.Message{
				ID: ivr.RecordingID("m-" + id + "-1"), Call: ivr.CallID(id), Node: node, LeftAt: time.Now(), State: ivr.MessageOwed,
			}); err != nil {
				t.Fatal(err)
			}
		}
		spool := &locked{Recordings: o.sw}
		o.with(func(opt *ivr.Options) { o.change(opt); opt.Recordings = spool })
		o.startDesk()
		o.reconcile()
		o.after(time.Minute)
		o.arriveAt("1", 0)
		o.untilTone()
		o.after(5 * time.Second)
		o.press("a", "#1")
		o.ended(ivr.LeftWord)
		all := o.messages.All()
		if last := all[len(all)-1]; len(all) != 21 || last.State != ivr.MessageNew {
			t.Errorf("%d messages, the last %+v", len(all), last)
		}
		o.after(2 * time.Hour)
		before := spool.tries.Load()
		o.after(time.Hour)
		if tries := spool.tries.Load() - before; tries < 20 || tries > 20*8 {
			t.Errorf("%d tries of 20 messages in an hour", tries)
		}
	})
}
