package phone

import (
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// incomingBuffer is how many ringing calls wait for a reader of Incoming.
const incomingBuffer = 64

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
	listen io.Closer
	port   *port // where SIP comes in over UDP; nil over TCP
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
