package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// untilSignal gives a context that ends with the next signal to stop: one was
// given already, and what it began takes its time.
func untilSignal(ctx context.Context) (context.Context, context.CancelFunc) {
	return signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
}

// hangups gives the signals that ask a running line to publish what lies on
// disk (SIGHUP). Until it is called, SIGHUP ends the program, as by default.
//
// A terminal that is closed sends the same signal to what it started: then
// the line is to end. stop is called for that, and nothing is published.
func hangups(stop func()) <-chan struct{} {
	ends := !signal.Ignored(syscall.SIGHUP) && onTerminal() // nohup has it ignored
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGHUP)
	asked := make(chan struct{}, 1)
	go func() {
		for range signals { // as long as the program lives
			if ends && !onTerminal() {
				stop()
				continue
			}
			select {
			case asked <- struct{}{}:
			default: // one is waiting already, and will read what is there then
			}
		}
	}()
	return asked
}

// onTerminal tells whether there is a terminal that could be closed.
func onTerminal() bool {
	f, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	return f.Close() == nil
}
