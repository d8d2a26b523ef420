package notice

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
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
	opt  WallOptions
	now  atomic.Pointer[posted]
	news chan struct{} // one token: sounds are to be looked for
}

// posted is what the wall shows. It is never changed: another takes its place.
type posted struct {
	current Current
	silent  map[int64]bool // released, but without sound as yet: not said
}

const (
	lookEvery  = 250 * time.Millisecond // at the clock
	soundAgain = 10 * time.Second       // between two tries to find a missing sound
)

// NewWall makes a wall that says daily and nothing else until [Wall.Read].
func NewWall(o WallOptions) *Wall {
	w := &Wall{opt: o, news: make(chan struct{}, 1)}
	w.now.Store(&posted{})
	return w
}

// Read takes over what the store holds: at the start, and whenever something
// has changed there. It waits for no sound: a new mode, or the end of a
// bulletin, is in force at once, and a new bulletin is said when [Wall.Run] has
// found that it has a sound.
func (w *Wall) Read(ctx context.Context) error {
	current, err := w.opt.Source.Current(ctx, time.Now())
	if err != nil {
		return err
	}
	for {
		before := w.now.Load()
		if w.now.CompareAndSwap(before, &posted{current: current, silent: before.silentOf(current.Bulletins)}) {
			break
		}
	}
	select {
	case w.news <- struct{}{}:
	default:
	}
	return nil
}

// silentOf gives the released bulletins that are not known to have a sound.
func (p *posted) silentOf(all []Bulletin) map[int64]bool {
	silent := map[int64]bool{}
	for _, b := range all {
		known := slices.ContainsFunc(p.current.Bulletins, func(one Bulletin) bool {
			return one.ID == b.ID && !one.ReleasedAt.IsZero()
		})
		if !b.ReleasedAt.IsZero() && (!known || p.silent[b.ID]) {
			silent[b.ID] = true
		}
	}
	return silent
}

// Run looks for the sounds of what is new, and tells the log, and Mode, what
// begins and ends, until ctx ends.
func (w *Wall) Run(ctx context.Context) {
	var sounds sync.WaitGroup
	defer sounds.Wait()
	sounds.Go(func() { w.listen(ctx) })
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for last := (told{}); ; {
		last = w.tell(last)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// listen looks for the sounds that are missing, again and again.
func (w *Wall) listen(ctx context.Context) {
	again := time.NewTicker(soundAgain)
	defer again.Stop()
	blamed := map[int64]bool{} // by id: the log has been told
	for ctx.Err() == nil {
		select {
		case <-w.news:
		case <-again.C:
		case <-ctx.Done():
			return
		}
		p := w.now.Load()
		for _, b := range p.current.Bulletins {
			if p.silent[b.ID] {
				w.sound(ctx, b, blamed)
			}
		}
	}
}

// sound has a bulletin said from now on if it has a sound.
func (w *Wall) sound(ctx context.Context, b Bulletin, blamed map[int64]bool) {
	if _, err := w.opt.Studio.Render(ctx, b); err != nil {
		if !blamed[b.ID] && ctx.Err() == nil {
			blamed[b.ID] = true
			w.opt.Log.Error("a released bulletin has no sound and is not said", "bulletin", b.ID, "err", err)
		}
		return
	}
	delete(blamed, b.ID)
	for {
		before := w.now.Load()
		after := &posted{current: before.current, silent: maps.Clone(before.silent)}
		delete(after.silent, b.ID)
		if w.now.CompareAndSwap(before, after) {
			return
		}
	}
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
