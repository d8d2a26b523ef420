package e2e_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"ikomek109/asterisk/conf"
	"ikomek109/deploy"
	"ikomek109/flows"
)

// sw is a scenario's Asterisk, with the configuration that ships.
type sw struct {
	conf  conf.Settings
	opts  deploy.StartOptions
	ports *deploy.Ports
	ast   *deploy.Asterisk
}

const (
	ariUser     = "ikomek109"
	ariPassword = "only-for-this-test"
)

func newSwitch(t *testing.T, dir string) *sw {
	t.Helper()
	ports, err := deploy.Reserve(t.Context(), 40)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(ports.Release)
	s := &sw{ports: ports, opts: deploy.StartOptions{
		Tools: shared.tools, Dir: dir, Config: filepath.Join(dir, "etc", "asterisk.conf"), Listen: "127.0.0.1",
		SIPPort: ports.SIP, HTTP: ports.HTTPAddr(), User: ariUser, Password: ariPassword,
	}}
	s.conf = conf.Settings{
		StateDir: dir, ModDir: shared.tools.ModDir, DataDir: shared.tools.DataDir, MOHDir: shared.tools.MOHDir,
		SIPPort: ports.SIP, HTTPPort: ports.HTTP, RTPFirst: ports.RTPFirst, RTPLast: ports.RTPLast,
		ARIUser: ariUser, ARIPassword: ariPassword,
		HoldKK: holdPath(t, flows.Kazakh), HoldRU: holdPath(t, flows.Russian),
	}
	t.Cleanup(func() { s.stop(t) })
	return s
}

func holdPath(t *testing.T, l flows.Language) string {
	t.Helper()
	p, _ := shared.flow.Phrase("fallback/hold")
	paths, _, err := shared.voice.Sounds(string(l), p.ID, p.Text.In(l), nil)
	if err != nil {
		t.Fatal(err)
	}
	return paths[0]
}

// expects sets the password that the program has to show.
func (s *sw) expects(password string) {
	s.conf.ARIPassword, s.opts.Password = password, password
}

func (s *sw) start(t *testing.T) {
	t.Helper()
	if err := conf.Render(filepath.Dir(s.opts.Config), s.conf); err != nil {
		t.Fatal(err)
	}
	ast, err := deploy.Start(t.Context(), s.opts)
	if err != nil {
		t.Fatal(err)
	}
	s.ast = ast
}

func (s *sw) stop(t *testing.T) {
	if s.ast == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_ = syscall.Kill(s.ast.Pid(), syscall.SIGCONT)
	if err := s.ast.Stop(ctx); err != nil {
		t.Error(err)
	}
	s.ast = nil
}

// kill ends Asterisk as a crash would.
func (s *sw) kill(t *testing.T) {
	t.Helper()
	if err := syscall.Kill(s.ast.Pid(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-s.ast.Done()
	s.stop(t)
}

// carries lists what Asterisk carries: channels and bridges, by id.
func (s *sw) carries(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, what := range []string{"channels", "bridges"} {
		var list []struct{ ID, Name string }
		if err := json.Unmarshal(s.ask(t, what), &list); err != nil {
			t.Fatal(err)
		}
		for _, x := range list {
			all = append(all, what+" "+x.ID+" "+x.Name)
		}
	}
	return all
}

func (s *sw) ask(t *testing.T, what string) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+s.opts.HTTP+"/ari/"+what, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(ariUser, s.conf.ARIPassword)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // it was only read
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
