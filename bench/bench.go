package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"ikomek109/bench/figures"
	"ikomek109/bench/load"
	"ikomek109/bench/rig"
	"ikomek109/phone"
)

// session is one run of the bench.
type session struct {
	options
	rig    *rig.Rig
	phone  *phone.Phone
	report *figures.Report
	talk   *talk
	made   int // calls of the program's so far
}

// bench carries everything out and gives how many limits are broken.
func bench(ctx context.Context, o options) (broken int, err error) {
	ctx, cancel := context.WithTimeout(ctx, o.Within)
	defer cancel()
	s := &session{options: o, talk: newTalk(os.Stderr), report: &figures.Report{At: time.Now().UTC(), Sizes: o}}
	done, err := s.setUp(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, done()) }()
	if err := s.measure(ctx); err != nil {
		if ctx.Err() != nil { // the calls that it broke off say nothing
			err = o.givenUp(ctx)
		}
		if o.Keep {
			err = fmt.Errorf("%w; the logs are in %s", err, s.rig.Dir())
		}
		return 0, err
	}
	s.talk.end()
	s.report.Took = time.Since(s.report.At).Round(time.Second).String()
	if err := s.report.Print(os.Stdout); err != nil {
		return 0, err
	}
	path, err := s.report.Write(o.Out)
	if err != nil {
		return 0, err
	}
	fmt.Fprintln(os.Stderr, "\nwritten to", path)
	return s.report.Broken(), nil
}

// givenUp tells why the bench did not come to its end.
func (o options) givenUp(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("not done within %s; make fewer calls (BENCH_CALLS, BENCH_ROUND), or allow more with --within", o.Within)
	}
	return errors.New("stopped before the end; nothing was written")
}

// setUp starts what is needed; done ends it.
func (s *session) setUp(ctx context.Context) (done func() error, err error) {
	var undo []func() error
	done = func() error {
		var errs []error
		for i := len(undo) - 1; i >= 0; i-- {
			errs = append(errs, undo[i]())
		}
		return errors.Join(errs...)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, done())
		}
	}()
	if s.Program == "" {
		s.talk.say("building the program", 0, 0)
		dir, err := os.MkdirTemp("", "ik-bench-build-")
		if err != nil {
			return nil, err
		}
		undo = append(undo, func() error { return os.RemoveAll(dir) })
		s.Program = filepath.Join(dir, "ikomek109")
		if err := build(ctx, s.Program); err != nil {
			return nil, err
		}
	}
	if s.Program, err = filepath.Abs(s.Program); err != nil {
		return nil, err
	}
	s.talk.say("starting Asterisk and the program", 0, 0)
	s.rig, err = rig.New(ctx, rig.Options{Program: s.Program, Calls: max(s.AtOnce, s.Waiting), Keep: s.Keep})
	if err != nil {
		return nil, err
	}
	undo = append(undo, s.rig.Close)
	s.report.Machine = figures.ThisMachine(s.rig.AsteriskVersion())
	s.phone, err = phone.New(phone.Options{Identity: &phone.Party{User: "+77172000109"}}) //nolint:contextcheck // ended by Close
	if err != nil {
		return nil, err
	}
	undo = append(undo, s.phone.Close)
	return done, nil
}

func build(ctx context.Context, to string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-o", to, "ikomek109/cmd/ikomek109") //nolint:gosec // fixed words
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building the program: %w\n%s", err, out)
	}
	return nil
}

// measure does the parts in the order in which they least disturb each other:
// files and prompts while nobody calls, memory in a program that is fresh, the
// leftovers after everything.
func (s *session) measure(ctx context.Context) error {
	for _, part := range []func(context.Context) error{s.decisions, s.checks, s.prompts, s.memory, s.menus, s.leaks} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}

// crowd is a number of callers who show how far they have come.
func (s *session) crowd(what string) load.Crowd {
	return load.Crowd{
		Phone: s.phone, AtOnce: s.AtOnce,
		Tick: func(done, total int) { s.talk.say(what, done, total) },
	}
}

// line is the way through the program's menu, plain the one through the
// dialplan's.
func (s *session) line() load.Way {
	return load.Way{Address: s.rig.LineAddress(), Keys: rig.Keys, Answer: rig.AnswerLength}
}

func (s *session) plain() load.Way {
	return load.Way{Address: s.rig.PlainAddress(), Keys: rig.Keys, Answer: rig.AnswerLength}
}
