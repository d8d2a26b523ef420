package phone

import (
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/pion/rtp"
	"github.com/zaf/g711"
)

const (
	maxPacket = 1500 // nothing longer comes over Ethernet
	// quietBeat is after how many frames a quiet line sends one packet.
	quietBeat = 50
)

// line is the sound of one call: a UDP port, what is sent from it and what
// comes to it.
type line struct {
	call  *Call
	conn  *net.UDPConn
	local netip.AddrPort
	quiet bool

	mu     sync.Mutex // guards what follows
	closed bool
	media  media
	header rtp.Header // of the next packet
	mark   bool       // the next packet begins a spell of sound
	idle   int        // frames a quiet line has left out
	buf    [maxPacket]byte
	key    *pressing
	pause  int // frames between two keys
	queue  []*pressing
	speech []*speech
}

// speech is sound waiting to be sent.
type speech struct {
	pcm  []int16
	done chan struct{} // closed when it was sent
}

// openLine takes a free port for one call's sound.
func openLine(ip netip.Addr, c *Call, quiet bool) (*line, error) {
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(ip, 0)))
	if err != nil {
		return nil, err
	}
	l := &line{call: c, conn: conn, quiet: quiet, mark: true}
	l.local = conn.LocalAddr().(*net.UDPAddr).AddrPort()
	l.header = rtp.Header{
		Version: 2, SSRC: rand.Uint32(), //nolint:gosec // identifies a stream, protects nothing
		// The upper half of the clock is left for the call: Asterisk takes keys
		// whose time has begun anew at zero for old ones.
		SequenceNumber: uint16(rand.Uint32()), Timestamp: rand.Uint32() >> 1, //nolint:gosec // likewise
	}
	return l, nil
}

// expect notes where the other side hears, before the call is answered.
func (l *line) expect(m media) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.media.addr.IsValid() {
		l.media = m
	}
}

// agree takes over what the two sides settled on.
func (l *line) agree(m media) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.media = m
}

// agreed gives what the two sides settled on; its address is invalid before.
func (l *line) agreed() media {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.media
}

func (l *line) isClosed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closed
}

// close frees the port, which ends the reader too.
func (l *line) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil
	}
	l.closed = true
	l.queue, l.speech, l.key = nil, nil, nil
	return l.conn.Close()
}

// read takes packets until the port is closed. What is not RTP from the other
// side's machine is passed over.
func (l *line) read() {
	var (
		buf  [maxPacket]byte
		head rtp.Header
		keys keyReader
	)
	for {
		n, from, err := l.conn.ReadFromUDPAddrPort(buf[:])
		if err != nil {
			if l.isClosed() {
				return
			}
			continue // the other port is not open yet, or not any more
		}
		at := time.Now()
		size, err := head.Unmarshal(buf[:n])
		m := l.agreed()
		if err != nil || m.addr.IsValid() && from.Addr().Unmap() != m.addr.Addr().Unmap() {
			continue
		}
		payload := buf[size:n]
		switch {
		case m.keys != 0 && head.PayloadType == m.keys:
			if k, ok := keys.read(head, payload); ok {
				k.At = at
				l.call.heardKey(k)
			}
		case head.PayloadType == Alaw.payload():
			l.hear(at, head, payload, Alaw)
		case head.PayloadType == Ulaw.payload():
			l.hear(at, head, payload, Ulaw)
		}
	}
}

// hear puts one packet of sound on the time line.
func (l *line) hear(at time.Time, head rtp.Header, payload []byte, codec Codec) {
	if l.call.timeline.take(at, head, payload, codec) {
		l.call.happened(at, EventSound, "")
	}
}

// encode writes samples as the codec wants them.
func encode(dst []byte, pcm []int16, codec Codec) []byte {
	for _, s := range pcm {
		if codec == Ulaw {
			dst = append(dst, g711.EncodeUlawFrame(s))
		} else {
			dst = append(dst, g711.EncodeAlawFrame(s))
		}
	}
	return dst
}
