package main

import (
	"fmt"
	"io"
	"strings"
	"sync"

	"ikomek109/deploy"
)

// progress shows how far slow work has come: a line drawn over on a terminal,
// elsewhere one line at the start of each part.
type progress struct {
	w     io.Writer
	live  bool
	mu    sync.Mutex
	stage string // guarded by mu
	drawn bool   // guarded by mu
}

func newProgress(w io.Writer) *progress { return &progress{w: w, live: isTerminal(w)} }

// install shows the installation of missing programs.
func (b *progress) install(p deploy.Progress) {
	text := map[deploy.Stage]string{
		deploy.StageWait:     "waiting for another installation to finish",
		deploy.StageIndex:    "reading the list of packages",
		deploy.StageDownload: "downloading Asterisk, espeak-ng and sox",
		deploy.StageUnpack:   "unpacking",
		deploy.StageVerify:   "trying what was installed",
	}[p.Stage]
	b.show(text, p.Done, p.Total)
}

// prompts shows the rendering of prompts.
func (b *progress) prompts(done, total int) {
	b.show("rendering prompts in Kazakh and Russian", int64(done), int64(total))
}

const barWidth = 30

func (b *progress) show(what string, done, total int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.live {
		if what != b.stage {
			fmt.Fprintf(b.w, "%s …\n", what)
		}
		b.stage = what
		return
	}
	b.drawn = true
	if total <= 0 {
		fmt.Fprintf(b.w, "\r\x1b[K%s …", what)
		return
	}
	full := int(barWidth * min(done, total) / total)
	fmt.Fprintf(b.w, "\r\x1b[K[%s%s] %3d %% %s", strings.Repeat("█", full), strings.Repeat("░", barWidth-full), 100*done/total, what)
}

// end leaves a clean line.
func (b *progress) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.drawn {
		fmt.Fprint(b.w, "\r\x1b[K")
	}
	b.drawn = false
}
