package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"ikomek109/bench/figures"
	"ikomek109/bench/menus"
)

// Limits of checking a menu of a hundred thousand lines, in order or not.
const (
	maxCheck       = 2   // s
	maxCheckMemory = 200 // MB
)

// checkRounds is how often each is checked.
const checkRounds = 3

// checks has the program check huge menus, as an author would who has lost all
// sense of proportion, or has it from a program.
func (s *session) checks(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp("", "ik-bench-check-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	for _, menu := range []struct {
		name    string
		ordered bool
		exit    int // code of the command
	}{
		{"in order", true, 0},
		{"all wrong", false, 3},
	} {
		file := filepath.Join(dir, "menu.yaml")
		if err := os.WriteFile(file, []byte(menus.Huge(menu.ordered)), 0o600); err != nil {
			return err
		}
		var took, memory []float64
		for round := range checkRounds {
			s.talk.say("checking 100,000 lines, "+menu.name+":", round, checkRounds)
			wall, used, err := s.check(ctx, file, menu.exit)
			if err != nil {
				return err
			}
			took, memory = append(took, wall.Seconds()), append(memory, float64(used)/1024)
		}
		s.report.Add("checking 100,000 lines, "+menu.name, "s", figures.SpreadOf(took))
		s.report.Limit(maxCheck)
		s.report.Add("its memory", "MB", figures.SpreadOf(memory))
		s.report.Limit(maxCheckMemory)
	}
	return nil
}

// check runs the command once and gives how long it took, and the most memory
// that it used, in KB.
func (s *session) check(ctx context.Context, file string, exit int) (time.Duration, int64, error) {
	cmd := exec.CommandContext(ctx, s.Program, "check", file) //nolint:gosec // the program under test
	begun := time.Now()
	out, err := cmd.CombinedOutput()
	took := time.Since(begun)
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		return 0, 0, err
	}
	used, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if code := cmd.ProcessState.ExitCode(); !ok || code != exit {
		return 0, 0, fmt.Errorf("check ended with %d, not %d: %.400s", code, exit, out)
	}
	return took, used.Maxrss, nil
}
