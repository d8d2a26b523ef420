package ivr_test

import (
	"slices"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

// leave puts a message into the store that the caller left some time ago.
func (o *offices) leave(id ivr.RecordingID, caller ivr.Number, ago time.Duration) {
	o.t.Helper()
	m := ivrtest.NewMessage(id)
	m.Caller, m.LeftAt, m.Node = caller, time.Now().Add(-ago), "elsewhere"
	if err := o.messages.Promise(o.t.Context(), m); err != nil {
		o.t.Fatal(err)
	}
}

// TestEnoughMessages leads who has left as many messages as they may today to
// an operator; and nobody else.
func TestEnoughMessages(t *testing.T) {
	almaty, err := time.LoadLocation("Asia/Almaty")
	if err != nil {
		t.Fatal(err)
	}
	midnight := today.Sub(time.Date(2026, 11, 23, 0, 0, 0, 0, almaty))
	for name, c := range map[string]struct {
		caller ivr.Number
		ago    time.Duration
		broken error
		enough bool
	}{
		"two today":         {"+77011234567", midnight, nil, true},
		"one yesterday":     {"+77011234567", midnight + time.Second, nil, false},
		"of somebody else":  {"+77011234568", 0, nil, false},
		"the store is away": {"+77011234567", 0, errDown, false},
	} {
		t.Run(name, func(t *testing.T) {
			inOffices(t, func(t *testing.T, o *offices) {
				o.with(func(opt *ivr.Options) {
					o.change(opt)
					opt.MessagesPerDay, opt.Zone = 2, almaty
				})
				o.startDesk()
				o.leave("m-1", c.caller, c.ago)
				o.leave("m-2", "+77011234567", 0)
				o.messages.Break(func(op string) error {
					if op == "count" {
						return c.broken
					}
					return nil
				})
				o.arriveAt("1", 30*time.Second)
				if recorded := slices.Contains(o.sw.Did(), "record"); recorded == c.enough {
					t.Errorf("it was recorded: %v", recorded)
				}
				if r := o.only(); (r.Path[len(r.Path)-1] == "operator") != c.enough {
					t.Errorf("the caller is at %v", r.Path)
				}
				if why := o.whyDiscarded(); c.enough != (why == "enough") {
					t.Errorf("on record is %q", why)
				}
				o.sw.HangUp("a")
				o.after(time.Minute)
				o.settled()
			})
		})
	}
}

// whyDiscarded gives the reason of the last message that was not kept.
func (o *offices) whyDiscarded() (why string) {
	for _, e := range o.journal.Entries(o.only().ID) {
		if e.Kind == ivr.MessageDiscarded {
			why = e.Detail["why"]
		}
	}
	return why
}

// TestDeletedBeforeItWasBroughtHome erases the sound in the switch, too.
func TestDeletedBeforeItWasBroughtHome(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		o.startDesk()
		o.reconcile()
		o.arriveAt("1", 0)
		o.untilTone()
		o.after(20 * time.Second)
		o.messages.Break(func(op string) error {
			if op == "keep" {
				return errDown
			}
			return nil
		})
		o.press("a", "#1")
		o.after(time.Second)
		all := o.messages.All()
		if len(all) != 1 || all[0].State != ivr.MessageOwed {
			t.Fatalf("messages %+v", all)
		}
		o.messages.Break(nil)
		if err := o.messages.Delete(t.Context(), all[0].ID); err != nil {
			t.Fatal(err)
		}
		o.ended(ivr.LeftWord)
		if left, tapes := o.messages.All(), o.sw.Tapes(); len(left)+len(tapes) > 0 {
			t.Errorf("left are %v, in the switch %v", left, tapes)
		}
	})
}
