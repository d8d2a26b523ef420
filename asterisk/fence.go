package asterisk

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// fenceEvent begins the names of the events that we post to hear them.
const fenceEvent = "ikomek109-fence-"

// keep brings the connection up and watches it.
func (se *session) keep(ctx context.Context) error {
	if err := se.filter(ctx); err != nil {
		return fmt.Errorf("can't set the event filter: %w", err)
	}
	if err := se.fence(ctx, se.s.opts.Timing.Open, se.s.opts.Timing.Fence); err != nil {
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
	if se.unsettled.Load() {
		g.Go(func() error { return se.retake(ctx) })
	}
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
		return se.fence(ctx, se.s.opts.Timing.Insist, se.s.opts.Timing.Pulse)
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

// fence posts an event, in the time given for that, and waits for it to come back.
// However its posting ended, an event that came back was heard.
func (se *session) fence(ctx context.Context, whole, patience time.Duration) error {
	name := fenceEvent + strings.ToLower(rand.Text())
	back := make(chan struct{})
	se.echoes.Store(name, back)
	defer se.echoes.Delete(name)
	err := se.s.insist(ctx, whole, 0, func(ctx context.Context) error {
		err := se.s.rest.call(ctx, http.MethodPost, command{
			path:  []string{"events", "user", name},
			query: url.Values{"application": {se.s.opts.App}},
		}, nil)
		select {
		case <-back:
			return nil
		default:
			return err
		}
	})
	if err != nil {
		return fmt.Errorf("can't post an event to Asterisk: %w", err)
	}
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-back:
		return nil
	case <-late.C:
		se.s.counts.deaf.Add(1)
		return errDeaf
	case <-ctx.Done():
		return ctx.Err()
	}
}

const (
	// firstTry is how long a command that is insisted on has at first.
	firstTry = time.Second
	// tryAgain parts two tries of it.
	tryAgain = 100 * time.Millisecond
)

// insist repeats a command, which must do no harm when carried out twice, until it
// is taken or refused, or the whole time is over. A try that hangs does not use up
// the others' time; each may have more of it than the one before. The stream is worth
// it: that Asterisk does not take one command says nothing of it, and events that
// come while there is none are lost.
func (s *Switch) insist(ctx context.Context, whole, more time.Duration, do func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, whole)
	defer cancel()
	for allowed := firstTry; ; allowed += more {
		once, end := context.WithTimeout(ctx, allowed)
		err := do(once)
		end()
		if status := statusOf(err); err == nil || status >= 400 && status < 500 {
			return err
		}
		select {
		case <-time.After(tryAgain):
		case <-ctx.Done():
			return err
		}
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
	return se.s.insist(ctx, se.s.opts.Timing.Open, 0, func(ctx context.Context) error {
		return se.s.rest.call(ctx, http.MethodPut, command{
			path: []string{"applications", se.s.opts.App, "eventFilter"}, body: body,
		}, nil)
	})
}
