package phone

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// describe writes our SDP with all our codecs.
func (c *Call) describe(dir direction) ([]byte, error) {
	return c.describeAs(c.phone.opts.Codecs, keyPayload, dir)
}

// describeAs writes our SDP under the next version.
func (c *Call) describeAs(codecs []Codec, keys uint8, dir direction) ([]byte, error) {
	c.mu.Lock()
	c.ver++
	version := c.ver
	c.mu.Unlock()
	return describe(c.line.local, codecs, keys, dir, version)
}

// Hold asks the other side to stop sending sound and to wait.
func (c *Call) Hold(ctx context.Context) error { return c.change(ctx, sendonly, EventHeld) }

// Unhold takes the call back.
func (c *Call) Unhold(ctx context.Context) error { return c.change(ctx, sendrecv, EventResumed) }

// change sends a re-INVITE with another direction and confirms its answer.
func (c *Call) change(ctx context.Context, dir direction, kind EventKind) error {
	dlg, target, err := c.live()
	if err != nil {
		return fmt.Errorf("%s: %w", kind, err)
	}
	c.requests.Lock()
	defer c.requests.Unlock()
	now := c.line.agreed()
	body, err := c.describeAs([]Codec{now.codec}, now.keys, dir)
	if err != nil {
		return fmt.Errorf("%s: %w", kind, err)
	}
	req := c.newRequest(sip.INVITE, target)
	req.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
	req.SetBody(body)
	res, err := dlg.Do(ctx, req)
	if err != nil {
		return fmt.Errorf("%s: the change got no answer: %w", kind, err)
	}
	if !res.IsSuccess() {
		return &StatusError{Method: "re-INVITE", Target: target.Addr(), Code: res.StatusCode, Reason: res.Reason}
	}
	ack := c.newRequest(sip.ACK, target)
	if err := dlg.WriteRequest(ack); err != nil {
		return fmt.Errorf("%s: the change could not be confirmed: %w", kind, err)
	}
	agreed, err := understand(res.Body(), c.phone.opts.Codecs)
	if err != nil {
		return fmt.Errorf("%s: %w", kind, err)
	}
	c.line.agree(agreed)
	c.mu.Lock()
	c.held = dir
	c.mu.Unlock()
	c.happened(time.Now(), kind, "by us")
	return nil
}

// newRequest begins a request inside the dialog.
func (c *Call) newRequest(method sip.RequestMethod, target sip.Uri) *sip.Request {
	req := sip.NewRequest(method, target)
	req.SetTransport(strings.ToUpper(c.phone.opts.Transport))
	return req
}
