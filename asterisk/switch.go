package asterisk

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/CyCoreSystems/ari/v5"
	"github.com/CyCoreSystems/ari/v5/client/native"

	"ikomek109/ivr"
)

// Switch is an Asterisk steered over ARI. Make it with [New]. Its methods may
// be called by many goroutines at once, also before Start and while Asterisk
// is down: then they answer Unavailable.
type Switch struct {
	opts   Options
	log    *slog.Logger
	rest   *rest
	lib    ari.Client
	board  *board
	counts *counts
	legs   *legs
	roster roster
	doomed doomed

	life context.Context // ends with Shutdown; for what outlives a command
	end  context.CancelFunc
	work sync.WaitGroup // everything started by the switch

	draining atomic.Bool // citizens' new calls are declined
	started  time.Time   // the Asterisk connected to last; only touched by run and what it waits for

	mu       sync.Mutex
	exchange ivr.Exchange // guarded by mu; set by Start, once
}

// New makes a switch that is not connected yet. It fails only on options that
// can't be right, with code Invalid and a cure.
func New(o Options) (*Switch, error) {
	o, target, err := o.checked()
	if err != nil {
		return nil, err
	}
	s := &Switch{opts: o, log: o.Logger, counts: newCounts(), legs: newLegs()}
	s.board = newBoard(o.Logger, o.Node, o.Notify)
	via := newTransport(target, o.Timing.Request, s.counts)
	scheme := "ari-" + strings.ToLower(rand.Text())
	if err := via.register(scheme); err != nil {
		return nil, refuse(err.Error(), "leave http.DefaultTransport as it is")
	}
	s.rest = &rest{via: via, root: target.String(), login: basicAuth(o.Username, o.Password)}
	s.lib = native.New(&native.Options{
		Application: o.App, Username: o.Username, Password: o.Password,
		URL:          scheme + "://" + target.Host + target.Path,
		WebsocketURL: "ws://unused.invalid", WebsocketOrigin: "http://unused.invalid",
	})
	s.life, s.end = context.WithCancel(context.Background())
	return s, nil
}

// Start connects, and keeps connecting until Shutdown or the end of ctx. It returns
// at once: an Asterisk that is down is no error, [Switch.Status] tells.
// Calls are handed to ex. A switch is started once.
func (s *Switch) Start(ctx context.Context, ex ivr.Exchange) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.exchange != nil || s.life.Err() != nil {
		return &ivr.Error{Op: "start the switch", Code: ivr.Conflict, Message: "it was started already"}
	}
	if ex == nil {
		return &ivr.Error{Op: "start the switch", Code: ivr.Invalid, Message: "no exchange to hand calls to"}
	}
	s.exchange = ex
	stop := context.AfterFunc(ctx, s.end)
	s.work.Go(func() {
		defer stop()
		s.run(s.life, ex)
	})
	return nil
}

// Shutdown disconnects and waits, until ctx ends, for what is under way. Calls stay
// with Asterisk: the next program takes them up. It may be called twice.
func (s *Switch) Shutdown(ctx context.Context) error {
	_ = s.endDoomed() // else the next program would greet those callers anew
	s.mu.Lock()
	s.end()
	s.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.work.Wait()
	}()
	select {
	case <-done:
	case <-ctx.Done():
		return &ivr.Error{
			Op: "stop the switch", Code: ivr.Unavailable,
			Message: "a command to Asterisk is still under way", Err: ctx.Err(),
		}
	}
	s.legs.close()
	s.rest.via.pool.forget()
	return nil
}

// Status tells the state of the connection.
func (s *Switch) Status() Status { return s.board.read() }

// aside does something that no one waits for, unless the switch is stopping.
func (s *Switch) aside(do func(ctx context.Context)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.life.Err() != nil {
		return
	}
	s.work.Go(func() { do(s.life) })
}

// alive refuses a command that comes too late to be worth sending.
func (s *Switch) alive(ctx context.Context, op string) error {
	if err := errors.Join(ctx.Err(), s.life.Err()); err != nil {
		return &ivr.Error{Op: op, Code: ivr.Unavailable, Message: "it was given up before it was sent", Err: err}
	}
	return nil
}

var _ ivr.Switch = (*Switch)(nil)
