package phone

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// action is what to do with an incoming call; the zero value refuses it.
type action int

const (
	actionRing action = iota + 1
	actionAnswer
	actionReject
)

// Policy says what to do with calls to this phone. Make one with RingOnly,
// AnswerAfter or RejectWith; the zero Policy refuses with 480.
type Policy struct {
	action action
	after  time.Duration
	code   int
	opts   DialOptions
}

// RingOnly lets the phone ring until the caller gives up or Call.Answer is used.
func RingOnly(opts DialOptions) Policy { return Policy{action: actionRing, opts: opts} }

// AnswerAfter lets the phone ring for d and then answers.
func AnswerAfter(d time.Duration, opts DialOptions) Policy {
	return Policy{action: actionAnswer, after: d, opts: opts}
}

// RejectWith refuses at once with a SIP status, 486 for busy. A status outside
// 400 to 699 becomes 603.
func RejectWith(code int) Policy { return Policy{action: actionReject, code: finalCode(code)} }

// finalCode keeps a refusal a refusal.
func finalCode(code int) int {
	if code < 400 || code > 699 {
		return 603
	}
	return code
}

// verdict is what Answer or Reject wants of a ringing call. Code 0 answers it.
type verdict struct {
	code   int
	result chan error
}

// Incoming delivers each call to this phone when it begins to ring; one that
// the policy refuses never does. With nobody reading, calls beyond the first 64
// are not delivered, but still treated by the policy.
func (p *Phone) Incoming() <-chan *Call { return p.incoming }

// ringIn is the life of an incoming call until it is answered or refused. It
// runs on the library's goroutine, which must not return before that.
func (p *Phone) ringIn(req *sip.Request, tx sip.ServerTransaction) {
	p.mu.Lock()
	policy, closed := p.policy, p.closed
	p.mu.Unlock()
	switch {
	case closed || policy.action == 0:
		respond(tx, req, 480, "Temporarily Unavailable")
		return
	case policy.action == actionReject:
		respond(tx, req, policy.code, reasonOf(policy.code))
		return
	}
	dlg, err := p.dialog.ReadInvite(req, tx)
	if err != nil {
		respond(tx, req, 400, "Bad Request")
		return
	}
	tag, _ := dlg.InviteRequest.To().Params.Get("tag")
	c, err := p.newCall(dlg.InviteRequest, tag, dlg, policy.opts)
	if err != nil {
		p.log.Warn("incoming call refused", "error", err)
		respond(tx, req, 500, "Server Internal Error")
		return
	}
	if m, err := understand(req.Body(), p.opts.Codecs); err != nil && len(req.Body()) > 0 {
		c.log.Debug("incoming call has no usable sound", "error", err)
		c.settle(tx, 488)
		return
	} else if err == nil {
		c.line.expect(m)
	}
	c.ring(dlg, tx, policy)
}

// ring says so to the caller and waits for what comes first: the policy's time,
// a verdict, the caller giving up, or the phone closing.
func (c *Call) ring(dlg *sipgo.DialogServerSession, tx sip.ServerTransaction, policy Policy) {
	if err := dlg.Respond(180, "Ringing", nil); err != nil {
		c.finish(End{By: Network, Reason: "the caller vanished"})
		return
	}
	c.happened(time.Now(), EventRinging, "from "+c.peer.User)
	select {
	case c.phone.incoming <- c:
	default:
	}
	var due <-chan time.Time
	if policy.action == actionAnswer {
		timer := time.NewTimer(policy.after)
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-due:
		c.report(c.pickUp(dlg))
	case v := <-c.verdicts:
		if v.code != 0 {
			c.settle(tx, v.code)
			v.result <- nil
			return
		}
		err := c.pickUp(dlg)
		c.report(err)
		v.result <- err
	case <-dlg.Context().Done():
		c.finish(cancelled(dlg))
	case <-c.phone.closing:
		c.settle(tx, 480)
	}
}

// cancelled says why a ringing call is over.
func cancelled(dlg *sipgo.DialogServerSession) End {
	if errors.Is(context.Cause(dlg.Context()), sip.ErrTransactionCanceled) {
		return End{By: Them, Code: 487, Reason: "the caller gave up"}
	}
	return End{By: Network, Reason: "the caller vanished"}
}

func (c *Call) report(err error) {
	if err != nil {
		c.log.Warn("answering failed", "error", err)
	}
}

// settle refuses a ringing call. The library sees to the repeats.
func (c *Call) settle(tx sip.ServerTransaction, code int) {
	respond(tx, c.invite, code, reasonOf(code))
	c.finish(End{By: Us, Code: code, Reason: reasonOf(code)})
}

// pickUp answers a ringing call and waits for the caller's confirmation.
func (c *Call) pickUp(dlg *sipgo.DialogServerSession) error {
	keys := uint8(keyPayload)
	offer, err := understand(c.invite.Body(), c.phone.opts.Codecs)
	codecs := c.phone.opts.Codecs
	dir := sendrecv
	if err == nil { // without an offer ours is the offer, and their ACK answers it
		codecs, keys, dir = []Codec{offer.codec}, offer.keys, offer.dir.mirror()
	}
	body, err := c.describeAs(codecs, keys, dir)
	if err != nil {
		return err
	}
	if err := dlg.RespondSDP(body); err != nil {
		c.finish(cancelled(dlg))
		return fmt.Errorf("the caller did not confirm our answer: %w", err)
	}
	if !offer.addr.IsValid() {
		if offer = c.line.agreed(); !offer.addr.IsValid() {
			ctx, cancel := context.WithTimeout(context.Background(), giveUp)
			defer cancel()
			err := errors.Join(errors.New("the caller described no sound"), dlg.Bye(ctx))
			c.finish(End{By: Us, Reason: "the caller described no sound"})
			return err
		}
	}
	target := *dlg.InviteRequest.Contact().Address.Clone()
	if !c.goUp(dlg, target, offer) {
		return ErrEnded
	}
	return nil
}

// Answer takes up a ringing call and returns when the caller has confirmed it.
func (c *Call) Answer(ctx context.Context) error { return c.decide(ctx, 0) }

// Reject refuses a ringing call with a SIP status, 486 for busy.
func (c *Call) Reject(ctx context.Context, code int) error { return c.decide(ctx, finalCode(code)) }

// decide hands a verdict to the goroutine that holds the call's transaction.
func (c *Call) decide(ctx context.Context, code int) error {
	if !c.incoming {
		return errors.New("only an incoming call can be answered or rejected")
	}
	v := verdict{code: code, result: make(chan error, 1)}
	select {
	case c.verdicts <- v:
	case <-c.done:
		return ErrEnded
	case <-c.answered:
		return errors.New("the call is answered already")
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-v.result:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// reasonOf gives the usual words for a status.
func reasonOf(code int) string {
	switch code {
	case 480:
		return "Temporarily Unavailable"
	case 486:
		return "Busy Here"
	case 488:
		return "Not Acceptable Here"
	case 600:
		return "Busy Everywhere"
	case 603:
		return "Decline"
	}
	return "Refused"
}
