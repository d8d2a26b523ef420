package phone_test

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"ikomek109/phone"
)

// TestClosedPhoneIsSilent: whatever comes in while it is being closed, a phone
// sends nothing afterwards, from no port.
func TestClosedPhoneIsSilent(t *testing.T) {
	for range 20 {
		conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			t.Fatal(err)
		}
		p := newPhone(t, phone.Options{})
		to, err := net.ResolveUDPAddr("udp", strings.TrimPrefix(p.URI(), "sip:phone@"))
		if err != nil {
			t.Fatal(err)
		}
		stop := make(chan struct{})
		var asking sync.WaitGroup
		asking.Go(func() { ask(conn, to, stop) })
		buf := make([]byte, 4096)
		if _, _, err := conn.ReadFromUDP(buf); err != nil { // it answers while it lives
			t.Fatal(err)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		close(stop)
		asking.Wait()
		quiet(t, conn, to)
		_ = conn.Close()
	}
}

// ask sends questions without a pause until stop is closed.
func ask(conn *net.UDPConn, to *net.UDPAddr, stop <-chan struct{}) {
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		default:
		}
		_, _ = fmt.Fprintf(writerTo{conn, to}, "OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP %s;rport;branch=z9hG4bK%d\r\n"+
			"To: <sip:x>\r\nFrom: <sip:y>;tag=1\r\nCall-ID: %d\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 9\r\nContent-Length: 0\r\n\r\n",
			conn.LocalAddr(), i, i)
	}
}

type writerTo struct {
	conn *net.UDPConn
	to   *net.UDPAddr
}

func (w writerTo) Write(b []byte) (int, error) { return w.conn.WriteToUDP(b, w.to) }

// quiet reads what was on the way, and fails for what comes from elsewhere or later.
func quiet(t *testing.T, conn *net.UDPConn, phone *net.UDPAddr) {
	t.Helper()
	buf := make([]byte, 4096)
	for {
		_ = conn.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		_, from, err := conn.ReadFromUDP(buf)
		if err != nil {
			return
		}
		if from.Port != phone.Port {
			t.Fatalf("an answer came from port %d, the phone's was %d", from.Port, phone.Port)
		}
	}
}
