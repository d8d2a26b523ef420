package docs_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestMain lets this test program stand in for sudo: see sudo.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "sudo" {
		if err := sudo(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, "sudo:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// line is a running line, in a sandbox that looks like a checkout.
type line struct {
	dir      string
	env      []string
	web, sip string
}

// startWithin bounds building the program and starting the line, on a machine
// where what a call needs is there already.
const startWithin = 5 * time.Minute

// startLine builds the program and starts `run`, as `make run` does. The cache
// is the user's, all else is the sandbox's, and so are the ports.
func startLine(t *testing.T) *line {
	t.Helper()
	l := &line{dir: t.TempDir()}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(l.dir, "home")
	l.env = append(os.Environ(), "HOME="+home,
		"XDG_CONFIG_HOME=", "XDG_DATA_HOME=", "XDG_STATE_HOME=", "XDG_CACHE_HOME=",
		"IKOMEK109_DEPLOY_CACHE="+filepath.Join(cache, "ikomek109"),
		"IKOMEK109_SPEECH_CACHE="+filepath.Join(cache, "ikomek109", "prompts"),
		"IKOMEK109_ASTERISK_SIP_PORT=0", "IKOMEK109_ASTERISK_HTTP_PORT=0",
		"IKOMEK109_ASTERISK_RTP_FROM=0", "IKOMEK109_ASTERISK_RTP_TO=0", "IKOMEK109_WEB_LISTEN=127.0.0.1:0",
		"PATH="+filepath.Join(l.dir, "tools")+":"+os.Getenv("PATH"),
	)
	l.furnish(t)
	l.run(t)
	return l
}

// furnish puts into the sandbox what the commands refer to.
func (l *line) furnish(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startWithin)
	defer cancel()
	build := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(l.dir, "bin", "ikomek109"), "ikomek109/cmd/ikomek109") //nolint:gosec // fixed words
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{"flows", "config", "deploy/systemd"} {
		if err := os.CopyFS(filepath.Join(l.dir, name), os.DirFS(filepath.Join("..", name))); err != nil {
			t.Fatal(err)
		}
	}
	l.record(t)
	self, err := os.Executable()
	if err == nil {
		err = os.MkdirAll(filepath.Join(l.dir, "tools"), 0o700)
	}
	if err == nil {
		err = os.Symlink(self, filepath.Join(l.dir, "tools", "sudo"))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// talk collects what a program prints while it runs.
type talk struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *talk) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *talk) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

var (
	printedSIP = regexp.MustCompile(`sip:109@(\S+)`)
	printedWeb = regexp.MustCompile(`http://(\S+)/readyz`)
)

// run starts the line and waits until it has printed what to dial.
func (l *line) run(t *testing.T) {
	t.Helper()
	var out, errs talk
	cmd := exec.Command("bin/ikomek109", "run") //nolint:noctx // it is stopped as a person stops it
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = l.dir, l.env, &out, &errs
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { stopLine(t, cmd, ended) })
	late := time.After(startWithin)
	for tick := time.NewTicker(50 * time.Millisecond); ; {
		sip, web := printedSIP.FindStringSubmatch(out.String()), printedWeb.FindStringSubmatch(out.String())
		if sip != nil && web != nil {
			l.sip, l.web = sip[1], web[1]
			return
		}
		select {
		case <-tick.C:
		case err := <-ended:
			ended <- err
			t.Fatalf("the line ended: %v\n%s", err, errs.String())
		case <-late:
			t.Fatalf("the line is not ready:\n%s%s", out.String(), errs.String())
		}
	}
}

// stopLine ends the line as Ctrl-C does.
func stopLine(t *testing.T, cmd *exec.Cmd, ended <-chan error) {
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGINT)
	select {
	case err := <-ended:
		var failed *exec.ExitError
		if errors.As(err, &failed) && !t.Failed() {
			t.Errorf("the line did not stop cleanly: %v", err)
		}
	case <-time.After(time.Minute):
		_ = cmd.Process.Kill()
		t.Error("the line did not stop within a minute")
	}
}

// sh runs a block of a page in the sandbox, with the ports that the line took.
func (l *line) sh(t *testing.T, block string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	block = strings.NewReplacer("127.0.0.1:5060", l.sip, "127.0.0.1:1090", l.web).Replace(block)
	cmd := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", block) //nolint:gosec // a page of ours
	cmd.Dir, cmd.Env = l.dir, l.env
	out, err := cmd.CombinedOutput()
	return string(out), err
}
