package conf_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ikomek109/asterisk/conf"
	"ikomek109/lab"
	"ikomek109/phone"

	"github.com/coder/websocket"
)

// rig is a configured Asterisk that runs.
type rig struct {
	t *testing.T
	*lab.Asterisk
}

func newRig(t *testing.T, change ...func(*conf.Settings)) *rig {
	t.Helper()
	ast, err := lab.New(t.Context(), lab.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ast.Close(); err != nil {
			t.Error(err)
		}
	})
	ast.Conf.Verbose = 3
	ast.Conf.HoldKK, ast.Conf.HoldRU = beep(t, ast.Opts.Dir, "hold-kk", 440), beep(t, ast.Opts.Dir, "hold-ru", 880)
	for _, f := range change {
		f(&ast.Conf)
	}
	r := &rig{t: t, Asterisk: ast}
	r.start()
	return r
}

func (r *rig) start() {
	r.t.Helper()
	if err := r.Render(); err != nil {
		r.t.Fatal(err)
	}
	if err := r.Start(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) stop() {
	if err := r.Stop(); err != nil {
		r.t.Error(err)
	}
}

// log gives the lines of Asterisk's log that have this text.
func (r *rig) log(text string) []string {
	raw, err := os.ReadFile(filepath.Join(r.Conf.StateDir, "log", "messages.log"))
	if err != nil {
		r.t.Fatal(err)
	}
	var found []string
	for line := range strings.Lines(string(raw)) {
		if strings.Contains(line, text) {
			found = append(found, line)
		}
	}
	return found
}

// eventually waits for something that Asterisk does in its own time.
func eventually(t *testing.T, within time.Duration, what string, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline.C:
			t.Fatalf("not within %s: %s", within, what)
		case <-tick.C:
		}
	}
}

// ari does one request; into may be nil.
func (r *rig) ari(method, path string, body, into any) int {
	r.t.Helper()
	var raw []byte
	if body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			r.t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(r.t.Context(), method, "http://"+r.Opts.HTTP+"/ari"+path, bytes.NewReader(raw))
	if err != nil {
		r.t.Fatal(err)
	}
	req.SetBasicAuth(r.Opts.User, r.Opts.Password)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err = io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	if into != nil {
		if err := json.Unmarshal(raw, into); err != nil {
			r.t.Fatalf("%s %s: %v: %s", method, path, err, raw)
		}
	}
	return resp.StatusCode
}

// event is what the tests read of ARI's events.
type event struct {
	Type    string   `json:"type"`
	Digit   string   `json:"digit"`
	Args    []string `json:"args"`
	Channel struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Language string `json:"language"`
		State    string `json:"state"`
	} `json:"channel"`
}

// program is an ARI application that listens.
type program struct {
	t    *testing.T
	sock *websocket.Conn
	got  chan event
}

func (r *rig) program() *program {
	r.t.Helper()
	url := fmt.Sprintf("ws://%s/ari/events?app=%s&api_key=%s:%s", r.Opts.HTTP, conf.DefaultApp, r.Opts.User, r.Opts.Password)
	sock, resp, err := websocket.Dial(r.t.Context(), url, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	if resp.Body != nil {
		_ = resp.Body.Close()
	}
	p := &program{t: r.t, sock: sock, got: make(chan event, 1000)}
	go func() {
		defer close(p.got)
		for {
			_, raw, err := sock.Read(context.WithoutCancel(r.t.Context()))
			if err != nil {
				return
			}
			var e event
			if json.Unmarshal(raw, &e) == nil {
				p.got <- e
			}
		}
	}()
	r.t.Cleanup(p.close)
	return p
}

func (p *program) close() { _ = p.sock.CloseNow() }

// want waits for an event of this type.
func (p *program) want(kind string, within time.Duration) event {
	p.t.Helper()
	limit := time.NewTimer(within)
	defer limit.Stop()
	for {
		select {
		case e, open := <-p.got:
			if !open {
				p.t.Fatalf("the websocket was closed while waiting for %s", kind)
			}
			if e.Type == kind {
				return e
			}
		case <-limit.C:
			p.t.Fatalf("no %s within %s", kind, within)
		}
	}
}

func (r *rig) phone(o phone.Options) *phone.Phone {
	r.t.Helper()
	o.Registrar = r.Ports.SIPAddr()
	p, err := phone.New(o)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = p.Close() })
	return p
}

func (r *rig) dial(p *phone.Phone, number string) (*phone.Call, error) {
	ctx, cancel := context.WithTimeout(r.t.Context(), 10*time.Second)
	defer cancel()
	return p.Dial(ctx, "sip:"+number+"@"+r.Ports.SIPAddr(), phone.DialOptions{Record: true})
}

func (r *rig) mustDial(p *phone.Phone, number string) *phone.Call {
	r.t.Helper()
	c, err := r.dial(p, number)
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}
