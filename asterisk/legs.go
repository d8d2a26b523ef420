package asterisk

import (
	"sync"
	"time"

	"ikomek109/ivr"
)

// legs knows whose mailbox a leg's events go to, and which playbacks and
// recordings are owed an end. Whoever delivers an event holds mu until it lies
// in the mailbox, so that a leg's Gone is its last and a playback ends once.
// Lock order: legs.mu, then the mailbox's own.
type legs struct {
	mu    sync.Mutex
	byID  map[ivr.ChannelID]*leg // guarded by mu
	tasks map[string]*task       // guarded by mu; by the name of the playback or recording
	beats uint64                 // guarded by mu; counts snapshots, see mark
}

// leg is one leg with a mailbox.
type leg struct {
	inbox   *ivr.Inbox
	agent   ivr.AgentID  // set for an agent's leg that was rung
	ringing bool         // rung, not picked up yet
	cause   int          // told by a hang-up request, for the Gone to come
	closing bool         // a hang-up is under way
	held    string       // the playback that it cut, see cutByHangup
	talk    ivr.BridgeID // in which it was put
	since   uint64       // the snapshot count when it was registered
	missing int          // comparisons running in which Asterisk did not have it
}

// task is one playback or recording whose end was not seen yet.
type task struct {
	channel ivr.ChannelID
	end     func(ending) ivr.Event // what its leg is told of it
	timer   *time.Timer
}

// ending is how a playback or a recording ended.
type ending struct {
	failed bool
	length time.Duration // of a recording, when Asterisk told it
}

func newLegs() *legs {
	return &legs{byID: make(map[ivr.ChannelID]*leg), tasks: make(map[string]*task)}
}

// add registers the mailbox of a leg that came in. One that is there already is
// replaced.
func (l *legs) add(id ivr.ChannelID, inbox *ivr.Inbox) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.byID[id] = &leg{inbox: inbox, since: l.beats}
}

// rung registers the mailbox of a leg that is about to ring; agent is empty for
// a partner's.
func (l *legs) rung(id ivr.ChannelID, inbox *ivr.Inbox, agent ivr.AgentID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.byID[id] = &leg{inbox: inbox, agent: agent, ringing: true, since: l.beats}
}

// adopt registers a mailbox that the domain named for a leg; one that has this
// mailbox already keeps what is known of it.
func (l *legs) adopt(id ivr.ChannelID, inbox *ivr.Inbox, agent ivr.AgentID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if known, ok := l.byID[id]; ok && known.inbox == inbox {
		return
	}
	l.byID[id] = &leg{inbox: inbox, agent: agent, since: l.beats}
}

// joined keeps in which bridge legs are.
func (l *legs) joined(bridge ivr.BridgeID, ids ...ivr.ChannelID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range ids {
		if known, ok := l.byID[id]; ok {
			known.talk = bridge
		}
	}
}

// parted gives the legs that were put into a bridge, and live; they are in it no
// more.
func (l *legs) parted(bridge ivr.BridgeID) (ids []ivr.ChannelID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, known := range l.byID {
		if bridge != "" && known.talk == bridge {
			ids = append(ids, id)
			known.talk = ""
		}
	}
	return ids
}

// lost ends a leg that Asterisk no longer has: Gone, marked so, is its last. Unseen
// tells that it is the same Asterisk still.
func (l *legs) lost(id ivr.ChannelID, unseen bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if known, ok := l.byID[id]; ok {
		delete(l.byID, id)
		l.drop(known.held)
		known.inbox.Put(ivr.Gone{Channel: id, Lost: !unseen, Unseen: unseen})
	}
}

// forget drops a leg without a word: its phone was never rung.
func (l *legs) forget(id ivr.ChannelID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.byID, id)
}

func (l *legs) knows(id ivr.ChannelID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.byID[id] != nil
}

// put delivers an event of a leg; false if nobody owns the leg.
func (l *legs) put(id ivr.ChannelID, ev ivr.Event) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	known, ok := l.byID[id]
	if ok {
		known.inbox.Put(ev)
	}
	return ok
}

// answered delivers LegAnswered to a leg that rings, once.
func (l *legs) answered(id ivr.ChannelID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	known, ok := l.byID[id]
	if ok && known.ringing {
		known.ringing = false
		known.inbox.Put(ivr.LegAnswered{Channel: id})
	}
	return ok
}

// hangingUp keeps that a hang-up is under way, and its cause.
func (l *legs) hangingUp(id ivr.ChannelID, cause int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	known, ok := l.byID[id]
	if !ok {
		return
	}
	known.closing = true
	if cause != 0 {
		known.cause = cause
	}
}

// gone ends a leg: its last event, and the end of its being known.
func (l *legs) gone(id ivr.ChannelID, cause int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	known, ok := l.byID[id]
	if !ok {
		return false
	}
	if cause == 0 {
		cause = known.cause
	}
	delete(l.byID, id)
	l.drop(known.held)
	known.inbox.Put(ivr.Gone{Channel: id, Cause: cause})
	return true
}

// began owes an end to a task; check is called when it is overdue.
func (l *legs) began(id string, t task, due time.Duration, check func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.tasks[id] != nil {
		return false
	}
	t.timer = time.AfterFunc(due, check)
	l.tasks[id] = &t
	return true
}

// again has a task looked at later, or sooner; false if it has ended.
func (l *legs) again(id string, due time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	t, ok := l.tasks[id]
	if ok {
		t.timer.Reset(due)
	}
	return ok
}

// closingTakes is how long after its hang-up request a leg may last.
const closingTakes = 2 * time.Second

// cutByHangup tells whether a playback failed because its leg is being hung up:
// Asterisk says so before the leg is gone. Its end is then not paid, for a call
// that heard of it would go on with its menu, and queue or hand over somebody
// who is not there. The watchdog pays it should the leg last all the same.
func (l *legs) cutByHangup(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	t, ok := l.tasks[id]
	if !ok {
		return false
	}
	known, ok := l.byID[t.channel]
	if !ok || !known.closing {
		return false
	}
	known.held = id
	t.timer.Reset(closingTakes)
	return true
}

// ended pays the end of a task to its leg, once.
func (l *legs) ended(id string, how ending) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t, ok := l.tasks[id]
	if !ok {
		return
	}
	l.drop(id)
	if known, ok := l.byID[t.channel]; ok {
		known.inbox.Put(t.end(how))
	}
}

// dropped owes nothing for a task that was never taken.
func (l *legs) dropped(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.drop(id)
}

// drop is dropped, for those who hold mu.
func (l *legs) drop(id string) {
	if t, ok := l.tasks[id]; ok {
		t.timer.Stop()
		delete(l.tasks, id)
	}
}

// close stops every watchdog.
func (l *legs) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, t := range l.tasks {
		t.timer.Stop()
	}
	clear(l.tasks)
}

// size gives how many legs, and playbacks and recordings, are held.
func (l *legs) size() (legCount, taskCount int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.byID), len(l.tasks)
}
