package asterisk

import (
	"context"
	"sync/atomic"
	"time"
)

const (
	// asIfEnded is how soon a playback or a recording is asked after that should
	// have ended by now, and its end has not been seen.
	asIfEnded = 250 * time.Millisecond
	// maxChecks is after how many of them one is given up.
	maxChecks = 30
)

// watch is the watchdog of one playback or recording.
type watch struct {
	s      *Switch
	name   string
	look   func() (how ending, over bool) // asks Asterisk whether it has ended
	cut    func()                         // ends it
	checks atomic.Int32
}

// overdue is called when the end was not seen in time.
func (w *watch) overdue() { w.s.aside(func(context.Context) { w.check() }) }

func (w *watch) check() {
	last := w.checks.Add(1) >= maxChecks
	how, over := w.look()
	if !over && last { // stuck, as after a medium that never ends
		w.cut()
		how, over = ending{failed: true}, true
	}
	if !over {
		w.s.legs.again(w.name, w.s.opts.Timing.Grace)
		return
	}
	w.s.counts.overdue.Add(1)
	w.s.legs.ended(w.name, how)
}
