package asterisk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	// warm connections are kept: Asterisk's own listen backlog is 10, so a
	// burst of new ones stalls for a second.
	warm = 64
	// dials at most run at once, for the same reason.
	dials = 8
	// busy requests at most are under way; those above wait for one to end.
	busy = 200
	// idle connections are dropped before Asterisk's session_keep_alive (60 s
	// as shipped) drops them.
	idle = 50 * time.Second
	// bodyLimit bounds what is read of one answer: 5,000 calls listed are 4 MB.
	bodyLimit = 64 << 20
	// messageLimit bounds what is kept of an error's text.
	messageLimit = 300
)

// transport carries every request to one Asterisk. The library's client insists
// on [http.DefaultTransport], without deadline and with two warm connections;
// so it is given an address with a scheme of its own, and this is registered
// for that scheme.
type transport struct {
	target  *url.URL // the real address
	pool    *pool
	timeout time.Duration
	counts  *counts
}

// newTransport opens nothing yet.
func newTransport(target *url.URL, timeout time.Duration, c *counts) *transport {
	return &transport{target: target, timeout: timeout, counts: c, pool: newPool(target, timeout)}
}

// register makes the library's requests to the given scheme come here. The
// scheme must be new to the process.
func (t *transport) register(scheme string) error {
	def, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return errors.New("the process has replaced http.DefaultTransport, which the ARI library relies on")
	}
	def.RegisterProtocol(scheme, t)
	return nil
}

// RoundTrip sends a request to the real address under a deadline, takes the
// whole answer so that its connection is kept whatever the status, and makes a
// refusal an error so that its status is not lost.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, t.timeout)
		defer cancel()
	}
	began := time.Now()
	resp, err := t.send(ctx, req)
	t.counts.request(time.Since(began), resp, err)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return nil, refusal(req, resp)
	}
	return resp, nil
}

func (t *transport) send(ctx context.Context, req *http.Request) (*http.Response, error) {
	out := req.WithContext(ctx)
	u := *req.URL
	u.Scheme, u.Host = t.target.Scheme, t.target.Host
	out.URL, out.Host = &u, ""
	var answer *http.Response
	err := t.pool.roundTrip(ctx, out, repeatable(req.Method, u.Path), func(resp *http.Response) error {
		var body bytes.Buffer
		if resp.ContentLength > 0 && resp.ContentLength <= bodyLimit {
			body.Grow(int(resp.ContentLength) + bytes.MinRead)
		}
		n, err := body.ReadFrom(io.LimitReader(resp.Body, bodyLimit+1))
		if err == nil && n > bodyLimit {
			err = fmt.Errorf("the answer to %s %s is larger than %d bytes", req.Method, req.URL.Path, bodyLimit)
		}
		resp.Body, answer = io.NopCloser(&body), resp
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// repeatable tells which requests do no harm when carried out twice: all but
// those POSTs whose effect adds up (a second play plays again). A leg or bridge
// is made under an id of ours, so its second making is refused with 409.
func repeatable(method, path string) bool {
	if method != http.MethodPost {
		return true
	}
	if strings.HasSuffix(path, "/channels") || strings.HasSuffix(path, "/addChannel") {
		return true
	}
	_, id, isBridge := strings.Cut(path, "/bridges/")
	return isBridge && !strings.Contains(id, "/")
}

// refusal takes Asterisk's words out of an answer's body.
func refusal(req *http.Request, resp *http.Response) error {
	var said struct{ Message, Error string }
	_ = json.NewDecoder(resp.Body).Decode(&said) // a body that is no JSON has no words for us
	text := said.Message
	if text == "" {
		text = said.Error
	}
	if len(text) > messageLimit {
		text = text[:messageLimit]
	}
	return &StatusError{
		Method: req.Method, Path: req.URL.Path, Status: resp.StatusCode,
		Message: strings.ToValidUTF8(text, ""),
	}
}
