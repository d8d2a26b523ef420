package asterisk

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

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
	// firstPause is the pause before the second try to connect; it doubles.
	firstPause = 100 * time.Millisecond
	// fenceEvent begins the names of the events that we post to hear them.
	fenceEvent = "ikomek109-fence-"
)

var (
	errDeaf     = errors.New("the event stream was open, and an event that we posted did not come back")
	errReplaced = errors.New("another program has connected to Asterisk under the same application name")
	errDenied   = errors.New("the ARI user or password is refused by Asterisk")
)

// run keeps a connection until ctx ends.
func (s *Switch) run(ctx context.Context, ex ivr.Exchange) {
	defer s.board.set(Down, "stopped")
	tries := 0
	for ctx.Err() == nil {
		se := &session{s: s, exchange: ex}
		err := se.serve(ctx)
		if ctx.Err() != nil {
			return
		}
		if se.wasUp {
			tries = 0
		}
		s.board.set(Down, s.explain(err))
		timer := time.NewTimer(s.pause(err, tries))
		tries++
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
		}
	}
}

// explain says for a person why there is no connection, with the cure.
func (s *Switch) explain(err error) string {
	switch {
	case err == nil:
		return "the connection ended"
	case errors.Is(err, errDenied):
		return errDenied.Error() + "; compare asterisk.username and asterisk.password with ari.conf"
	case errors.Is(err, errReplaced):
		return errReplaced.Error() + "; stop the other program, or give this one its own asterisk.app"
	}
	return core(err).Error() + "; look whether Asterisk runs and asterisk.url is its address"
}

// pause says how long to wait before the next try: hardly after a connection
// that was up, longer and longer up to a limit for one that does not come up.
func (s *Switch) pause(err error, tries int) time.Duration {
	t := s.opts.Timing
	switch {
	case errors.Is(err, errDeaf):
		return t.Deaf
	case errors.Is(err, errDenied), errors.Is(err, errReplaced):
		return t.Denied
	case tries == 0:
		return 0
	}
	wait := min(firstPause<<min(tries-1, 10), t.Retry)
	// A quarter of it is chance, so that many programs do not come at once.
	n, _ := rand.Int(rand.Reader, big.NewInt(int64(wait/4)+1))
	return wait - time.Duration(n.Int64())
}

// session is one websocket, from dialling to its end.
type session struct {
	s        *Switch
	exchange ivr.Exchange
	ws       *websocket.Conn
	wasUp    bool // only touched by serve and what it starts, read after it

	events decoder // only touched by read

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
		HTTPClient: &http.Client{Transport: r.via.base},
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
	ev, typ, err := se.events.decode(message)
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

// keep brings the connection up and watches it.
func (se *session) keep(ctx context.Context) error {
	if err := se.filter(ctx); err != nil {
		return fmt.Errorf("can't set the event filter: %w", err)
	}
	if err := se.fence(ctx, se.s.opts.Timing.Fence); err != nil {
		return err
	}
	se.s.board.set(Reconciling, "")
	if err := se.settle(ctx); err != nil {
		return err
	}
	se.wasUp = true
	se.s.board.set(Up, "")
	se.s.aside(se.s.pushAgain)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return se.heartbeat(ctx) })
	g.Go(func() error { return se.beat(ctx) })
	return g.Wait()
}

// heartbeat repeats the fence.
func (se *session) heartbeat(ctx context.Context) error {
	return every(ctx, se.s.opts.Timing.Heartbeat, func() error {
		bounded, cancel := context.WithTimeout(ctx, se.s.opts.Timing.Pulse)
		defer cancel()
		if err := se.ws.Ping(bounded); err != nil {
			return fmt.Errorf("the event stream does not answer a ping: %w", err)
		}
		return se.fence(ctx, se.s.opts.Timing.Pulse)
	})
}

// every does something again and again, until it fails or ctx ends.
func every(ctx context.Context, pause time.Duration, do func() error) error {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if err := do(); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// fence posts an event and waits for it to come back.
func (se *session) fence(ctx context.Context, patience time.Duration) error {
	name := fenceEvent + strings.ToLower(rand.Text())
	back := make(chan struct{})
	se.echoes.Store(name, back)
	defer se.echoes.Delete(name)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := se.s.rest.call(ctx, http.MethodPost, command{
		path:  []string{"events", "user", name},
		query: url.Values{"application": {se.s.opts.App}},
	}, nil)
	if err != nil {
		return fmt.Errorf("can't post an event to Asterisk: %w", err)
	}
	select {
	case <-back:
		return nil
	case <-ctx.Done():
		se.s.counts.deaf.Add(1)
		return errDeaf
	}
}

// filter has Asterisk send only what is acted on. It is forgotten with each
// connection.
func (se *session) filter(ctx context.Context) error {
	type typed struct {
		Type string `json:"type"`
	}
	var body struct {
		Allowed []typed `json:"allowed"`
	}
	for _, t := range eventTypes() {
		body.Allowed = append(body.Allowed, typed{t})
	}
	return se.s.rest.call(ctx, http.MethodPut, command{
		path: []string{"applications", se.s.opts.App, "eventFilter"}, body: body,
	}, nil)
}
