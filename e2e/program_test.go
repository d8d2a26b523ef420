package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// program is the built binary beside a scenario's Asterisk.
type program struct {
	dir  string
	web  string // host:port
	env  []string
	args []string // serve, or run
	set  []string // more settings, key=value, or flags
	cmd  *exec.Cmd
	done chan struct{} // closed when cmd has ended
	out  *logBuffer    // standard output of the latest start
	log  *logBuffer    // standard error of all
}

// logBuffer is what a program writes.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func newProgram(t *testing.T, dir string, s *sw) *program {
	t.Helper()
	password := filepath.Join(dir, "ari.password")
	if err := os.WriteFile(password, []byte(ariPassword+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &program{dir: dir, web: fmt.Sprintf("127.0.0.1:%d", s.Ports.HTTP+1), args: []string{"serve"}, log: &logBuffer{}}
	p.env = append(os.Environ(),
		"XDG_STATE_HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir,
		"IKOMEK109_ASTERISK_URL="+s.ARI(), "IKOMEK109_ASTERISK_USERNAME="+ariUser,
		"IKOMEK109_ASTERISK_PASSWORD_FILE="+password, "IKOMEK109_WEB_LISTEN="+p.web,
		// Nearly all scripts are about something else than what follows a call.
		"IKOMEK109_QUEUE_WRAP_UP=0s",
		"IKOMEK109_SPEECH_CACHE="+shared.cache, "IKOMEK109_LOG_LEVEL=debug", "IKOMEK109_LOG_FORMAT=json",
	)
	t.Cleanup(func() { p.kill(t) })
	return p
}

// start starts the program; it does not wait until it is ready.
func (p *program) start(t *testing.T) {
	t.Helper()
	args := slices.Clone(p.args)
	for _, s := range p.set {
		if !strings.HasPrefix(s, "--") {
			args = append(args, "--set")
		}
		args = append(args, s)
	}
	p.cmd = p.command(context.Background(), args...)
	p.out = &logBuffer{}
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.log
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	p.done = done
	go func(cmd *exec.Cmd) {
		_ = cmd.Wait()
		close(done)
	}(p.cmd)
}

func (p *program) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, shared.program, args...) //nolint:gosec // our own binary
	cmd.Dir, cmd.Env = p.dir, p.env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

// signal sends a signal and waits for the end.
func (p *program) signal(t *testing.T, sig syscall.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.done:
	case <-time.After(30 * time.Second):
		t.Errorf("the program did not end on %s", sig)
		p.kill(t)
	}
	p.cmd = nil
}

// ended waits for a program that ends by itself.
func (p *program) ended(within time.Duration) error {
	select {
	case <-p.done:
		p.cmd = nil
		return nil
	case <-time.After(within):
		return fmt.Errorf("the program did not end within %s", within)
	}
}

// kill ends the program for good, if it runs.
func (p *program) kill(*testing.T) {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Kill()
	<-p.done
	p.cmd = nil
}

// ready asks /readyz.
func (p *program) ready(t *testing.T) (status int, body string) {
	t.Helper()
	return p.get(t, "/readyz")
}

func (p *program) get(t *testing.T, path string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+p.web+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close() //nolint:errcheck // it was only read
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err.Error()
	}
	return resp.StatusCode, string(raw)
}

// do runs a short command and gives its standard output.
func (p *program) do(ctx context.Context, args ...string) (string, error) {
	cmd := p.command(ctx, args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("ikomek109 %s: %w: %s", strings.Join(args, " "), err, errs.String())
	}
	return string(out), err
}

// record is a call as `calls --json` prints it.
type record map[string]any

func (p *program) calls(ctx context.Context) ([]record, error) {
	var all []record
	err := p.list(ctx, &all, "calls", "--json", "--limit", "10000")
	return all, err
}

// timelines tells what every call went through, for who looks for a fault.
func (p *program) timelines() string {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second) // the test is over
	defer cancel()
	all, err := p.calls(ctx)
	if err != nil {
		return err.Error()
	}
	var told strings.Builder
	for _, c := range all {
		id, _ := c["id"].(string)
		text, err := p.do(ctx, "calls", "show", id)
		if err != nil {
			text = err.Error()
		}
		fmt.Fprintln(&told, text)
	}
	return told.String()
}

// list runs a command that prints JSON.
func (p *program) list(ctx context.Context, into any, args ...string) error {
	out, err := p.do(ctx, args...)
	if err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(out), into); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}
