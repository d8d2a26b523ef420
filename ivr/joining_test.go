package ivr_test

import (
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

// TestKilledWhileJoining kills the program between the command that joins the
// caller with somebody and the note that it did: whoever hangs up before the next
// program looks, the two spoke.
func TestKilledWhileJoining(t *testing.T) {
	for with, outcome := range map[string]ivr.Outcome{"an agent": ivr.Served, "a partner": ivr.HandedOver} {
		for name, c := range map[string]struct {
			meanwhile func(o *offices)
			reason    ivr.Reason
		}{
			"both hang up":       {func(o *offices) { o.hangUpOther(); o.sw.HangUp("a") }, ivr.GoneMeantime},
			"the caller does":    {func(o *offices) { o.sw.HangUp("a") }, ivr.GoneMeantime},
			"the other does":     {func(o *offices) { o.hangUpOther() }, ivr.CallerHungUp},
			"both are there":     {func(*offices) {}, ivr.CallerHungUp},
			"nobody takes it up": {func(o *offices) { o.closeLeft() }, ivr.GoneMeantime},
		} {
			t.Run(with+", "+name, func(t *testing.T) {
				inOffices(t, func(t *testing.T, o *offices) {
					o.sw.Partner("112", ivrtest.Manner{Answer: 3 * time.Second})
					o.startDesk()
					o.sw.Watch(func(op string, _ ivr.ChannelID, _ int) {
						if op == "join" {
							o.journal.Break(func(string, ivr.CallID) error { return errDown })
						}
					})
					o.arriveAt("0", 10*time.Second) // waits, and
					if with == "an agent" {
						o.agent("aigerim", ivrtest.Manner{Answer: 2 * time.Second})
					} else {
						o.press("a", "*3") // keeps the place meanwhile
					}
					o.after(10 * time.Second)
					if o.sw.Bridges() != 1 {
						t.Fatalf("they were not joined: %v", o.sw.Did())
					}
					o.killed()
					o.sw.Watch(nil)
					c.meanwhile(o)
					if r := o.only(); r.Live() {
						o.startedAgainWith(o.change)
						o.after(2 * time.Second)
						o.sw.HangUp("a")
						o.after(time.Minute)
						o.settled()
					}
					r := o.only()
					if r.Outcome != outcome || r.Reason != c.reason {
						t.Errorf("ended as %s, %s: %v", r.Outcome, r.Reason, o.kinds())
					}
					for _, e := range o.journal.Entries(r.ID) {
						if e.Kind == ivr.LeftQueue && e.Detail["why"] != "handed_over" {
							t.Errorf("left the queue: %v", e.Detail)
						}
					}
				})
			})
		}
	}
}

// hangUpOther ends the leg that is not the caller's.
func (o *offices) hangUpOther() { o.sw.HangUp(o.partnersLeg()) }

// closeLeft closes the only call as one whose switch is no more.
func (o *offices) closeLeft() {
	o.t.Helper()
	saved, err := o.journal.Live(o.t.Context(), node)
	if err != nil || len(saved) != 1 {
		o.t.Fatal(saved, err)
	}
	if _, err := ivr.CloseLeft(o.t.Context(), o.journal, saved[0]); err != nil {
		o.t.Fatal(err)
	}
}

// TestJoiningThatFails counts for nothing: the caller waits on.
func TestJoiningThatFails(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		o.sw.Partner("112", ivrtest.Manner{Answer: 3 * time.Second})
		o.startDesk()
		o.sw.Break(func(op string, _ ivr.ChannelID) error {
			if op == "join" {
				return errDown
			}
			return nil
		})
		o.arriveAt("3", 10*time.Second)
		o.sw.HangUp("a")
		o.ended(ivr.Abandoned) // of the queue that a failed handover leads to
		if r := o.only(); r.Partner != "" {
			t.Errorf("handed over to %s: %v", r.Partner, o.kinds())
		}
	})
}
