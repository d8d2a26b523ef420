// Command ikomek109 is a city's single helpline: it connects to Asterisk over
// ARI, answers in Kazakh and Russian, queues the rest to agents, and logs every
// call. See README.md for the two commands that set everything up.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // the city's zone, also on a machine that has no zone files
)

func main() { os.Exit(run()) }

// run turns the first signal into the end of a context; a second one kills, as
// by default.
func run() int {
	live, cancel := context.WithCancel(context.Background())
	defer cancel()
	ctx, stop := signal.NotifyContext(live, os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() { <-ctx.Done(); stop() }()
	return execute(ctx, os.Args[1:], stdio{
		in: os.Stdin, out: os.Stdout, err: os.Stderr, reload: func() <-chan struct{} { return hangups(cancel) },
	})
}
