package conf_test

import (
	"errors"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"ikomek109/asterisk/conf"
	"ikomek109/ivr"
	"ikomek109/phone"
)

// TestWithoutProgram is what a caller meets while the program is away.
func TestWithoutProgram(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(s *conf.Settings) {
		s.QueueAfter, s.OfferEvery = time.Second, 2*time.Second
	})
	r.push("agent-7", "first-password")
	agent := r.phone(phone.Options{User: "agent-7", Password: "first-password", Incoming: phone.RingOnly(phone.DialOptions{})})
	if err := agent.Register(t.Context()); err != nil {
		t.Fatal(err)
	}

	first := r.mustDial(r.phone(phone.Options{Identity: &phone.Party{User: "7001"}}), "109")
	if _, err := first.WaitSound(t.Context(), time.Time{}); err != nil {
		t.Fatal(err)
	}
	if err := first.WaitSilence(t.Context(), 200*time.Millisecond); err != nil { // the "please hold" was heard
		t.Fatal(err)
	}
	second := r.mustDial(r.phone(phone.Options{Identity: &phone.Party{User: "7002"}}), "109")

	t.Run("a queue keeps the order over every new offer", func(t *testing.T) {
		offered := func() int { return strings.Count(strings.Join(r.log("Stasis(\""), ""), "PJSIP/anonymous-00000000") }
		eventually(t, 20*time.Second, "the first caller is offered again out of the queue", func() bool { return offered() >= 5 })
		var both []string // one look: each is out of the queue for a moment every two seconds
		eventually(t, 10*time.Second, "both wait in the queue", func() bool { both = r.waiting(); return len(both) == 2 })
		if !strings.HasPrefix(both[0], "PJSIP/anonymous-00000000") {
			t.Errorf("waiting in the order %q", both)
		}
		ended(t, first, false)
		ended(t, second, false)
	})
	t.Run("an agent who dials ready is rung with the first caller", func(t *testing.T) {
		r.code(t, agent, ivr.CodeReady)
		ring := rung(t, agent)
		if ring.Peer().User == "7002" { // while the first is offered to the program, the second is the first for a moment
			if err := ring.Reject(t.Context(), 486); err != nil && !errors.Is(err, phone.ErrEnded) {
				t.Fatal(err)
			}
			ring = rung(t, agent)
		}
		if ring.Peer().User != "7001" {
			t.Errorf("the agent is rung for %+v", ring.Peer())
		}
		if err := ring.Answer(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := ring.Hangup(t.Context()); err != nil {
			t.Fatal(err)
		}
		waitEnd(t, first)
		r.code(t, agent, ivr.CodeOff)
	})
	t.Run("the program comes back and takes who still waits", func(t *testing.T) {
		ended(t, second, false)
		prog := r.program()
		begin := prog.want("StasisStart", 8*time.Second)
		if begin.Args[0] != conf.StasisArgCitizen || begin.Channel.Name != "PJSIP/anonymous-00000001" {
			t.Errorf("took %+v", begin)
		}
		if code := r.ari(http.MethodPost, "/channels/"+begin.Channel.ID+"/continue?context="+conf.DeclinedContext+"&extension=s&priority=1", nil, nil); code != http.StatusNoContent {
			t.Errorf("giving the call back gave %d", code)
		}
		begin = prog.want("StasisStart", 8*time.Second)
		if code := r.ari(http.MethodPost, "/channels/"+begin.Channel.ID+"/continue", nil, nil); code != http.StatusNoContent {
			t.Errorf("ending the call gave %d", code)
		}
		waitEnd(t, second)
	})
}

func ended(t *testing.T, call *phone.Call, want bool) {
	t.Helper()
	if end, over := call.Ended(); over != want {
		t.Fatalf("the call is over: %v (%s), want %v", over, end, want)
	}
}

var waitingLine = regexp.MustCompile(`\d+\. (PJSIP/\S+)`)

// waiting lists who is in the fallback queue, in order.
func (r *rig) waiting() []string {
	var names []string
	for _, m := range waitingLine.FindAllStringSubmatch(r.cli("queue show "+conf.FallbackQueue), -1) {
		names = append(names, m[1])
	}
	return names
}

// TestCallLimit is the net under a call that everyone has forgotten.
func TestCallLimit(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(s *conf.Settings) { s.CallLimit = time.Second })
	prog := r.program()
	call := r.mustDial(r.phone(phone.Options{}), "109")
	prog.want("StasisStart", 5*time.Second)
	prog.want("StasisEnd", 5*time.Second)
	waitEnd(t, call)
}

// TestStrangeRequests sends what the line does not do; it refuses, and lives.
func TestStrangeRequests(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var dialer net.Dialer
	sock, err := dialer.DialContext(t.Context(), "udp", r.Ports.SIPAddr())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = sock.Close() }()
	for _, junk := range []string{"\x00\x01\x02", "INVITE", "INVITE sip:109 SIP/2.0\r\n\r\n", strings.Repeat("A", 8000), "SIP/2.0 200 OK\r\nVia: x\r\n\r\n"} {
		if _, err := sock.Write([]byte(junk)); err != nil {
			t.Fatal(err)
		}
	}
	for _, method := range []string{"REFER", "MESSAGE", "SUBSCRIBE", "PUBLISH", "NOTIFY", "REGISTER", "INFO", "UPDATE"} {
		request := method + " sip:109@" + r.Ports.SIPAddr() + " SIP/2.0\r\nVia: SIP/2.0/UDP " + sock.LocalAddr().String() + ";branch=z9hG4bK" + method + ";rport\r\n" +
			"From: <sip:x@127.0.0.1>;tag=1\r\nTo: <sip:109@127.0.0.1>\r\nCall-ID: " + method + "\r\nCSeq: 1 " + method + "\r\n" +
			"Contact: <sip:x@" + sock.LocalAddr().String() + ">\r\nRefer-To: <sip:110@127.0.0.1>\r\nEvent: dialog\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
		if _, err := sock.Write([]byte(request)); err != nil {
			t.Fatal(err)
		}
		if line := answerTo(t, sock, method); !refusal.MatchString(line) {
			t.Errorf("%s was answered %q", method, line)
		}
	}
	if !r.alive() {
		t.Error("Asterisk is gone")
	}
}

var refusal = regexp.MustCompile(`^SIP/2\.0 [456]\d\d `)

// answerTo reads the status line of the answer to our request.
func answerTo(t *testing.T, sock net.Conn, callID string) string {
	t.Helper()
	if err := sock.SetReadDeadline(time.Now().Add(3 * time.Second)); err != nil {
		t.Fatal(err)
	}
	raw := make([]byte, 4096)
	for {
		n, err := sock.Read(raw)
		if err != nil {
			t.Errorf("%s: no answer: %v", callID, err)
			return ""
		}
		if text := string(raw[:n]); strings.Contains(text, "Call-ID: "+callID) {
			return strings.SplitN(text, "\r\n", 2)[0]
		}
	}
}

// rung waits until the agent's telephone rings.
func rung(t *testing.T, agent *phone.Phone) *phone.Call {
	t.Helper()
	limit := time.NewTimer(20 * time.Second)
	defer limit.Stop()
	select {
	case ring := <-agent.Incoming():
		return ring
	case <-limit.C:
		t.Fatal("the agent is not rung")
		return nil
	}
}
