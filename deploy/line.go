package deploy

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Line is a line, which is one application of one Asterisk, held against a second
// program until it is released, or this process ends. Two would take its calls from
// each other.
type Line struct{ held }

// LineOptions says which line is to be claimed.
type LineOptions struct {
	Dir string // where the programs of this line keep their store
	ARI string // address of the Asterisk
	App string // the application
	// Within is how long one that has the line is waited for: it may be about to stop.
	Within time.Duration
	// Waiting is told whom is waited for, once. Nil: nobody is.
	Waiting func(holder int)
}

// lineEvery is how often a line that is held is asked for.
const lineEvery = 100 * time.Millisecond

// ClaimLine takes a line. An [ErrHeld] names the process that has it, and says what
// to do.
func ClaimLine(ctx context.Context, o LineOptions) (*Line, error) {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, err
	}
	path := filepath.Join(o.Dir, lineFile(o.ARI, o.App))
	late := time.NewTimer(o.Within)
	defer late.Stop()
	tick := time.NewTicker(lineEvery)
	defer tick.Stop()
	for told := false; ; told = true {
		lock, holder, err := flock(path)
		if err == nil {
			return &Line{held{lock: lock}}, nil
		}
		if !errors.Is(err, ErrHeld) {
			return nil, err
		}
		if !told && o.Waiting != nil {
			o.Waiting(holder)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-late.C:
			return nil, fault("taking the line "+o.App+" at "+o.ARI, fmt.Errorf("process %d serves it already: %w", holder, ErrHeld),
				"stop that one first (kill "+strconv.Itoa(holder)+"): its calls are taken up by this one; or serve another Asterisk (setting asterisk.url)")
		}
	}
}

// lineFile names the lock of a line.
func lineFile(ari, app string) string {
	host := ari
	if u, err := url.Parse(ari); err == nil && u.Host != "" {
		host = u.Host
	}
	plain := func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-':
			return r
		}
		return '_'
	}
	return strings.Map(plain, "line-"+app+"-"+host) + ".lock"
}
