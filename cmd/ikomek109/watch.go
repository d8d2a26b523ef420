package main

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// watchEvery is how often the store is asked whether another process changed
// something: a command must be felt within a second.
const watchEvery = 400 * time.Millisecond

// watch has the parts of a running line take up what other processes change in
// the store. One read asks for all of them.
type watch struct {
	counters func(context.Context) (map[string]int64, error) // sqlite.Store.Counters
	log      *slog.Logger
	parts    []*watched
	blind    bool // the last look failed; run's alone
}

// watched is a part that follows one counter.
type watched struct {
	counter string
	take    func(context.Context) error
	moved   chan int64 // the newest value; one that was not taken up is replaced
}

// on has take called whenever the counter has moved, and once at the start.
// Calls of one take never overlap; those of different counters may, so that a
// slow one delays no other. A take that fails is called again. Before run only.
func (w *watch) on(counter string, take func(context.Context) error) {
	w.parts = append(w.parts, &watched{counter: counter, take: take, moved: make(chan int64, 1)})
}

// run watches until ctx ends, and returns when no take is running any more.
func (w *watch) run(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	for _, p := range w.parts {
		all.Go(func() { p.follow(ctx, w.log) })
	}
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		w.look(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// look reads the counters once and tells the parts.
func (w *watch) look(ctx context.Context) {
	now, err := w.counters(ctx)
	if err != nil {
		if ctx.Err() == nil && !w.blind {
			w.log.Warn("the store was not asked for changes; it is asked again", "err", err)
		}
		w.blind = true
		return
	}
	w.blind = false
	for _, p := range w.parts {
		select {
		case <-p.moved:
		default:
		}
		p.moved <- now[p.counter] // there is room: nobody else sends
	}
}

// follow takes up each new value.
func (p *watched) follow(ctx context.Context, log *slog.Logger) {
	seen := int64(-1) // no counter is negative
	failing := false
	for {
		select {
		case now := <-p.moved:
			if now == seen {
				continue
			}
			if err := p.take(ctx); err != nil {
				if ctx.Err() == nil && !failing {
					log.Warn("a change in the store was not taken up; it is tried again", "what", p.counter, "err", err)
				}
				failing = true
				continue
			}
			seen, failing = now, false
		case <-ctx.Done():
			return
		}
	}
}
