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
	if err := se.post(ctx, name); err != nil {
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

// postAgain parts two tries to post an event.
const postAgain = 100 * time.Millisecond

// post posts an event. That Asterisk does not take one command says nothing of the
// stream, which is worth keeping: events that come while there is none are lost. So
// it is tried again as long as there is time.
func (se *session) post(ctx context.Context, name string) error {
	for {
		err := se.s.rest.call(ctx, http.MethodPost, command{
			path:  []string{"events", "user", name},
			query: url.Values{"application": {se.s.opts.App}},
		}, nil)
		if status := statusOf(err); err == nil || status >= 400 && status < 500 {
			return err
		}
		select {
		case <-time.After(postAgain):
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
	return se.s.rest.call(ctx, http.MethodPut, command{
		path: []string{"applications", se.s.opts.App, "eventFilter"}, body: body,
	}, nil)
}
