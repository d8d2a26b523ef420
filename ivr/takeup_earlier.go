package ivr

import (
	"context"
	"time"

	"ikomek109/flows"
)

const (
	// earlierWait is how long new callers are kept waiting for the store to name
	// the calls of the earlier program; those are taken up later if need be.
	earlierWait = 2 * time.Second
	// earlierWithin bounds one try to read them, earlierPause parts two tries.
	earlierWithin = 5 * time.Second
	earlierPause  = time.Second
)

// earlier is the calls that an earlier program left, read in the background:
// a store that does not answer keeps nobody from being answered.
type earlier struct {
	read  chan struct{}   // closed when saved is there; nil before the reading began
	until time.Time       // new callers are not made to wait beyond
	saved []Saved         // set before read is closed, and not touched by others before
	flows earlierFlows    // the same
	own   map[CallID]bool // calls begun by this program until saved is taken up
}

// earlierFlows are the menus that calls began with, by ID; nil for one that is
// not to be had.
type earlierFlows map[string]*flows.Flow

// flowsOf gets the menu of each call. It has its own time: a menu that was not
// read because the calls were read slowly would be taken for one that is not to
// be had.
func (l *Line) flowsOf(saved []Saved) earlierFlows {
	ctx, cancel := context.WithTimeout(l.life, earlierWithin)
	defer cancel()
	all := earlierFlows{}
	for _, s := range saved {
		id := s.Record.Flow
		if _, known := all[id]; !known {
			all[id] = l.opt.FlowOf(ctx, id)
		}
	}
	return all
}

// earlierCalls gives the calls that an earlier program left on the node, once
// the store has named them.
func (l *Line) earlierCalls(ctx context.Context, node string) (saved []Saved, ok bool) {
	l.mu.Lock()
	if l.earlier.read == nil && !l.stopped {
		l.earlier.read, l.earlier.until = make(chan struct{}), time.Now().Add(earlierWait)
		l.work.Go(func() { l.readEarlier(node) }) //nolint:contextcheck // it outlives who asks first
	}
	read, until := l.earlier.read, l.earlier.until
	l.mu.Unlock()
	ctx, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	select {
	case <-read:
	case <-ctx.Done():
	}
	select {
	case <-read: // also when the time was up before
		return l.earlier.saved, true
	default:
		return nil, false
	}
}

// readEarlier reads until the store answers or the line stops.
func (l *Line) readEarlier(node string) {
	for failed := false; ; failed = true {
		ctx, cancel := context.WithTimeout(l.life, earlierWithin)
		saved, err := l.opt.Journal.Live(ctx, node)
		cancel()
		if err == nil {
			l.earlier.flows = l.flowsOf(saved)
		}
		switch {
		case err == nil:
			l.earlier.saved = saved
			close(l.earlier.read)
			if failed {
				l.log.Info("the store names the calls of the earlier program; they are taken up now", "calls", len(saved))
			}
			return
		case l.life.Err() != nil:
			return
		case !failed:
			l.log.Error("the store does not name the calls of the earlier program: new calls are answered, "+
				"those wait until it does", "err", err)
		}
		select {
		case <-time.After(earlierPause):
		case <-l.life.Done():
			return
		}
	}
}
