package asterisk_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"ikomek109/asterisk"
	"ikomek109/ivr"
	"ikomek109/lab"
	"ikomek109/phone"
	"ikomek109/queue"
)

// rig is an Asterisk of the test's own, with the configuration that ships.
type rig struct {
	t testing.TB
	*lab.Asterisk
}

func newRig(t testing.TB) *rig {
	t.Helper()
	ast, err := lab.New(t.Context(), lab.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatalf("these tests need an Asterisk: %v", err)
	}
	t.Cleanup(func() {
		if err := ast.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := ast.Render(); err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, Asterisk: ast}
	r.start()
	return r
}

func (r *rig) start() {
	r.t.Helper()
	if err := r.Start(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) stop() {
	if err := r.Stop(); err != nil {
		r.t.Error(err)
	}
}

// options are those of a program beside this Asterisk.
func (r *rig) options() asterisk.Options {
	return asterisk.Options{
		URL: r.ARI(), Username: r.Opts.User, Password: r.Opts.Password, Listen: "127.0.0.1",
	}
}

// ari does one request behind the switch's back.
func (r *rig) ari(method, path string, into any) int {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.ARI()+path, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	req.SetBasicAuth(r.Opts.User, r.Opts.Password)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	if into != nil {
		if err := json.Unmarshal(bytes.TrimSpace(raw), into); err != nil {
			r.t.Fatalf("%s %s: %v: %s", method, path, err, raw)
		}
	}
	return resp.StatusCode
}

// tone writes a sound of a length and gives its path without extension.
func (r *rig) tone(name string, length time.Duration) string {
	r.t.Helper()
	pcm := make([]int16, int(length.Seconds()*8000))
	for i := range pcm {
		pcm[i] = int16(12000 * math.Sin(float64(i)*2*math.Pi*440/8000))
	}
	path := filepath.Join(r.Opts.Dir, name)
	if err := (phone.Recording{Rate: 8000, PCM: pcm}).WriteWAV(path + ".wav"); err != nil {
		r.t.Fatal(err)
	}
	return path
}

// dial calls the line as a citizen.
func (r *rig) dial(o phone.DialOptions) *phone.Call {
	r.t.Helper()
	p, err := phone.New(phone.Options{Identity: &phone.Party{User: "+77011234567", Name: "Citizen"}})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = p.Close() })
	return r.call(p, "109", o)
}

func (r *rig) call(p *phone.Phone, number string, o phone.DialOptions) *phone.Call {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), 10*time.Second)
	defer cancel()
	call, err := p.Dial(ctx, "sip:"+number+"@"+r.Ports.SIPAddr(), o)
	if err != nil {
		r.t.Fatal(err)
	}
	return call
}

const password = "shift-password"

func agent(id string) queue.Agent {
	return queue.Agent{ID: ivr.AgentID(id), Name: "Айгүл", Credential: queue.Credential(ivr.AgentID(id), password)}
}

// agentPhone is a registered phone of an agent.
func (r *rig) agentPhone(id string, policy phone.Policy) *phone.Phone {
	r.t.Helper()
	p, err := phone.New(phone.Options{
		User: id, Password: password, Registrar: r.Ports.SIPAddr(), Incoming: policy,
	})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = p.Close() })
	ctx, cancel := context.WithTimeout(r.t.Context(), 10*time.Second)
	defer cancel()
	if err := p.Register(ctx); err != nil {
		r.t.Fatal(err)
	}
	return p
}
