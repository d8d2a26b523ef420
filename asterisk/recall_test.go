package asterisk_test

import (
	"strings"
	"testing"
	"time"

	"ikomek109/asterisk"
	"ikomek109/ivr"
	"ikomek109/phone"
)

// TestRecall calls a citizen who listens on loopback in place of a trunk: their
// telephone shows the line.
func TestRecall(t *testing.T) {
	r := newRig(t)
	citizen, err := phone.New(phone.Options{Incoming: phone.RejectWith(486)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = citizen.Close() })
	o := r.options()
	o.Recall = asterisk.PartnerDial("sip:{number}@" + citizen.URI()[strings.Index(citizen.URI(), "@")+1:])
	d := newDesk()
	s := begin(t, o, d)
	up(t, s)
	in := ivr.NewInbox()
	ring := func(leg ivr.ChannelID, n ivr.Number) error {
		return s.Ring(t.Context(), ivr.Ring{
			Channel: leg, Citizen: n, Shown: "109", Title: "iKOMEK 109", Timeout: 5 * time.Second, Inbox: in,
		})
	}
	for _, n := range []ivr.Number{"109", "87011234567", "+7701123456@evil", "+7701,s", "+"} {
		if err := ring("none", n); ivr.CodeOf(err) != ivr.Invalid {
			t.Errorf("%q: %v", n.Reveal(), err)
		}
	}
	if err := ring("c-1", "+77011234567"); err != nil {
		t.Fatal(err)
	}
	if got := next[ivr.Gone](t, in); got != (ivr.Gone{Channel: "c-1", Cause: 17}) {
		t.Errorf("got %+v", got)
	}
	drain(citizen)
	citizen.SetPolicy(phone.AnswerAfter(100*time.Millisecond, phone.DialOptions{}))
	if err := ring("c-2", "+77011234567"); err != nil {
		t.Fatal(err)
	}
	if got := next[ivr.LegAnswered](t, in); got.Channel != "c-2" {
		t.Errorf("got %+v", got)
	}
	theirs := <-citizen.Incoming()
	if peer := theirs.Peer(); peer.User != "109" || peer.Name != "iKOMEK 109" {
		t.Errorf("the citizen's telephone shows %+v", peer)
	}
	if err := s.Hangup(t.Context(), "c-2"); err != nil {
		t.Fatal(err)
	}
	if got := next[ivr.Gone](t, in); got.Channel != "c-2" {
		t.Errorf("got %+v", got)
	}
}

// TestRecallAddresses refuses what could mean more than one address.
func TestRecallAddresses(t *testing.T) {
	for _, dial := range []string{
		"PJSIP/trunk", "PJSIP/{number}", "PJSIP/{number}{digits}@trunk", "PJSIP/+77001234567@trunk", "PJSIP/{number}@trunk&PJSIP/x",
		"Local/{number}@agents", "PJSIP/{number}@{digits}", "{number}", "PJSIP/{number}@trunk,s",
	} {
		if asterisk.DialsCitizens(dial) {
			t.Errorf("%q is taken", dial)
		}
		o := asterisk.Options{URL: "http://127.0.0.1:1/ari", Username: "u", Password: "p", Recall: dial}
		if _, err := asterisk.New(o); ivr.CodeOf(err) != ivr.Invalid {
			t.Errorf("%q: %v", dial, err)
		}
	}
	for _, dial := range []string{"PJSIP/{number}@trunk", "PJSIP/9{digits}@trunk", "sip:{number}@192.0.2.7:5062;transport=tcp"} {
		if !asterisk.DialsCitizens(asterisk.PartnerDial(dial)) {
			t.Errorf("%q is refused", dial)
		}
	}
}
