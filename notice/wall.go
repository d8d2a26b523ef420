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
	// Every is how often the store is asked for news. Default 500 ms.
	Every time.Duration
}

// Wall is what the running line goes by: a copy of what the store holds. Its
// answers come from memory and the clock, so that a call never waits for them
// and what ends, ends at its second.
type Wall struct {
	opt WallOptions
	now atomic.Pointer[posted]
	// What follows is [Wall.Run]'s own.
	told    told
	tried   time.Time // when sound was last looked for
	failing bool      // the store did not answer last time
}

// posted is what the wall shows.
type posted struct {
	current Current
	silent  map[int64]bool // released, but without sound: not said
}

// told is what the log has been told.
type told struct {
	mode Switch
	live map[int64]bool
}

const (
	lookEvery  = 500 * time.Millisecond
	soundAgain = 10 * time.Second // between two tries to find a missing sound
)

// NewWall makes a wall that says daily and nothing else until [Wall.Look].
func NewWall(o WallOptions) *Wall {
	if o.Every <= 0 {
		o.Every = lookEvery
	}
	w := &Wall{opt: o}
	w.now.Store(&posted{current: Current{Version: -1}}) // no version is negative
	return w
}

// Run looks for news until ctx ends.
func (w *Wall) Run(ctx context.Context) {
	tick := time.NewTicker(w.opt.Every)
	defer tick.Stop()
	for {
		w.Look(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// Look takes over what is new in the store, and tells what has begun or ended
// since the last look. While the store does not answer, the wall stays as it
// is. It is called by one goroutine at a time.
func (w *Wall) Look(ctx context.Context) {
	err := w.refresh(ctx)
	if err != nil && !w.failing && ctx.Err() == nil {
		w.opt.Log.Error("modes and bulletins could not be read; what was read before holds", "err", err)
	}
	w.failing = err != nil
	w.tell(time.Now())
}

func (w *Wall) refresh(ctx context.Context) error {
	version, err := w.opt.Source.Version(ctx)
	if err != nil {
		return err
	}
	have := w.now.Load()
	again := len(have.silent) > 0 && time.Since(w.tried) > soundAgain
	if version == have.current.Version && !again {
		return nil
	}
	current, err := w.opt.Source.Current(ctx, time.Now())
	if err != nil {
		return err
	}
	w.tried = time.Now()
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

// tell puts into the log what changed for callers, and passes the mode on.
func (w *Wall) tell(now time.Time) {
	first := w.told.live == nil
	mode := InForce(w.now.Load().current.Switches, now)
	if mode.ID != w.told.mode.ID || first && mode.ID != 0 {
		w.opt.Log.Warn("the line's mode has changed", "mode", mode.Mode, "author", mode.Author, "by", mode.By, "reason", mode.Reason, "until", mode.Until)
	}
	if w.opt.Mode != nil && (first || mode.Mode != w.told.mode.Mode) {
		w.opt.Mode(mode.Mode)
	}
	live := map[int64]bool{}
	for _, b := range w.Bulletins() {
		live[b.ID] = true
		if !w.told.live[b.ID] {
			w.opt.Log.Warn("a bulletin is said to every caller", "bulletin", b.ID, "author", b.Author, "released_by", b.ReleasedBy, "until", b.Until)
		}
	}
	for id := range w.told.live {
		if !live[id] {
			w.opt.Log.Warn("a bulletin is no longer said", "bulletin", id)
		}
	}
	w.told = told{mode, live}
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
