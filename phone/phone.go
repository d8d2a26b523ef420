package phone

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

const (
	// closeGrace bounds how long Close waits for the goodbyes of live calls.
	closeGrace = 2 * time.Second
	// incomingBuffer is how many ringing calls wait for a reader of Incoming.
	incomingBuffer = 64
	// signalBuffer is the kernel's room for SIP, so that a burst of answers to
	// hundreds of calls is not dropped before it is read.
	signalBuffer = 4 << 20
)

// Options says who the phone is. The zero value is an anonymous phone on
// 127.0.0.1 over UDP that may call but refuses to be called.
type Options struct {
	// LocalIP is the address of this machine to speak from; 127.0.0.1 if empty.
	LocalIP string
	// Transport of the signalling, "udp" (if empty) or "tcp".
	Transport string
	// User and Password authenticate: registration, and calls when challenged.
	User, Password string
	// Registrar is host:port of the switch to register with; needed by Register.
	Registrar string
	// Identity is the number and name shown to the other side. Nil shows User.
	Identity *Party
	// Codecs in order of preference; both, alaw first, if empty.
	Codecs []Codec
	// Incoming says what to do with calls to this phone; refused if unset.
	Incoming Policy
	// Expiry is the term asked for a registration; two minutes if zero.
	Expiry time.Duration
	// Logger gets the phone's own talk; nobody if nil. Nothing secret is logged.
	Logger *slog.Logger
}

// Phone is one SIP user agent with one port. Its methods may be called from any
// goroutine. Close it to give everything back.
type Phone struct {
	opts   Options
	log    *slog.Logger
	ip     netip.Addr
	ua     *sipgo.UserAgent
	client *sipgo.Client
	dialog sipgo.DialogUA
	listen interface{ Close() error }
	addr   netip.AddrPort
	clock  clock

	incoming chan *Call
	closing  chan struct{}
	work     sync.WaitGroup // every goroutine this phone started
	dials    sync.WaitGroup // calls being dialled; Close lets them cancel

	registrar registration

	mu     sync.Mutex // guards what follows
	closed bool
	policy Policy
	calls  map[string]*Call // by dialogKey
}

// New opens the phone's port and begins to listen. The error tells which option
// is wrong or why the port cannot be had.
func New(opts Options) (*Phone, error) {
	ip, err := settle(&opts)
	if err != nil {
		return nil, fmt.Errorf("new phone: %w", err)
	}
	p := &Phone{
		opts: opts, log: opts.Logger, ip: ip, policy: opts.Incoming,
		incoming: make(chan *Call, incomingBuffer),
		closing:  make(chan struct{}),
		calls:    make(map[string]*Call),
	}
	if err := p.open(); err != nil {
		return nil, fmt.Errorf("new phone on %s over %s: %w", ip, opts.Transport, err)
	}
	return p, nil
}

// settle fills in the defaults and refuses what cannot work.
func settle(opts *Options) (netip.Addr, error) {
	if opts.LocalIP == "" {
		opts.LocalIP = "127.0.0.1"
	}
	ip, err := netip.ParseAddr(opts.LocalIP)
	if err != nil || ip.IsUnspecified() {
		return ip, fmt.Errorf("local address %q is not an IP address of this machine; give one such as 127.0.0.1", opts.LocalIP)
	}
	opts.Transport = strings.ToLower(opts.Transport)
	if opts.Transport == "" {
		opts.Transport = "udp"
	}
	if opts.Transport != "udp" && opts.Transport != "tcp" {
		return ip, fmt.Errorf("transport %q is unknown; use udp or tcp", opts.Transport)
	}
	if len(opts.Codecs) == 0 {
		opts.Codecs = []Codec{Alaw, Ulaw}
	}
	for _, c := range opts.Codecs {
		if c != Alaw && c != Ulaw {
			return ip, fmt.Errorf("codec %s is unknown; use phone.Alaw or phone.Ulaw", c)
		}
	}
	if opts.Identity == nil {
		opts.Identity = &Party{User: opts.User}
	}
	if opts.Expiry <= 0 {
		opts.Expiry = 2 * time.Minute
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	return ip, nil
}

// open makes the user agent and starts listening on a free port.
func (p *Phone) open() error {
	quiet := slog.New(slog.DiscardHandler) // the library logs whole messages, numbers included
	ua, err := sipgo.NewUA(
		sipgo.WithUserAgent("phone"), sipgo.WithUserAgentHostname(p.opts.LocalIP),
		sipgo.WithUserAgentTransactionLayerOptions(
			sip.WithTransactionLayerLogger(quiet),
			sip.WithTransactionLayerUnhandledResponseHandler(func(*sip.Response) {})),
		sipgo.WithUserAgentTransportLayerOptions(sip.WithTransportLayerLogger(quiet)),
	)
	if err != nil {
		return err
	}
	p.ua = ua
	srv, err := sipgo.NewServer(ua, sipgo.WithServerLogger(quiet))
	if err != nil {
		return errors.Join(err, ua.Close())
	}
	p.route(srv)
	start, err := p.bind(srv)
	if err != nil {
		return errors.Join(err, ua.Close())
	}
	options := []sipgo.ClientOption{
		sipgo.WithClientLogger(quiet), sipgo.WithClientHostname(p.opts.LocalIP), sipgo.WithClientNAT(),
	}
	if p.opts.Transport == "udp" { // speak from the very port we listen on
		options = append(options, sipgo.WithClientConnectionAddr(p.addr.String()))
	}
	if p.client, err = sipgo.NewClient(ua, options...); err != nil {
		return errors.Join(err, p.listen.Close(), ua.Close())
	}
	p.dialog = sipgo.DialogUA{Client: p.client, ContactHDR: p.contact(), RewriteContact: true}
	p.work.Go(start) // last: from here on requests come in
	if err := p.awaitListener(); err != nil {
		return errors.Join(err, p.listen.Close(), ua.Close())
	}
	return nil
}

// bind takes a free port of the wanted transport; the function it gives serves it.
func (p *Phone) bind(srv *sipgo.Server) (start func(), err error) {
	at := net.JoinHostPort(p.opts.LocalIP, "0")
	var lc net.ListenConfig
	if p.opts.Transport == "tcp" {
		l, err := lc.Listen(context.Background(), "tcp", at)
		if err != nil {
			return nil, err
		}
		p.listen, p.addr = l, netip.MustParseAddrPort(l.Addr().String())
		return func() { _ = srv.ServeTCP(l) }, nil
	}
	conn, err := lc.ListenPacket(context.Background(), "udp", at)
	if err != nil {
		return nil, err
	}
	if udp, ok := conn.(*net.UDPConn); ok {
		_ = udp.SetReadBuffer(signalBuffer) // the kernel may give less; a small burst still fits
	}
	p.listen, p.addr = conn, netip.MustParseAddrPort(conn.LocalAddr().String())
	return func() { _ = srv.ServeUDP(conn) }, nil
}

// awaitListener waits until the library knows our socket: a request sent before
// that would try to open the same port a second time.
func (p *Phone) awaitListener() error {
	if p.opts.Transport != "udp" {
		return nil
	}
	deadline := time.Now().Add(closeGrace)
	for time.Now().Before(deadline) {
		if conn, err := p.ua.TransportLayer().GetConnection("udp", p.addr.String()); err == nil && conn != nil {
			return nil
		}
		time.Sleep(time.Millisecond)
	}
	return errors.New("the SIP listener did not start; the machine is overloaded, try again")
}

// URI is the SIP address of this phone, for a call from phone to phone.
func (p *Phone) URI() string {
	u := p.contact().Address
	return u.String()
}

// contact is the address other sides reach us at.
func (p *Phone) contact() sip.ContactHeader {
	user := p.opts.User
	if user == "" {
		user = "phone"
	}
	h := sip.ContactHeader{Address: sip.Uri{
		Scheme: "sip", User: escapeUser(user), Host: p.opts.LocalIP, Port: int(p.addr.Port()),
	}}
	if p.opts.Transport == "tcp" {
		h.Address.UriParams = sip.HeaderParams{{K: "transport", V: "tcp"}}
	}
	return h
}

// SetPolicy changes what happens to calls that arrive from now on.
func (p *Phone) SetPolicy(policy Policy) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.policy = policy
}

// Calls gives the calls that are ringing or up now, in no order.
func (p *Phone) Calls() []*Call {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make([]*Call, 0, len(p.calls))
	for _, c := range p.calls {
		all = append(all, c)
	}
	return all
}

// Close hangs up every call, stops everything the phone started and frees its
// ports. It may be called twice; it takes at most a few seconds. It does not
// unregister: a phone that is switched off does not either.
func (p *Phone) Close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	close(p.closing)
	p.mu.Unlock()

	p.registrar.stop()
	p.hangupAll()
	p.dials.Wait() // each is bounded by giveUp once closing is closed
	err := errors.Join(p.ua.Close(), ignoreClosed(p.listen.Close()))
	for _, c := range p.Calls() {
		c.finish(End{By: Us, Reason: "phone closed"})
	}
	p.work.Wait()
	return err
}

// hangupAll says goodbye in every live call, all at once and within closeGrace.
func (p *Phone) hangupAll() {
	ctx, cancel := context.WithTimeout(context.Background(), closeGrace)
	defer cancel()
	var wg sync.WaitGroup
	for _, c := range p.Calls() {
		wg.Go(func() { _ = c.Hangup(ctx) })
	}
	wg.Wait()
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// startDial counts a dial in, unless the phone is closed.
func (p *Phone) startDial() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return ErrClosed
	}
	p.dials.Add(1)
	return nil
}

// add enters a call under its key, unless the phone is closed.
func (p *Phone) add(key string, c *Call) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return ErrClosed
	}
	p.calls[key] = c
	return nil
}

// remove forgets a call that has ended.
func (p *Phone) remove(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.calls, key)
}

// find gives the call a request inside a dialog belongs to, or nil.
func (p *Phone) find(req *sip.Request) *Call {
	key, ok := keyOf(req)
	if !ok {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls[key]
}

// dialogKey names a dialog by what both sides repeat in every request: the call
// id and the tag that is ours.
func dialogKey(callID, ourTag string) string { return callID + "\x00" + ourTag }

// keyOf reads the key from a request of the other side, whose To is us.
func keyOf(req *sip.Request) (string, bool) {
	if req.CallID() == nil || req.To() == nil {
		return "", false
	}
	tag, ok := req.To().Params.Get("tag")
	return dialogKey(req.CallID().Value(), tag), ok
}
