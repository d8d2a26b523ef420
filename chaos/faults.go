package main

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"sync"
	"syscall"
	"time"

	_ "modernc.org/sqlite" // another program at the store

	"ikomek109/chaos/proxy"
)

// fault is something that goes wrong for a while.
type fault struct {
	name string
	do   func(ctx context.Context, s *session, lasts time.Duration) error
}

// Two lanes of faults run at the same time, so that they fall together in every
// way: one of what happens to the program, one of what happens around it.
var (
	toProgram = []fault{ //nolint:gochecknoglobals // a table that nothing changes
		{"the program is killed and started", ending(func(_ context.Context, s *session, _ time.Duration) error { return s.rig.Kill() })},
		{"the program is killed, and away for a while", ending(killed)},
		{"the program is stopped and started", ending(stopped)},
		{"the mode changes", modeChanged},
	}
	around = []fault{ //nolint:gochecknoglobals // likewise
		{"the event stream is cut", cut},
		{"the event stream is held up", held},
		{"the event stream is cut and refused", refused},
		{"commands hang", commands(proxy.Hanging)},
		{"commands fail with 500", commands(proxy.Failing)},
		{"commands' connections are closed", commands(proxy.Closing)},
		{"commands are carried out and not answered", commands(proxy.Unanswered)},
		{"Asterisk's process is stopped", frozen},
		{"the store is locked", store(locked)},
		{"the store is slow", store(slow)},
		{"the store's disk is full", store(full)},
	}
)

// torment does faults in both lanes until the time has passed, and leaves
// everything as it should be.
func (s *session) torment(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, s.For)
	defer cancel()
	var lanes sync.WaitGroup
	lanes.Go(func() { s.lane(ctx, toProgram, s.dice(1)) })
	lanes.Go(func() { s.lane(ctx, around, s.dice(2)) })
	lanes.Wait()
	s.resting.Wait()
}

func (s *session) lane(ctx context.Context, faults []fault, dice *rand.Rand) {
	for {
		f := faults[dice.IntN(len(faults))]
		pause, lasts := between(dice, time.Second, 5*time.Second), between(dice, time.Second, 3*time.Second)
		if sleep(ctx, pause) != nil {
			return
		}
		s.say("%s (%.1f s)", f.name, lasts.Seconds())
		if err := f.do(context.WithoutCancel(ctx), s, lasts); err != nil {
			s.broke("%s: %v", f.name, err)
		}
	}
}

// ending does something to the program itself, unless the store is not as it
// should be, or only just so again: what the program holds in memory then is lost
// with it, which no program can help.
func ending(do func(ctx context.Context, s *session, lasts time.Duration) error) func(context.Context, *session, time.Duration) error {
	return func(ctx context.Context, s *session, lasts time.Duration) error {
		if !s.settled.TryLock() {
			s.say("left out: the store is just now not as it should be")
			return nil
		}
		defer s.settled.Unlock()
		if err := do(ctx, s, lasts); err != nil {
			return err
		}
		return s.rig.Start(ctx)
	}
}

func killed(ctx context.Context, s *session, lasts time.Duration) error {
	if err := s.rig.Kill(); err != nil {
		return err
	}
	return sleep(ctx, lasts)
}

func stopped(_ context.Context, s *session, _ time.Duration) error { return s.rig.Stop() }

// modeChanged sets the mode after the one in force. A store that takes nothing
// refuses it, which is no fault.
func modeChanged(ctx context.Context, s *session, lasts time.Duration) error {
	mode := []string{"daily", "heightened", "emergency"}[int(lasts.Milliseconds())%3]
	args := []string{"mode", "set", mode, "--reason", "chaos"}
	if mode != "daily" {
		args = append(args, "--until", "1h")
	}
	if _, err := s.rig.Do(ctx, args...); err != nil {
		s.say("the mode was not changed: %v", err)
	}
	return nil
}

func cut(_ context.Context, s *session, _ time.Duration) error {
	s.proxy.Cut()
	return nil
}

func held(ctx context.Context, s *session, lasts time.Duration) error {
	s.proxy.Hold(true)
	defer s.proxy.Hold(false)
	return sleep(ctx, lasts)
}

func refused(ctx context.Context, s *session, lasts time.Duration) error {
	s.proxy.Refuse(true)
	defer s.proxy.Refuse(false)
	s.proxy.Cut()
	return sleep(ctx, lasts)
}

func commands(t proxy.Trouble) func(context.Context, *session, time.Duration) error {
	return func(ctx context.Context, s *session, lasts time.Duration) error {
		s.proxy.Disturb(t)
		defer s.proxy.Disturb(proxy.None)
		return sleep(ctx, lasts)
	}
}

func frozen(ctx context.Context, s *session, lasts time.Duration) error {
	pid := s.rig.AsteriskPid()
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		return err
	}
	_ = sleep(ctx, lasts)
	return syscall.Kill(pid, syscall.SIGCONT)
}

// store does something to the store, when no program is being ended.
func store(do func(ctx context.Context, s *session, lasts time.Duration) error) func(context.Context, *session, time.Duration) error {
	return func(ctx context.Context, s *session, lasts time.Duration) error {
		s.settled.Lock()
		err := do(ctx, s, lasts)
		s.resting.Go(func() {
			defer s.settled.Unlock()
			_ = sleep(ctx, storeRest)
		})
		return err
	}
}

// storeRest is how long the program may take, once its store takes steps again,
// to bring there what it has kept in memory.
const storeRest = 8 * time.Second

func locked(ctx context.Context, s *session, lasts time.Duration) error {
	db, err := sql.Open("sqlite", s.rig.Store()+"?_pragma=busy_timeout(5000)")
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // it only held a lock
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	_ = sleep(ctx, lasts)
	_, err = db.ExecContext(ctx, "ROLLBACK")
	return err
}

// slow has the store's writer wait for each of its turns.
func slow(ctx context.Context, s *session, lasts time.Duration) error {
	for until := time.Now().Add(lasts); time.Now().Before(until); {
		if err := locked(ctx, s, slowTurn); err != nil {
			return err
		}
	}
	return nil
}

// slowTurn is for how long the store is taken from the program at once.
const slowTurn = 300 * time.Millisecond

func full(ctx context.Context, s *session, lasts time.Duration) error {
	if s.disk == nil {
		s.say("left out: there is no disk that could be filled")
		return nil
	}
	if err := s.disk.fill(); err != nil {
		return err
	}
	_ = sleep(ctx, lasts)
	return s.disk.drain()
}
