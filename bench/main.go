// Command bench measures the program on a real Asterisk and holds it to its
// limits: the time that a decision of the queue takes, that checking a menu of 100,000
// lines does, and rendering 500 prompts; the processor time of a self-service call, the delay between a key and
// the next prompt, the memory of a caller who waits, and what is left over after
// many calls. The same menu in plain dialplan, on the same Asterisk in the same
// run, shows what of it is Asterisk's own; the synthesiser alone shows what of the
// prompts is its.
//
//	make bench                              # all of it, some ten minutes
//	BENCH_CALLS=2000 BENCH_WAITING=300 make bench
//	go run ./bench --rounds 1 --round 30 --calls 0 --waiting 0   # above all, files and prompts
//
// It prints a table, writes the figures as JSON into bench/results, and exits
// with 1 when a limit is broken or the bench could not be carried out, 2 when
// it was called wrongly. The machine should do nothing else meanwhile; the
// columns "least" and "most" tell how much the rounds differed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o, err := parseOptions(os.Args[1:], os.Getenv, os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 2
	}
	broken, err := bench(ctx, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 1
	}
	if broken > 0 {
		fmt.Fprintf(os.Stderr, "bench: %d limits are broken\n", broken)
		return 1
	}
	return 0
}
