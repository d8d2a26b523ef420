package phone

import (
	"net"
	"os"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// maxPeers bounds the addresses that a port remembers; a phone hears one or two.
const maxPeers = 1024

// port is the socket on which a phone takes its SIP over UDP. The library opens
// another one, which nobody closes, when it has something to say to an address
// and finds no connection: as it does while it is being closed. So before that
// the port is parked: nothing more is read, and in the library's books a
// connection that sends nothing takes the place of the real one.
type port struct {
	net.PacketConn

	mu     sync.Mutex
	parked bool                // guarded by mu
	peers  map[string]struct{} // guarded by mu; who has written to us

	idle chan struct{} // closed when the reader has come to rest
	end  chan struct{} // closed by Close
	once sync.Once
}

func newPort(conn net.PacketConn) *port {
	return &port{
		PacketConn: conn, peers: make(map[string]struct{}),
		idle: make(chan struct{}), end: make(chan struct{}),
	}
}

// ReadFrom reads the next packet. On a parked port it says that it rests, as
// everything read before is in the library's hands, and waits for Close.
func (o *port) ReadFrom(b []byte) (int, net.Addr, error) {
	var (
		n    int
		from net.Addr
		err  = os.ErrDeadlineExceeded
	)
	if !o.isParked() {
		n, from, err = o.PacketConn.ReadFrom(b)
	}
	if !o.isParked() {
		if err == nil {
			o.remember(from)
		}
		return n, from, err
	}
	o.rest()
	<-o.end
	return 0, nil, net.ErrClosed
}

// rest says that the reader reads nothing more.
func (o *port) rest() { o.once.Do(func() { close(o.idle) }) }

func (o *port) isParked() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.parked
}

func (o *port) remember(from net.Addr) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.peers) < maxPeers {
		o.peers[from.String()] = struct{}{}
	}
}

// park has the port read nothing more, and the library find nothing but a closed
// connection for whoever it has heard of.
func (o *port) park(books *sip.ConnectionPool) {
	o.mu.Lock()
	o.parked = true
	o.mu.Unlock()
	_ = o.SetReadDeadline(time.Now()) // wakes the reader
	<-o.idle
	closed := shut{o.LocalAddr()}
	books.Add(o.LocalAddr().String(), closed)
	for peer := range o.peers { // nobody adds to them any more
		books.Add(peer, closed)
	}
}

// Close frees the port, parked or not. It may be called twice.
func (o *port) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	select {
	case <-o.end:
		return net.ErrClosed
	default:
	}
	close(o.end)
	return o.PacketConn.Close()
}

// shut is a connection of the library's that sends nothing any more.
type shut struct{ addr net.Addr }

func (s shut) LocalAddr() net.Addr        { return s.addr }
func (s shut) WriteMsg(sip.Message) error { return net.ErrClosed }
func (s shut) Ref(int) int                { return 1 }
func (s shut) TryClose() (int, error)     { return 1, nil }
func (s shut) Close() error               { return nil }
