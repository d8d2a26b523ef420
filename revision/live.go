package revision

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
)

// maxOld bounds the flows kept for calls in progress; beyond, they are read
// from the store again.
const maxOld = 16

// Live is the flow that new calls get, and finds those that calls in progress
// began with. It is safe for many goroutines.
type Live struct {
	opt Options
	log *slog.Logger

	taking sync.Mutex // held while one is taken up: one after the other

	mu     sync.RWMutex
	status Status                 // guarded by mu
	flow   *flows.Flow            // guarded by mu: of status
	old    map[string]*flows.Flow // guarded by mu: by ID
}

// Options is what a Live is made of. Store and Voice are required.
type Options struct {
	Store Store
	Voice Voice
	// Known is what this program was started with, for flows to name.
	Known flows.Known
	Log   *slog.Logger // nil: nothing is logged
}

// Status is what is live, and what is wrong with that.
type Status struct {
	// Revision is the live one; its number is 0 while a flow is live that could
	// not be stored.
	Revision Revision
	// Since is when this program took it up.
	Since time.Time
	// Trouble says why something newer is not live; nil when all is well.
	Trouble error
}

// NewLive makes a Live with nothing in it yet: see Take.
func NewLive(o Options) *Live {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Live{opt: o, log: o.Log, old: map[string]*flows.Flow{}}
}

// Flow gives the flow for a new call. Nil before the first was taken up.
func (l *Live) Flow() *flows.Flow {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.flow
}

// Status tells what is live.
func (l *Live) Status() Status {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.status
}

// Blame notes why something is not live that somebody wanted to be; nil when
// that is over. Taking up a new revision ends it, too.
func (l *Live) Blame(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.status.Trouble = err
}

// Take takes up the newest revision for new calls, if it is not live already.
// One that cannot be read by this program, or lacks a sound, or names what the
// program was not started with, is not taken up: that is logged, and told by
// Status, and the one before stays live. When there is none before, one that
// only names too much is better than none: it is live, with the trouble told.
// The error
// is the store's alone, where trying again soon may help. While nothing was
// ever published, what is live stays.
func (l *Live) Take(ctx context.Context) error {
	l.taking.Lock()
	defer l.taking.Unlock()
	r, err := l.opt.Store.Newest(ctx)
	if ivr.CodeOf(err) == ivr.NotFound && l.Flow() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	if now := l.Status().Revision.Number; now == r.Number {
		return nil
	}
	files, err := l.opt.Store.Files(ctx, r.Number)
	if ivr.CodeOf(err) == ivr.Unavailable {
		return err
	}
	if err == nil {
		err = l.takeUp(ctx, r, files)
	}
	if err != nil {
		l.refuse(err)
	}
	return nil
}

// takeUp makes a revision live, if calls can be answered with it.
func (l *Live) takeUp(ctx context.Context, r Revision, files []File) error {
	f, err := read(r, files)
	if err != nil {
		return err
	}
	if err := l.opt.Voice.Render(ctx, f); err != nil {
		return fmt.Errorf("revision %d lacks sounds: %w", r.Number, err)
	}
	lack := l.lacks(r, files)
	if lack != nil && l.Flow() != nil {
		return lack
	}
	l.Put(f, r)
	l.log.Info("menu taken up for new calls", "revision", r.Number, "flow", r.Flow, "by", string(r.By), "author", r.Author)
	return lack
}

// lacks is why a flow that can be read cannot be carried out by this program;
// nil when it can. The settings are read at a start, and may have it by now.
func (l *Live) lacks(r Revision, files []File) error {
	f, found := flows.Load(memory(files), r.Main, l.opt.Known)
	if f != nil {
		return nil
	}
	return &ivr.Error{
		Op: "take up revision", Code: ivr.Invalid,
		Message: fmt.Sprintf("revision %d names what this line was not started with: %s", r.Number, found.First()),
		Cure:    "restart the line to take up the settings as they are now",
	}
}

// refuse notes what is wrong with the newest revision, and logs it once.
func (l *Live) refuse(err error) {
	before := l.Status().Trouble
	l.Blame(err)
	if before == nil || before.Error() != err.Error() {
		l.log.Error("the newest menu is not as it should be", "live", l.Status().Revision.Number, "err", err)
	}
}

// Put makes a flow live.
func (l *Live) Put(f *flows.Flow, r Revision) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flow, l.status = f, Status{Revision: r, Since: time.Now()}
}

// load reads the flow of a revision from the store. What it names of the
// settings is not checked here: a call in progress goes on with what it began
// with. See lacks.
func (l *Live) load(ctx context.Context, r Revision) (*flows.Flow, error) {
	files, err := l.opt.Store.Files(ctx, r.Number)
	if err != nil {
		return nil, err
	}
	return read(r, files)
}

func read(r Revision, files []File) (*flows.Flow, error) {
	f, found := flows.Load(memory(files), r.Main, flows.Known{})
	if f == nil {
		return nil, &ivr.Error{
			Op: "read revision", Code: ivr.Invalid, Message: fmt.Sprintf("revision %d is refused by this version of the program: %s", r.Number, found.First()),
			Cure: "mend the menu and publish it again, or run the version that published it",
		}
	}
	return f, nil
}

// Of gives the flow that a call began with, by its ID; nil when no revision has
// it, or it cannot be read. Then the live one has to do.
func (l *Live) Of(ctx context.Context, id string) *flows.Flow {
	l.mu.RLock()
	f, ok := l.flow, l.flow != nil && (l.flow.ID() == id || l.status.Revision.Flow == id)
	if !ok {
		f, ok = l.old[id]
	}
	l.mu.RUnlock()
	if ok {
		return f
	}
	r, err := l.opt.Store.OfFlow(ctx, id)
	if err == nil {
		f, err = l.load(ctx, r)
	}
	if err != nil {
		l.log.Warn("the menu that a call began with is not to be had", "flow", id, "err", err)
		if ivr.CodeOf(err) == ivr.Unavailable {
			return nil // the next call asks again
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.old) >= maxOld {
		clear(l.old)
	}
	l.old[id] = f
	return f
}
