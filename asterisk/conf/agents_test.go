package conf_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"ikomek109/asterisk/conf"
	"ikomek109/ivr"
	"ikomek109/phone"
	"ikomek109/queue"
)

// push makes or replaces an agent at the switch.
func (r *rig) push(id, password string) {
	r.t.Helper()
	objects, err := conf.Agent{ID: id, Digest: queue.Credential(ivr.AgentID(id), password), Label: "Айгүл Серік", Listen: "127.0.0.1"}.Objects()
	if err != nil {
		r.t.Fatal(err)
	}
	for _, o := range objects {
		var said any
		if code := r.ari(http.MethodPut, "/asterisk/config/dynamic/res_pjsip/"+o.Type+"/"+o.ID, o, &said); code != http.StatusOK {
			r.t.Fatalf("pushing %s %s: %d %v", o.Type, o.ID, code, said)
		}
	}
}

// remove takes an agent away again.
func (r *rig) remove(id string) {
	r.t.Helper()
	for _, kind := range []string{"endpoint", "auth", "aor"} {
		if code := r.ari(http.MethodDelete, "/asterisk/config/dynamic/res_pjsip/"+kind+"/"+id, nil, nil); code != http.StatusNoContent {
			r.t.Fatalf("deleting %s %s: %d", kind, id, code)
		}
	}
}

func (r *rig) online(id string) bool {
	var e struct{ State string }
	r.ari(http.MethodGet, "/endpoints/PJSIP/"+id, nil, &e)
	return e.State == "online"
}

// TestAgents is the life of an agent's phone, with and without the program.
func TestAgents(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.push("agent-7", "first-password")
	right := phone.Options{User: "agent-7", Password: "first-password", Incoming: phone.AnswerAfter(50*time.Millisecond, phone.DialOptions{})}
	agent := r.phone(right)

	t.Run("registers with the right password only", func(t *testing.T) {
		wrong := r.phone(phone.Options{User: "agent-7", Password: "second-password"})
		if err := wrong.Register(t.Context()); phone.StatusCode(err) != http.StatusUnauthorized {
			t.Errorf("a wrong password gave %v", err)
		}
		if err := r.phone(phone.Options{User: "nobody", Password: "x"}).Register(t.Context()); err == nil {
			t.Error("a stranger registered")
		}
		if err := agent.Register(t.Context()); err != nil {
			t.Fatal(err)
		}
		eventually(t, 5*time.Second, "agent-7 is online", func() bool { return r.online("agent-7") })
	})
	t.Run("a stranger under an agent's name is asked for the password", func(t *testing.T) {
		liar := r.phone(phone.Options{Identity: &phone.Party{User: "agent-7"}})
		for _, number := range []string{"*11", "109"} {
			if _, err := r.dial(liar, number); phone.StatusCode(err) != http.StatusUnauthorized {
				t.Errorf("%s: %v, want 401", number, err)
			}
		}
	})
	t.Run("dials nothing but codes and the line", func(t *testing.T) {
		for _, number := range []string{"*18", "*99", "*1", "*111", "*120", "*1211", "110", "agent-7", "+77001234567"} {
			if _, err := r.dial(agent, number); phone.StatusCode(err) != http.StatusNotFound {
				t.Errorf("%s: %v, want 404", number, err)
			}
		}
	})
	t.Run("codes reach the program with the agent's name", func(t *testing.T) {
		prog := r.program()
		call := r.mustDial(agent, ivr.CodePause)
		begin := prog.want("StasisStart", 5*time.Second)
		if want := []string{conf.StasisArgAgent, ivr.CodePause, "agent-7"}; !slices.Equal(begin.Args, want) {
			t.Errorf("args %q, want %q", begin.Args, want)
		}
		_ = call.Hangup(t.Context())
		call = r.mustDial(agent, "109")
		if begin = prog.want("StasisStart", 5*time.Second); begin.Args[0] != conf.StasisArgCitizen {
			t.Errorf("an agent on the line arrives as %q", begin.Args)
		}
		_ = call.Hangup(t.Context())
		prog.close()
		r.settle(t)
	})
	t.Run("survives a restart of Asterisk without the program", func(t *testing.T) {
		r.code(t, agent, ivr.CodeReady)
		r.stop()
		r.start()
		if !r.online("agent-7") {
			eventually(t, 8*time.Second, "agent-7 is online again", func() bool { return r.online("agent-7") })
		}
		if out := r.cli("queue show fallback"); !strings.Contains(out, "PJSIP/agent-7") {
			t.Errorf("the fallback queue forgot its agent:\n%s", out)
		}
		r.code(t, agent, ivr.CodeOff)
		if out := r.cli("queue show fallback"); strings.Contains(out, "PJSIP/agent-7") {
			t.Errorf("the agent who dialled off is still a member:\n%s", out)
		}
	})
	t.Run("a new password holds at once", func(t *testing.T) {
		r.push("agent-7", "second-password")
		if !r.online("agent-7") {
			t.Error("pushing again lost the registration")
		}
		again := right
		again.Password = "second-password"
		if err := r.phone(again).Register(t.Context()); err != nil {
			t.Error(err)
		}
		if err := r.phone(right).Register(t.Context()); phone.StatusCode(err) != http.StatusUnauthorized {
			t.Errorf("the old password gave %v", err)
		}
	})
	t.Run("a removed agent is a stranger", func(t *testing.T) {
		r.remove("agent-7")
		again := right
		again.Password = "second-password"
		if err := r.phone(again).Register(t.Context()); err == nil {
			t.Error("a removed agent registered")
		}
		eventually(t, 5*time.Second, "a removed agent's endpoint is gone", func() bool {
			return r.ari(http.MethodGet, "/endpoints/PJSIP/agent-7", nil, nil) == http.StatusNotFound
		})
	})
}

// code dials an agent's code while no program is there, and hears the tones.
func (r *rig) code(t *testing.T, agent *phone.Phone, code string) {
	t.Helper()
	call := r.mustDial(agent, code)
	waitEnd(t, call)
	if len(call.Spells()) == 0 {
		t.Errorf("%s was not confirmed by a tone", code)
	}
}

func (r *rig) cli(command string) string {
	r.t.Helper()
	out, err := r.Running().CLI(r.t.Context(), command)
	if err != nil {
		r.t.Fatal(err)
	}
	return out
}

// settle waits until no channel is left.
func (r *rig) settle(t *testing.T) {
	t.Helper()
	eventually(t, 5*time.Second, "all calls are over", func() bool {
		var channels []any
		r.ari(http.MethodGet, "/channels", nil, &channels)
		return len(channels) == 0
	})
}
