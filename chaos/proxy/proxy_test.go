package proxy_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"ikomek109/chaos/proxy"
)

// behind is a server that counts commands and has a stream of what send says.
type behind struct {
	*proxy.Proxy
	commands atomic.Int32
	send     chan string
	played   chan string
}

func newBehind(t *testing.T) *behind {
	t.Helper()
	b := &behind{send: make(chan string), played: make(chan string, 10)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/ari/events" {
			b.commands.Add(1)
			return
		}
		ws, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer ws.CloseNow() //nolint:errcheck // the other side ends it
		for text := range b.send {
			if ws.Write(r.Context(), websocket.MessageText, []byte(text)) != nil {
				return
			}
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(b.send) })
	p, err := proxy.New(t.Context(), strings.TrimPrefix(server.URL, "http://"), func(ch string) { b.played <- ch })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	b.Proxy = p
	return b
}

func (b *behind) command(t *testing.T, within time.Duration) (int, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+b.Addr()+"/ari/channels/17.1/play", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close() //nolint:errcheck // it was only read
	return resp.StatusCode, nil
}

// TestCommands: what the program and Asterisk each see of a trouble. The
// command after the first gets through.
func TestCommands(t *testing.T) {
	for name, c := range map[string]struct {
		trouble proxy.Trouble
		carried int32 // of the command that is disturbed
		check   func(status int, err error) bool
	}{
		"none":       {proxy.None, 1, func(s int, err error) bool { return s == 200 && err == nil }},
		"hanging":    {proxy.Hanging, 0, func(_ int, err error) bool { return errors.Is(err, context.DeadlineExceeded) }},
		"failing":    {proxy.Failing, 0, func(s int, err error) bool { return s == 500 && err == nil }},
		"closing":    {proxy.Closing, 0, func(_ int, err error) bool { return errors.Is(err, io.EOF) }},
		"unanswered": {proxy.Unanswered, 1, func(_ int, err error) bool { return errors.Is(err, io.EOF) }},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBehind(t)
			b.Disturb(c.trouble)
			within := 10 * time.Second
			if c.trouble == proxy.Hanging {
				within = 300 * time.Millisecond // it runs out
			}
			if s, err := b.command(t, within); !c.check(s, err) {
				t.Errorf("the program sees %d, %v", s, err)
			}
			if n := b.commands.Load(); n != c.carried {
				t.Errorf("%d were carried out, want %d", n, c.carried)
			}
			if s, err := b.command(t, 5*time.Second); s != 200 || err != nil {
				t.Errorf("the next: %d, %v", s, err)
			}
			if ch := <-b.played; ch != "17.1" {
				t.Errorf("told of channel %q", ch)
			}
			b.Disturb(proxy.None)
			if s, err := b.command(t, 5*time.Second); s != 200 || err != nil {
				t.Errorf("after the trouble: %d, %v", s, err)
			}
		})
	}
}

func (b *behind) stream(t *testing.T) (*websocket.Conn, error) {
	t.Helper()
	ws, _, err := websocket.Dial(t.Context(), "ws://"+b.Addr()+"/ari/events", nil) //nolint:bodyclose // it is the connection
	if err == nil {
		t.Cleanup(func() { _ = ws.CloseNow() })
	}
	return ws, err
}

func hear(t *testing.T, ws *websocket.Conn, within time.Duration) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	_, text, err := ws.Read(ctx)
	return string(text), err
}

func TestStreamIsCutAndRefused(t *testing.T) {
	b := newBehind(t)
	ws, err := b.stream(t)
	if err != nil {
		t.Fatal(err)
	}
	b.send <- "one"
	if text, err := hear(t, ws, 5*time.Second); text != "one" || err != nil {
		t.Fatalf("heard %q, %v", text, err)
	}
	b.Refuse(true)
	b.Cut()
	if _, err := hear(t, ws, 5*time.Second); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a stream that was cut gives %v", err)
	}
	if _, err := b.stream(t); err == nil {
		t.Error("a stream was not refused")
	}
	b.Refuse(false)
	if _, err := b.stream(t); err != nil {
		t.Errorf("refused afterwards: %v", err)
	}
}

// TestStreamIsHeld: nothing comes, and nothing is lost.
func TestStreamIsHeld(t *testing.T) {
	b := newBehind(t)
	ws, err := b.stream(t)
	if err != nil {
		t.Fatal(err)
	}
	b.Hold(true)
	b.send <- "late"
	heard := make(chan string, 1)
	go func() {
		text, _ := hear(t, ws, 5*time.Second)
		heard <- text
	}()
	select {
	case text := <-heard:
		t.Errorf("heard %q while the stream was held", text)
	case <-time.After(200 * time.Millisecond):
	}
	b.Hold(false)
	if text := <-heard; text != "late" {
		t.Errorf("heard %q afterwards", text)
	}
}
