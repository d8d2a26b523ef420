package phone

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// allowed are the methods this phone understands.
const allowed = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, NOTIFY"

// route binds the methods to what answers them.
func (p *Phone) route(srv *sipgo.Server) {
	srv.OnInvite(p.onInvite)
	srv.OnAck(p.onAck)
	srv.OnBye(p.onBye)
	srv.OnInfo(p.onInfo)
	srv.OnOptions(p.onOptions)
	srv.OnCancel(func(req *sip.Request, tx sip.ServerTransaction) {
		respond(tx, req, 481, "Call/Transaction Does Not Exist") // one that exists never comes here
	})
	srv.OnNotify(func(req *sip.Request, tx sip.ServerTransaction) { respond(tx, req, 200, "OK") })
	srv.OnNoRoute(func(req *sip.Request, tx sip.ServerTransaction) {
		respond(tx, req, 405, "Method Not Allowed", sip.NewHeader("Allow", allowed))
	})
}

// respond answers a request; that the asker has gone is not our trouble.
func respond(tx sip.ServerTransaction, req *sip.Request, code int, reason string, headers ...sip.Header) {
	if req.IsAck() {
		return
	}
	res := sip.NewResponseFromRequest(req, code, reason, nil)
	for _, h := range headers {
		res.AppendHeader(h)
	}
	_ = tx.Respond(res)
}

// onInvite tells a new call from a change to an old one.
func (p *Phone) onInvite(req *sip.Request, tx sip.ServerTransaction) {
	if req.To() == nil || req.CallID() == nil || req.CSeq() == nil {
		respond(tx, req, 400, "Bad Request")
		return
	}
	if !req.To().Params.Has("tag") {
		p.ringIn(req, tx)
		return
	}
	c := p.find(req)
	if c == nil {
		respond(tx, req, 481, "Call/Transaction Does Not Exist")
		return
	}
	c.reinvited(req, tx)
}

// reinvited answers a change of the call: hold, resume, or a refresh.
func (c *Call) reinvited(req *sip.Request, tx sip.ServerTransaction) {
	c.changing.Lock()
	defer c.changing.Unlock()
	dlg, _, err := c.live()
	if err != nil || dlg.ReadRequest(req, tx) != nil {
		respond(tx, req, 491, "Request Pending")
		return
	}
	agreed := c.line.agreed()
	if len(req.Body()) > 0 {
		if agreed, err = understand(req.Body(), c.phone.opts.Codecs); err != nil {
			c.log.Debug("change of the call refused", "error", err)
			respond(tx, req, 488, "Not Acceptable Here")
			return
		}
	}
	c.mu.Lock()
	before, ours := c.theirs, c.held
	c.theirs = agreed.dir
	c.mu.Unlock()
	dir := agreed.dir.mirror()
	if ours == sendonly && dir == sendrecv {
		dir = sendonly // our own hold outlives their refresh
	}
	body, err := c.describeAs([]Codec{agreed.codec}, agreed.keys, dir)
	if err != nil {
		respond(tx, req, 500, "Server Internal Error")
		return
	}
	res := sip.NewSDPResponseFromRequest(req, body)
	contact := c.phone.contact()
	res.AppendHeader(&contact)
	if tx.Respond(res) != nil {
		return
	}
	c.line.agree(agreed)
	c.noteHold(before, agreed.dir)
}

// noteHold notes that the other side put us on hold or took us back.
func (c *Call) noteHold(before, now direction) {
	was, is := before == sendonly || before == inactive, now == sendonly || now == inactive
	switch {
	case is && !was:
		c.happened(time.Now(), EventHeld, "by them")
	case was && !is:
		c.happened(time.Now(), EventResumed, "by them")
	}
}

// onAck confirms our answer; it may carry the description we had to wait for.
func (p *Phone) onAck(req *sip.Request, tx sip.ServerTransaction) {
	c := p.find(req)
	if c == nil || req.CSeq() == nil {
		return
	}
	if m, err := understand(req.Body(), p.opts.Codecs); err == nil {
		c.line.expect(m)
	}
	if dlg, ok := c.dialog().(*sipgo.DialogServerSession); ok {
		_ = dlg.ReadAck(req, tx) // an old number is a repeat
	}
}

// onBye ends a call at the other side's wish.
func (p *Phone) onBye(req *sip.Request, tx sip.ServerTransaction) {
	c := p.find(req)
	if c == nil || req.CSeq() == nil {
		respond(tx, req, 481, "Call/Transaction Does Not Exist")
		return
	}
	end := End{At: time.Now(), By: Them, Reason: "hung up", Cause: causeOf(req)}
	if dlg := c.dialog(); dlg == nil {
		respond(tx, req, 200, "OK")
	} else if err := dlg.ReadBye(req, tx); err != nil {
		respond(tx, req, 500, "Server Internal Error")
	}
	c.finish(end)
}

// onInfo takes keys sent beside the sound.
func (p *Phone) onInfo(req *sip.Request, tx sip.ServerTransaction) {
	c := p.find(req)
	if c == nil {
		respond(tx, req, 481, "Call/Transaction Does Not Exist")
		return
	}
	kind := ""
	if h := req.ContentType(); h != nil {
		kind = h.Value()
	}
	k, err := keyOfInfo(kind, req.Body())
	if err != nil {
		c.log.Debug("INFO not understood", "error", err)
		respond(tx, req, 415, "Unsupported Media Type")
		return
	}
	respond(tx, req, 200, "OK")
	k.At = time.Now()
	c.heardKey(k)
}

// onOptions tells a switch that asks whether we are alive, inside a call or not.
func (p *Phone) onOptions(req *sip.Request, tx sip.ServerTransaction) {
	respond(tx, req, 200, "OK",
		sip.NewHeader("Allow", allowed),
		sip.NewHeader("Accept", "application/sdp, application/dtmf-relay"))
}

// causeOf reads the Q.850 cause of a goodbye, 0 when there is none.
func causeOf(req *sip.Request) int {
	h := req.GetHeader("Reason")
	if h == nil || !strings.HasPrefix(strings.ToUpper(h.Value()), "Q.850") {
		return 0
	}
	found := regexp.MustCompile(`cause=(\d{1,3})\b`).FindStringSubmatch(h.Value())
	if found == nil {
		return 0
	}
	cause, _ := strconv.Atoi(found[1]) // three digits always fit
	return cause
}
