package rig

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// program is the built binary, serving.
type program struct {
	cmd  *exec.Cmd
	web  string
	log  *os.File
	done chan struct{} // closed when it has ended
}

// storeName is the store's file in the folder of the rig.
const storeName = "bench.db"

// readyWithin bounds the start of the program.
const readyWithin = 30 * time.Second

// startProgram starts `serve` beside the rig's Asterisk, with the settings as
// they ship but for what the bench has to set, and waits until it is ready.
func (r *Rig) startProgram(ctx context.Context, m *menu) error {
	password := filepath.Join(r.dir, "ari.password")
	if err := os.WriteFile(password, []byte(r.ast.Opts.Password+"\n"), 0o600); err != nil {
		return err
	}
	web := net.JoinHostPort("127.0.0.1", strconv.Itoa(r.ast.Ports.HTTP+1)) // reserved beside Asterisk's
	ari, err := r.ari(ctx)
	if err != nil {
		return err
	}
	r.web, r.env = web, append(ownEnv(),
		"XDG_STATE_HOME="+r.dir, "XDG_DATA_HOME="+r.dir, "XDG_CONFIG_HOME="+r.dir,
		"IKOMEK109_ASTERISK_URL="+ari, "IKOMEK109_ASTERISK_USERNAME="+ariUser,
		"IKOMEK109_ASTERISK_PASSWORD_FILE="+password, "IKOMEK109_WEB_LISTEN="+web,
		"IKOMEK109_LINE_FLOW="+m.file, "IKOMEK109_STORE_PATH="+r.Store(),
		"IKOMEK109_SPEECH_RECORDINGS="+m.recordings, "IKOMEK109_SPEECH_CACHE="+m.prompts,
		"IKOMEK109_LOG_FORMAT=json",
	)
	r.env = append(r.env, r.opts.Settings...)
	return r.Start(ctx)
}

// ari is the address by which the program reaches Asterisk.
func (r *Rig) ari(ctx context.Context) (string, error) {
	if r.opts.Via == nil {
		return r.ast.ARI(), nil
	}
	via, err := r.opts.Via(ctx, r.ast.Opts.HTTP)
	return "http://" + via + "/ari", err
}

// Start starts the program as it was set up, and waits until it is ready.
func (r *Rig) Start(ctx context.Context) error {
	log, err := os.OpenFile(r.Log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(context.Background(), r.opts.Program, "serve") //nolint:gosec,contextcheck // our own binary; ended by stop
	cmd.Dir, cmd.Env = r.dir, r.env
	cmd.Stdout, cmd.Stderr = log, log
	p := &program{cmd: cmd, web: r.web, log: log, done: make(chan struct{})}
	if err := p.spawn(); err != nil {
		return errors.Join(err, log.Close())
	}
	r.program = p
	return r.AwaitReady(ctx)
}

// ownEnv is our environment without settings of the program: those of the
// person's own line are not the bench's.
func ownEnv() []string {
	var env []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "IKOMEK109_") || strings.HasPrefix(e, "IKOMEK109_DEPLOY_") {
			env = append(env, e)
		}
	}
	return env
}

// spawn starts the child on a thread that lives as long as it does, so that it
// ends with us, however we end.
func (p *program) spawn() error {
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			_ = p.cmd.Wait()
			close(p.done)
		}
	}()
	return <-started
}

// Kill ends the program as a fault would.
func (r *Rig) Kill() error {
	if err := r.program.cmd.Process.Kill(); err != nil {
		return fmt.Errorf("the program could not be killed: %w", err)
	}
	<-r.program.done
	log := r.program.log
	r.program = nil
	return log.Close()
}

// Stop has the program end, as a service manager does.
func (r *Rig) Stop() error {
	p := r.program
	r.program = nil
	return p.stop()
}

// Do runs a short command of the program beside it, and gives what it prints.
func (r *Rig) Do(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, r.opts.Program, args...) //nolint:gosec // our own binary
	cmd.Dir, cmd.Env = r.dir, r.env
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("ikomek109 %s: %w: %s", strings.Join(args, " "), err, errs.String())
	}
	return string(out), err
}

// Log is the file with what the program wrote, over all its starts.
func (r *Rig) Log() string { return filepath.Join(r.dir, "program.log") }

// Store is the file of the program's store.
func (r *Rig) Store() string {
	if r.opts.StoreDir != "" {
		return filepath.Join(r.opts.StoreDir, storeName)
	}
	return filepath.Join(r.dir, storeName)
}

func (p *program) stop() error {
	defer func() { _ = p.log.Close() }()
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself
	late := time.NewTimer(20 * time.Second)
	defer late.Stop()
	select {
	case <-p.done:
		return nil
	case <-late.C:
		_ = p.cmd.Process.Kill()
		<-p.done
		return errors.New("the program did not stop on SIGTERM within 20 s and was killed")
	}
}

// AwaitReady waits until the program says that it is ready, or has ended.
func (r *Rig) AwaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		if body, err := r.get(ctx, "/readyz"); err == nil {
			_ = body.Close()
			return nil
		}
		select {
		case <-again.C:
		case <-r.program.done:
			return fmt.Errorf("the program ended at its start:\n%s", r.lastLog())
		case <-ctx.Done():
			return fmt.Errorf("the program was not ready within %s:\n%s", readyWithin, r.lastLog())
		}
	}
}

// lastLog is the end of the program's log.
func (r *Rig) lastLog() string {
	text, err := os.ReadFile(r.Log())
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-2000):])
}

func (r *Rig) get(ctx context.Context, path string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+r.program.web+path, nil)
	if err != nil {
		return nil, err
	}
	req.Close = true // no connection is left to be counted
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close()
		return nil, fmt.Errorf("%s: %s", path, resp.Status)
	}
	return resp.Body, nil
}

// Metrics reads the program's figures: name to value, summed over labels.
func (r *Rig) Metrics(ctx context.Context) (map[string]float64, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	body, err := r.get(ctx, "/metrics")
	if err != nil {
		return nil, fmt.Errorf("the program's figures: %w", err)
	}
	defer func() { _ = body.Close() }()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(body)
	if err != nil {
		return nil, fmt.Errorf("the program's figures: %w", err)
	}
	all := make(map[string]float64, len(families))
	for name, f := range families {
		for _, m := range f.GetMetric() {
			all[name] += m.GetGauge().GetValue() + m.GetCounter().GetValue() + m.GetUntyped().GetValue()
		}
	}
	return all, nil
}
