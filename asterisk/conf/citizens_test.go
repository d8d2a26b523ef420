package conf_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"ikomek109/asterisk/conf"
	"ikomek109/phone"
)

// TestCitizens is what anybody can do who sends SIP to the line.
func TestCitizens(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if bad := append(r.log("WARNING"), r.log("ERROR")...); len(bad) > 0 {
		t.Errorf("the start complains:\n%s", strings.Join(bad, ""))
	}
	modules(r)

	t.Run("only the line can be dialled", func(t *testing.T) {
		p := r.phone(phone.Options{})
		for _, number := range []string{"110", "s", "i", "h", "*11", "alone", "line", "900", "%2a11", "109%20", "+77001234567", "109109"} {
			if _, err := r.dial(p, number); phone.StatusCode(err) != http.StatusNotFound {
				t.Errorf("%q: %v, want 404", number, err)
			}
		}
	})
	t.Run("keys by either way in one call", func(t *testing.T) {
		prog := r.program()
		call := r.mustDial(r.phone(phone.Options{}), "109")
		begin := prog.want("StasisStart", 5*time.Second)
		if !slices.Equal(begin.Args, []string{conf.StasisArgCitizen, "109"}) || begin.Channel.Language != "kk" || begin.Channel.State != "Up" {
			t.Errorf("began as %+v", begin)
		}
		for i, method := range []phone.KeyMethod{phone.RFC4733, phone.INFO, phone.RFC4733} {
			digit := byte('1' + i)
			if _, err := call.SendKey(t.Context(), digit, method); err != nil {
				t.Fatal(err)
			}
			if e := prog.want("ChannelDtmfReceived", 3*time.Second); e.Digit != string(digit) {
				t.Errorf("key %c by %s arrived as %q", digit, method, e.Digit)
			}
		}
		if code := r.ari(http.MethodDelete, "/channels/"+begin.Channel.ID, nil, nil); code != http.StatusNoContent {
			t.Errorf("hanging up gave %d", code)
		}
		waitEnd(t, call)
		prog.close()
	})
	t.Run("over TCP", func(t *testing.T) {
		call := r.mustDial(r.phone(phone.Options{Transport: "tcp"}), "109")
		if err := call.Hangup(t.Context()); err != nil {
			t.Error(err)
		}
	})
	t.Run("hostile caller IDs", func(t *testing.T) {
		for _, from := range []phone.Party{
			{User: "${SHELL(touch /tmp/x)}", Name: "${EVAL(1)}"},
			{User: "anonymous", Name: "Anonymous"},
			{User: "109", Name: "]\"; exten => x"},
			{User: strings.Repeat("9", 300), Name: strings.Repeat("ұ", 200)},
		} {
			call, err := r.phone(phone.Options{Identity: &from}).Dial(t.Context(), "sip:109@"+r.Ports.SIPAddr(), phone.DialOptions{})
			if err != nil {
				t.Logf("%+v: %v", from, err) // the phone may refuse to say it
				continue
			}
			if err := call.Hangup(t.Context()); err != nil {
				t.Error(err)
			}
		}
		if !r.alive() {
			t.Error("Asterisk is gone")
		}
	})
}

func (r *rig) alive() bool {
	select {
	case <-r.Running().Done():
		return false
	default:
		return r.ari(http.MethodGet, "/asterisk/info?only=status", nil, nil) == http.StatusOK
	}
}

func waitEnd(t *testing.T, call *phone.Call) {
	t.Helper()
	limit := time.NewTimer(5 * time.Second)
	defer limit.Stop()
	select {
	case <-call.Done():
	case <-limit.C:
		t.Error("the call did not end")
	}
}

// modules proves that everything named is loaded and runs.
func modules(r *rig) {
	r.t.Helper()
	var list []struct{ Name, Status string }
	r.ari(http.MethodGet, "/asterisk/modules", nil, &list)
	running := map[string]bool{}
	for _, m := range list {
		running[strings.TrimSuffix(m.Name, ".so")] = m.Status == "Running"
	}
	for _, m := range append(conf.Modules(), conf.OptionalModules()...) {
		if !running[m] && m != "codec_opus" { // another name of codec_opus_open_source
			r.t.Errorf("module %s does not run", m)
		}
	}
}
