package asterisk_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"ikomek109/asterisk"
	"ikomek109/ivr"
)

// answering is a server of our own that may answer, hold its tongue or hang up,
// by the number of the request since its start.
type answering struct {
	url      string
	accepted atomic.Int32
	plays    atomic.Int32
	hungUp   chan struct{} // yields when a hang-up of the server's has arrived
}

// answer starts a server; do is called for each request and tells what to write
// and whether to close the connection after it.
func answer(t *testing.T, do func(n int32, req *http.Request) (text string, hangUp bool)) *answering {
	t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	a := &answering{url: "http://" + l.Addr().String() + "/ari", hungUp: make(chan struct{}, 8)}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			a.accepted.Add(1)
			go a.serve(conn, do)
		}
	}()
	return a
}

func (a *answering) serve(conn net.Conn, do func(int32, *http.Request) (string, bool)) {
	defer func() { _ = conn.Close() }()
	n := int32(0)
	for in := bufio.NewReader(conn); ; {
		req, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		if strings.Contains(req.URL.Path, "/play/") {
			a.plays.Add(1)
		}
		n++
		text, hangUp := do(n, req)
		if _, err := conn.Write([]byte(text)); err != nil {
			return
		}
		if hangUp {
			a.hangUp(conn.(*net.TCPConn))
			return
		}
	}
}

// hangUp ends a connection and tells when the other side's end has heard of it.
func (a *answering) hangUp(conn *net.TCPConn) {
	const finWait1 = 4 // TCP_FIN_WAIT1 of linux: our end is not acknowledged yet
	raw, err := conn.SyscallConn()
	if err != nil || conn.CloseWrite() != nil {
		return
	}
	for state := uint8(finWait1); state == finWait1; runtime.Gosched() {
		err := raw.Control(func(fd uintptr) {
			if info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO); err == nil {
				state = info.State
			}
		})
		if err != nil {
			return
		}
	}
	a.hungUp <- struct{}{}
}

const (
	done     = "HTTP/1.1 204 No Content\r\n\r\n"
	notFound = "HTTP/1.1 404 Not Found\r\nContent-Length: 25\r\n\r\n" + `{"message":"no such leg"}`
)

// pooled gives a switch that waits long for an answer, as a busy machine needs.
func (a *answering) pooled(t *testing.T) *asterisk.Switch {
	t.Helper()
	return a.within(t, 10*time.Second)
}

func (a *answering) within(t *testing.T, patience time.Duration) *asterisk.Switch {
	t.Helper()
	s, err := asterisk.New(asterisk.Options{
		URL: a.url, Username: "u", Password: "p", Timing: asterisk.Timing{Request: patience},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestOneConnectionServesManyCommands(t *testing.T) {
	t.Parallel()
	a := answer(t, func(n int32, _ *http.Request) (string, bool) {
		if n%2 == 0 {
			return notFound, false
		}
		return done, false
	})
	s := a.pooled(t)
	for range 20 {
		if err := s.Hangup(t.Context(), "c"); err != nil {
			t.Fatal(err)
		}
	}
	if got := a.accepted.Load(); got != 1 {
		t.Errorf("%d connections for 20 commands in turn", got)
	}
}

// A connection that was idle for longer than a request may take is as good as new.
func TestIdleForLongerThanARequest(t *testing.T) {
	t.Parallel()
	a := answer(t, func(int32, *http.Request) (string, bool) { return done, false })
	const patience = time.Second
	s := a.within(t, patience)
	for range 3 {
		if err := s.Hangup(t.Context(), "c"); err != nil {
			t.Fatal(err)
		}
		<-time.After(patience + patience/5)
	}
	if got := a.accepted.Load(); got != 1 {
		t.Errorf("%d connections for 3 commands in turn", got)
	}
}

// A connection that was closed while idle is seen before a command goes into
// it: a playback, which may not be sent twice, would be lost.
func TestClosedWhileIdle(t *testing.T) {
	t.Parallel()
	a := answer(t, func(int32, *http.Request) (string, bool) { return done, true })
	s := a.pooled(t)
	for i := range 5 {
		err := s.Play(t.Context(), ivr.Play{
			ID: ivr.PlayID(fmt.Sprint("p", i)), Channel: "c", Sounds: []string{"/a"}, Length: time.Minute,
		})
		if err != nil {
			t.Fatalf("command %d: %v", i+1, err)
		}
		<-a.hungUp
	}
	if got := a.plays.Load(); got != 5 {
		t.Errorf("5 playbacks were asked for %d times", got)
	}
}

// What does not fit into the kernel's buffers goes and comes in pieces.
func TestCommandAndAnswerInPieces(t *testing.T) {
	t.Parallel()
	const sounds = 200_000
	long := strings.Repeat("0123456789abcdef", 1<<18)
	got := make(chan int, 1)
	a := answer(t, func(_ int32, req *http.Request) (string, bool) {
		if !strings.Contains(req.URL.Path, "/play/") {
			return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(long), long), false
		}
		var played struct{ Media []string }
		if err := json.NewDecoder(req.Body).Decode(&played); err != nil {
			t.Error(err)
		}
		got <- len(played.Media)
		return done, false
	})
	s := a.within(t, time.Minute)
	play := ivr.Play{ID: "p", Channel: "c", Length: time.Minute, Sounds: slices.Repeat([]string{"/sounds/kk/number/1"}, sounds)}
	if err := s.Play(t.Context(), play); err != nil {
		t.Fatal(err)
	}
	if n := <-got; n != sounds {
		t.Errorf("%d of %d sounds arrived", n, sounds)
	}
	var heard strings.Builder
	if err := s.FetchRecording(t.Context(), "r", &heard); err != nil {
		t.Fatal(err)
	}
	if heard.String() != long {
		t.Errorf("an answer of %d bytes came as %d", len(long), heard.Len())
	}
	if n := a.accepted.Load(); n != 1 {
		t.Errorf("%d connections", n)
	}
}

func TestPlayIsNeverSentTwice(t *testing.T) {
	t.Parallel()
	a := answer(t, func(n int32, req *http.Request) (string, bool) {
		if strings.Contains(req.URL.Path, "/play/") {
			return "", true // taken, and gone without a word
		}
		return done, false
	})
	s := a.pooled(t)
	if err := s.Hangup(t.Context(), "c"); err != nil { // the connection is one in use
		t.Fatal(err)
	}
	err := s.Play(t.Context(), ivr.Play{ID: "p", Channel: "c", Sounds: []string{"/a"}, Length: time.Minute})
	if ivr.CodeOf(err) != ivr.Unavailable {
		t.Errorf("got %v", err)
	}
	if err := s.Shutdown(t.Context()); err != nil { // waits for the stop of what may be playing
		t.Fatal(err)
	}
	if got := a.plays.Load(); got != 1 {
		t.Errorf("it was asked for %d times", got)
	}
}

func TestAnswerThatNeverComes(t *testing.T) {
	t.Parallel()
	silent := make(chan struct{})
	t.Cleanup(func() { close(silent) })
	a := answer(t, func(int32, *http.Request) (string, bool) { <-silent; return "", true })
	s := a.within(t, 300*time.Millisecond)
	if err := s.Hangup(t.Context(), "c"); ivr.CodeOf(err) != ivr.Unavailable {
		t.Errorf("after the time-out: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	asked := make(chan error, 1)
	go func() {
		asked <- s.Play(ctx, ivr.Play{ID: "p", Channel: "c", Sounds: []string{"/a"}, Length: time.Second})
	}()
	cancel()
	if err := <-asked; !errors.Is(err, context.Canceled) {
		t.Errorf("after being given up: %v", err)
	}
}
