package phone

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

const (
	// minRefresh keeps a switch that grants tiny terms from being flooded.
	minRefresh = time.Second
	// retryRefresh is how soon a failed refresh is tried again.
	retryRefresh = 2 * time.Second
	// refreshPatience bounds one refresh.
	refreshPatience = 5 * time.Second
)

// registration is what a phone knows of its place at the switch.
type registration struct {
	mu     sync.Mutex // one REGISTER at a time; guards what follows
	callID string
	seq    uint32

	state   sync.Mutex         // guards what follows; taken after mu
	cancel  context.CancelFunc // ends the refreshing; nil when there is none
	expires time.Time          // zero when not registered
}

// Registered says whether the switch's grant still holds.
func (p *Phone) Registered() bool {
	p.registrar.state.Lock()
	defer p.registrar.state.Unlock()
	return time.Now().Before(p.registrar.expires)
}

// Register tells the switch where the phone is, and keeps telling it until
// Unregister or Close. A refusal is a *StatusError.
func (p *Phone) Register(ctx context.Context) error {
	r := &p.registrar
	r.mu.Lock()
	defer r.mu.Unlock()
	granted, err := p.register(ctx, p.opts.Expiry)
	if err != nil {
		return fmt.Errorf("register %s at %s: %w", p.opts.User, p.opts.Registrar, err)
	}
	return p.keepRefreshing(ctx, granted)
}

// keepRefreshing starts the renewing of the grant, unless it runs already or
// the phone was closed in between.
func (p *Phone) keepRefreshing(ctx context.Context, granted time.Duration) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := &p.registrar
	r.state.Lock()
	defer r.state.Unlock()
	if p.closed {
		return ErrClosed
	}
	if r.cancel == nil {
		refresh, cancel := context.WithCancel(context.WithoutCancel(ctx))
		r.cancel = cancel
		p.work.Go(func() { p.refresh(refresh, granted) })
	}
	return nil
}

// Unregister tells the switch that the phone is gone.
func (p *Phone) Unregister(ctx context.Context) error {
	p.registrar.stop()
	p.registrar.mu.Lock()
	defer p.registrar.mu.Unlock()
	if _, err := p.register(ctx, 0); err != nil {
		return fmt.Errorf("unregister %s at %s: %w", p.opts.User, p.opts.Registrar, err)
	}
	return nil
}

// stop ends the refreshing, also one that waits for an answer just now.
func (r *registration) stop() {
	r.state.Lock()
	defer r.state.Unlock()
	if r.cancel != nil {
		r.cancel()
		r.cancel = nil
	}
}

// refresh renews the grant a good while before it ends.
func (p *Phone) refresh(ctx context.Context, granted time.Duration) {
	wait := granted * 3 / 4
	for {
		timer := time.NewTimer(max(wait, minRefresh))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		if wait = p.renew(ctx); ctx.Err() != nil {
			return
		}
	}
}

// renew registers once more and gives the time to the next try.
func (p *Phone) renew(ctx context.Context) time.Duration {
	ctx, cancel := context.WithTimeout(ctx, refreshPatience)
	defer cancel()
	p.registrar.mu.Lock()
	defer p.registrar.mu.Unlock()
	if ctx.Err() != nil {
		return retryRefresh
	}
	granted, err := p.register(ctx, p.opts.Expiry)
	if err != nil {
		p.log.Warn("registration could not be renewed", "user", p.opts.User, "error", err)
		return retryRefresh
	}
	return granted * 3 / 4
}

// register sends one REGISTER, answers a challenge, and gives the term granted.
// Called with registrar.mu held.
func (p *Phone) register(ctx context.Context, expiry time.Duration) (time.Duration, error) {
	if p.opts.User == "" || p.opts.Registrar == "" {
		return 0, errors.New("a user and a registrar are needed; set Options.User and Options.Registrar (host:port)")
	}
	for range 2 {
		res, err := p.registerOnce(ctx, expiry)
		if err != nil {
			return 0, err
		}
		if res.IsSuccess() {
			granted := p.granted(res, expiry)
			p.registrar.note(granted)
			return granted, nil
		}
		shortest := seconds(res.GetHeader("Min-Expires"))
		if res.StatusCode != 423 || shortest <= expiry || expiry == 0 {
			return 0, &StatusError{Method: "REGISTER", Target: p.opts.Registrar, Code: res.StatusCode, Reason: res.Reason}
		}
		expiry = shortest
	}
	return 0, errors.New("the switch calls every term too brief")
}

func (r *registration) note(granted time.Duration) {
	r.state.Lock()
	defer r.state.Unlock()
	r.expires = time.Time{}
	if granted > 0 {
		r.expires = time.Now().Add(granted)
	}
}

// registerOnce sends one REGISTER and, when challenged, the same with the proof.
func (p *Phone) registerOnce(ctx context.Context, expiry time.Duration) (*sip.Response, error) {
	req, err := p.newRegister(expiry)
	if err != nil {
		return nil, err
	}
	res, err := p.client.Do(ctx, req)
	if err == nil && (res.StatusCode == 401 || res.StatusCode == 407) && p.opts.Password != "" {
		res, err = p.client.DoDigestAuth(ctx, req, res, sipgo.DigestAuth{Username: p.opts.User, Password: p.opts.Password})
		p.registrar.seq++
	}
	if err != nil {
		return nil, fmt.Errorf("no answer: %w; check that the switch runs and the port is right", err)
	}
	return res, nil
}

// newRegister writes the request.
func (p *Phone) newRegister(expiry time.Duration) (*sip.Request, error) {
	var to sip.Uri
	if err := sip.ParseUri("sip:"+p.opts.Registrar, &to); err != nil {
		return nil, fmt.Errorf("registrar %q is not host:port: %w", p.opts.Registrar, err)
	}
	r := &p.registrar
	if r.callID == "" {
		r.callID, r.seq = sip.GenerateTagN(24), rand.Uint32N(1<<15) //nolint:gosec // a start number, no secret
	}
	r.seq++
	me := sip.Uri{Scheme: "sip", User: escapeUser(p.opts.User), Host: to.Host}
	if p.opts.Transport == "tcp" {
		to.UriParams = sip.HeaderParams{{K: "transport", V: "tcp"}}
	}
	req := sip.NewRequest(sip.REGISTER, to)
	req.SetTransport(strings.ToUpper(p.opts.Transport))
	callID := sip.CallIDHeader(r.callID)
	contact := p.contact()
	req.AppendHeader(&sip.FromHeader{Address: me, Params: sip.HeaderParams{{K: "tag", V: sip.GenerateTagN(16)}}})
	req.AppendHeader(&sip.ToHeader{Address: me})
	req.AppendHeader(&callID)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: r.seq, MethodName: sip.REGISTER})
	req.AppendHeader(&contact)
	req.AppendHeader(sip.NewHeader("Expires", strconv.Itoa(int(expiry.Seconds()))))
	return req, nil
}

// granted reads the term: of our own contact, else of the whole answer, else
// what was asked for.
func (p *Phone) granted(res *sip.Response, asked time.Duration) time.Duration {
	if asked == 0 {
		return 0
	}
	for _, h := range res.GetHeaders("Contact") {
		if !strings.Contains(h.Value(), ":"+strconv.Itoa(int(p.addr.Port()))) {
			continue
		}
		if _, tail, ok := strings.Cut(strings.ToLower(h.Value()), "expires="); ok {
			digits, _, _ := strings.Cut(tail, ";")
			if n, err := strconv.ParseUint(strings.TrimSpace(digits), 10, 31); err == nil {
				return time.Duration(n) * time.Second
			}
		}
	}
	if d := seconds(res.GetHeader("Expires")); d > 0 {
		return d
	}
	return asked
}

// seconds reads a header that is a number of seconds, 0 when it is none.
func seconds(h sip.Header) time.Duration {
	if h == nil {
		return 0
	}
	n, err := strconv.ParseUint(strings.TrimSpace(h.Value()), 10, 31)
	if err != nil {
		return 0
	}
	return time.Duration(n) * time.Second
}
