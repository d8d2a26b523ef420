package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"time"
)

// options are the sizes of the bench, from flags or the environment.
type options struct {
	Rounds  int `json:"rounds"`  // of the plain and the program's menu, in turn
	Round   int `json:"round"`   // calls in each
	AtOnce  int `json:"at_once"` // calls at a time
	Calls   int `json:"calls"`   // in all, before looking at what was left over
	Waiting int `json:"waiting"` // callers who stay on the line
	Prompts int `json:"prompts"` // to render

	Within  time.Duration `json:"-"`
	Program string        `json:"-"`
	Out     string        `json:"-"`
	Keep    bool          `json:"-"`
}

// parseOptions reads flags; what they leave out comes from the environment as
// BENCH_CALLS and so on.
func parseOptions(args []string, env func(string) string, talk io.Writer) (options, error) {
	var o options
	set := flag.NewFlagSet("bench", flag.ContinueOnError)
	set.SetOutput(talk)
	numbers := []struct {
		into             *int
		name, env, usage string
		standard, least  int
	}{
		{&o.Rounds, "rounds", "BENCH_ROUNDS", "how often the two menus are measured, in turn", 3, 1},
		{&o.Round, "round", "BENCH_ROUND", "calls in each round", 300, 1},
		{&o.AtOnce, "at-once", "BENCH_AT_ONCE", "calls at a time", 30, 1},
		{&o.Calls, "calls", "BENCH_CALLS", "calls to make before looking at what was left over; 0 skips that", 10_000, 0},
		{&o.Waiting, "waiting", "BENCH_WAITING", "callers who stay on the line, to measure their memory and a restart; 0 skips that", 500, 0},
		{&o.Prompts, "prompts", "BENCH_PROMPTS", "prompts to render; 0 skips that", 500, 0},
	}
	var errs []error
	for _, n := range numbers {
		standard, err := fromEnv(env, n.env, n.standard)
		errs = append(errs, err)
		set.IntVar(n.into, n.name, standard, n.usage+" (or "+n.env+")")
	}
	set.DurationVar(&o.Within, "within", 15*time.Minute, "give up after this time")
	set.StringVar(&o.Program, "program", "", "the built program; built anew when empty")
	set.StringVar(&o.Out, "out", "bench/results", "folder for the figures as JSON")
	set.BoolVar(&o.Keep, "keep", false, "leave the logs of the run behind")
	if err := errors.Join(errs...); err != nil {
		return o, err
	}
	if err := set.Parse(args); err != nil {
		return o, err
	}
	if set.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q; see --help", set.Arg(0))
	}
	for _, n := range numbers {
		if *n.into < n.least || *n.into > maxSize {
			errs = append(errs, fmt.Errorf("--%s is %d; give %d to %d", n.name, *n.into, n.least, maxSize))
		}
	}
	if o.AtOnce > maxAtOnce || o.Waiting > maxAtOnce {
		errs = append(errs, fmt.Errorf("--at-once and --waiting can be at most %d: each call needs ports", maxAtOnce))
	}
	return o, errors.Join(errs...)
}

// maxSize bounds what a mistyped number can start, maxAtOnce the ports it asks
// for.
const (
	maxSize   = 1_000_000
	maxAtOnce = 5000
)

func fromEnv(env func(string) string, name string, standard int) (int, error) {
	text := env(name)
	if text == "" {
		return standard, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("%s is %q; give a whole number", name, text)
	}
	return n, nil
}
