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
	"ikomek109/asterisk/conf"
	"ikomek109/deploy"
	"ikomek109/ivr"
	"ikomek109/phone"
	"ikomek109/queue"
)

// rig is an Asterisk of the test's own, with the configuration that ships.
type rig struct {
	t     testing.TB
	ports *deploy.Ports
	opts  deploy.StartOptions
	ast   *deploy.Asterisk
	dir   string
}

func newRig(t testing.TB) *rig {
	t.Helper()
	tools, err := deploy.Find(t.Context(), deploy.Options{Modules: conf.Modules(), Optional: conf.OptionalModules()})
	if err != nil {
		t.Fatalf("these tests need an Asterisk: %v", err)
	}
	ports, err := deploy.Reserve(t.Context(), 40)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(ports.Release)
	r := &rig{t: t, ports: ports, dir: t.TempDir()}
	r.opts = deploy.StartOptions{
		Tools: tools, Dir: r.dir, Config: filepath.Join(r.dir, "etc", "asterisk.conf"), Listen: "127.0.0.1",
		SIPPort: ports.SIP, HTTP: ports.HTTPAddr(), User: "tester", Password: "only-for-this-test",
	}
	err = conf.Render(filepath.Join(r.dir, "etc"), conf.Settings{
		StateDir: r.dir, ModDir: tools.ModDir, DataDir: tools.DataDir, MOHDir: tools.MOHDir,
		SIPPort: ports.SIP, HTTPPort: ports.HTTP, RTPFirst: ports.RTPFirst, RTPLast: ports.RTPLast,
		ARIUser: r.opts.User, ARIPassword: r.opts.Password,
	})
	if err != nil {
		t.Fatal(err)
	}
	r.start()
	t.Cleanup(r.stop)
	return r
}

func (r *rig) start() {
	r.t.Helper()
	ast, err := deploy.Start(r.t.Context(), r.opts)
	if err != nil {
		r.t.Fatal(err)
	}
	r.ast = ast
}

func (r *rig) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := r.ast.Stop(ctx); err != nil {
		r.t.Error(err)
	}
}

// options are those of a program beside this Asterisk.
func (r *rig) options() asterisk.Options {
	return asterisk.Options{
		URL: "http://" + r.opts.HTTP + "/ari", Username: r.opts.User, Password: r.opts.Password, Listen: "127.0.0.1",
	}
}

// ari does one request behind the switch's back.
func (r *rig) ari(method, path string, into any) int {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, "http://"+r.opts.HTTP+"/ari"+path, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	req.SetBasicAuth(r.opts.User, r.opts.Password)
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
	path := filepath.Join(r.dir, name)
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
	call, err := p.Dial(ctx, "sip:"+number+"@"+r.ports.SIPAddr(), o)
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
		User: id, Password: password, Registrar: r.ports.SIPAddr(), Incoming: policy,
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
