package e2e_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// editor is a scenario whose menu is a file that the test edits.
type editor struct {
	*scenario
	file string
}

// newEditor starts a line on a menu that gives one answer: that of the node
// of the shipped menu.
func newEditor(t *testing.T, answer string) *editor {
	t.Helper()
	e := &editor{scenario: newScenario(t)}
	e.file = filepath.Join(e.dir, "menu.yaml")
	e.program.env = append(e.program.env, "IKOMEK109_LINE_FLOW="+e.file)
	e.write(answer)
	e.must("asterisk starts\n program starts\n program is ready")
	return e
}

// write saves a menu. It is made of the shipped one's words, which the phones
// of this test know by ear.
func (e *editor) write(answer string) {
	e.t.Helper()
	text := func(id string) string {
		p, ok := shared.flow.Phrase(id)
		if !ok {
			e.t.Fatalf("the shipped menu has no phrase %s", id)
		}
		return fmt.Sprintf("{kk: %q, ru: %q}", p.Text.KK, p.Text.RU)
	}
	e.save(fmt.Sprintf(`flow: edited
start: language
operator: operator
goodbye: goodbye
nodes:
  language: {kind: language, text: %s, to: topics}
  topics: {kind: menu, options: [{text: %s, to: answer}]}
  answer:
    kind: answer
    owner: e2e
    valid: {from: 2026-01-01, until: 2099-12-31}
    text: %s
  operator: {kind: queue, queue: main}
  goodbye: {kind: end}
`, text("language/text"), text("topics/to-transport"), text(answer+"/text")))
}

func (e *editor) save(text string) {
	e.t.Helper()
	if err := os.WriteFile(e.file, []byte(text), 0o600); err != nil { //nolint:gosec // G703: in a folder of the test's own
		e.t.Fatal(err)
	}
}

// publish runs a command of `flow`, and tells how long the line took to take
// the revision up.
func (e *editor) publish(revision int, args ...string) {
	e.t.Helper()
	if _, err := e.program.do(e.t.Context(), append([]string{"flow"}, args...)...); err != nil {
		e.t.Fatal(err)
	}
	begun := time.Now()
	e.live(fmt.Sprintf("revision %d", revision), "")
	e.t.Logf("revision %d was taken up %s after it was published", revision, time.Since(begun).Round(10*time.Millisecond))
}

// live waits until /readyz tells so of the menu, which never keeps a line from
// being ready.
func (e *editor) live(begins, has string) {
	e.t.Helper()
	var told string
	if !eventually(e.t, 5*time.Second, func() bool {
		status, body := e.program.ready(e.t)
		told = menuCheck(body)
		return status == 200 && strings.HasPrefix(told, begins) && strings.Contains(told, has) && (has != "" || told == begins)
	}) {
		e.t.Fatalf("/readyz says %q of the menu, not %q %q", told, begins, has)
	}
}

func menuCheck(body string) string {
	var answer struct {
		Checks []struct{ Name, Message string }
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		return err.Error()
	}
	for _, c := range answer.Checks {
		if c.Name == "menu" {
			return c.Message
		}
	}
	return "nothing"
}

// flowOf is the flow that the call of a name began with.
func (e *editor) flowOf(name string) string {
	e.t.Helper()
	all, err := e.program.calls(e.t.Context())
	if err != nil {
		e.t.Fatal(err)
	}
	number := e.actor(name).number
	for _, r := range all {
		if shown, _ := r["caller"].(string); strings.HasSuffix(shown, number[len(number)-2:]) {
			id, _ := r["flow"].(string)
			return id
		}
	}
	e.t.Fatalf("no record of %s", name)
	return ""
}

// TestPublish publishes while a caller is in the menu: that call ends on the
// old words, also over a program that dies; the next caller hears the new ones.
func TestPublish(t *testing.T) {
	t.Parallel()
	e := newEditor(t, "transport-fare")
	e.must(`
caller ana dials
ana presses 1
ana hears kk topics/to-transport`)
	e.write("health-infection")
	e.publish(2, "publish", "--note", "жаңа жауап")
	e.must(`
caller ben dials
ben presses 11
ben hears the beginning of kk health-infection/text
ben hangs up
program dies
program starts
program is ready
ana hears kk one_moment
ana hears kk topics/to-transport
ana presses 1
ana hears the beginning of kk transport-fare/text
ana hangs up
log of ana has outcome=menu_hangup path=*`)
	if old, now := e.flowOf("ana"), e.flowOf("ben"); old == now || !strings.HasPrefix(now, "edited@") {
		t.Errorf("the calls are on record with %s and %s", old, now)
	}
	e.publish(3, "rollback")
	e.must(`
caller cem dials
cem presses 21
cem hears the beginning of ru transport-fare/text
cem hangs up`)
	if old, again := e.flowOf("ana"), e.flowOf("cem"); old != again {
		t.Errorf("rolled back, a call is on record with %s, not %s", again, old)
	}
	// A start does not undo the roll back.
	e.must("program stops\n program starts\n program is ready")
	e.live("revision 3", "")
	e.balance()
}

// TestPublishBroken saves a menu with a mistake: no command, signal or start
// brings it to a caller, and all say so. Mended, a signal does.
func TestPublishBroken(t *testing.T) {
	t.Parallel()
	e := newEditor(t, "transport-fare")
	e.save("flow: edited\nstart: [\n")
	_, err := e.program.do(t.Context(), "flow", "publish")
	if err == nil || !strings.Contains(err.Error(), "exit status 3") || !strings.Contains(err.Error(), "menu.yaml:") {
		t.Errorf("publishing it: %v", err)
	}
	e.live("revision 1", "")
	e.hangup()
	e.live("revision 1", "TROUBLE")
	e.must("program logs a mistake in the menu\n program stops\n program starts\n program is ready")
	e.live("revision 1", "TROUBLE")
	e.must(`
caller ana dials
ana presses 11
ana hears the beginning of kk transport-fare/text
ana hangs up`)
	if _, figures := e.program.get(t, "/metrics"); !strings.Contains(figures, "\nikomek109_menu_trouble 1\n") {
		t.Error("no figure tells of it")
	}
	if out, err := e.program.do(t.Context(), "doctor"); err == nil || !strings.Contains(out, "WRONG  menu") {
		t.Errorf("doctor: %v\n%s", err, out)
	}
	e.write("health-infection")
	e.hangup()
	e.live("revision 2", "")
	e.must(`
caller ben dials
ben presses 21
ben hears the beginning of ru health-infection/text
ben hangs up`)
	e.balance()
}

// TestFirstStartBroken has nothing to answer with.
func TestFirstStartBroken(t *testing.T) {
	t.Parallel()
	s := newScenario(t)
	file := filepath.Join(s.dir, "menu.yaml")
	if err := os.WriteFile(file, []byte("flow: ["), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := s.program.do(t.Context(), "serve", "--set", "line.flow="+file)
	if err == nil || !strings.Contains(err.Error(), "exit status 3") || !strings.Contains(err.Error(), "menu.yaml:") {
		t.Errorf("%v", err)
	}
}

// TestAnswerOutOfTerm is told by the log and by a figure, with its owner.
func TestAnswerOutOfTerm(t *testing.T) {
	t.Parallel()
	e := newEditor(t, "transport-fare")
	raw, err := os.ReadFile(e.file)
	if err != nil {
		t.Fatal(err)
	}
	e.save(strings.Replace(string(raw), "2099-12-31", "2026-01-01", 1))
	e.publish(2, "publish")
	e.must("program logs an answer is out of term and is not read")
	if !strings.Contains(e.program.log.String(), `"owner":"e2e"`) {
		t.Error("the log does not name the owner")
	}
	figure := fmt.Sprintf("\nikomek109_answers{standing=%q} 1\n", "out_of_term")
	if _, figures := e.program.get(t, "/metrics"); !strings.Contains(figures, figure) {
		t.Error("no figure tells of it")
	}
	e.balance()
}

// hangup asks the line to publish what lies on disk.
func (e *editor) hangup() {
	e.t.Helper()
	if err := e.program.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		e.t.Fatal(err)
	}
}
