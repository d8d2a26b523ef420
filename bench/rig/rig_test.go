package rig_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ikomek109/bench/rig"
	"ikomek109/phone"
)

// TestRig sets up what the bench measures: both menus answer and speak, the
// program's figures can be read, and nothing is left afterwards.
func TestRig(t *testing.T) {
	program := filepath.Join(t.TempDir(), "ikomek109")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "ikomek109/cmd/ikomek109") //nolint:gosec // fixed words
	build.Env = append(os.Environ(), "CGO_ENABLED=0")                                                  // as it ships
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	r, err := rig.New(ctx, rig.Options{Program: program, Calls: 4})
	if err != nil {
		t.Fatal(err)
	}
	closed := false
	t.Cleanup(func() {
		if !closed {
			_ = r.Close()
		}
	})
	p, err := phone.New(phone.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close() //nolint:errcheck // the calls have ended
	for name, address := range map[string]string{"the line": r.LineAddress(), "plain dialplan": r.PlainAddress()} {
		answers(ctx, t, p, name, address)
	}
	m, err := r.Metrics(ctx)
	if err != nil || m["go_goroutines"] < 1 || m["process_open_fds"] < 1 || m["ikomek109_calls_arrived_total"] != 1 {
		t.Errorf("figures %v, %v", m, err)
	}
	pids := []int{r.AsteriskPid(), r.ProgramPid()}
	closed = true
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(r.Dir()); err == nil {
		t.Error("the folder is left")
	}
	for _, pid := range pids {
		if syscall.Kill(pid, 0) == nil {
			t.Errorf("process %d is left", pid)
		}
	}
}

// answers calls a menu and waits until it speaks.
func answers(ctx context.Context, t *testing.T, p *phone.Phone, name, address string) {
	t.Helper()
	call, err := p.Dial(ctx, address, phone.DialOptions{Record: true})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	defer call.Hangup(ctx) //nolint:errcheck // ended by the close of the phone at the latest
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !loud(call) {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s says nothing", name)
		}
	}
}

func loud(call *phone.Call) bool {
	for _, s := range call.Heard().PCM {
		if s > 1000 || s < -1000 {
			return true
		}
	}
	return false
}

// TestRigFails leaves nothing behind when the program cannot be started.
func TestRigFails(t *testing.T) {
	r, err := rig.New(t.Context(), rig.Options{Program: "/bin/false", Calls: 1})
	if err == nil {
		t.Fatal("a program that ends at once is a rig", r.Close())
	}
	if !strings.Contains(err.Error(), "ended at its start") {
		t.Errorf("got %v", err)
	}
}
