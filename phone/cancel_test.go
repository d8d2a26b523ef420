package phone_test

import (
	"context"
	"fmt"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"ikomek109/phone"
)

// eager is a peer that answers every INVITE at once, and keeps what it is sent.
type eager struct {
	conn *net.UDPConn
	mu   sync.Mutex
	got  map[string][]string // guarded by mu: methods, by Call-ID
}

func newEager(t *testing.T) *eager {
	t.Helper()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	e := &eager{conn: conn, got: map[string][]string{}}
	done := make(chan struct{})
	t.Cleanup(func() { _ = conn.Close(); <-done })
	go func() { defer close(done); e.serve() }()
	return e
}

var callID = regexp.MustCompile(`(?m)^Call-ID: *(\S+)`)

func (e *eager) serve() {
	sdp := body("v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0", "m=audio 4000 RTP/AVP 8")
	buf := make([]byte, 4096)
	for {
		n, from, err := e.conn.ReadFromUDP(buf)
		if err != nil {
			return
		}
		req := string(buf[:n])
		method, _, _ := strings.Cut(req, " ")
		e.mu.Lock()
		if m := callID.FindStringSubmatch(req); m != nil {
			e.got[m[1]] = append(e.got[m[1]], method)
		}
		e.mu.Unlock()
		if method == "ACK" {
			continue
		}
		rest := "Content-Length: 0\r\n\r\n"
		if method == "INVITE" {
			rest = fmt.Sprintf("Contact: <sip:109@%s>\r\n%s", e.conn.LocalAddr(), sdp)
		}
		_, _ = e.conn.WriteToUDP([]byte(answerTo(req, "SIP/2.0 200 OK")+rest), from)
	}
}

// answerTo begins an answer: the status line and what every answer copies.
func answerTo(req, status string) string {
	var b strings.Builder
	b.WriteString(status + "\r\n")
	for h := range strings.SplitSeq(req, "\r\n") {
		name, _, _ := strings.Cut(h, ":")
		switch name {
		case "Via", "From", "Call-ID", "CSeq":
			b.WriteString(h + "\r\n")
		case "To":
			if !strings.Contains(h, "tag=") {
				h += ";tag=theirs"
			}
			b.WriteString(h + "\r\n")
		}
	}
	return b.String()
}

// unconfirmed gives the calls that were answered and not confirmed, or not ended.
func (e *eager) unconfirmed() (all []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for id, methods := range e.got {
		seen := strings.Join(methods, " ")
		if !strings.Contains(seen, "ACK") || !strings.Contains(seen, "BYE") {
			all = append(all, id+": "+seen)
		}
	}
	return all
}

// TestGivenUpAtTheMomentOfTheAnswer: whoever answered is told that nobody is
// there any more, however close the two come to each other.
func TestGivenUpAtTheMomentOfTheAnswer(t *testing.T) {
	e := newEager(t)
	p := newPhone(t, phone.Options{})
	var calls errgroup.Group
	calls.SetLimit(20) // a packet that the kernel drops would be taken for one not sent
	for i := range 200 {
		calls.Go(func() error {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*20*time.Microsecond)
			defer cancel()
			c, err := p.Dial(ctx, "sip:109@"+e.conn.LocalAddr().String(), phone.DialOptions{Quiet: true})
			if err == nil {
				_ = c.Hangup(patience(t))
			}
			return nil
		})
	}
	_ = calls.Wait() // none fails
	eventually(t, "every answer is confirmed and ended", func() bool { return len(e.unconfirmed()) == 0 })
}

// TestNobodyThereIsToldSoon in one line, with what to look at.
func TestNobodyThereIsToldSoon(t *testing.T) {
	mute, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close() //nolint:errcheck // it only listened
	gone, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	closed := gone.LocalAddr().String()
	if err := gone.Close(); err != nil {
		t.Fatal(err)
	}
	p := newPhone(t, phone.Options{})
	for at, want := range map[string]string{closed: "nobody listens at " + closed, mute.LocalAddr().String(): "not within 200ms"} {
		begun := time.Now()
		_, err := p.Dial(patience(t), "sip:109@"+at, phone.DialOptions{FirstWord: 200 * time.Millisecond})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %v, want %q", err, want)
		}
		if took := time.Since(begun); took > 5*time.Second {
			t.Errorf("told after %s", took)
		}
	}
	if left := p.Calls(); len(left) != 0 {
		t.Errorf("%d calls are left", len(left))
	}
}
