package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
)

// drain is how long a program that is to stop waits for its calls to end; zero
// leaves them to the next one at once.
type drain time.Duration

// maxDrain bounds the waiting: no call is that long.
const maxDrain = 12 * time.Hour

func (d *drain) flag(cmd *cobra.Command) {
	cmd.Flags().DurationVar((*time.Duration)(d), "drain", 0,
		"when stopped, take nobody new and wait for calls to end, for this `time` at most; a second signal ends the waiting")
}

func (d *drain) check() error {
	if *d < 0 || time.Duration(*d) > maxDrain {
		return usage(fmt.Errorf("--drain %s cannot be; use a time up to %s, such as 10m", time.Duration(*d), maxDrain))
	}
	return nil
}

// stopping waits for the calls of a program that was told to stop, if it is to.
func (v *service) stopping(d drain) {
	if d == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(d))
	defer cancel()
	ctx, stop := untilSignal(ctx)
	defer stop()
	v.sw.Drain()
	v.log.Info("draining: nobody new is taken, calls go on to their end", "calls", v.line.Stats().Live, "at_most", time.Duration(d).String())
	v.log.Info("drained", "calls_left", v.line.Quiet(ctx))
}
