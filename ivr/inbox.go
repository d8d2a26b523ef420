package ivr

import "sync"

// Inbox is a call's mailbox: ordered, unbounded, never blocking who puts
// something in, never dropping anything. Many may put, one takes.
type Inbox struct {
	mu     sync.Mutex
	events []Event       // guarded by mu
	ready  chan struct{} // holds one token while events may be waiting
}

// NewInbox gives an empty mailbox.
func NewInbox() *Inbox { return &Inbox{ready: make(chan struct{}, 1)} }

// Put appends an event. It never blocks.
func (in *Inbox) Put(ev Event) {
	in.mu.Lock()
	in.events = append(in.events, ev)
	in.mu.Unlock()
	select {
	case in.ready <- struct{}{}:
	default:
	}
}

// TryTake gives the oldest event if there is one.
func (in *Inbox) TryTake() (Event, bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.events) == 0 {
		return nil, false
	}
	ev := in.events[0]
	in.events[0] = nil
	in.events = in.events[1:]
	if len(in.events) == 0 {
		in.events = nil // a quiet call keeps no buffer
	}
	return ev, true
}

// Ready gives a channel that yields when an event may be waiting: for use in a
// select, followed by TryTake until it says no.
func (in *Inbox) Ready() <-chan struct{} { return in.ready }
