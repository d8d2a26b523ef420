package notice

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"
)

// WallOptions is what a Wall is made of. Source, Studio and Log are needed.
type WallOptions struct {
	Source Source
	Studio Studio // looks after bulletins that another program rendered
	Log    *slog.Logger
	// Mode is told the mode at the start and whenever it has changed, also by
	// its own end. It may be nil.
	Mode func(Mode)
}

// Wall is what the running line goes by: a copy of what the store holds. Its
// answers come from memory and the clock, so that a call never waits for them
// and what ends, ends at its second. While the store does not answer, what was
// read before holds.
type Wall struct {
	opt WallOptions
	now atomic.Pointer[posted]
}

// posted is what the wall shows. It is never changed: another takes its place.
type posted struct {
	current Current
	silent  map[int64]bool // released, but without sound: not said
}

const (
	lookEvery  = 250 * time.Millisecond // at the clock
	soundAgain = 10 * time.Second       // between two tries to find a missing sound
)

// NewWall makes a wall that says daily and nothing else until [Wall.Read].
func NewWall(o WallOptions) *Wall {
	w := &Wall{opt: o}
	w.now.Store(&posted{})
	return w
}

// Read takes over what the store holds: at the start, and whenever something
// has changed there.
func (w *Wall) Read(ctx context.Context) error {
	current, err := w.opt.Source.Current(ctx, time.Now())
	if err != nil {
		return err
	}
	w.now.Store(&posted{current: current, silent: w.silent(ctx, current.Bulletins)})
	return nil
}

// silent gives the released bulletins that have no sound.
func (w *Wall) silent(ctx context.Context, all []Bulletin) map[int64]bool {
	silent := map[int64]bool{}
	for _, b := range all {
		if b.ReleasedAt.IsZero() {
			continue
		}
		if _, err := w.opt.Studio.Render(ctx, b); err != nil {
			silent[b.ID] = true
			w.opt.Log.Error("a released bulletin has no sound and is not said", "bulletin", b.ID, "err", err)
		}
	}
	return silent
}

// Run tells the log, and Mode, what begins and ends, until ctx ends.
func (w *Wall) Run(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	var last told
	for tried := time.Now(); ; {
		last = w.tell(last)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if w.Silent() > 0 && time.Since(tried) > soundAgain {
			tried = time.Now()
			w.listenAgain(ctx)
		}
	}
}

// listenAgain looks for sounds that were missing, unless news has come.
func (w *Wall) listenAgain(ctx context.Context) {
	before := w.now.Load()
	after := &posted{current: before.current, silent: w.silent(ctx, before.current.Bulletins)}
	w.now.CompareAndSwap(before, after)
}

// told is what the log has been told.
type told struct {
	mode Switch
	live map[int64]bool
}

// tell puts into the log what has changed for callers, and passes the mode on.
func (w *Wall) tell(last told) told {
	next := told{w.Switch(), map[int64]bool{}}
	if next.mode.ID != last.mode.ID {
		w.opt.Log.Warn("the line's mode has changed", "mode", next.mode.Mode, "author", next.mode.Author,
			"by", next.mode.By, "reason", next.mode.Reason, "until", next.mode.Until)
	}
	if w.opt.Mode != nil && next.mode.Mode != last.mode.Mode {
		w.opt.Mode(next.mode.Mode)
	}
	for _, b := range w.Bulletins() {
		next.live[b.ID] = true
		if !last.live[b.ID] {
			w.opt.Log.Warn("a bulletin is said to every caller", "bulletin", b.ID, "author", b.Author,
				"released_by", b.ReleasedBy, "until", b.Until)
		}
	}
	for id := range last.live {
		if !next.live[id] {
			w.opt.Log.Warn("a bulletin is no longer said", "bulletin", id)
		}
	}
	return next
}

// Switch gives the switch in force.
func (w *Wall) Switch() Switch { return InForce(w.now.Load().current.Switches, time.Now()) }

// Mode gives the mode in force.
func (w *Wall) Mode() Mode { return w.Switch().Mode }

// Bulletins gives what callers hear first now, in order. Those without sound
// are not among them.
func (w *Wall) Bulletins() []Bulletin {
	p := w.now.Load()
	var said []Bulletin
	for _, b := range LiveAt(p.current.Bulletins, time.Now()) {
		if !p.silent[b.ID] {
			said = append(said, b)
		}
	}
	return said
}

// Silent tells how many released bulletins are not said for want of sound.
func (w *Wall) Silent() int { return len(w.now.Load().silent) }
