package asterisk_test

import (
	"testing"
	"time"

	"ikomek109/asterisk"
	"ikomek109/ivr"
	"ikomek109/phone"
)

// TestPartner rings a partner service that listens on loopback, and nobody who
// is not named.
func TestPartner(t *testing.T) {
	r := newRig(t)
	partner, err := phone.New(phone.Options{Incoming: phone.RejectWith(486)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = partner.Close() })
	o := r.options()
	o.Partners = map[string]string{
		"112": asterisk.PartnerDial(partner.URI()), "gone": asterisk.PartnerDial("PJSIP/112@no-such-trunk"),
	}
	d := newDesk()
	s := begin(t, o, d)
	up(t, s)
	call := r.dial(phone.DialOptions{})
	a, in := d.arrived(t)
	ring := func(leg ivr.ChannelID, code string, within time.Duration) error {
		return s.Ring(t.Context(), ivr.Ring{
			Channel: leg, Partner: code, Shown: a.Caller, Title: "ҚАЗ · Көлік", Timeout: within, Inbox: in,
		})
	}
	for _, code := range []string{"113", "aigul", "112@evil"} {
		if err := ring("none", code, time.Second); ivr.CodeOf(err) != ivr.NotFound {
			t.Errorf("%q: %v", code, err)
		}
	}
	t.Run("without a way", func(t *testing.T) {
		if err := ring("none", "gone", time.Second); ivr.CodeOf(err) != ivr.NotFound {
			t.Errorf("got %v", err)
		}
		quiet(t, in)
	})
	t.Run("busy", func(t *testing.T) {
		if err := ring("p-1", "112", 5*time.Second); err != nil {
			t.Fatal(err)
		}
		if got := next[ivr.Gone](t, in); got != (ivr.Gone{Channel: "p-1", Cause: 17}) {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("does not pick up", func(t *testing.T) {
		partner.SetPolicy(phone.RingOnly(phone.DialOptions{}))
		if err := ring("p-2", "112", time.Second); err != nil {
			t.Fatal(err)
		}
		if got := next[ivr.Gone](t, in); got.Channel != "p-2" {
			t.Errorf("got %+v", got)
		}
	})
	drain(partner)
	t.Run("picks up, and both hear each other", func(t *testing.T) {
		partner.SetPolicy(phone.AnswerAfter(100*time.Millisecond, phone.DialOptions{}))
		if err := ring("p-3", "112", 5*time.Second); err != nil {
			t.Fatal(err)
		}
		if got := next[ivr.LegAnswered](t, in); got.Channel != "p-3" {
			t.Errorf("got %+v", got)
		}
		theirs := <-partner.Incoming()
		if peer := theirs.Peer(); peer.User != "+77011234567" {
			t.Errorf("the partner's phone shows %+v", peer)
		}
		if err := s.Join(t.Context(), "talk", a.Channel, "p-3"); err != nil {
			t.Fatal(err)
		}
		heardBoth(t, call, theirs)
		if err := theirs.Hangup(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := next[ivr.Gone](t, in); got.Channel != "p-3" || got.Lost {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("a stranger who says that they are the partners", func(t *testing.T) {
		p, err := phone.New(phone.Options{Identity: &phone.Party{User: "partners"}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = p.Close() })
		r.call(p, "109", phone.DialOptions{})
		if a, _ := d.arrived(t); a.Dialled != "109" || a.Caller.Reveal() != "partners" {
			t.Errorf("arrived as %+v", a)
		}
	})
}

// TestPartnerAddresses refuses what could mean more than one address.
func TestPartnerAddresses(t *testing.T) {
	for code, dial := range map[string]string{
		"112": "Local/112@agents", "101": "PJSIP/aigul", "102": "PJSIP/partners/sip:102@a&PJSIP/x/sip:1@b",
		"103": "PJSIP/1@trunk,s", "104": "PJSIP/partners/sip:a@b;x=y", "": "PJSIP/1@trunk", "1,2": "PJSIP/1@trunk", "Ә": "PJSIP/1@trunk",
	} {
		o := asterisk.Options{URL: "http://127.0.0.1:1/ari", Username: "u", Password: "p", Partners: map[string]string{code: dial}}
		if _, err := asterisk.New(o); ivr.CodeOf(err) != ivr.Invalid {
			t.Errorf("%q as %q: %v", code, dial, err)
		}
	}
	for _, address := range []string{"sip:112@192.0.2.7", "sip:112@192.0.2.7:5062;transport=tcp", "sips:+7717@a.example", "PJSIP/112@trunk"} {
		o := asterisk.Options{
			URL: "http://127.0.0.1:1/ari", Username: "u", Password: "p",
			Partners: map[string]string{"112": asterisk.PartnerDial(address)},
		}
		if _, err := asterisk.New(o); err != nil {
			t.Error(err)
		}
	}
}
