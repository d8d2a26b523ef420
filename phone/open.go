package phone

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

const (
	// signalBuffer is the kernel's room for SIP, so that a burst of answers to
	// hundreds of calls is not dropped before it is read.
	signalBuffer = 4 << 20
	// listenWithin bounds the start of the listener.
	listenWithin = 2 * time.Second
)

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
	p.port, p.addr = newPort(conn), netip.MustParseAddrPort(conn.LocalAddr().String())
	p.listen = p.port
	return func() {
		defer p.port.rest()
		_ = srv.ServeUDP(p.port)
	}, nil
}

// awaitListener waits until the library knows our socket: a request sent before
// that would try to open the same port a second time.
func (p *Phone) awaitListener() error {
	if p.opts.Transport != "udp" {
		return nil
	}
	deadline := time.Now().Add(listenWithin)
	for time.Now().Before(deadline) {
		if conn, err := p.ua.TransportLayer().GetConnection("udp", p.addr.String()); err == nil && conn != nil {
			return nil
		}
		time.Sleep(time.Millisecond)
	}
	return errors.New("the SIP listener did not start; the machine is overloaded, try again")
}
