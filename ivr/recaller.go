package ivr

import (
	"context"
	"maps"
	"strconv"
	"sync"
	"time"
)

const (
	// recallBeat is how often it is looked who can be called back, and who is not
	// to be any more: a command must be felt within a second or two.
	recallBeat = time.Second
	// recallWithin bounds one look.
	recallWithin = 5 * time.Second
	// tidyEvery is how often callbacks are tidied up, claimGrace how long a claim
	// may be without the call that made it being in the store.
	tidyEvery  = 10 * time.Second
	claimGrace = 30 * time.Second
	// maxRecalls bounds the calls to citizens that live at once, most of which
	// wait for an agent: those who have waited longest come first anyway.
	maxRecalls = 500
	// restAfterFault is when somebody is called back after a fault of ours.
	restAfterFault = 30 * time.Second
	// networkRest is for how long nobody is called back when there was no way to
	// somebody: a trunk that is down must not keep the agents busy.
	networkRest = 2 * time.Minute
	// networkTerm is how long somebody to whom there is no way is tried, at pauses
	// that grow with their wait: some numbers do not come back.
	networkTerm = 48 * time.Hour
)

// Why people are not called back now, in the words of [RecallPutOff].
const (
	offCancelled = "cancelled"
	offCalling   = "calling"
	offHours     = "hours"
	offStopping  = "stopping"
)

// seeker is a living call to a citizen, as the line sees it.
type seeker struct {
	in     *Inbox
	number Number
	id     int64  // of the callback; 0 when it is not known
	off    string // what it was told last; used by the recaller alone
}

// recaller has people called back, until the line stops.
type recaller struct {
	line    *Line
	node    string
	tidied  time.Time
	failing bool // the store did not answer last time
}

// callPeopleBack begins to call people back; the line's mu is held.
func (l *Line) callPeopleBack(node string) {
	if l.opt.Recall.Store == nil {
		return
	}
	r := recaller{line: l, node: node}
	l.errands.Go(func() {
		beat := time.NewTicker(recallBeat)
		defer beat.Stop()
		for {
			r.beat(l.life)
			select {
			case <-beat.C:
			case <-l.life.Done():
				return
			}
		}
	})
}

func (r *recaller) beat(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, recallWithin)
	defer cancel()
	err := r.look(ctx)
	failing := err != nil && r.line.life.Err() == nil
	if failing && !r.failing {
		r.line.log.Error("nobody is called back: the store does not answer", "err", err)
	}
	r.failing = failing
}

// look does all that is due, in an order in which what is read stays true: only
// the recaller claims.
func (r *recaller) look(ctx context.Context) error {
	if err := r.tidy(ctx); err != nil {
		return err
	}
	trying, err := r.line.opt.Recall.Store.Trying(ctx)
	if err != nil {
		return err
	}
	closed := r.closed()
	seeking := r.putOff(trying, closed)
	room := maxRecalls - len(seeking)
	if closed != "" || room <= 0 {
		return nil
	}
	due, err := r.line.opt.Recall.Store.Due(ctx, time.Now(), maxRecalls)
	if err != nil {
		return err
	}
	for _, cb := range due {
		if room == 0 {
			break
		}
		if seeking[cb.ID] || r.line.inCall(cb.Number) {
			continue
		}
		if err := r.try(ctx, cb); err != nil {
			return err
		}
		room--
	}
	return nil
}

// closed is why nobody at all is to be called back now; empty: they are.
func (r *recaller) closed() string {
	noWay := r.line.noWay.Load()
	switch {
	case r.line.quiet.Load():
		return offStopping
	case !r.line.opt.Recall.Open(time.Now()):
		return offHours
	case noWay != nil && time.Since(*noWay) < networkRest:
		return MissedByNetwork
	}
	return ""
}

// putOff tells the calls to citizens who are not to be called any more, or not
// now, and gives the callbacks that all of them try.
func (r *recaller) putOff(trying []Callback, closed string) (seeking map[int64]bool) {
	ours := make(map[CallID]bool, len(trying))
	for _, cb := range trying {
		ours[cb.Recall] = true
	}
	r.line.mu.Lock()
	seekers := maps.Clone(r.line.recalls)
	r.line.mu.Unlock()
	seeking = make(map[int64]bool, len(seekers))
	for call, s := range seekers {
		seeking[s.id] = true
		off := ""
		switch {
		case !ours[call]:
			off = offCancelled
		case r.line.inCall(s.number):
			off = offCalling
		default:
			off = closed
		}
		if off != s.off && off != "" {
			s.in.Put(RecallOff{Why: off})
		}
		s.off = off
	}
	return seeking
}

// try has a call of its own try somebody. One whom another program has by now
// is no fault.
func (r *recaller) try(ctx context.Context, cb Callback) error {
	l, flow := r.line, r.line.opt.Flow()
	c := l.newCall(Record{
		ID: newCallID(), Node: r.node, Channel: ChannelID(newCallID()), Caller: cb.Number,
		Flow: flow.ID(), Path: []string{}, Origin: ByCallback,
	}, flow)
	c.leg, c.gone = "", true
	c.rec.state.Recall = &recall{ID: cb.ID, Since: cb.Since, Queue: cb.Queue, Try: cb.Tries + 1}
	err := l.opt.Recall.Store.Claim(ctx, cb.ID, c.rec.record.ID, time.Now())
	if final(err) {
		return nil
	}
	if err != nil {
		return err
	}
	entered := make(chan struct{})
	done := sync.OnceFunc(func() { close(entered) })
	if !l.start(c, func(ctx context.Context) error {
		defer done()
		return c.callBack(ctx, cb, done)
	}) {
		return nil // the next program takes the claim back
	}
	select {
	case <-entered: // before the next, who has waited less
	case <-ctx.Done():
	}
	return ctx.Err()
}

// callBack is the life of a call to a citizen; entered is called once it is in
// the queue.
func (c *call) callBack(ctx context.Context, cb Callback, entered func()) error {
	c.rec.note(RecallBegun, "", "callback", strconv.FormatInt(cb.ID, 10), "call", string(cb.Call),
		"try", strconv.Itoa(c.rec.state.Recall.Try), "language", string(cb.Language), "category", cb.Category)
	c.rec.state.Phase = inQueue
	c.rec.save(ctx, true)
	if err := c.enterAgain(ctx); err != nil {
		return err
	}
	entered()
	return c.awaitTurn(ctx)
}

// tidy frees what no call tries any more, and deletes what ended long ago.
func (r *recaller) tidy(ctx context.Context) error {
	now := time.Now()
	if now.Sub(r.tidied) < tidyEvery {
		return nil
	}
	t := Tidying{Claimed: now.Add(-claimGrace)}
	if keep := r.line.opt.Recall.Keep; keep > 0 {
		t.Ended = now.Add(-keep)
	}
	if err := r.line.opt.Recall.Store.Tidy(ctx, t); err != nil {
		return err
	}
	r.tidied = now
	return nil
}

// present counts the living calls of citizens, and keeps those to them; mu is
// held.
func (l *Line) present(c *call, n int) {
	id := c.rec.record.ID
	switch {
	case c.rec.record.Origin == ByCallback && n > 0:
		s := &seeker{in: c.in, number: c.number}
		if r := c.rec.state.Recall; r != nil {
			s.id = r.ID
		}
		l.recalls[id] = s
	case c.rec.record.Origin == ByCallback:
		delete(l.recalls, id)
	case c.number == "":
	default:
		if l.callers[c.number] += n; l.callers[c.number] == 0 {
			delete(l.callers, c.number)
		}
	}
}

// inCall tells whether somebody is in a call to us.
func (l *Line) inCall(number Number) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.callers[number] > 0
}
