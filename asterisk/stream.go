package asterisk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/CyCoreSystems/ari/v5"
	"github.com/coder/websocket"
	"golang.org/x/sync/errgroup"

	"ikomek109/ivr"
)

const (
	// messageMax bounds one event; those of Asterisk have about 500 bytes.
	messageMax = 1 << 20
	// heldMax bounds the events kept back while reconciling.
	heldMax = 200_000
)

// session is one websocket, from dialling to its end.
type session struct {
	s        *Switch
	exchange ivr.Exchange
	ws       *websocket.Conn
	wasUp    bool // only touched by serve and what it starts, read after it

	unsettled atomic.Bool // the domain can't tell of every leg yet: see retake

	echoes sync.Map // name of a posted event → chan struct{}, closed by its echo

	mu   sync.Mutex  // held while events are delivered, so that they keep their order
	open bool        // guarded by mu; false: events are held
	held []ari.Event // guarded by mu
}

// serve lives one connection and says why it ended.
func (se *session) serve(ctx context.Context) error {
	if err := se.dial(ctx); err != nil {
		return err
	}
	defer se.ws.CloseNow() //nolint:errcheck // it is over either way
	se.s.board.set(Fencing, "")
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return se.read(ctx) })
	g.Go(func() error { return se.keep(ctx) })
	return g.Wait()
}

func (se *session) dial(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, se.s.opts.Timing.Request)
	defer cancel()
	r := se.s.rest
	ws, resp, err := websocket.Dial(ctx, r.root+"/events?app="+url.QueryEscape(se.s.opts.App), &websocket.DialOptions{
		HTTPClient: &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: dialQuick}},
		HTTPHeader: http.Header{"Authorization": {r.login}},
	})
	if resp != nil && resp.Body != nil && err != nil {
		_ = resp.Body.Close()
	}
	if resp != nil && (resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden) {
		return errDenied
	}
	if err != nil {
		return fmt.Errorf("can't connect to Asterisk's event stream: %w", err)
	}
	ws.SetReadLimit(messageMax)
	se.ws = ws
	return nil
}

// read takes in events until the connection ends. It never waits for anyone.
func (se *session) read(ctx context.Context) error {
	var message bytes.Buffer
	for {
		_, r, err := se.ws.Reader(ctx)
		if err != nil {
			return fmt.Errorf("the event stream ended: %w", err)
		}
		message.Reset()
		if _, err := message.ReadFrom(r); err != nil {
			return fmt.Errorf("the event stream broke off: %w", err)
		}
		if err := se.take(message.Bytes()); err != nil {
			return err
		}
	}
}

// take looks at one message; an error ends the connection.
func (se *session) take(message []byte) error {
	ev, typ, err := decode(message)
	switch {
	case errors.Is(err, errUnknown):
		if se.s.counts.event(typ) {
			se.s.log.Info("asterisk sends events of a type that is not used", "type", strings.ToValidUTF8(typ, ""))
		}
		return nil
	case err != nil:
		se.s.counts.garbage.Add(1)
		return nil
	}
	se.s.counts.event(typ)
	switch e := ev.(type) {
	case *ari.ApplicationReplaced:
		return errReplaced
	case *ari.ChannelUserevent:
		if waiting, ok := se.echoes.LoadAndDelete(e.Eventname); ok {
			close(waiting.(chan struct{}))
		}
		return nil
	}
	se.mu.Lock()
	defer se.mu.Unlock()
	if se.open {
		se.s.deliver(se.exchange, ev)
		return nil
	}
	if len(se.held) >= heldMax {
		return errors.New("too many events came while reconciling")
	}
	se.held = append(se.held, ev)
	return nil
}
