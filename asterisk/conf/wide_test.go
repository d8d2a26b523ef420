package conf_test

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestSoundOfEachRate proves that a call whose codec carries 16 kHz gets the
// file of 16 kHz, and another that of 8 kHz, by looking at the file that
// Asterisk holds open. The name is one that an imported recording has.
func TestSoundOfEachRate(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	sound := filepath.Join(t.TempDir(), "дауыс@20261123-064140-2")
	longTone(t, sound+".wav", 8000)
	longTone(t, sound+".wav16", 16000)
	prog := r.program()
	for _, codec := range []struct{ name, sdp, file string }{
		{"opus", "107\r\na=rtpmap:107 opus/48000/2", ".wav16"},
		{"alaw", "8\r\na=rtpmap:8 PCMA/8000", ".wav"},
	} {
		t.Run(codec.name, func(t *testing.T) {
			hangUp := r.rawCall(t, codec.name, codec.sdp)
			defer hangUp()
			begin := prog.want("StasisStart", 5*time.Second)
			query := url.Values{"media": {"sound:" + sound}}
			if code := r.ari(http.MethodPost, "/channels/"+begin.Channel.ID+"/play?"+query.Encode(), nil, nil); code != http.StatusCreated {
				t.Fatalf("playing gave %d", code)
			}
			eventually(t, 5*time.Second, "the file "+codec.file+" is played", func() bool {
				return strings.Join(r.openFiles(t, sound), " ") == sound+codec.file
			})
			if code := r.ari(http.MethodDelete, "/channels/"+begin.Channel.ID, nil, nil); code != http.StatusNoContent {
				t.Errorf("hanging up gave %d", code)
			}
			prog.want("StasisEnd", 5*time.Second)
		})
	}
}

// longTone writes some seconds of sound, so that it can be seen playing.
func longTone(t *testing.T, path string, rate int) {
	t.Helper()
	short := beep(t, t.TempDir(), "tone", 440)
	raw, err := os.ReadFile(short + ".wav") //nolint:gosec // a file of the test
	if err != nil {
		t.Fatal(err)
	}
	head, data := raw[:44], raw[44:]
	var long []byte
	for range 20 * rate / 8000 {
		long = append(long, data...)
	}
	head[24], head[25] = byte(rate), byte(rate>>8)     //nolint:gosec // the bytes of a number
	head[28], head[29] = byte(2*rate), byte(2*rate>>8) //nolint:gosec // the bytes of a number
	for i := range 4 {
		head[40+i] = byte(len(long) >> (8 * i)) //nolint:gosec // one byte of four
	}
	if err := os.WriteFile(path, append(head, long...), 0o600); err != nil { //nolint:gosec // a folder of this test
		t.Fatal(err)
	}
}

// openFiles lists the files with this beginning that Asterisk has open.
func (r *rig) openFiles(t *testing.T, beginning string) []string {
	t.Helper()
	links, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", r.Running().Pid()))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, link := range links {
		if file, err := os.Readlink(link); err == nil && strings.HasPrefix(file, beginning) {
			found = append(found, file)
		}
	}
	return found
}

var toTag = regexp.MustCompile(`(?mi)^(?:To|t): (.*)\r$`)

// rawCall dials 109 with one codec, which our own phone need not have.
func (r *rig) rawCall(t *testing.T, name, codec string) (hangUp func()) {
	t.Helper()
	var dialer net.Dialer
	sock, err := dialer.DialContext(t.Context(), "udp", r.Ports.SIPAddr())
	if err != nil {
		t.Fatal(err)
	}
	here := sock.LocalAddr().String()
	body := "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP " + codec + "\r\n"
	send := func(method, to, more string) {
		request := method + " sip:109@" + r.Ports.SIPAddr() + " SIP/2.0\r\nVia: SIP/2.0/UDP " + here + ";branch=z9hG4bK" + name + method + ";rport\r\n" +
			"From: <sip:x@127.0.0.1>;tag=1\r\nTo: " + to + "\r\nCall-ID: " + name + "\r\nCSeq: 1 " + method + "\r\n" +
			"Contact: <sip:x@" + here + ">\r\nMax-Forwards: 70\r\n"
		if more != "" {
			request += "Content-Type: application/sdp\r\n"
		}
		request += fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(more), more)
		if _, err := sock.Write([]byte(request)); err != nil {
			t.Error(err)
		}
	}
	send("INVITE", "<sip:109@127.0.0.1>", body)
	to := answered(t, sock)
	send("ACK", to, "")
	return func() { _ = sock.Close() }
}

// answered waits for the 200 of an INVITE and gives its To.
func answered(t *testing.T, sock net.Conn) string {
	t.Helper()
	if err := sock.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	raw := make([]byte, 4096)
	for {
		n, err := sock.Read(raw)
		if err != nil {
			t.Fatalf("no answer: %v", err)
		}
		text := string(raw[:n])
		if m := toTag.FindStringSubmatch(text); m != nil && strings.HasPrefix(text, "SIP/2.0 200 ") {
			return m[1]
		}
		if strings.HasPrefix(text, "SIP/2.0 4") || strings.HasPrefix(text, "SIP/2.0 5") {
			t.Fatalf("refused: %s", text)
		}
	}
}
