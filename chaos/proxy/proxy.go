package proxy

import (
	"context"
	"errors"
	"io"
	"log"
	"math/bits"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Trouble is what becomes of commands.
type Trouble int

// The troubles. The zero value is none: commands are passed on.
const (
	None       Trouble = iota
	Hanging            // neither passed on nor answered, until the trouble is over
	Failing            // answered with 500, and not passed on
	Closing            // the connection is closed, and nothing passed on
	Unanswered         // carried out, and the connection closed in place of the answer
)

// Proxy passes HTTP on to an Asterisk. Close ends it.
type Proxy struct {
	addr    string
	server  *http.Server
	forward *httputil.ReverseProxy
	played  func(channel string)

	mu      sync.Mutex
	trouble Trouble            // guarded by mu
	over    chan struct{}      // guarded by mu: closed when the trouble is over
	count   uint               // guarded by mu: of commands while there is trouble
	refuses bool               // guarded by mu: new streams
	held    chan struct{}      // guarded by mu: closed when streams go on; nil: they go
	streams map[*conn]struct{} // guarded by mu
}

// New listens, and passes everything on to an Asterisk's host:port. Played is
// told of every channel for which a command to play something was carried out.
func New(ctx context.Context, asterisk string, played func(channel string)) (*Proxy, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{addr: l.Addr().String(), played: played, streams: map[*conn]struct{}{}}
	p.forward = httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: asterisk})
	p.forward.Transport = &http.Transport{MaxIdleConnsPerHost: 64}
	p.forward.ErrorLog = log.New(io.Discard, "", 0) // what fails is told by the program
	p.forward.ModifyResponse = p.look
	p.server = &http.Server{
		Handler: p, ErrorLog: p.forward.ErrorLog, ReadHeaderTimeout: time.Minute,
		ConnState: p.changed,
	}
	go func() { _ = p.server.Serve(listener{l, p}) }() // ends with Close
	return p, nil
}

// Addr is host:port of the proxy.
func (p *Proxy) Addr() string { return p.addr }

// Close ends every connection.
func (p *Proxy) Close() error {
	p.Disturb(None)
	p.Hold(false)
	p.Cut()
	return p.server.Close()
}

// Disturb does something to half of the commands from now on, so that some get
// through; None ends it. Which ones follows no rhythm (the sequence of Thue and
// Morse), or every try of one that comes with another would meet the fault.
func (p *Proxy) Disturb(t Trouble) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over != nil {
		close(p.over)
		p.over = nil
	}
	if p.trouble = t; t != None {
		p.over = make(chan struct{})
	}
}

// Cut closes every stream of events.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.streams {
		_ = c.Close() // that is the fault
	}
}

// Refuse has new streams of events refused.
func (p *Proxy) Refuse(yes bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuses = yes
}

// Hold keeps back what comes in streams of events, and all of it comes at once
// afterwards.
func (p *Proxy) Hold(yes bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held != nil {
		close(p.held)
		p.held = nil
	}
	if yes {
		p.held = make(chan struct{})
	}
}

// ServeHTTP implements [http.Handler].
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		if p.refusing() {
			panic(http.ErrAbortHandler)
		}
		p.forward.ServeHTTP(w, r)
		return
	}
	trouble, over := p.next()
	switch trouble {
	case None:
		p.forward.ServeHTTP(w, r)
		return
	case Failing:
		http.Error(w, "a fault made on purpose", http.StatusInternalServerError)
		return
	case Hanging:
		select {
		case <-over:
		case <-r.Context().Done():
		}
	case Unanswered:
		p.forward.ServeHTTP(nowhere{}, r)
	case Closing:
	}
	panic(http.ErrAbortHandler)
}

func (p *Proxy) refusing() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.refuses
}

// next is what becomes of the next command.
func (p *Proxy) next() (Trouble, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.trouble == None {
		return None, nil
	}
	if p.count++; bits.OnesCount(p.count+3)%2 == 0 { // begins with one that fails and two that do not
		return None, nil
	}
	return p.trouble, p.over
}

// look tells of channels that something is played to.
func (p *Proxy) look(resp *http.Response) error {
	words := strings.Split(strings.Trim(resp.Request.URL.Path, "/"), "/") // ari channels ID play
	if resp.Request.Method == http.MethodPost && resp.StatusCode < 300 && len(words) > 3 && words[1] == "channels" && words[3] == "play" {
		p.played(words[2])
	}
	return nil
}

// changed keeps the connections that became streams.
func (p *Proxy) changed(nc net.Conn, state http.ConnState) {
	c, ok := nc.(*conn)
	if !ok || state != http.StateHijacked {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.streams[c] = struct{}{}
}

// listener makes connections that can be held.
type listener struct {
	net.Listener
	proxy *Proxy
}

func (l listener) Accept() (net.Conn, error) {
	nc, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &conn{Conn: nc, proxy: l.proxy, closed: make(chan struct{})}, nil
}

// conn is a connection of the program.
type conn struct {
	net.Conn
	proxy  *Proxy
	once   sync.Once
	closed chan struct{}
}

// Write waits while streams are held, if it is one.
func (c *conn) Write(b []byte) (int, error) {
	c.proxy.mu.Lock()
	held := c.proxy.held
	_, stream := c.proxy.streams[c]
	c.proxy.mu.Unlock()
	if stream && held != nil {
		select {
		case <-held:
		case <-c.closed:
			return 0, net.ErrClosed
		}
	}
	return c.Conn.Write(b)
}

// Close ends the connection; the proxy forgets it when the lock is free.
func (c *conn) Close() error {
	err := net.ErrClosed
	c.once.Do(func() {
		close(c.closed)
		err = c.Conn.Close()
		go c.proxy.forget(c)
	})
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

func (p *Proxy) forget(c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.streams, c)
}

// nowhere is an answer that nobody gets.
type nowhere struct{}

func (nowhere) Header() http.Header         { return http.Header{} }
func (nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (nowhere) WriteHeader(int)             {}
