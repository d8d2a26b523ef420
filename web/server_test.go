package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ikomek109/web"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func ask(t *testing.T, h http.Handler, method, target string, change func(*http.Request)) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, nil)
	r.Host = "127.0.0.1:1090"
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestPages(t *testing.T) {
	h := web.New(web.Options{Gatherer: prometheus.NewRegistry(), Hosts: []string{"line.city"}}).Handler()
	host := func(name string) func(*http.Request) {
		return func(r *http.Request) { r.Host = name }
	}
	for _, c := range []struct {
		name, method, target string
		change               func(*http.Request)
		want                 int
	}{
		{"alive", "GET", "/healthz", nil, 200},
		{"head", "HEAD", "/healthz", nil, 200},
		{"ready", "GET", "/readyz", nil, 200},
		{"metrics", "GET", "/metrics", nil, 200},
		{"no listing", "GET", "/", nil, 404},
		{"nothing below", "GET", "/metrics/x", nil, 404},
		{"no way up", "GET", "/../etc/passwd", nil, 307},
		{"no writing", "POST", "/readyz", nil, 405},
		{"localhost", "GET", "/healthz", host("localhost:1090"), 200},
		{"ipv6", "GET", "/healthz", host("[::1]:1090"), 200},
		{"known name", "GET", "/healthz", host("LINE.city"), 200},
		{"no name", "GET", "/healthz", host(""), 200},
		{"strange name", "GET", "/metrics", host("evil.example:1090"), 421},
		{"name like an address", "GET", "/metrics", host("127.0.0.1.evil.example"), 421},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ask(t, h, c.method, c.target, c.change)
			text := body(t, got)
			if got.StatusCode != c.want {
				t.Errorf("status = %d, want %d: %s", got.StatusCode, c.want, text)
			}
			for header, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Cache-Control": "no-store",
				"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
			} {
				if got.Header.Get(header) != want {
					t.Errorf("%s = %q, want %q", header, got.Header.Get(header), want)
				}
			}
		})
	}
}

func TestNoMetricsWithoutAGatherer(t *testing.T) {
	got := ask(t, web.New(web.Options{}).Handler(), "GET", "/metrics", nil)
	if body(t, got); got.StatusCode != http.StatusNotFound {
		t.Errorf("status = %d", got.StatusCode)
	}
}

func TestReadiness(t *testing.T) {
	since := time.Date(2022, 1, 5, 12, 0, 0, 0, time.UTC)
	good := web.Check{Name: "store", OK: true, Since: since}
	bad := web.Check{Name: "asterisk", Message: `does not answer "yet"; is it running?`, Since: since}
	for _, c := range []struct {
		name   string
		checks []web.Check
		status int
	}{
		{"all well", []web.Check{good}, 200},
		{"one is not", []web.Check{good, bad}, 503},
		{"nothing to check", nil, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := web.New(web.Options{Ready: func() []web.Check { return c.checks }}).Handler()
			got := ask(t, h, "GET", "/readyz", nil)
			var answer web.Readiness
			if err := json.Unmarshal([]byte(body(t, got)), &answer); err != nil {
				t.Fatal(err)
			}
			want := web.Readiness{Ready: c.status == 200, Checks: append([]web.Check{}, c.checks...)}
			if diff := cmp.Diff(want, answer); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got.StatusCode != c.status || got.Header.Get("Content-Type") != "application/json" {
				t.Errorf("status %d, type %q", got.StatusCode, got.Header.Get("Content-Type"))
			}
		})
	}
}

// client has no connections left over when the test ends.
func client(t *testing.T) *http.Client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 10 * time.Second}
}

func get(ctx context.Context, c *http.Client, url string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	return c.Do(r)
}

func TestStartServeStop(t *testing.T) {
	s := web.New(web.Options{Addr: "127.0.0.1:0"})
	if s.Addr() != "" {
		t.Errorf("Addr before Start = %q", s.Addr())
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	c := client(t)
	got, err := get(t.Context(), c, "http://"+s.Addr()+"/healthz")
	if err != nil {
		t.Fatal(err)
	}
	if text := body(t, got); text != "alive\n" {
		t.Errorf("body = %q", text)
	}
	if err := s.Start(t.Context()); err == nil {
		t.Error("a second Start was accepted")
	}
	for range 2 {
		if err := s.Stop(t.Context()); err != nil {
			t.Errorf("Stop: %v", err)
		}
	}
	if got, err := get(t.Context(), c, "http://"+s.Addr()+"/healthz"); err == nil {
		_ = got.Body.Close()
		t.Error("still serving after Stop")
	}
	never := web.New(web.Options{Addr: "127.0.0.1:0"})
	if err := never.Stop(t.Context()); err != nil {
		t.Errorf("Stop without Start: %v", err)
	}
	if err := never.Start(t.Context()); err == nil {
		t.Error("Start after Stop was accepted")
	}
}

// slow gives a started server with one request held inside it, and a way to let
// that request go.
func slow(t *testing.T) (s *web.Server, answered chan int, release func()) {
	t.Helper()
	entered, gate := make(chan struct{}), make(chan struct{})
	var once atomic.Bool
	release = func() {
		if once.CompareAndSwap(false, true) {
			close(gate)
		}
	}
	t.Cleanup(release)
	s = web.New(web.Options{Addr: "127.0.0.1:0", Ready: func() []web.Check { close(entered); <-gate; return nil }})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	answered = make(chan int, 1)
	c, url := client(t), "http://"+s.Addr()+"/readyz"
	ctx := t.Context()
	go func() {
		got, err := get(ctx, c, url)
		if err != nil {
			answered <- 0
			return
		}
		_ = got.Body.Close()
		answered <- got.StatusCode
	}()
	<-entered
	return s, answered, release
}

func TestStopWaitsForRequests(t *testing.T) {
	s, answered, release := slow(t)
	stopped := make(chan error, 1)
	go func() { stopped <- s.Stop(context.WithoutCancel(t.Context())) }()
	select {
	case err := <-stopped:
		t.Fatalf("Stop did not wait: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	release()
	if err := <-stopped; err != nil {
		t.Errorf("Stop: %v", err)
	}
	if status := <-answered; status != http.StatusOK {
		t.Errorf("the waiting request got %d", status)
	}
}

func TestStopIsBounded(t *testing.T) {
	s, answered, release := slow(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := s.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Stop = %v, want the deadline", err)
	}
	if status := <-answered; status != 0 {
		t.Errorf("the request got %d, want it cut", status)
	}
	release()
}

func TestListenErrorsNameTheCure(t *testing.T) {
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	for _, c := range []struct{ name, addr, want string }{
		{"in use", taken.Addr().String(), "the port is in use by another program; stop that program"},
		{"not ours", "192.0.2.1:1090", "this machine does not have the address; use 127.0.0.1"},
		{"nonsense", "127.0.0.1:x", "choose another web.listen"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := web.New(web.Options{Addr: c.addr})
			err := s.Start(t.Context())
			var listen *web.ListenError
			if !errors.As(err, &listen) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.addr) {
				t.Errorf("Start = %v, want %q", err, c.want)
			}
			if err := s.Stop(t.Context()); err != nil {
				t.Errorf("Stop: %v", err)
			}
		})
	}
}

func TestLongHeadersAreRefused(t *testing.T) {
	s := web.New(web.Options{Addr: "127.0.0.1:0"})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Stop(context.WithoutCancel(t.Context())) }()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+s.Addr()+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Long", strings.Repeat("x", 64<<10))
	got, err := client(t).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = body(t, got)
	if got.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status = %d", got.StatusCode)
	}
}
