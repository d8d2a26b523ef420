package main

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestWatch has a part called once at the start, after each move of its
// counter, and again after a failure; never for another's.
func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var flows, modes, broken atomic.Int64
		var taken, others atomic.Int64
		w := &watch{log: slog.New(slog.DiscardHandler), counters: func(context.Context) (map[string]int64, error) {
			return map[string]int64{"flows": flows.Load(), "modes": modes.Load()}, nil
		}}
		w.on("flows", func(context.Context) error {
			taken.Add(1)
			if broken.Load() > 0 {
				return errors.New("not yet")
			}
			return nil
		})
		w.on("modes", func(context.Context) error { others.Add(1); return nil })
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { w.run(ctx); close(done) }()
		expect := func(what string, want, wantOthers int64) {
			t.Helper()
			if taken.Load() != want || others.Load() != wantOthers {
				t.Errorf("%s: taken %d times, the other %d; want %d and %d", what, taken.Load(), others.Load(), want, wantOthers)
			}
		}
		pass(time.Second)
		expect("at the start", 1, 1)
		flows.Add(1)
		pass(time.Second)
		expect("after a move", 2, 1)
		broken.Store(1)
		flows.Add(1)
		pass(watchEvery)
		broken.Store(0)
		pass(time.Second)
		expect("after a failure", 4, 1)
		pass(time.Minute)
		expect("with nothing new", 4, 1)
		stop()
		<-done
	})
}

// TestWatchSlow has a part that does not come back delay no other.
func TestWatchSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var value, taken atomic.Int64
		w := &watch{log: slog.New(slog.DiscardHandler), counters: func(context.Context) (map[string]int64, error) {
			return map[string]int64{"quick": value.Load()}, nil
		}}
		w.on("slow", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		w.on("quick", func(context.Context) error { taken.Add(1); return nil })
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { w.run(ctx); close(done) }()
		pass(time.Second)
		value.Add(1)
		pass(time.Second)
		if taken.Load() != 2 {
			t.Errorf("taken %d times, want 2", taken.Load())
		}
		stop()
		<-done
	})
}

// pass lets the time of a bubble go on.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}
