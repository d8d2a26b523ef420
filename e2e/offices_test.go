package e2e_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ikomek109/phone"
)

// offices is a scenario whose menu leads to every service: a partner with a
// telephone, a service of the city that answers, both on loopback.
type offices struct {
	*scenario
}

// newOffices starts a line, with more settings, on a menu that is made of the
// shipped one's words, which the phones of this test know by ear.
func newOffices(t *testing.T, settings ...string) *offices {
	t.Helper()
	o := &offices{scenario: newScenario(t)}
	partner := o.partner("rescue")
	host := o.service()
	text := func(id string) string { return said(t, id) }
	o.write("menu.yaml", fmt.Sprintf(`flow: services
start: language
operator: operator
goodbye: goodbye
categories: {health: {name: %s, announce: %s}}
vars: {account: {type: digits}, place: {type: number}}
phrases: {callback/hello: %s}
nodes:
  language: {kind: language, text: %s, to: topics}
  topics:
    kind: menu
    options:
      - {text: %s, to: message}
      - {text: %s, to: callback}
      - {text: %s, to: rescue}
      - {text: %s, to: account}
  message: {kind: message, queue: main, category: health, to: goodbye}
  callback: {kind: callback, queue: main, to: goodbye}
  rescue: {kind: handover, partner: "112", finished: topics}
  account: {kind: input, text: %s, length: 4, into: account, to: lookup}
  lookup: {kind: lookup, url: "http://%s/places/{account}?lang=kk", take: {place: /queue/place}, within: 10s, to: branch, failed: operator}
  branch: {kind: switch, cases: [{when: place == 3, to: told}], else: operator}
  told: {kind: say, text: %s, to: topics}
  operator: {kind: queue, queue: main, after: rating}
  rating: {kind: survey, text: %s, to: goodbye}
  goodbye: {kind: end}
`, text("category/health"), text("category/health"), text("callback/hello"), text("language/text"), text("topics/to-checkpoints"), text("topics/to-curfew"), text("topics/to-transport"),
		text("topics/to-health"), text("callback/number"), host, text("welcome/text"), text("topics/to-transport")))
	o.settle(fmt.Sprintf(`line: {flow: %s}
partners: [{code: "112", kk: Құтқару қызметі, ru: Служба спасения, address: %q}]
handover: {ring_timeout: 5s}
lookup: {hosts: [%q]}
%s
`, filepath.Join(o.dir, "menu.yaml"), partner, host, strings.Join(settings, "\n")))
	o.must("asterisk starts\n program starts\n program is ready")
	return o
}

func (o *offices) write(name, text string) {
	o.t.Helper()
	if err := os.WriteFile(filepath.Join(o.dir, name), []byte(text), 0o600); err != nil {
		o.t.Fatal(err)
	}
}

// partner is somebody with a telephone that rings.
func (s *scenario) partner(name string) (address string) {
	s.t.Helper()
	a, err := s.newActor(name, name, phone.Options{Incoming: phone.RingOnly(phone.DialOptions{Record: true})})
	if err != nil {
		s.t.Fatal(err)
	}
	return a.phone.URI()
}

// partnersAt are the settings that name all services to which the shipped menu
// hands over, each at its address.
func partnersAt(address func(code string) string) string {
	named := "partners:\n"
	for _, code := range []string{"101", "102", "103", "104", "112"} {
		named += fmt.Sprintf("  - {code: %q, kk: Қызмет, ru: Служба, address: %q}\n", code, address(code))
	}
	return named
}

// allAt has every service at one address.
func allAt(address string) func(code string) string { return func(string) string { return address } }

// service answers that account 4711 has the third place, and account 4712 after
// a while.
func (o *offices) service() (host string) {
	o.t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		took, known := map[string]time.Duration{"/places/4711": 0, "/places/4712": 7 * time.Second}[r.URL.Path]
		if !known || r.URL.Query().Get("lang") != "kk" {
			http.NotFound(w, r)
			return
		}
		select {
		case <-time.After(took):
		case <-r.Context().Done():
		}
		_, _ = io.WriteString(w, `{"queue": {"place": 3}}`)
	}))
	o.t.Cleanup(srv.Close)
	return strings.TrimPrefix(srv.URL, "http://")
}
