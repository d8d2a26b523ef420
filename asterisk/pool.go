package asterisk

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// pool sends requests over connections that it keeps warm. net/http's own
// transport hands each request to two goroutines of the connection and back,
// which is half of what a command costs; here the one who asks writes and
// reads. It sends no redirect on, keeps no cookie and knows no proxy.
type pool struct {
	dial  func(ctx context.Context) (net.Conn, error)
	slots chan struct{} // taken while dialling
	room  chan struct{} // taken while a request is under way

	mu   sync.Mutex
	idle []*line // guarded by mu; the one used last is the last
}

// line is one connection.
type line struct {
	net.Conn
	in   *bufio.Reader
	out  *bufio.Writer
	used time.Time // when its last answer had been read
	last bool      // Asterisk closes it after this answer
}

// lineBuffer holds the head of any answer of Asterisk, and most bodies.
const lineBuffer = 2048

func newPool(target *url.URL, timeout time.Duration) *pool {
	address := target.Host
	if target.Port() == "" {
		address = net.JoinHostPort(target.Hostname(), target.Scheme)
	}
	dial := dialQuick
	if target.Scheme == "https" {
		dial = (&tls.Dialer{}).DialContext
	}
	return &pool{
		dial: func(ctx context.Context) (net.Conn, error) {
			ctx, cancel := context.WithTimeout(ctx, timeout)
			defer cancel()
			return dial(ctx, "tcp", address)
		},
		slots: make(chan struct{}, dials), room: make(chan struct{}, busy),
	}
}

// roundTrip sends a request and hands its answer, whose head was read, to read;
// the connection is kept when read has taken all of the body. A request that
// finds its warm connection closed is sent again over a fresh one if again
// allows it.
func (p *pool) roundTrip(ctx context.Context, req *http.Request, again bool, read func(*http.Response) error) error {
	if err := take(ctx, p.room); err != nil {
		return err
	}
	defer func() { <-p.room }()
	l, warm, err := p.get(ctx)
	if err != nil {
		return err
	}
	err = p.exchange(ctx, l, req, read)
	if !warm || !again || !l.unheard(err) {
		return err
	}
	if req.GetBody != nil {
		if req.Body, err = req.GetBody(); err != nil {
			return err
		}
	}
	if l, err = p.fresh(ctx); err != nil {
		return err
	}
	return p.exchange(ctx, l, req, read)
}

// exchange sends one request over a connection, which afterwards is idle or
// closed.
func (p *pool) exchange(ctx context.Context, l *line, req *http.Request, read func(*http.Response) error) error {
	deadline, _ := ctx.Deadline()
	_ = l.SetDeadline(deadline) // one that can't be set shows in the write
	cut := context.AfterFunc(ctx, func() { _ = l.SetDeadline(time.Unix(1, 0)) })
	err := l.exchange(req, read)
	if !cut() || err != nil || l.last || l.in.Buffered() > 0 {
		_ = l.Close()
		if err != nil && ctx.Err() != nil {
			return ctx.Err()
		}
		return err
	}
	_ = l.SetDeadline(time.Time{}) // while it is idle, a passed one would make it look closed
	l.used = time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) >= warm {
		_ = l.Close()
		return nil
	}
	p.idle = append(p.idle, l)
	return nil
}

// silence is the fault of a connection on which nothing of an answer came.
type silence struct{ error }

func (s silence) Unwrap() error { return s.error }

func (l *line) exchange(req *http.Request, read func(*http.Response) error) error {
	err := req.Write(l.out)
	if err == nil {
		err = l.out.Flush()
	}
	if err != nil {
		return silence{err}
	}
	if _, err := l.in.Peek(1); err != nil {
		return silence{err}
	}
	resp, err := http.ReadResponse(l.in, req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	l.last = resp.Close
	return read(resp)
}

// unheard tells whether a request failed because its connection was closed
// before Asterisk can have begun to carry it out and answer.
func (l *line) unheard(err error) bool {
	var s silence
	var late net.Error
	return errors.As(err, &s) && (!errors.As(err, &late) || !late.Timeout())
}

// get gives the connection used last, which is the likeliest to live, or a
// fresh one.
func (p *pool) get(ctx context.Context) (l *line, warm bool, err error) {
	p.mu.Lock()
	for len(p.idle) > 0 && l == nil {
		l = p.idle[len(p.idle)-1]
		p.idle = p.idle[:len(p.idle)-1]
		if time.Since(l.used) > idle || l.ended() {
			_ = l.Close()
			l = nil
		}
	}
	p.mu.Unlock()
	if l != nil {
		return l, true, nil
	}
	l, err = p.fresh(ctx)
	return l, false, err
}

func (p *pool) fresh(ctx context.Context) (*line, error) {
	if err := take(ctx, p.slots); err != nil {
		return nil, err
	}
	defer func() { <-p.slots }()
	conn, err := p.dial(ctx)
	if err != nil {
		return nil, err
	}
	return &line{Conn: conn, in: bufio.NewReaderSize(conn, lineBuffer), out: bufio.NewWriterSize(conn, lineBuffer)}, nil
}

// ended tells, without waiting, that the other side has closed a connection
// which is idle: so a command that may not be sent twice is not sent into it.
func (l *line) ended() bool {
	q, ok := l.Conn.(*quick)
	return ok && !q.quiet()
}

// forget closes what is idle: those to an Asterisk that went away are dead.
func (p *pool) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.idle {
		_ = l.Close()
	}
	p.idle = nil
}

// take waits for room in a bounded channel.
func take(ctx context.Context, room chan struct{}) error {
	select {
	case room <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
