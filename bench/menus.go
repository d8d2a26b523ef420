package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"ikomek109/bench/figures"
	"ikomek109/bench/load"
)

// Limits that the line is held to.
const (
	maxProgramCPU = 1.5 // ms of one core for a self-service call
	// maxProgramShare holds the same on a slower machine: 1.5 ms where the plain
	// dialplan takes 7.2 ms, as on the machine on which the 1.5 ms were set.
	maxProgramShare = 0.21
	maxLater        = 30 // ms by which the line's p99 may be over the dialplan's
	maxWaiting      = 40 // KB for a caller who waits
	maxRestart      = 3  // s from a start to the last call taken up, and to the last one in the menu who hears it again
)

// idleFor is how long the processes are watched doing nothing.
const idleFor = 5 * time.Second

// figure is what one round of one menu cost.
type figure struct {
	program, asterisk float64 // ms of processor time per call, idling taken off
	median, p99       float64 // ms from the end of a key to the first sound
}

// both holds the rounds of one menu.
type both struct {
	rounds []figure
	delays []time.Duration
}

// menus measures the dialplan's menu and the program's in turn, so that a
// machine that is disturbed for a while shows as a difference between rounds.
func (s *session) menus(ctx context.Context) error {
	// The first calls open connections and fill caches.
	if t := s.crowd("warming up").Make(ctx, 2*s.AtOnce, s.line().Patient); t.Err() != nil {
		return fmt.Errorf("warming up: %w", t.Err())
	}
	s.made += 2 * s.AtOnce
	idle, err := s.idle(ctx)
	if err != nil {
		return err
	}
	alone, err := startAlone(s.rig.ProgramPid(), s.rig.AsteriskPid(), os.Getpid())
	if err != nil {
		return err
	}
	var plain, line both
	for round := range s.Rounds {
		for _, menu := range []struct {
			name string
			way  load.Way
			into *both
		}{{"plain dialplan", s.plain(), &plain}, {"the line", s.line(), &line}} {
			what := fmt.Sprintf("%s, round %d of %d:", menu.name, round+1, s.Rounds)
			if err := s.round(ctx, what, menu.way, idle, menu.into); err != nil {
				return fmt.Errorf("%s %w", what, err)
			}
		}
		s.made += s.Round
	}
	s.reportMenus(&plain, &line)
	others, err := alone.others()
	s.report.AddOne("taken by others meanwhile", "% of machine", others)
	s.report.Invalid = disturbed(others)
	return err
}

// idle watches Asterisk and the program while there is no call: what they use
// then is no call's.
func (s *session) idle(ctx context.Context) (figures.Used, error) {
	s.talk.say("watching the idle line", 0, 0)
	watch, err := figures.StartWatch(s.rig.ProgramPid(), s.rig.AsteriskPid())
	if err != nil {
		return figures.Used{}, err
	}
	if err := sleep(ctx, idleFor); err != nil {
		return figures.Used{}, err
	}
	return watch.Stop()
}

// round makes the calls of one round.
func (s *session) round(ctx context.Context, what string, way load.Way, idle figures.Used, into *both) error {
	watch, err := figures.StartWatch(s.rig.ProgramPid(), s.rig.AsteriskPid())
	if err != nil {
		return err
	}
	t := s.crowd(what).Make(ctx, s.Round, way.Patient)
	used, err := watch.Stop()
	if err != nil {
		return err
	}
	if err := t.Err(); err != nil {
		return err
	}
	into.delays = append(into.delays, t.Delays...)
	per := func(i int) float64 {
		own := used.CPU[i].Seconds() - idle.CPU[i].Seconds()*used.Wall.Seconds()/idle.Wall.Seconds()
		return 1000 * own / float64(s.Round)
	}
	into.rounds = append(into.rounds, figure{
		program: per(0), asterisk: per(1),
		median: ms(figures.Quantile(t.Delays, 0.5)), p99: ms(figures.Quantile(t.Delays, 0.99)),
	})
	return nil
}

func (b *both) spread(of func(figure) float64) figures.Spread {
	var all []float64
	for _, f := range b.rounds {
		all = append(all, of(f))
	}
	return figures.SpreadOf(all)
}

func (s *session) reportMenus(plain, line *both) {
	r := s.report
	program := func(f figure) float64 { return f.program }
	asterisk := func(f figure) float64 { return f.asterisk }
	own, theirs, alone := line.spread(program), line.spread(asterisk), plain.spread(asterisk)
	r.Add("processor, the program", "ms/call", own)
	r.Limit(maxProgramCPU)
	r.Add("processor, Asterisk with the program", "ms/call", theirs)
	r.Add("processor, Asterisk in plain dialplan", "ms/call", alone)
	r.AddOne("the program ÷ plain dialplan", "", own.Median/alone.Median)
	r.Limit(maxProgramShare)
	r.AddOne("both together ÷ plain dialplan", "", (own.Median+theirs.Median)/alone.Median)
	for _, m := range []struct {
		name string
		of   *both
	}{{"the line", line}, {"plain dialplan", plain}} {
		r.Add("key to sound, "+m.name+", median", "ms", m.of.spread(func(f figure) float64 { return f.median }))
		r.Add("key to sound, "+m.name+", p99", "ms", m.of.spread(func(f figure) float64 { return f.p99 }))
	}
	// Over all rounds, so that one round's worst does not weigh as much as all.
	later := figures.Quantile(line.delays, 0.99) - figures.Quantile(plain.delays, 0.99)
	r.AddOne("key to sound, p99 over the plain dialplan's", "ms", ms(later))
	r.Limit(maxLater)
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// sleep waits, unless ctx ends first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("given up: %w; see --within", ctx.Err())
	}
}
