package asterisk_test

import (
	"slices"
	"testing"
	"time"

	"ikomek109/asterisk"
	"ikomek109/ivr"
	"ikomek109/phone"
	"ikomek109/queue"
)

// TestProgramRestart has a program die with calls in every state, and another
// take them up.
func TestProgramRestart(t *testing.T) {
	r := newRig(t)
	old, ctx := newDesk(), t.Context()
	first := begin(t, r.options(), old)
	up(t, first)
	if err := first.SyncAgents(ctx, []queue.Agent{agent("aigul"), agent("serik")}); err != nil {
		t.Fatal(err)
	}
	r.agentPhone("aigul", phone.AnswerAfter(0, phone.DialOptions{}))

	menu := r.dial(phone.DialOptions{})
	inMenu, _ := old.arrived(t)
	r.dial(phone.DialOptions{})
	inTalk, talkBox := old.arrived(t)
	ring := ivr.Ring{Channel: "leg-1", Agent: "aigul", Timeout: 5 * time.Second, Inbox: talkBox}
	if err := first.Ring(ctx, ring); err != nil {
		t.Fatal(err)
	}
	next[ivr.LegAnswered](t, talkBox)
	if err := first.Join(ctx, "talk-1", inTalk.Channel, "leg-1"); err != nil {
		t.Fatal(err)
	}
	r.dial(phone.DialOptions{})
	unknown, _ := old.arrived(t)
	shut(t, first)

	d := newDesk()
	box := d.open(inMenu.Channel)
	d.open(inTalk.Channel)
	d.open("leg-1")
	s := begin(t, r.options(), d)
	up(t, s)
	got := d.told()[0]
	if got.node != s.Status().Node {
		t.Errorf("told %+v", got)
	}
	want := []ivr.LegState{
		{Channel: inMenu.Channel, Up: true},
		{Channel: inTalk.Channel, Bridge: "talk-1", Up: true},
		{Channel: unknown.Channel, Up: true},
		{Channel: "leg-1", Agent: "aigul", Bridge: "talk-1", Up: true},
	}
	for _, w := range want {
		if !slices.Contains(got.legs, w) {
			t.Errorf("not told of %+v in %+v", w, got.legs)
		}
	}
	if len(got.legs) != len(want) {
		t.Errorf("told of %d legs, want %d: %+v", len(got.legs), len(want), got.legs)
	}
	if a, _ := d.arrived(t); a.Channel != unknown.Channel {
		t.Errorf("the unknown call arrived as %+v", a)
	}
	if _, err := menu.SendKey(ctx, '7', phone.RFC4733); err != nil {
		t.Fatal(err)
	}
	if k := next[ivr.KeyPressed](t, box); k.Key != '7' {
		t.Errorf("got %+v", k)
	}
	if err := s.Hangup(ctx, "leg-1"); err != nil {
		t.Fatal(err)
	}
	next[ivr.Gone](t, d.open("leg-1"))
}

// TestStrangeAgentLeg hangs up a phone that nobody waits for.
func TestStrangeAgentLeg(t *testing.T) {
	r := newRig(t)
	s := begin(t, r.options(), newDesk())
	up(t, s)
	if err := s.SyncAgents(t.Context(), []queue.Agent{agent("aigul")}); err != nil {
		t.Fatal(err)
	}
	p := r.agentPhone("aigul", phone.AnswerAfter(0, phone.DialOptions{}))
	r.ari("POST", "/channels?endpoint=PJSIP/aigul&app=ikomek109&appArgs=leg,aigul&channelId=orphan", nil)
	call := <-p.Incoming()
	select {
	case <-call.Done():
	case <-time.After(5 * time.Second):
		t.Error("the phone is still up")
	}
}

// TestAsteriskRestart has Asterisk go away with a call and come back.
func TestAsteriskRestart(t *testing.T) {
	r := newRig(t)
	d, ctx := newDesk(), t.Context()
	s := begin(t, r.options(), d)
	up(t, s)
	if err := s.SyncAgents(ctx, []queue.Agent{agent("aigul"), agent("serik")}); err != nil {
		t.Fatal(err)
	}
	r.dial(phone.DialOptions{})
	a, box := d.arrived(t)
	r.stop()
	eventually(t, 5*time.Second, "the switch is down", func() bool { return s.Status().State == asterisk.Down })
	if s.Status().Cause == "" {
		t.Error("down without a cause")
	}
	if err := s.Hold(ctx, a.Channel, true); ivr.CodeOf(err) != ivr.Unavailable {
		t.Errorf("a command with Asterisk down: %v", err)
	}
	if err := s.SyncAgents(ctx, []queue.Agent{agent("aigul")}); ivr.CodeOf(err) != ivr.Unavailable {
		t.Errorf("agents with Asterisk down: %v", err)
	}
	r.start()
	began := time.Now()
	up(t, s)
	if took := time.Since(began); took > 4*time.Second { // 1 s at most between tries, 5 s after a refusal
		t.Errorf("reconnected after %s", took)
	}
	// An orderly stop may still have said goodbye; else the leg is lost.
	ev, _ := box.TryTake()
	if g, ok := ev.(ivr.Gone); !ok || g.Channel != a.Channel {
		t.Errorf("got %#v", ev)
	}
	reports := d.told()
	if last := reports[len(reports)-1]; len(last.legs) != 0 {
		t.Errorf("told %+v", last)
	}
	eventually(t, 5*time.Second, "the agents' phones are those wanted last", func() bool {
		phones, err := s.Phones(ctx)
		_, there := phones["aigul"]
		return err == nil && there && len(phones) == 1
	})
	r.agentPhone("aigul", phone.RejectWith(486))
	eventually(t, 10*time.Second, "the agent's phone is registered", func() bool {
		phones, err := s.Phones(ctx)
		return err == nil && phones["aigul"]
	})
}

// TestAgentsRefused pushes nothing that could not be an agent.
func TestAgentsRefused(t *testing.T) {
	r := newRig(t)
	s := begin(t, r.options(), newDesk())
	up(t, s)
	bad := []queue.Agent{
		{ID: "anonymous", Credential: agent("anonymous").Credential},
		{ID: "a/../../b", Credential: agent("x").Credential},
		{ID: "a,b", Credential: agent("x").Credential},
		{ID: "good", Credential: "plain-password"},
	}
	for _, b := range bad {
		if err := s.SyncAgents(t.Context(), []queue.Agent{b, agent("serik")}); ivr.CodeOf(firstOf(err)) != ivr.Invalid {
			t.Errorf("%s: %v", b.ID, err)
		}
		if err := s.Ring(t.Context(), ivr.Ring{Channel: "x", Agent: b.ID, Inbox: ivr.NewInbox()}); err == nil {
			t.Errorf("%s was rung", b.ID)
		}
	}
	eventually(t, 5*time.Second, "the one agent's phone is listed", func() bool {
		phones, err := s.Phones(t.Context())
		_, there := phones["serik"]
		return err == nil && there && len(phones) == 1
	})
	if err := s.SyncAgents(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	eventually(t, 5*time.Second, "the dismissed agent's phone is off the list", func() bool {
		phones, err := s.Phones(t.Context())
		return err == nil && len(phones) == 0
	})
	for _, kind := range []string{"endpoint", "auth", "aor"} {
		if status := r.ari("GET", "/asterisk/config/dynamic/res_pjsip/"+kind+"/serik", nil); status != 404 {
			t.Errorf("%s of a dismissed agent: %d", kind, status)
		}
	}
}

func firstOf(err error) error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()[0]
	}
	return err
}

// TestCheck looks at a healthy Asterisk without disturbing who serves it.
func TestCheck(t *testing.T) {
	r := newRig(t)
	s := begin(t, r.options(), newDesk())
	up(t, s)
	found, err := asterisk.Check(t.Context(), r.options())
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"asterisk", "modules", "events"}
	for i, f := range found {
		if !f.OK || f.Name != names[i] || f.Detail == "" {
			t.Errorf("%+v", f)
		}
	}
	if len(found) != len(names) {
		t.Errorf("%d findings", len(found))
	}
	if now := s.Status(); now.State != asterisk.Up || now.Connects != 1 {
		t.Errorf("the check disturbed the switch: %+v", now)
	}
	o := r.options()
	o.Password = "wrong"
	found, err = asterisk.Check(t.Context(), o)
	if err != nil || len(found) != 1 || found[0].OK || found[0].Cure == "" {
		t.Errorf("wrong password: %+v, %v", found, err)
	}
}
