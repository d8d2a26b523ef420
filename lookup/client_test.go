package lookup_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/lookup"
)

// service is one that answers as told; it gives its address and its host.
func service(t *testing.T, h http.HandlerFunc) (address, host string) {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv.URL, strings.TrimPrefix(srv.URL, "http://")
}

func says(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }
}

func client(t *testing.T, hosts ...string) *lookup.Client {
	t.Helper()
	c := lookup.New(lookup.Options{Hosts: hosts})
	t.Cleanup(c.Close)
	return c
}

func TestLook(t *testing.T) {
	const body = `{"debt": 1500.50, "paid": true, "name": "Су арнасы", "list": [{"a/b": "x", "m~n": "y"}], "none": null}`
	for name, c := range map[string]struct {
		take, want map[string]string
		fault      string
	}{
		"nothing":          {map[string]string{}, map[string]string{}, ""},
		"number":           {map[string]string{"v": "/debt"}, map[string]string{"v": "1500.50"}, ""},
		"bool":             {map[string]string{"v": "/paid"}, map[string]string{"v": "true"}, ""},
		"text":             {map[string]string{"v": "/name"}, map[string]string{"v": "Су арнасы"}, ""},
		"deep and escaped": {map[string]string{"v": "/list/0/a~1b", "w": "/list/0/m~0n"}, map[string]string{"v": "x", "w": "y"}, ""},
		"missing":          {map[string]string{"v": "/nobody"}, nil, "nothing at"},
		"one of two":       {map[string]string{"v": "/debt", "w": "/nobody"}, nil, "nothing at"},
		"null":             {map[string]string{"v": "/none"}, nil, "neither"},
		"a list":           {map[string]string{"v": "/list"}, nil, "neither"},
		"the whole":        {map[string]string{"v": ""}, nil, "neither"},
		"beyond the list":  {map[string]string{"v": "/list/1"}, nil, "nothing at"},
		"a strange index":  {map[string]string{"v": "/list/00"}, nil, "nothing at"},
		"no pointer":       {map[string]string{"v": "debt"}, nil, "no JSON pointer"},
		"through a text":   {map[string]string{"v": "/name/0"}, nil, "nothing at"},
	} {
		t.Run(name, func(t *testing.T) {
			address, host := service(t, says(body))
			got, err := client(t, host).Look(t.Context(), address+"/debts?account=1", c.take)
			if c.fault == "" && (err != nil || !maps.Equal(got, c.want)) {
				t.Errorf("got %v, %v", got, err)
			}
			if c.fault != "" && (err == nil || !strings.Contains(err.Error(), c.fault)) {
				t.Errorf("got %v, %v, want an error with %q", got, err, c.fault)
			}
		})
	}
}

func TestHostileAnswers(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"refused":       func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) },
		"no JSON":       says("<html>"),
		"two":           says(`{"v":1}{"v":2}`),
		"empty":         says(""),
		"deep":          says(strings.Repeat("[", 60_000)),
		"too large":     says(`{"v":1,"x":"` + strings.Repeat("a", 70_000) + `"}`),
		"too long":      says(`{"v":"` + strings.Repeat("a", 65) + `"}`),
		"not printable": says(`{"v":"a\u0007"}`),
		"direction":     says(`{"v":"a\u202e"}`),
		"cut off": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"v":1}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			address, host := service(t, h)
			if got, err := client(t, host).Look(t.Context(), address, map[string]string{"v": "/v"}); err == nil {
				t.Errorf("got %v", got)
			}
		})
	}
}

// TestOnlyTheList asks nobody else, wherever an address or an answer leads.
func TestOnlyTheList(t *testing.T) {
	asked := false
	elsewhere, _ := service(t, func(w http.ResponseWriter, _ *http.Request) {
		asked = true
		_, _ = io.WriteString(w, `{}`)
	})
	address, host := service(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, elsewhere, http.StatusFound)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/on":
			http.Redirect(w, r, "/there", http.StatusFound)
		default:
			_, _ = io.WriteString(w, `{}`)
		}
	})
	c := client(t, host, "named.example")
	for _, to := range []string{
		elsewhere, address + "/away", address + "/round", "file:///etc/passwd", "ftp://" + host, "//" + host, "",
		strings.Replace(address, "http://", "http://user:secret@", 1), "http://" + host + ".evil.example", "http://named.example:81",
		"http://[::1", "https://" + host,
	} {
		_, err := c.Look(t.Context(), to, nil)
		if err == nil {
			t.Errorf("%q was asked", to)
			continue
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("the error tells a password: %v", err)
		}
	}
	if asked {
		t.Error("a machine that is not on the list was asked")
	}
	if _, err := c.Look(t.Context(), address+"/on", nil); err != nil {
		t.Errorf("a redirect on the same machine: %v", err)
	}
}

// TestRedirectTellsNothing: where an answer leads, nobody learns what was asked
// first, and a refusal tells no number either.
func TestRedirectTellsNothing(t *testing.T) {
	const number = "850101300123"
	var got http.Header
	second, secondHost := service(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header
		_, _ = io.WriteString(w, `{}`)
	})
	strange, _ := service(t, func(http.ResponseWriter, *http.Request) { t.Error("a machine that is not on the list was asked") })
	first, firstHost := service(t, func(w http.ResponseWriter, r *http.Request) {
		to := map[string]string{
			"/listed": second + "/x", "/strange": strange + "/" + number, "/unreadable": "http://[" + number,
		}[r.URL.Path]
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	})
	c := client(t, firstHost, secondHost)
	if _, err := c.Look(t.Context(), first+"/listed?account="+number, nil); err != nil {
		t.Fatal(err)
	}
	for name, values := range got {
		if strings.Contains(fmt.Sprint(values), number) || name == "Referer" {
			t.Errorf("the second service is told %s: %v", name, values)
		}
	}
	for _, path := range []string{"/strange", "/unreadable"} {
		if _, err := c.Look(t.Context(), first+path, nil); err == nil || strings.Contains(err.Error(), number) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestNoWayDown: from https nobody is led to http.
func TestNoWayDown(t *testing.T) {
	plain, host := service(t, func(http.ResponseWriter, *http.Request) { t.Error("asked without TLS") })
	srv := httptest.NewTLSServer(http.RedirectHandler(plain, http.StatusFound))
	t.Cleanup(srv.Close)
	c := client(t, host, strings.TrimPrefix(srv.URL, "https://"))
	lookup.Trust(c, srv.Certificate())
	if _, err := c.Look(t.Context(), srv.URL, nil); err == nil || !strings.Contains(err.Error(), "from https to http") {
		t.Error(err)
	}
}

// TestGarbledAnswer may hold what was asked, and is not told.
func TestGarbledAnswer(t *testing.T) {
	address, host := service(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 850101300123\r\n\r\n")
		_ = conn.Close()
	})
	if _, err := client(t, host).Look(t.Context(), address, nil); err == nil || strings.Contains(err.Error(), "850101") {
		t.Error(err)
	}
}

// TestSilentService is given up in time, and its error tells no number.
func TestSilentService(t *testing.T) {
	address, host := service(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := client(t, host).Look(ctx, address+"/debts?account=850101300123", nil)
	if ivr.CodeOf(err) != ivr.Unavailable || strings.Contains(err.Error(), "850101") {
		t.Errorf("got %v", err)
	}
}

// TestTooManyAtOnce fails the one beyond at once.
func TestTooManyAtOnce(t *testing.T) {
	begun, release := make(chan struct{}), make(chan struct{})
	address, host := service(t, func(w http.ResponseWriter, _ *http.Request) {
		begun <- struct{}{}
		<-release
		_, _ = fmt.Fprint(w, `{}`)
	})
	c := lookup.New(lookup.Options{Hosts: []string{host}, AtOnce: 1})
	t.Cleanup(c.Close)
	first := make(chan error, 1)
	go func() {
		_, err := c.Look(t.Context(), address, nil)
		first <- err
	}()
	<-begun
	if _, err := c.Look(t.Context(), address, nil); ivr.CodeOf(err) != ivr.Unavailable {
		t.Errorf("the second: %v", err)
	}
	close(release)
	if err := <-first; err != nil {
		t.Errorf("the first: %v", err)
	}
}
