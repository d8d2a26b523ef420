package asterisk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"ikomek109/asterisk"
)

// fake is an Asterisk made of promises: it answers ARI as told, so that it can
// misbehave as the real one does once a year.
type fake struct {
	srv      *httptest.Server
	deaf     atomic.Int32 // this many websockets are never heard
	failing  atomic.Bool  // every second echo is refused
	refusing atomic.Bool  // every echo is
	hanging  atomic.Bool  // the next echo is neither made nor refused
	posts    atomic.Int64 // for an echo, while failing
	conns    atomic.Int32 // TCP connections accepted
	dials    atomic.Int32 // websockets opened

	mu       sync.Mutex
	ws       *websocket.Conn             // guarded by mu; the newest
	silent   bool                        // guarded by mu; the newest is deaf
	answers  map[string]http.HandlerFunc // guarded by mu; "METHOD /path" → answer
	requests []string                    // guarded by mu; all but those of the fence
}

func newFake(t testing.TB) *fake {
	t.Helper()
	f := &fake{answers: map[string]http.HandlerFunc{}}
	f.answers["GET /channels"] = say(200, "[]")
	f.answers["GET /bridges"] = say(200, "[]")
	f.answers["GET /asterisk/info"] = say(200, `{"system":{"version":"22.10.1","entity_id":"fake"},
		"status":{"startup_time":"2026-11-23T03:24:12.562+0000"}}`)
	f.srv = httptest.NewUnstartedServer(f)
	f.srv.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			f.conns.Add(1)
		}
	}
	f.srv.Start()
	t.Cleanup(func() {
		f.cut()
		f.srv.Close()
	})
	return f
}

// say is an answer that is always the same.
func say(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func (f *fake) options() asterisk.Options {
	return asterisk.Options{URL: f.srv.URL + "/ari", Username: "u", Password: "p"}
}

func (f *fake) answer(request string, h http.HandlerFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answers[request] = h
}

// asked counts the requests that begin so.
func (f *fake) asked(prefix string) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range f.requests {
		if strings.HasPrefix(r, prefix) {
			n++
		}
	}
	return n
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, pass, _ := r.BasicAuth(); pass != "p" {
		say(http.StatusUnauthorized, `{"message":"Authentication required"}`)(w, r)
		return
	}
	path := strings.TrimPrefix(r.URL.EscapedPath(), "/ari")
	if path == "/events" {
		f.listen(w, r)
		return
	}
	if name, ok := strings.CutPrefix(path, "/events/user/"); ok {
		if f.hanging.Swap(false) {
			<-r.Context().Done()
			return
		}
		if f.refusing.Load() || f.failing.Load() && f.posts.Add(1)%2 == 1 {
			say(http.StatusInternalServerError, "a fault made on purpose")(w, r)
			return
		}
		f.echo(r.Context(), name, r.URL.Query().Get("application"))
		w.WriteHeader(http.StatusNoContent)
		return
	}
	_, _ = io.Copy(io.Discard, r.Body) // else the server does not notice a client that goes
	f.mu.Lock()
	f.requests = append(f.requests, r.Method+" "+path)
	h, ok := f.answers[r.Method+" "+path]
	f.mu.Unlock()
	if !ok {
		h = say(http.StatusNoContent, "")
	}
	h(w, r)
}

func (f *fake) listen(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock() // the fence must not overtake us
	ws, err := websocket.Accept(w, r, nil)
	f.ws, f.silent = ws, f.deaf.Add(-1) >= 0
	f.mu.Unlock()
	if err != nil {
		return
	}
	f.dials.Add(1)
	for {
		if _, _, err := ws.Read(r.Context()); err != nil {
			return
		}
	}
}

func (f *fake) echo(ctx context.Context, name, app string) {
	f.mu.Lock()
	silent := f.silent
	f.mu.Unlock()
	if !silent {
		f.write(ctx, fmt.Sprintf(`{"type":"ChannelUserevent","eventname":%q,"userevent":{},"application":%q}`, name, app))
	}
}

// send sends one message over the newest websocket.
func (f *fake) send(message string) { f.write(context.Background(), message) }

func (f *fake) write(ctx context.Context, message string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ws == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_ = f.ws.Write(ctx, websocket.MessageText, []byte(message))
}

// cut breaks the websocket off.
func (f *fake) cut() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ws != nil {
		_ = f.ws.CloseNow()
	}
}

// event is what Asterisk says of a channel.
func event(typ, channel, more string) string {
	if more != "" {
		more = "," + more
	}
	return fmt.Sprintf(`{"type":%q,"timestamp":"2026-11-23T03:25:06.590+0000"%s,"channel":{"id":%q,`+
		`"name":"PJSIP/anonymous-00000001","state":"Up","protocol_id":"x","caller":{"name":"","number":"+77011234567"},`+
		`"connected":{"name":"","number":""},"accountcode":"","dialplan":{"context":"line","exten":"s","priority":4,`+
		`"app_name":"Stasis","app_data":"ikomek109,citizen"},"creationtime":"2026-11-23T03:25:06.583+0000",`+
		`"language":"kk"},"asterisk_id":"fake","application":"ikomek109"}`, typ, more, channel)
}

func stasisStart(channel string, args ...string) string {
	list, _ := json.Marshal(args)
	return event("StasisStart", channel, `"args":`+string(list))
}

func playbackFinished(id, channel, state string) string {
	return fmt.Sprintf(`{"type":"PlaybackFinished","timestamp":"2026-11-23T03:31:12.922+0000","playback":{"id":%q,`+
		`"media_uri":"sound:x","target_uri":"channel:%s","language":"en","state":%q},"asterisk_id":"fake",`+
		`"application":"ikomek109"}`, id, channel, state)
}
