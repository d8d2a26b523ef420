package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"ikomek109/phone"
)

// strangers are callers as no telephone shows itself.
func strangers() map[string]phone.Party {
	return map[string]phone.Party{
		"no number":          {},
		"anonymous":          {User: "anonymous", Host: "anonymous.invalid", Name: "Anonymous"},
		"text":               {User: "Айгерім & Co"},
		"statement":          {User: "x'); DROP TABLE calls; --", Name: "Robert'); DROP TABLE calls; --"},
		"line ends":          {User: "+7701\r\nX-Injected: 1\r\n\r\n"},
		"escapes":            {User: "+7701\x1b[2J\x1b]0;owned\a\x9b31m", Name: "Ж\u202e \u2028"},
		"steering":           {User: "\u009b2J\u202e\u2066\u200f+77010000\u009b\u2067"},
		"not UTF-8":          {User: "\xff\xfe\x80+7701"},
		"nothing but zeroes": {User: "\x00\x00\x00"},
		"dialplan":           {User: "${SHELL(id)}", Name: "${SHELL(id)} $[1/0]"},
		"quotes":             {User: `"<sip:evil@127.0.0.1>"`, Name: `"><script>alert(1)</script>`},
		"long":               {User: strings.Repeat("7", 1500), Name: strings.Repeat("Ы", 600)},
	}
}

// TestStrangers has callers of every hostile kind answered, logged and printed
// harmlessly.
func TestStrangers(t *testing.T) {
	t.Parallel()
	s := ready(t)
	for name, who := range strangers() {
		if err := s.strangerHears(name, who); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.balance()
	s.printsHarmlessly("calls")
	all, err := s.program.calls(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		s.printsHarmlessly("calls", "show", fmt.Sprint(r["id"]))
		if r["dialled"] != "109" {
			t.Errorf("a stranger changed what was dialled: %v", r)
		}
	}
	if log := s.program.log.String(); strings.Contains(log, "7777777") || strings.Contains(log, "SHELL") {
		t.Error("the log tells a caller's number in the clear")
	}
}

// strangerHears dials as somebody and waits for the first words.
func (s *scenario) strangerHears(name string, who phone.Party) error {
	a, err := s.newActor(name, "", phone.Options{Identity: &who, Transport: transportFor(who)})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), s.within)
	defer cancel()
	if err := a.dial(ctx, s.address("109")); err != nil {
		return err
	}
	s.count(1)
	if err := a.hears(s.t, heardWhat{language: "kk", id: "welcome/text", start: time.Second, within: s.within}); err != nil {
		return err
	}
	call, err := a.current()
	if err != nil {
		return err
	}
	return call.Hangup(ctx)
}

// transportFor is TCP for what no single packet can carry.
func transportFor(who phone.Party) string {
	if len(who.User)+len(who.Name) > 500 {
		return "tcp"
	}
	return "udp"
}

// printsHarmlessly runs a command and looks for what a terminal would act on.
func (s *scenario) printsHarmlessly(args ...string) {
	s.t.Helper()
	out, err := s.program.do(s.t.Context(), args...)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, r := range out {
		if r != '\n' && r != '•' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == unicode.ReplacementChar) {
			s.t.Errorf("`ikomek109 %s` prints %U:\n%q", strings.Join(args, " "), r, out)
			return
		}
	}
	if out == "" {
		s.t.Errorf("`ikomek109 %s` prints nothing", strings.Join(args, " "))
	}
}

// TestClosedDoors tries to reach anything but the line without a password.
func TestClosedDoors(t *testing.T) {
	t.Parallel()
	s := ready(t)
	s.must("agent aigerim answers after 100ms\n aigerim dials *11\n aigerim is hung up\n roster of aigerim has chosen=ready")
	stranger := s.phoneOf(phone.Party{User: "+77010000001"})
	for _, to := range []string{
		"*11", "*10", "*12", "*121", "*13", "*14", "aigerim", "112", "101", "1090", "10", "9", "s", "h", "i", "t", "line", "fallback",
		"109,1", "109%40agents", "%24%7BEXTEN%7D", "+77010000002", strings.Repeat("1", 200),
	} {
		s.refused(stranger, to, 404)
	}
	// An agent's name asks for the agent's password, whatever is dialled.
	liar := s.phoneOf(phone.Party{User: "aigerim"})
	for _, to := range []string{"*10", "109", "112"} {
		s.refused(liar, to, 401)
	}
	// With it, the codes and the line, and nothing else.
	agent := s.actor("aigerim").phone
	for _, to := range []string{"112", "bolat", "aigerim", "*120", "*1211", "*18", "*1", "*130", "s", "+77010000002"} {
		s.refused(agent, to, 404)
	}
	s.must("roster of aigerim has chosen=ready world=idle")
	if a := s.actor("aigerim"); a.rang() {
		t.Error("a stranger rang an agent")
	}
	s.balance()
}

func (s *scenario) phoneOf(who phone.Party) *phone.Phone {
	s.t.Helper()
	p, err := phone.New(phone.Options{Identity: &who})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := p.Close(); err != nil {
			s.t.Log(err)
		}
	})
	return p
}

// refused dials and expects a refusal.
func (s *scenario) refused(p *phone.Phone, to string, code int) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), s.within)
	defer cancel()
	call, err := p.Dial(ctx, s.address(to), phone.DialOptions{Quiet: true})
	if err == nil {
		s.t.Errorf("%q was answered", to)
		_ = call.Hangup(ctx)
		return
	}
	var status *phone.StatusError
	if !errors.As(err, &status) || status.Code != code {
		s.t.Errorf("%q: %v; expected %d", to, err, code)
	}
}
