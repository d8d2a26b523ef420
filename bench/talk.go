package main

import (
	"fmt"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// talk shows how far the bench has come: a line drawn over on a terminal,
// elsewhere a line at the start of each part.
type talk struct {
	to   *os.File
	live bool

	mu    sync.Mutex
	part  string    // guarded by mu
	drawn time.Time // guarded by mu
}

func newTalk(to *os.File) *talk {
	return &talk{to: to, live: term.IsTerminal(int(to.Fd()))}
}

// redrawEvery bounds how much of the processor the progress itself takes.
const redrawEvery = 200 * time.Millisecond

// say tells what is done now; total is 0 for what cannot be counted.
func (t *talk) say(what string, done, total int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	fresh := what != t.part
	if !fresh && (!t.live || (time.Since(t.drawn) < redrawEvery && done < total)) {
		return
	}
	t.part, t.drawn = what, time.Now()
	switch {
	case !t.live:
		fmt.Fprintln(t.to, what, "…") //nolint:errcheck // nobody to tell
	case total == 0:
		fmt.Fprintf(t.to, "\r\x1b[K%s …", what) //nolint:errcheck // nobody to tell
	default:
		fmt.Fprintf(t.to, "\r\x1b[K%s %d of %d", what, done, total) //nolint:errcheck // nobody to tell
	}
}

// end leaves a clean line.
func (t *talk) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.live {
		fmt.Fprint(t.to, "\r\x1b[K") //nolint:errcheck // nobody to tell
	}
}
