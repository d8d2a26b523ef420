package deploy_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"

	"ikomek109/deploy"
)

// TestNoOrphan kills the program that started an Asterisk, the hard way, and
// wants the Asterisk gone with it.
func TestNoOrphan(t *testing.T) {
	o := prepared(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	keeper := exec.CommandContext(t.Context(), self) //nolint:gosec // this very test program
	keeper.Env = append(os.Environ(), roleEnv+"=keeper", "KEEP_DIR="+o.Dir, "KEEP_CONFIG="+o.Config,
		"KEEP_HTTP="+o.HTTP, "KEEP_SIP="+strconv.Itoa(o.SIPPort))
	out, err := keeper.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := keeper.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keeper.Process.Kill() })
	line, _ := bufio.NewReader(out).ReadString('\n')
	var pid int
	if _, err := fmt.Sscanf(line, "pid %d", &pid); err != nil {
		t.Fatalf("the keeper says %q", line)
	}
	if err := syscall.Kill(pid, 0); err != nil {
		t.Fatalf("Asterisk does not run: %v", err)
	}
	if err := keeper.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = keeper.Wait()
	eventually(t, 5*time.Second, "Asterisk has ended", func() bool { return gone(pid) })
	// The folder's lock and the ports went with them. The last threads of a
	// killed process may take a moment.
	eventually(t, 5*time.Second, "another one can start", func() bool {
		ast, err := deploy.Start(t.Context(), o)
		if err != nil {
			return false
		}
		stop(t, ast)
		return true
	})
}

// gone reports that a process has ended, also when nobody has waited for it.
func gone(pid int) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return true
	}
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return true
	}
	var state byte
	_, err = fmt.Sscanf(string(raw[bytesAfterName(raw):]), " %c", &state)
	return err == nil && state == 'Z'
}

// bytesAfterName skips "pid (name)", where the name may hold anything.
func bytesAfterName(stat []byte) int {
	for i := len(stat) - 1; i >= 0; i-- {
		if stat[i] == ')' {
			return i + 1
		}
	}
	return 0
}

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
