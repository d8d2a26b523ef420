package phone

import (
	"sync"
	"time"
)

const (
	rate         = 8000 // samples a second
	frameTime    = 20 * time.Millisecond
	frameSamples = 160
	// maxCatchUp is how many late frames are sent at once after a stall; beyond
	// it they are left out, as a late sentence helps nobody.
	maxCatchUp = 5
)

// clock gives every line of a phone its beat. It runs only while there is a
// line, in one goroutine for all of them: hundreds of tickers cost more than
// the sound they send.
type clock struct {
	mu      sync.Mutex // guards what follows
	lines   map[*line]struct{}
	running bool
}

// join adds a line and starts the clock when it is the first.
func (k *clock) join(l *line, work *sync.WaitGroup) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if l.isClosed() { // the call ended in between
		return
	}
	if k.lines == nil {
		k.lines = make(map[*line]struct{})
	}
	k.lines[l] = struct{}{}
	if !k.running {
		k.running = true
		work.Go(k.run)
	}
}

// leave takes a line out; the clock stops by itself after the last.
func (k *clock) leave(l *line) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.lines, l)
}

// run beats until no line is left. Time is counted from the start, so a late
// beat does not make all that follow late.
func (k *clock) run() {
	ticker := time.NewTicker(frameTime)
	defer ticker.Stop()
	start, done := time.Now(), 0
	var lines []*line
	for now := range ticker.C {
		due := int(now.Sub(start) / frameTime)
		skipped := max(0, due-done-maxCatchUp)
		frames := due - done - skipped
		done = due
		var more bool
		if lines, more = k.snapshot(lines[:0]); !more {
			return
		}
		for _, l := range lines {
			l.beat(skipped, frames)
		}
	}
}

// snapshot copies the lines, so that none is sent to under the clock's lock.
func (k *clock) snapshot(into []*line) ([]*line, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for l := range k.lines {
		into = append(into, l)
	}
	k.running = len(into) > 0
	return into, k.running
}
