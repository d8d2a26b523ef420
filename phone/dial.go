package phone

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// giveUp is how long a dial whose context ended waits for the other side to
// confirm that the call is cancelled.
const giveUp = 2 * time.Second

// DialOptions shape one call. The zero value hears without keeping and sends
// silence, as an open telephone does.
type DialOptions struct {
	// Record keeps what is heard, for Heard; otherwise only its times are kept.
	Record bool
	// MaxRecord bounds the recording; ten minutes if zero. About 1 MB a minute.
	MaxRecord time.Duration
	// Quiet sends one packet of silence a second instead of fifty: for load.
	Quiet bool
	// FirstWord is how long nobody at all may answer before the dial is given
	// up, and has it given up at once where the port is closed. Zero leaves
	// both to SIP, which tries for 32 s. Over UDP only: TCP tells by itself.
	FirstWord time.Duration
	// From shows another caller than the phone's Identity.
	From *Party
	// Headers are added to the INVITE.
	Headers []Header
	// OnEvent is called with each event as it happens, on the goroutine that
	// noticed it: it must be quick and may not wait for the call.
	OnEvent func(Event)
}

// Dial calls an address such as sip:109@127.0.0.1:5060 and returns when it is
// answered. Ending ctx before that cancels the call. A refusal is a
// *StatusError with the SIP status.
func (p *Phone) Dial(ctx context.Context, address string, opts DialOptions) (*Call, error) {
	req, tag, err := p.newInvite(address, opts)
	if err != nil {
		return nil, fmt.Errorf("dial %q: %w", address, err)
	}
	if err := p.startDial(); err != nil {
		return nil, fmt.Errorf("dial %q: %w", address, err)
	}
	defer p.dials.Done()
	c, err := p.newCall(req, tag, nil, opts)
	if err != nil {
		return nil, fmt.Errorf("dial %q: %w", address, err)
	}
	if err := c.place(ctx); err != nil {
		c.finish(endOf(ctx, err))
		return nil, fmt.Errorf("dial %q: %w", address, err)
	}
	return c, nil
}

// newInvite writes the request that begins a call, still without its SDP.
func (p *Phone) newInvite(address string, opts DialOptions) (req *sip.Request, tag string, err error) {
	if strings.ContainsFunc(address, func(r rune) bool { return unicode.IsControl(r) || r == ' ' }) {
		return nil, "", errors.New("the address holds a space or a control character; write it as sip:109@127.0.0.1:5060")
	}
	var to sip.Uri
	if err := sip.ParseUri(address, &to); err != nil || to.Scheme != "sip" || to.Host == "" {
		return nil, "", errors.New("not a SIP address; write it as sip:109@127.0.0.1:5060")
	}
	if p.opts.Transport == "tcp" && !to.UriParams.Has("transport") {
		to.UriParams.Add("transport", "tcp")
	}
	who := p.opts.Identity
	if opts.From != nil {
		who = opts.From
	}
	tag = sip.GenerateTagN(16)
	from, err := who.from(p.opts.LocalIP, tag)
	if err != nil {
		return nil, "", err
	}
	req = sip.NewRequest(sip.INVITE, to)
	req.SetTransport(strings.ToUpper(p.opts.Transport))
	callID := sip.CallIDHeader(sip.GenerateTagN(24))
	contact := p.contact()
	req.AppendHeader(from)
	req.AppendHeader(&callID)
	req.AppendHeader(&contact)
	req.AppendHeader(sip.NewHeader("Allow", allowed))
	for _, extra := range opts.Headers {
		h, err := extra.sipHeader()
		if err != nil {
			return nil, "", err
		}
		req.AppendHeader(h)
	}
	return req, tag, nil
}

// place sends the INVITE, waits for the answer and takes the call up.
func (c *Call) place(ctx context.Context) error {
	body, err := c.describe(sendrecv)
	if err != nil {
		return err
	}
	c.invite.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
	c.invite.SetBody(body)
	c.happened(time.Now(), EventDialing, c.invite.Recipient.Addr())
	dlg, err := c.phone.dialog.WriteInvite(ctx, c.invite)
	if err != nil {
		return fmt.Errorf("the call could not be sent: %w", err)
	}
	if err := c.await(ctx, dlg); err != nil {
		return err
	}
	return c.takeUp(ctx, dlg)
}

// await waits for the final answer, in a goroutine of its own: cancelling is
// bounded by giveUp even when the other side never confirms it.
func (c *Call) await(ctx context.Context, dlg *sipgo.DialogClientSession) error {
	inner, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancel(nil)
	heard := make(chan struct{}) // closed by the first response
	result, over := make(chan error), make(chan struct{})
	c.phone.work.Go(func() {
		defer close(over)
		err := dlg.WaitAnswer(inner, c.answerOptions(heard))
		select {
		case result <- err:
		case <-inner.Done(): // nobody wants the result any more
			c.regretAnswer(ctx, dlg)
		}
	})
	late, stop := c.impatience(heard)
	defer stop()
	select {
	case err := <-result:
		if err != nil {
			c.regretAnswer(ctx, dlg) // one that the library cannot use
		}
		return refusal(c.invite, err)
	case err := <-late:
		cancel(sipgo.WaitAnswerForceCancelErr)
		return err
	case <-ctx.Done():
	case <-c.phone.closing:
	}
	return c.abandon(ctx, cancel, heard, over)
}

// regretAnswer confirms and ends the call if it was answered: an answer that
// crosses our giving up is one, and the other side must be told.
func (c *Call) regretAnswer(ctx context.Context, dlg *sipgo.DialogClientSession) {
	if dlg.InviteResponse == nil || !dlg.InviteResponse.IsSuccess() {
		return
	}
	if err := c.regret(ctx, dlg); err != nil {
		c.log.Debug("an unwanted answer was not confirmed", "error", err)
	}
}

// abandon cancels a call that was not answered. Before the first response
// nothing may be cancelled: then it waits a little, and forces the end.
func (c *Call) abandon(ctx context.Context, cancel context.CancelCauseFunc, heard, over <-chan struct{}) error {
	timer := time.NewTimer(giveUp)
	defer timer.Stop()
	select {
	case <-heard:
		cancel(context.Canceled)
	case <-timer.C:
		cancel(sipgo.WaitAnswerForceCancelErr)
	}
	select {
	case <-over:
	case <-timer.C:
	}
	if ctx.Err() == nil {
		return ErrClosed
	}
	return fmt.Errorf("given up before the answer: %w", context.Cause(ctx))
}

// answerOptions notes what comes before the answer.
func (c *Call) answerOptions(heard chan struct{}) sipgo.AnswerOptions {
	first, rang := true, false
	return sipgo.AnswerOptions{
		Username: c.phone.opts.User, Password: c.phone.opts.Password,
		OnResponse: func(res *sip.Response) error {
			if first {
				first = false
				close(heard)
			}
			switch {
			case res.StatusCode == 180 && !rang:
				rang = true
				c.happened(time.Now(), EventRinging, "")
			case res.StatusCode == 183:
				c.earlySound(res)
			}
			return nil
		},
	}
}

// earlySound notes that the other side may be heard before it answers.
func (c *Call) earlySound(res *sip.Response) {
	if m, err := understand(res.Body(), c.phone.opts.Codecs); err == nil {
		c.line.expect(m)
		c.happened(time.Now(), EventProgress, "")
	}
}

// takeUp confirms the answer and starts the sound. An answer we cannot use is
// confirmed too, as SIP wants, and the call ended with a goodbye.
func (c *Call) takeUp(ctx context.Context, dlg *sipgo.DialogClientSession) error {
	m, err := understand(dlg.InviteResponse.Body(), c.phone.opts.Codecs)
	if err != nil {
		return errors.Join(err, c.regret(ctx, dlg))
	}
	if err := dlg.Ack(ctx); err != nil {
		return fmt.Errorf("the answer could not be confirmed: %w", err)
	}
	target := c.invite.Recipient
	if contact := dlg.InviteResponse.Contact(); contact != nil {
		target = *contact.Address.Clone()
	}
	if !c.goUp(dlg, target, m) {
		return errors.Join(ErrEnded, c.regret(ctx, dlg))
	}
	return nil
}

// regret ends a call that was answered but is not wanted any more.
func (c *Call) regret(ctx context.Context, dlg *sipgo.DialogClientSession) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), giveUp)
	defer cancel()
	if err := dlg.Ack(ctx); err != nil {
		return err
	}
	if err := dlg.Bye(ctx); err != nil {
		c.log.Debug("goodbye to an unwanted answer failed", "error", err)
	}
	return nil
}

// refusal turns the library's error into ours.
func refusal(req *sip.Request, err error) error {
	var refused *sipgo.ErrDialogResponse
	if errors.As(err, &refused) {
		return &StatusError{
			Method: req.Method.String(), Target: req.Recipient.Addr(),
			Code: refused.Res.StatusCode, Reason: refused.Res.Reason,
		}
	}
	if errors.Is(err, sip.ErrTransactionTimeout) {
		return fmt.Errorf("nobody answers at %s; check that the switch runs and the address is right: %w",
			req.Recipient.Addr(), sip.ErrTransactionTimeout)
	}
	return err
}

// endOf says how a call ended that was never answered.
func endOf(ctx context.Context, err error) End {
	if status, ok := errors.AsType[*StatusError](err); ok {
		return End{By: Them, Code: status.Code, Reason: status.Reason}
	}
	if ctx.Err() != nil || errors.Is(err, ErrClosed) {
		return End{By: Us, Code: 487, Reason: "given up before the answer"}
	}
	return End{By: Network, Reason: err.Error()}
}
