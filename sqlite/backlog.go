package sqlite

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"ikomek109/ivr"
)

// What may wait for the disk. A step of a call holds about half a kilobyte, so
// that 500 calls at one step a second fill this in some three minutes.
const (
	MaxBacklogOps   = 100_000
	MaxBacklogBytes = 64 << 20
)

// op is one change on its way to the disk.
type op struct {
	name    string             // for errors: "open call"
	run     func(*batch) error // makes the change; may be called more than once
	size    int                // bytes that it holds in memory
	durable bool               // someone waits for the commit
	patient bool               // they can wait until others share it
	key     key                // set for one that is kept when nobody waits for it any more

	ctx   context.Context //nolint:containedctx // of who waits: the writer must see whether it ended
	stage atomic.Int32    // idle, begun or withdrawn
	done  chan struct{}   // made for a durable op; closed when result is there
	// result is set by the writer before it closes done.
	result error
}

// The stages of a change that is not kept. One that waits can be withdrawn, one
// that the writer has begun can't, until the writer gives it back.
const (
	idle int32 = iota
	begun
	withdrawn
)

// key names a call's step, to recognise one that is sent again.
type key struct {
	name string
	call ivr.CallID
	seq  int
}

// kept tells that the change will be made, also when nobody waits for it.
func (o *op) kept() bool { return o.key.call != "" }

// urgent tells that someone waits for the commit who had better not.
func (o *op) urgent() bool { return o.durable && !o.patient }

func (o *op) finish(result error) {
	o.result = result
	if o.done != nil {
		close(o.done)
	}
}

// backlog is the changes accepted and not yet committed, in order.
type backlog struct {
	mu      sync.Mutex
	fresh   []*op         // guarded by mu: not yet seen by the writer
	urgent  bool          // guarded by mu: one of them is
	ops     int           // guarded by mu: all that is not committed
	bytes   int           // guarded by mu: theirs
	room    chan struct{} // guarded by mu: closed when something was committed; nil when nobody waits for that
	closed  bool          // guarded by mu
	orphans map[key]*op   // guarded by mu: kept changes that nobody waits for
	heed    heed          // guarded by mu: what the writer is told of
	changed chan struct{} // one token: the writer should look
}

// heed is what the writer wants to be woken for: while it gathers a batch, each
// waking for one more change would cost as much as writing it.
type heed int

const (
	heedAll    heed = iota // the first change of a batch
	heedUrgent             // an urgent one
	heedFull               // a batch that can take no more
)

func newBacklog() *backlog {
	return &backlog{changed: make(chan struct{}, 1), orphans: map[key]*op{}}
}

// leave notes that nobody waits for a kept change.
func (q *backlog) leave(o *op) {
	q.mu.Lock()
	defer q.mu.Unlock()
	select {
	case <-o.done:
	default:
		q.orphans[o.key] = o
	}
}

// adopt gives the change that was sent before and left, if it is still on its
// way: sent again during a long failure, it must not fill the memory.
func (q *backlog) adopt(k key) *op {
	q.mu.Lock()
	defer q.mu.Unlock()
	o := q.orphans[k]
	delete(q.orphans, k)
	return o
}

// put accepts a change, waiting for room as long as ctx allows.
func (q *backlog) put(ctx context.Context, o *op) error {
	for {
		room, err := q.tryPut(o)
		if room == nil {
			return err
		}
		select {
		case <-room:
		case <-ctx.Done():
			return &ivr.Error{
				Op: o.name, Code: ivr.Unavailable, Err: ctx.Err(),
				Message: fmt.Sprintf("the store can't be written and %d changes wait already", MaxBacklogOps),
			}
		}
	}
}

// tryPut accepts a change, or gives the channel that tells when there is room.
func (q *backlog) tryPut(o *op) (room <-chan struct{}, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return nil, &ivr.Error{Op: o.name, Code: ivr.Unavailable, Message: "the store is closed"}
	}
	if q.ops >= MaxBacklogOps || q.bytes+o.size > MaxBacklogBytes && q.ops > 0 {
		if q.room == nil {
			q.room = make(chan struct{})
		}
		return q.room, nil
	}
	q.ops++
	q.bytes += o.size
	q.fresh = append(q.fresh, o)
	if q.heeded(o) {
		q.nudge()
	}
	q.urgent = q.urgent || o.urgent()
	return nil, nil
}

// heeded tells whether the writer is to look, now that o has come.
func (q *backlog) heeded(o *op) bool {
	switch {
	case len(q.fresh) == maxBatch:
		return true
	case q.heed == heedFull:
		return false
	case o.urgent() && !q.urgent:
		return true
	default:
		return q.heed == heedAll && len(q.fresh) == 1
	}
}

// take gives what came since, and whether any of it is urgent. From now on
// the writer is woken for what it heeds.
func (q *backlog) take(h heed) (fresh []*op, urgent, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.heed = h
	fresh, urgent = q.fresh, q.urgent
	q.fresh, q.urgent = nil, false
	return fresh, urgent, q.closed
}

// free tells that changes are finished with.
func (q *backlog) free(ops []*op) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, o := range ops {
		q.ops--
		q.bytes -= o.size
		if q.orphans[o.key] == o {
			delete(q.orphans, o.key)
		}
	}
	if q.room != nil {
		close(q.room)
		q.room = nil
	}
}

func (q *backlog) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.nudge()
}

func (q *backlog) held() (ops, bytes int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.ops, q.bytes
}

func (q *backlog) nudge() {
	select {
	case q.changed <- struct{}{}:
	default:
	}
}
