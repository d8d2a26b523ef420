package phone_test

import (
	"context"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"ikomek109/phone"
)

// liar is a SIP peer that answers every INVITE with the same text.
type liar struct {
	t      *testing.T
	conn   *net.UDPConn
	answer string // after the headers that every answer copies
}

// newLiar starts a peer whose answers begin with the given status line.
func newLiar(t *testing.T, status, rest string) string {
	t.Helper()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	l := &liar{t: t, conn: conn, answer: rest}
	done := make(chan struct{})
	t.Cleanup(func() { _ = conn.Close(); <-done })
	go func() { defer close(done); l.serve(status) }()
	return "sip:109@" + conn.LocalAddr().String()
}

func (l *liar) serve(status string) {
	buf := make([]byte, 4096)
	for {
		n, from, err := l.conn.ReadFromUDP(buf)
		if err != nil {
			return
		}
		req := string(buf[:n])
		line := status
		if strings.HasPrefix(req, "ACK") {
			continue
		} else if !strings.HasPrefix(req, "INVITE") {
			line = "SIP/2.0 200 OK"
		}
		_, _ = l.conn.WriteToUDP([]byte(answerTo(req, line)+l.answer), from)
	}
}

// body is the end of a message that carries an SDP.
func body(lines ...string) string {
	text := strings.Join(lines, "\r\n") + "\r\n"
	return "Content-Type: application/sdp\r\nContent-Length: " + strconv.Itoa(len(text)) + "\r\n\r\n" + text
}

func TestHostileAnswers(t *testing.T) {
	head := []string{"v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0"}
	sdp := func(lines ...string) string { return body(append(head[:5:5], lines...)...) }
	tests := []struct{ name, status, rest, want string }{
		{"no SDP", "SIP/2.0 200 OK", "Content-Length: 0\r\n\r\n", "sent no SDP"},
		{"garbage", "SIP/2.0 200 OK", body("\x00\xff=", "nonsense"), "cannot be read"},
		{"port 0", "SIP/2.0 200 OK", sdp("m=audio 0 RTP/AVP 8"), "refused the sound"},
		{"port too high", "SIP/2.0 200 OK", sdp("m=audio 99999 RTP/AVP 8"), "SDP"},
		{"video only", "SIP/2.0 200 OK", sdp("m=video 4000 RTP/AVP 96"), "no audio"},
		{"unknown codec, no rtpmap", "SIP/2.0 200 OK", sdp("m=audio 4000 RTP/AVP 96"), "none of our codecs"},
		{"encrypted", "SIP/2.0 200 OK", sdp("m=audio 4000 RTP/SAVPF 8"), "only RTP/AVP"},
		{"a name for an address", "SIP/2.0 200 OK", sdp("m=audio 4000 RTP/AVP 8", "c=IN IP4 evil.example"), "not a plain IP address"},
		{"multicast", "SIP/2.0 200 OK", sdp("m=audio 4000 RTP/AVP 8", "c=IN IP4 224.0.0.1"), "not a plain IP address"},
		{"huge", "SIP/2.0 200 OK", sdp("m=audio 4000 RTP/AVP 8", "a="+strings.Repeat("x", 17000)), "at most"},
		{"odd status", "SIP/2.0 699 \x01Nein", "Content-Length: 0\r\n\r\n", "699"},
		{"challenge of nonsense", "SIP/2.0 401 No", "WWW-Authenticate: Nonsense\r\nContent-Length: 0\r\n\r\n", ""},
	}
	p := newPhone(t, phone.Options{User: "u", Password: "p"})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := p.Dial(patience(t), newLiar(t, tt.status, tt.rest), phone.DialOptions{})
			if err == nil {
				_ = c.Hangup(patience(t))
				t.Fatal("the call was taken for a good one")
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
			if left := p.Calls(); len(left) != 0 {
				t.Errorf("%d calls are left", len(left))
			}
		})
	}
}

func TestHostilePackets(t *testing.T) {
	out, in := pair(t, phone.Options{}, phone.Options{})
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "udp", address(t, out))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	for _, text := range []string{
		"", "\x00", "\r\n\r\n", "INVITE", "INVITE sip:x SIP/2.0\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n",
		"BYE sip:x SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKx\r\nTo: <sip:x>\r\nFrom: <sip:y>\r\nCall-ID: 1\r\nCSeq: 1 BYE\r\n\r\n",
		"INVITE sip:x SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKy\r\nTo: <sip:x>;tag=no\r\nFrom: <sip:y>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n\r\n",
		strings.Repeat("A", 8000),
	} {
		_, _ = conn.Write([]byte(text))
	}
	if _, err := out.SendKey(patience(t), '7', phone.INFO); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the key came", func() bool { return len(in.Keys()) == 1 })
}

// address is the host:port in a call's Contact.
func address(t *testing.T, c *phone.Call) string {
	t.Helper()
	_, after, ok := strings.Cut(c.Header("Contact"), "@")
	if !ok {
		t.Fatalf("contact %q", c.Header("Contact"))
	}
	return strings.TrimRight(after, ">")
}

func TestBadOptions(t *testing.T) {
	for name, opts := range map[string]phone.Options{
		"not a loopback name": {LocalIP: "localhost"},
		"any address":         {LocalIP: "0.0.0.0"},
		"transport":           {Transport: "pigeon"},
		"codec":               {Codecs: []phone.Codec{0}},
	} {
		if p, err := phone.New(opts); err == nil {
			t.Errorf("%s: was accepted", name)
			_ = p.Close()
		}
	}
	p := newPhone(t, phone.Options{})
	for _, to := range []string{"", "109", "tel:109", "sip:", "sip:109@127.0.0.1\r\nX: 1", "http://127.0.0.1"} {
		if _, err := p.Dial(patience(t), to, phone.DialOptions{}); err == nil {
			t.Errorf("%q was dialled", to)
		}
	}
	for _, opts := range []phone.DialOptions{
		{From: &phone.Party{Name: "a\r\nb"}},
		{From: &phone.Party{Host: "a;b"}},
		{Headers: []phone.Header{{Name: "X", Value: "a\r\nb"}}},
		{Headers: []phone.Header{{Name: "X: y", Value: "a"}}},
	} {
		if _, err := p.Dial(patience(t), "sip:109@127.0.0.1:9", opts); err == nil {
			t.Errorf("%+v was sent", opts)
		}
	}
	if err := p.Register(patience(t)); err == nil {
		t.Error("registered without a registrar")
	}
}

// TestNobodyThere gives up at the caller's word, also before any answer.
func TestNobodyThere(t *testing.T) {
	deaf, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = deaf.Close() }()
	p := newPhone(t, phone.Options{})
	began := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := p.Dial(ctx, "sip:109@"+deaf.LocalAddr().String(), phone.DialOptions{}); err == nil {
		t.Fatal("nobody answered")
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("giving up took %s", took)
	}
}
