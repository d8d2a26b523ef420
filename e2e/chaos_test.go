package e2e_test

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestChaos is a short run of `make chaos`: the books balance after faults that
// are the same each time, and what the command prints can be followed.
func TestChaos(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, shared.chaos, "--program", shared.program, "--for", "20s", "--seed", "7", "--citizens", "4", "--agents", "2").CombinedOutput() //nolint:gosec // ours
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"seed 7", "the program is killed", "the event stream is cut", "the faults are over", "Q ", "the books balance"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("it does not print %q:\n%s", want, out)
		}
	}
	if strings.Contains(string(out), "Q 0 ") || strings.Contains(string(out), "= A 0 ") {
		t.Errorf("nobody waited, or nobody was served: it shows nothing:\n%s", out)
	}
	var exit *exec.ExitError
	if out, err := exec.CommandContext(ctx, shared.chaos, "--for", "0s").CombinedOutput(); !errors.As(err, &exit) || exit.ExitCode() != 2 || //nolint:gosec // ours
		!strings.Contains(string(out), "--program") || !strings.Contains(string(out), "--for is 0s") {
		t.Errorf("called wrongly: %v\n%s", err, out)
	}
}
