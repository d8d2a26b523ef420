package queue

import (
	"context"
	"sync"

	"ikomek109/ivr"
)

// turns lets the store's operations for one call happen one after the other,
// so that what a call asks for and what the desk does for it never cross.
// Different calls do not wait for each other. The zero value is ready.
type turns struct {
	mu   sync.Mutex
	held map[ivr.CallID]*turn // guarded by mu
}

type turn struct {
	token chan struct{} // full while somebody has the turn
	users int           // who have it or wait for it; guarded by turns.mu
}

// take waits for the call's turn, until ctx ends. The function given ends it.
func (t *turns) take(ctx context.Context, call ivr.CallID) (done func(), err error) {
	w := t.join(call)
	select {
	case w.token <- struct{}{}:
		return func() { <-w.token; t.leave(call, w) }, nil
	case <-ctx.Done():
		t.leave(call, w)
		return nil, &ivr.Error{
			Op: "wait for the queue", Code: ivr.Unavailable,
			Message: "an earlier change of this call's ticket is not done yet", Err: ctx.Err(),
		}
	}
}

func (t *turns) join(call ivr.CallID) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held == nil {
		t.held = map[ivr.CallID]*turn{}
	}
	w := t.held[call]
	if w == nil {
		w = &turn{token: make(chan struct{}, 1)}
		t.held[call] = w
	}
	w.users++
	return w
}

func (t *turns) leave(call ivr.CallID, w *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if w.users--; w.users == 0 {
		delete(t.held, call)
	}
}

// busy tells whether a change of the call's ticket is under way.
func (t *turns) busy(call ivr.CallID) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.held[call] != nil
}
