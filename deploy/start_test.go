package deploy_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"ikomek109/deploy"
	"ikomek109/lab"
)

// prepared gives a configured instance on free ports, not yet started.
func prepared(t *testing.T) deploy.StartOptions {
	t.Helper()
	ast, err := lab.New(t.Context(), lab.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ast.Close() }) // gives the ports back
	if err := ast.Render(); err != nil {
		t.Fatal(err)
	}
	return ast.Opts
}

func start(t *testing.T, o deploy.StartOptions) *deploy.Asterisk {
	t.Helper()
	ast, err := deploy.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, ast) })
	return ast
}

func stop(t *testing.T, ast *deploy.Asterisk) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := ast.Stop(ctx); err != nil {
		t.Error(err)
	}
}

func TestStartStop(t *testing.T) {
	o := prepared(t)
	ast := start(t, o)

	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+o.HTTP+"/ari/asterisk/info", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(o.User, o.Password)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK || !strings.Contains(string(body), o.Tools.AsteriskVersion) {
		t.Fatalf("ARI says %d %s", resp.StatusCode, body)
	}

	_, err = deploy.Start(t.Context(), o)
	wantCure(t, err, "already running there", "stop that one first")

	stop(t, ast)
	stop(t, ast) // a second time does no harm
	select {
	case <-ast.Done():
	default:
		t.Error("Stop returned before the child was gone")
	}
	if _, err := os.Stat("/proc/" + strconv.Itoa(ast.Pid())); err == nil {
		t.Error("the process is still there")
	}
	again := start(t, o) // the folder and the ports are free again
	stop(t, again)
}

func TestPortInUse(t *testing.T) {
	o := prepared(t)
	var lc net.ListenConfig
	taken, err := lc.ListenPacket(t.Context(), "udp", net.JoinHostPort(o.Listen, strconv.Itoa(o.SIPPort)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	_, err = deploy.Start(t.Context(), o)
	wantCure(t, err, strconv.Itoa(o.SIPPort), "choose another port (setting asterisk.sip_port)")
}

func TestForeignAddress(t *testing.T) {
	o := prepared(t)
	o.Listen = "192.0.2.10" // kept for documents: nobody has it
	_, err := deploy.Start(t.Context(), o)
	wantCure(t, err, "192.0.2.10", "an address of this machine (setting listen")
}

func TestBrokenConfiguration(t *testing.T) {
	o := prepared(t)
	modules := filepath.Join(filepath.Dir(o.Config), "modules.conf")
	if err := os.WriteFile(modules, []byte("[modules]\nautoload = no\nrequire = no_such_module.so\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := deploy.Start(t.Context(), o)
	wantCure(t, err, "no_such_module", "messages.log")
}

func TestWrongPassword(t *testing.T) {
	o := prepared(t)
	o.Password = "another-password"
	_, err := deploy.Start(t.Context(), o)
	wantCure(t, err, "refuses our user or password", "render it again")
}

// wantCure wants an error with these words in it, of the type that has a cure.
func wantCure(t *testing.T, err error, words ...string) {
	t.Helper()
	var e *deploy.Error
	if !errors.As(err, &e) || e.Cure == "" {
		t.Fatalf("got %v, want an error with a cure", err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q is not in the message:\n%v", w, err)
		}
	}
}
