package main

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/notice"
	"ikomek109/queue"
	"ikomek109/sqlite"
)

// world is what calls may know of the running line: an [ivr.World].
type world struct {
	store *sqlite.Store
	desk  *queue.Desk
	wall  *notice.Wall
	zone  *time.Location
	over  time.Duration // of the demand
	log   *slog.Logger

	tally   *ivr.Tally
	handled atomic.Pointer[map[string]sqlite.HandlingTime]
}

// figuresEvery is how often the demand and the handling times are brought up to
// date; handlingOver is how far back handling times count.
const (
	figuresEvery = 10 * time.Second
	handlingOver = 2 * time.Hour
)

func newWorld(v *service, zone *time.Location) *world {
	over := v.settings.Modes.DemandOver
	return &world{
		store: v.store, desk: v.desk, wall: v.wall, zone: zone, over: over, log: v.log, tally: ivr.NewTally(over),
	}
}

// run keeps the figures fresh until ctx ends, away from the calls.
func (w *world) run(ctx context.Context) {
	tick := time.NewTicker(figuresEvery)
	defer tick.Stop()
	for last := int64(0); ; {
		last = w.refresh(ctx, last)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// refresh reads what callers chose since the last time, and the handling times. It
// gives the place in the journal to go on from.
func (w *world) refresh(ctx context.Context, last int64) int64 {
	now := time.Now()
	for {
		choices, next, err := w.store.Choices(ctx, last, now.Add(-w.over))
		if err != nil {
			w.log.Debug("the demand was not counted", "err", err)
			break
		}
		w.tally.Add(choices...)
		if next == last {
			break
		}
		last = next
	}
	w.tally.Settle(now)
	handled, err := w.store.HandlingTimes(ctx, now.Add(-handlingOver))
	if err != nil {
		w.log.Debug("the handling times were not read", "err", err)
		return last
	}
	w.handled.Store(&handled)
	return last
}

// Mode implements [ivr.World].
func (w *world) Mode() string { return string(w.wall.Mode()) }

// Queue implements [ivr.World].
func (w *world) Queue(name string) flows.QueueState {
	g := w.desk.Glance(name)
	var took sqlite.HandlingTime
	if handled := w.handled.Load(); handled != nil {
		took = (*handled)[name]
	}
	wait, _ := queue.EstimateWait(g, took.Calls, took.Sum)
	return flows.QueueState{Waiting: g.Waiting, Free: g.Free, OnDuty: g.OnDuty, Wait: wait, Handling: queue.AverageHandling(took.Calls, took.Sum)}
}

// Serving implements [ivr.World].
func (w *world) Serving(t ivr.Ticket) (agents, before int) { return w.desk.Serving(t) }

// Demand implements [ivr.World].
func (w *world) Demand(menu string) map[string]int { return w.tally.Of(menu) }

// CallsToday implements [ivr.World].
func (w *world) CallsToday(ctx context.Context, caller ivr.Number, but ivr.CallID) (int, error) {
	return w.store.CallsOf(ctx, caller, ivr.Midnight(time.Now().In(w.zone)), but)
}

// Bulletins implements [ivr.World]. Nobody hears the same one more often than
// the limit allows; whose number is not known is a new caller each time.
func (w *world) Bulletins(ctx context.Context, caller ivr.Number) (all []flows.Bulletin, spared bool) {
	live := w.wall.Bulletins()
	mode := w.wall.Mode()
	heard := map[string]int{}
	if caller != "" && (len(live) > 0 || mode != notice.Daily) {
		var err error
		heard, err = w.store.BulletinsOf(ctx, caller, time.Now().Add(-notice.RepeatsWithin))
		if err != nil {
			w.log.Warn("it is not known what a caller has heard; all is said", "err", err)
		}
	}
	for _, b := range live {
		if heard[b.PhraseID()] < notice.MaxRepeats {
			all = append(all, b.Spoken())
		}
	}
	return all, heard["mode/"+string(mode)] >= notice.MaxRepeats
}
