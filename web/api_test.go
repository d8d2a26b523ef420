package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ikomek109/notice"
	"ikomek109/notice/noticetest"
	"ikomek109/web"
)

const token = "k3vd-0x8q-27hf-93ms-b41z" //nolint:gosec // of these tests alone

// desk is a server with the API over a store in memory.
func desk(t *testing.T, rules notice.Rules) (http.Handler, *noticetest.Store, *noticetest.Studio) {
	t.Helper()
	store, studio := &noticetest.Store{}, &noticetest.Studio{}
	studio.Set(10*time.Second, nil)
	return web.New(web.Options{Logger: slog.New(slog.DiscardHandler), API: &web.API{
		Board: notice.NewBoard(store, studio, rules), Source: store,
		Tokens: map[string]string{"акимат": token, "press": "another-token-of-the-press", "Пресса": "a-second-token-of-the-press"},
	}}).Handler(), store, studio
}

type asked struct{ method, path, body, token, kind, from string }

func send(t *testing.T, h http.Handler, a asked) (status int, answer map[string]any) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), a.method, "http://127.0.0.1:1090"+a.path, strings.NewReader(a.body))
	if a.token == "" {
		a.token = "Bearer " + token
	}
	if a.kind == "" {
		a.kind = "application/json"
	}
	if a.from != "" {
		r.RemoteAddr = a.from
	}
	r.Header.Set("Authorization", a.token)
	r.Header.Set("Content-Type", a.kind)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		answer = map[string]any{"raw": w.Body.String()}
	}
	return w.Code, answer
}

func in(d time.Duration) string { return time.Now().Add(d).Format(time.RFC3339) }

func TestAPISetsTheMode(t *testing.T) {
	h, store, _ := desk(t, notice.Rules{})
	status, answer := send(t, h, asked{method: "POST", path: "/api/v1/mode", body: `{"mode": "emergency", "until": "` + in(time.Hour) + `", "reason": "ТЖ"}`})
	if status != http.StatusCreated || answer["mode"] != "emergency" || answer["author"] != "акимат" || answer["by"] != "api" {
		t.Errorf("%d: %v", status, answer)
	}
	status, answer = send(t, h, asked{method: "GET", path: "/api/v1/mode"})
	if status != http.StatusOK || answer["mode"] != "emergency" || answer["reason"] != "ТЖ" {
		t.Errorf("%d: %v", status, answer)
	}
	if all, _ := store.Switches(t.Context(), 9); len(all) != 1 {
		t.Errorf("on record: %v", all)
	}
}

func TestAPIBulletins(t *testing.T) {
	h, _, studio := desk(t, notice.Rules{SecondPerson: true, Persons: func(context.Context) ([]string, error) {
		return []string{"акимат", "press"}, nil // the third token is of nobody with a PIN
	}})
	body := `{"kk": "Су жоқ.", "ru": "Воды нет.", "until": "` + in(time.Hour) + `", "reason": "авария"}`
	expect := func(what string, a asked, want int, key, value string) {
		t.Helper()
		status, answer := send(t, h, a)
		if got, _ := answer[key].(string); status != want || !strings.Contains(got, value) {
			t.Errorf("%s: %d %v, want %d and %q", what, status, answer, want, value)
		}
	}
	post := func(path, body string) asked {
		return asked{method: "POST", path: "/api/v1/bulletins" + path, body: body}
	}
	expect("written", post("", body), 201, "state", "proposed")
	expect("by its author", post("/1/release", "{}"), 403, "error", "a second person has to release it")
	other := post("/1/release", "{}")
	other.token = "bearer a-second-token-of-the-press"
	expect("by nobody who is known", other, 403, "cure", "pin set")
	press := post("/1/release", "{}")
	press.token = "bearer another-token-of-the-press"
	expect("by another", press, 201, "state", "live")
	expect("no reason", post("/1/end", "{}"), 400, "cure", "--reason")
	expect("ended", post("/1/end", `{"reason": "су берілді"}`), 201, "state", "ended")
	expect("ended twice", post("/1/end", `{"reason": "x"}`), 409, "error", "")
	expect("none such", post("/7/end", `{"reason": "x"}`), 404, "error", "no bulletin 7")
	expect("no number", post("/x/end", `{"reason": "x"}`), 404, "error", "no such bulletin")
	studio.Set(0, errors.New("espeak-ng is gone"))
	expect("no sound", post("", body), 503, "error", "has no sound and is not released")
}

// TestAPIRefuses whatever is not a request of somebody who may ask.
func TestAPIRefuses(t *testing.T) {
	good := `{"mode": "daily", "reason": "x"}`
	for name, c := range map[string]struct {
		asked
		want int
		says string
	}{
		"no token":       {asked{token: "Bearer "}, 401, "no token"},
		"wrong token":    {asked{token: "Bearer " + token[1:]}, 401, "no token"},
		"another scheme": {asked{token: "Basic " + token}, 401, "no token"},
		"a form":         {asked{kind: "application/x-www-form-urlencoded", body: "mode=emergency"}, 400, "not JSON"},
		"no JSON":        {asked{body: "{"}, 400, "can't be taken"},
		"two values":     {asked{body: good + good}, 400, "more than one value"},
		"unknown key":    {asked{body: `{"mode": "daily", "reason": "x", "author": "me"}`}, 400, `unknown field`},
		"no mode":        {asked{body: `{"mode": "panic", "reason": "x"}`}, 400, `no mode "panic"`},
		"no time":        {asked{body: `{"mode": "emergency", "until": "tomorrow", "reason": "x"}`}, 400, "can't be taken"},
		"too much":       {asked{body: `{"reason": "` + strings.Repeat("x", 64<<10) + `"}`}, 413, "more than 32768 bytes"},
		"another method": {asked{method: "DELETE"}, 405, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h, store, _ := desk(t, notice.Rules{})
			c.path = "/api/v1/mode"
			if c.method == "" {
				c.method = "POST"
			}
			if c.body == "" {
				c.body = good
			}
			status, answer := send(t, h, c.asked)
			if got, _ := answer["error"].(string); status != c.want || !strings.Contains(got, c.says) {
				t.Errorf("%d %v, want %d and %q", status, answer, c.want, c.says)
			}
			if all, _ := store.Switches(t.Context(), 9); len(all) != 0 {
				t.Errorf("it was carried out: %v", all)
			}
		})
	}
}

func TestAPIFaultsStayInside(t *testing.T) {
	h, store, _ := desk(t, notice.Rules{})
	store.Break(errors.New("secret path /var/lib"))
	status, answer := send(t, h, asked{method: "GET", path: "/api/v1/mode"})
	if status != http.StatusInternalServerError || answer["error"] != "internal error" {
		t.Errorf("%d: %v", status, answer)
	}
}

// TestAPIKeepsGuessersOut, and nobody else.
func TestAPIKeepsGuessersOut(t *testing.T) {
	h, _, _ := desk(t, notice.Rules{})
	guess := asked{method: "GET", path: "/api/v1/mode", token: "Bearer guess", from: "192.0.2.7:4711"}
	for range 10 {
		if status, _ := send(t, h, guess); status != http.StatusUnauthorized {
			t.Fatalf("a wrong token: %d", status)
		}
	}
	guess.token, guess.from = "", "192.0.2.7:4712"
	if status, _ := send(t, h, guess); status != http.StatusTooManyRequests {
		t.Errorf("after ten wrong ones: %d", status)
	}
	guess.from = "192.0.2.8:4711"
	if status, _ := send(t, h, guess); status != http.StatusOK {
		t.Errorf("from another address: %d", status)
	}
}

// TestNoAPIWithoutTokens: there is no default token.
func TestNoAPIWithoutTokens(t *testing.T) {
	store := &noticetest.Store{}
	for _, a := range []*web.API{nil, {Board: notice.NewBoard(store, nil, notice.Rules{}), Source: store}} {
		h := web.New(web.Options{API: a}).Handler()
		for _, token := range []string{"Bearer ", "Bearer x", "x"} {
			if status, _ := send(t, h, asked{method: "GET", path: "/api/v1/mode", token: token}); status != http.StatusNotFound {
				t.Errorf("%q: %d", token, status)
			}
		}
	}
}
