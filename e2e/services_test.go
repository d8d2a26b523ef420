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

	"ikomek109/e2e/hear"
	"ikomek109/flows"
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
`, text("category/health"), text("category/health"), text("language/text"), text("topics/to-checkpoints"), text("topics/to-curfew"), text("topics/to-transport"),
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

// TestServiceMessage is recorded, heard again, sent, and stored as a file that
// holds what was said; and who hangs up after speaking has sent it, too.
func TestServiceMessage(t *testing.T) {
	t.Parallel()
	o := newOffices(t)
	o.must(`
caller ana dials
ana presses 11
ana hears kk message/begin
ana hears kk key/hash
wait 1s
ana says kk welcome/text
ana presses #
ana hears the beginning of kk message/send
ana presses 2
ana hears kk welcome/text
ana hears the beginning of kk message/send
ana presses 1
ana hears kk message/kept
ana hears kk goodbye
ana is hung up
log of ana has outcome=message reason=goodbye
caller ben dials
ben presses 21
ben hears ru message/begin
ben hears ru key/hash
wait 1s
ben says ru welcome/text
ben hangs up
log of ben has outcome=message reason=caller_hung_up
caller cem dials
cem presses 21
cem hears ru message/begin
cem hears ru key/hash
wait 1s
program dies
cem says ru welcome/text
cem hangs up
wait 1s
program starts
program is ready
log of cem has outcome=message reason=gone_meanwhile`)
	all := o.messages("state=new", "state=new", "state=new")
	for i, language := range []string{"ru", "ru", "kk"} { // the newest first
		o.holds(all[i], heardWhat{language: flows.Language(language), id: "welcome/text"})
	}
	if _, err := o.program.do(t.Context(), "messages", "done", all[0]["id"].(string), "--by", "aigerim"); err != nil {
		t.Error(err)
	}
	o.messages("state=done by=aigerim", "state=new", "state=new")
	o.seenToByPhone()
	if left, err := filepath.Glob(filepath.Join(o.dir, "a", "spool", "recording", "*")); err != nil || len(left) > 0 {
		t.Errorf("left in Asterisk are %v, %v", left, err)
	}
	o.balance()
}

// seenToByPhone has an agent hear the two messages that are left by *17, the oldest
// first, mark one as done, and have the caller of the other called back.
func (o *offices) seenToByPhone() {
	o.t.Helper()
	o.must(`
agent aigerim answers after 500ms
aigerim dials *17
aigerim hears kk agent/tasks/count count=2
aigerim hears kk agent/tasks/message
aigerim hears kk category/health
aigerim hears kk welcome/text within 40s
aigerim hears kk agent/tasks/done
aigerim presses 1
aigerim hears kk agent/tasks/marked
aigerim hears kk agent/tasks/message
aigerim hears ru welcome/text within 40s
aigerim presses 9
aigerim hears kk agent/tasks/called_back
aigerim hears kk agent/tasks/end
aigerim is hung up
callbacks are of ben`)
	o.messages("state=done by=aigerim", "state=done by=aigerim", "state=done by=aigerim")
	var heard []struct{ By, Deed, Reason string }
	if err := o.program.list(o.t.Context(), &heard, "audit", "--kind", "message", "--by", "aigerim", "--json"); err != nil || len(heard) != 2 ||
		heard[0].Deed != "heard" || heard[0].Reason != "*17" {
		o.t.Errorf("on record: %+v, %v", heard, err)
	}
}

// TestServiceEnoughMessages tells who has left as many messages as they may
// today, and leads them to an operator; others go on leaving theirs.
func TestServiceEnoughMessages(t *testing.T) {
	t.Parallel()
	o := newOffices(t, "message: {per_day: 1}")
	o.must(`
agent aigerim answers after 500ms
aigerim dials *11
aigerim hears kk agent/ready
aigerim is hung up
caller ana dials
ana presses 21
ana hears ru message/begin
wait 3s
ana says ru welcome/text
ana presses #
ana hears the beginning of ru message/send
ana presses 1
ana hears ru message/kept
ana is hung up
caller ana dials
ana presses 11
ana hears kk message/enough
aigerim rings
aigerim picks up
aigerim says kk agent/ready
ana hears kk agent/ready
ana hangs up
log of ana has outcome=served
caller ben dials
ben presses 11
ben hears kk message/begin
ben hangs up
log of ben has outcome=menu_hangup`)
	o.messages("language=ru")
	o.balance()
}

// messages waits until the messages are as they should be, the newest first.
func (o *offices) messages(want ...string) (all []record) {
	o.t.Helper()
	var wrong error
	if !eventuallyEvery(o.t, askEvery, o.within, func() bool {
		all = nil
		if wrong = o.program.list(o.t.Context(), &all, "messages", "--json"); wrong != nil {
			return false
		}
		if wrong = fmt.Errorf("%d messages, want %d", len(all), len(want)); len(all) != len(want) {
			return false
		}
		for i := range want {
			if wrong = all[i].compare(strings.Fields(want[i])); wrong != nil {
				return false
			}
		}
		return true
	}) {
		o.t.Fatal(wrong)
	}
	return all
}

// holds saves a message and listens to it.
func (o *offices) holds(message record, want heardWhat) {
	o.t.Helper()
	id, _ := message["id"].(string)
	file := filepath.Join(o.dir, id+".wav")
	if _, err := o.program.do(o.t.Context(), "messages", "save", id, file, "--reason", "сынақ"); err != nil {
		o.t.Fatal(err)
	}
	pcm, err := hear.Load(file)
	if err != nil {
		o.t.Fatal(err)
	}
	prompt, err := want.sound()
	if err != nil {
		o.t.Fatal(err)
	}
	if _, ok := want.find(pcm, prompt); !ok {
		o.t.Errorf("message %s of %s does not hold %s", id, hear.Length(pcm), want)
	}
}

// TestServiceHandover rings a partner's telephone; both hear each other, also
// over a restart; the caller goes on when the partner hangs up.
func TestServiceHandover(t *testing.T) {
	t.Parallel()
	o := newOffices(t)
	o.must(`
caller ana dials
ana presses 13
rescue rings
rescue takes it
rescue picks up
ana says kk welcome/text
rescue hears kk welcome/text
program dies
rescue says ru agent/ready
ana hears ru agent/ready
program starts
program is ready
ana says kk agent/off
rescue hears kk agent/off
rescue hangs up
ana hears the beginning of kk topics/to-checkpoints
ana hangs up
log of ana has outcome=handed_over partner=112
caller ben dials
ben presses 23
rescue rings
ben hears ru handover/failed
ben hangs up
log of ben has outcome=menu_hangup partner=-
caller cem dials
cem presses 13
rescue rings
program dies
program starts
program is ready
rescue rings
rescue takes it
rescue picks up
cem says kk agent/ready
rescue hears kk agent/ready
cem hangs up
rescue is hung up
log of cem has outcome=handed_over reason=caller_hung_up`)
	o.balance()
}

// TestServicesAround asks for a callback, asks the city, which may take its time
// but leaves nobody in silence, and asks for a mark after the agent.
func TestServicesAround(t *testing.T) {
	t.Parallel()
	o := newOffices(t)
	o.must(`
caller ana dials
ana presses 14
ana hears kk callback/number
ana presses 4711
ana hears kk welcome/text
ana hears the beginning of kk topics/to-checkpoints
ana presses 2
ana hears the beginning of kk callback/here
ana presses 1
ana hears kk callback/taken
ana hears kk goodbye
ana is hung up
log of ana has outcome=callback keys=14••••21
caller ana dials
ana presses 221
ana hears ru callback/already
ana is hung up
caller ben dials
ben presses 240000
ben hears ru queue/joined
ben hangs up
log of ben has outcome=abandoned keys=24••••
caller dan dials
dan presses 14
dan hears kk callback/number
dan presses 4712
dan hears kk one_moment within 5s
dan hears kk welcome/text
dan hears the beginning of kk topics/to-checkpoints
dan hangs up
log of dan has outcome=menu_hangup keys=14••••
agent aigerim answers after 500ms
aigerim dials *11
aigerim hears kk agent/ready
aigerim is hung up
caller cem dials
cem presses 10
aigerim rings
aigerim picks up
cem says kk agent/ready
aigerim hears kk agent/ready
aigerim hangs up
cem hears kk topics/to-transport
cem presses 5
cem hears kk survey/thanks
cem hears kk goodbye
cem is hung up
log of cem has outcome=served reason=goodbye score=5 agent=aigerim`)
	var list []record
	if err := o.program.list(t.Context(), &list, "callbacks", "--json"); err != nil || len(list) != 1 {
		t.Fatalf("callbacks %v, %v", list, err)
	}
	if err := list[0].compare([]string{"state=waiting", "queue=main", "language=kk"}); err != nil {
		t.Error(err)
	}
	if _, err := o.program.do(t.Context(), "callbacks", "cancel", fmt.Sprint(list[0]["id"])); err != nil {
		t.Error(err)
	}
	o.balance()
}
