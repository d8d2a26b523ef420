package phone

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// dialog is what both of the library's sessions, caller's and callee's, can do.
type dialog interface {
	Do(ctx context.Context, req *sip.Request) (*sip.Response, error)
	WriteRequest(req *sip.Request) error
	Bye(ctx context.Context) error
	ReadBye(req *sip.Request, tx sip.ServerTransaction) error
	ReadRequest(req *sip.Request, tx sip.ServerTransaction) error
	Close() error
}

// state of a call; the zero value is unset.
type state int

const (
	ringing state = iota + 1
	up
	over
)

// Call is one call, ours or theirs. Its methods may be called from any
// goroutine; after the end they give ErrEnded, and what was heard stays.
type Call struct {
	// changing is held while a change by the other side is answered and noted:
	// the next one may come before the answer's sender goes on.
	changing sync.Mutex

	phone     *Phone
	key       string // in phone.calls
	log       *slog.Logger
	incoming  bool
	peer      Party
	invite    *sip.Request // theirs for an incoming call, else ours
	onEvent   func(Event)
	firstWord time.Duration // how long nobody may answer: see DialOptions
	timeline  *hearing
	line      *line

	answered chan struct{} // closed when answered
	done     chan struct{} // closed when ended
	verdicts chan verdict  // from Answer and Reject to the goroutine that holds the transaction

	requests sync.Mutex // one request of ours at a time within the dialog; never taken under mu

	mu     sync.Mutex // guards what follows
	dlg    dialog
	target sip.Uri // where requests in this dialog go
	state  state
	end    End
	events []Event
	keys   []Key
	held   direction // what we last said about our sound
	theirs direction // what they last said about theirs
	ver    uint64    // version of our last SDP
}

// newCall makes a call with its RTP port and enters it. It is incoming when it
// has a dialog already: the caller's.
func (p *Phone) newCall(req *sip.Request, ourTag string, dlg dialog, opts DialOptions) (*Call, error) {
	key := dialogKey(req.CallID().Value(), ourTag)
	c := &Call{
		phone: p, key: key, invite: req, onEvent: opts.OnEvent, firstWord: opts.FirstWord,
		dlg: dlg, incoming: dlg != nil, peer: Party{User: req.Recipient.User, Host: req.Recipient.Host},
		log:      p.log.With("call", req.CallID().Value()),
		timeline: newHearing(opts.Record, opts.MaxRecord),
		answered: make(chan struct{}), done: make(chan struct{}),
		verdicts: make(chan verdict),
		state:    ringing, held: sendrecv, theirs: sendrecv,
	}
	if c.incoming {
		c.peer = partyOf(req.From())
	}
	var err error
	if c.line, err = openLine(p.ip, c, opts.Quiet); err != nil {
		return nil, fmt.Errorf("no port for the sound: %w; too many calls at once, or too few open files allowed", err)
	}
	if err := p.add(key, c); err != nil {
		return nil, errors.Join(err, c.line.close())
	}
	p.work.Go(c.line.read)
	return c, nil
}

// Peer is the other side as it showed itself; for our own calls, whom we called.
func (c *Call) Peer() Party { return c.peer }

// Header gives the value of a header of the INVITE that began the call, empty
// when there is none.
func (c *Call) Header(name string) string {
	if h := c.invite.GetHeader(name); h != nil {
		return h.Value()
	}
	return ""
}

// Answered is closed when the call is answered.
func (c *Call) Answered() <-chan struct{} { return c.answered }

// Done is closed when the call has ended.
func (c *Call) Done() <-chan struct{} { return c.done }

// Ended says how the call ended, and false while it lives.
func (c *Call) Ended() (End, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.end, c.state == over
}

// Events gives what happened so far, oldest first.
func (c *Call) Events() []Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.events)
}

// Keys gives the keys the other side pressed, oldest first.
func (c *Call) Keys() []Key {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.keys)
}

// happened notes an event and tells whoever listens, outside the lock.
func (c *Call) happened(at time.Time, kind EventKind, detail string) {
	e := Event{At: at, Kind: kind, Detail: detail}
	c.mu.Lock()
	if len(c.events) < maxEvents {
		c.events = append(c.events, e)
	}
	c.mu.Unlock()
	c.log.Debug("call event", "kind", string(kind), "detail", detail)
	if c.onEvent != nil {
		c.onEvent(e)
	}
}

// heardKey notes a key of the other side.
func (c *Call) heardKey(k Key) {
	c.mu.Lock()
	full := len(c.keys) >= maxEvents
	if !full {
		c.keys = append(c.keys, k)
	}
	c.mu.Unlock()
	if !full {
		c.happened(k.At, EventHeardKey, k.String())
	}
}

// dialog gives the dialog in whatever state, nil before there is one.
func (c *Call) dialog() dialog {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dlg
}

// goUp makes the call an answered one with the agreed media; false when it has
// ended in between.
func (c *Call) goUp(dlg dialog, target sip.Uri, m media) bool {
	now := time.Now()
	c.mu.Lock()
	if c.state != ringing {
		c.mu.Unlock()
		return false
	}
	c.dlg, c.target, c.state = dlg, target, up
	close(c.answered)
	c.mu.Unlock()
	c.timeline.begin(now)
	c.line.agree(m)
	c.phone.clock.join(c.line, &c.phone.work)
	c.happened(now, EventAnswered, m.codec.String())
	return true
}

// finish ends the call, once; the first reason stays.
func (c *Call) finish(end End) {
	if end.At.IsZero() {
		end.At = time.Now()
	}
	c.mu.Lock()
	if c.state == over {
		c.mu.Unlock()
		return
	}
	c.state, c.end = over, end
	dlg := c.dlg
	c.mu.Unlock()

	c.phone.clock.leave(c.line)
	if err := c.line.close(); err != nil {
		c.log.Debug("closing the sound port failed", "error", err)
	}
	if dlg != nil {
		_ = dlg.Close() // only forgets; it never fails
	}
	c.phone.remove(c.key)
	c.happened(end.At, EventEnded, end.String())
	close(c.done)
}

// live gives the dialog of an answered call, or the error that says why not.
func (c *Call) live() (dialog, sip.Uri, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch c.state {
	case up:
		return c.dlg, c.target, nil
	case over:
		return nil, sip.Uri{}, ErrEnded
	default:
		return nil, sip.Uri{}, ErrNotAnswered
	}
}

// Hangup ends the call: a goodbye when it is up, a refusal (603) when it rings
// here. It is no error when the call has ended already. A call we are still
// dialling is given up by ending the context of Dial.
func (c *Call) Hangup(ctx context.Context) error {
	dlg, _, err := c.live()
	switch {
	case errors.Is(err, ErrEnded):
		return nil
	case err != nil && c.incoming:
		return c.Reject(ctx, 603)
	case err != nil:
		return err
	}
	c.requests.Lock()
	defer c.requests.Unlock()
	if _, ended := c.Ended(); ended {
		return nil
	}
	err = dlg.Bye(ctx)
	c.finish(End{By: Us, Reason: "hung up"})
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("hang up: the other side did not confirm in time: %w", err)
	}
	return nil
}
