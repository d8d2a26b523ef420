// Command chaos runs the program on a real Asterisk under steady traffic, does
// to both what goes wrong in real life, and then looks whether the books
// balance: each call has one closed record, whoever entered the queue left it in
// one way, and nothing is left anywhere.
//
//	make chaos                             # a minute and a half, another each time
//	make chaos ARGS="--for 2m --seed 7"    # what seed 7 does
//
// It prints every fault with its time. The faults and what callers do follow
// from the seed; how they fall together is up to the machine, so that a failure
// may take a few tries to come again. Exit code 1: something does not add up,
// which is printed; the folder with the logs and the store is kept then. 2: it
// was called wrongly.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o, err := parseOptions(os.Args[1:], os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		return 2
	}
	wrong, err := chaos(ctx, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		return 1
	}
	if len(wrong) > 0 {
		return 1
	}
	return 0
}

// options are what a run is.
type options struct {
	For      time.Duration
	Seed     uint64
	Citizens int
	Agents   int
	Program  string
}

// maxPeople bounds how many phones a mistyped number starts.
const maxPeople = 200

func parseOptions(args []string, talk io.Writer) (options, error) {
	var o options
	set := flag.NewFlagSet("chaos", flag.ContinueOnError)
	set.SetOutput(talk)
	set.DurationVar(&o.For, "for", 90*time.Second, "how long there are faults")
	set.Uint64Var(&o.Seed, "seed", 0, "what the faults and the callers follow from; 0: another each time")
	set.IntVar(&o.Citizens, "citizens", 8, "how many citizens call, one call after the other")
	set.IntVar(&o.Agents, "agents", 3, "how many agents take calls")
	set.StringVar(&o.Program, "program", "", "the built program, such as bin/ikomek109")
	if err := set.Parse(args); err != nil {
		return o, err
	}
	if set.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q; see --help", set.Arg(0))
	}
	var errs []error
	if o.Program == "" {
		errs = append(errs, errors.New("no program is named; use --program bin/ikomek109, or `make chaos`"))
	}
	if o.For < time.Second || o.For > time.Hour {
		errs = append(errs, fmt.Errorf("--for is %s; give 1s to 1h", o.For))
	}
	for name, n := range map[string]int{"citizens": o.Citizens, "agents": o.Agents} {
		if n < 1 || n > maxPeople {
			errs = append(errs, fmt.Errorf("--%s is %d; give 1 to %d", name, n, maxPeople))
		}
	}
	if o.Seed == 0 {
		o.Seed = rand.Uint64N(1_000_000) //nolint:gosec // no secret
	}
	return o, errors.Join(errs...)
}
