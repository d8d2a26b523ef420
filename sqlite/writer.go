package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"ikomek109/ivr"
)

const (
	maxBatch   = 512                   // changes in one transaction, so that one commit stays short
	pace       = 20 * time.Millisecond // from one commit to the next while changes keep coming
	firstPause = 25 * time.Millisecond // before trying again; doubled up to lastPause
	lastPause  = time.Second
)

// writer is the one that writes. Its goroutine owns wrote, pending, conn and live.
type writer struct {
	store  *Store
	db     *sql.DB
	linger time.Duration
	queue  *backlog
	health *health

	begun   bool
	once    sync.Once
	halt    chan struct{} // closed: give up, also what is not written yet
	stopped chan struct{} // closed when the goroutine is gone

	wrote   time.Time                // when the last commit ended
	pending []*op                    // begun or to be begun, in order
	conn    *session                 // nil until needed, and after a failure
	live    map[ivr.CallID]*liveCall // what is known of live calls
}

func newWriter(s *Store, db *sql.DB, linger time.Duration) *writer {
	return &writer{
		store: s, db: db, linger: linger, queue: newBacklog(), health: &health{},
		halt: make(chan struct{}), stopped: make(chan struct{}), live: map[ivr.CallID]*liveCall{},
	}
}

// start runs the writer's goroutine; ctx is one that does not end.
func (w *writer) start(ctx context.Context) {
	w.begun = true
	go w.run(ctx)
}

// stop lets the writer finish, as long as ctx allows.
func (w *writer) stop(ctx context.Context) error {
	w.queue.close()
	if !w.begun {
		return nil
	}
	select {
	case <-w.stopped:
	case <-ctx.Done():
		w.once.Do(func() { close(w.halt) })
		<-w.stopped // a commit under way is not cut off
	}
	left, _ := w.queue.held()
	if left == 0 {
		return nil
	}
	return &ivr.Error{
		Op: "close store", Code: ivr.Unavailable, Err: w.health.cause(),
		Message: fmt.Sprintf("%d changes could not be written to %s and are lost", left, w.store.path),
	}
}

// submit accepts a change; one that is durable is waited for.
func (w *writer) submit(ctx context.Context, o *op) error {
	if err := ctx.Err(); err != nil {
		return w.store.fault(o.name, err)
	}
	if !o.durable {
		return w.queue.put(ctx, o)
	}
	if o.kept() {
		if before := w.queue.adopt(o.key); before != nil {
			return w.await(ctx, before)
		}
	}
	o.ctx, o.done = ctx, make(chan struct{})
	if err := w.queue.put(ctx, o); err != nil {
		return err
	}
	return w.await(ctx, o)
}

// await waits for a change. One who can't wait any longer has it withdrawn,
// unless it is kept; one that is being made this moment may be made yet.
func (w *writer) await(ctx context.Context, o *op) error {
	select {
	case <-o.done:
		return o.result
	case <-w.stopped:
		return w.last(o)
	case <-ctx.Done():
	}
	told := &ivr.Error{Op: o.name, Code: ivr.Unavailable, Err: firstError(w.health.cause(), ctx.Err())}
	switch {
	case o.kept():
		w.queue.leave(o)
		told.Message = "not on disk yet; it is kept and written as soon as the store can be"
	case o.stage.CompareAndSwap(idle, withdrawn):
		told.Message = "withdrawn, the store did not take it in time"
	default:
		told.Message = "the store did not write it in time, and may do so yet"
	}
	return told
}

// last gives the result of a change when the writer is gone.
func (w *writer) last(o *op) error {
	select {
	case <-o.done:
		return o.result
	default:
		return &ivr.Error{Op: o.name, Code: ivr.Unavailable, Message: "the store was closed before it was written", Err: w.health.cause()}
	}
}

func (w *writer) run(ctx context.Context) {
	defer close(w.stopped)
	defer func() { w.drop() }()
	pause := firstPause
	for w.gather() {
		if len(w.pending) == 0 {
			continue
		}
		n := min(len(w.pending), maxBatch)
		err := w.commit(ctx, w.pending[:n])
		if err == nil {
			w.fine()
			w.wrote = time.Now()
			pause = firstPause
			continue
		}
		w.trouble(err)
		w.giveBack(n)
		if !w.rest(pause) {
			return
		}
		pause = min(2*pause, lastPause)
	}
}

// gather waits for something to write; false means that all is done. A change
// on a quiet line is written at once; while they keep coming, a pace is kept,
// for most of what a commit costs is the commit.
func (w *writer) gather() bool {
	left := len(w.pending) > 0 // from the last batch, or from one that failed
	urgent, closed := w.take(heedAll)
	switch {
	case len(w.pending) == 0 && closed:
		return false
	case len(w.pending) == 0:
		<-w.queue.changed
	case left || closed || len(w.pending) >= maxBatch:
	case urgent || w.wait(w.linger, heedUrgent):
		w.wait(pace-time.Since(w.wrote), heedFull)
	}
	return true
}

// wait gives others time to join what is pending, at most for d. It tells
// whether it ended early: with closing, a full batch or, unless only that is
// heeded, someone who waits.
func (w *writer) wait(d time.Duration, h heed) (early bool) {
	if d <= 0 {
		return false
	}
	t := time.NewTimer(d)
	defer t.Stop()
	hurry, closed := w.take(h)
	for {
		if hurry && h == heedUrgent || closed || len(w.pending) >= maxBatch {
			return true
		}
		select {
		case <-t.C:
			w.take(heedAll) // those that came without a word
			return false
		case <-w.queue.changed:
		}
		hurry, closed = w.take(h)
	}
}

// take moves what came since to the pending changes.
func (w *writer) take(h heed) (urgent, closed bool) {
	fresh, urgent, closed := w.queue.take(h)
	w.pending = append(w.pending, fresh...)
	return urgent, closed
}

// rest waits before another try; false means to give up.
func (w *writer) rest(pause time.Duration) bool {
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-w.halt:
		return false
	}
}

// settle tells the results and forgets the changes.
func (w *writer) settle(ops []*op, results []error) {
	w.queue.free(ops)
	for i, o := range ops {
		o.finish(results[i])
		if o.done == nil && results[i] != nil {
			w.store.log.Error("a change was refused by the store", slog.String("op", o.name), slog.Any("err", results[i]))
		}
	}
	w.pending = append(w.pending[:0:0], w.pending[len(ops):]...)
}

// giveBack is for the first n changes, when their transaction failed: those
// whose owner has gone meanwhile are done with, the others wait for the next.
func (w *writer) giveBack(n int) {
	left := make([]*op, 0, len(w.pending))
	var gone []*op
	for _, o := range w.pending[:n] {
		if !o.kept() && o.durable && o.ctx.Err() != nil {
			gone = append(gone, o)
			continue
		}
		o.stage.CompareAndSwap(begun, idle)
		left = append(left, o)
	}
	w.pending = append(left, w.pending[n:]...)
	w.queue.free(gone)
	for _, o := range gone {
		o.finish(&ivr.Error{Op: o.name, Code: ivr.Unavailable, Message: "withdrawn, the store did not take it in time", Err: w.health.cause()})
	}
}

func (w *writer) trouble(err error) {
	told := w.store.fault("write store", err)
	if w.health.fail(told) {
		w.store.log.Error("the store can't be written, changes are kept in memory", slog.Any("err", told))
	}
}

func (w *writer) fine() {
	if since, was := w.health.recover(); was {
		w.store.log.Info("the store can be written again", slog.Duration("after", time.Since(since)))
	}
}

// drop closes the connection; the next try opens another.
func (w *writer) drop() {
	if w.conn != nil {
		w.conn.close()
		w.conn = nil
	}
}
