package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestOrderOverTwoQueues: who serves two queues gets callers of both in the order
// of their waiting, and who was led from one queue to the other brings it along.
func TestOrderOverTwoQueues(t *testing.T) {
	t.Parallel()
	s := newScenario(t)
	menu := filepath.Join(s.dir, "menu.yaml")
	if err := os.WriteFile(menu, fmt.Appendf(nil, `flow: queues
start: language
operator: first
goodbye: goodbye
nodes:
  language: {kind: language, text: %s, to: topics}
  topics:
    kind: menu
    options:
      - {text: %s, to: first}
      - {text: %s, to: second}
  first: {kind: queue, queue: main, timeout: second}
  second: {kind: queue, queue: police}
  goodbye: {kind: end}
`, said(t, "language/text"), said(t, "topics/to-transport"), said(t, "topics/to-health")), 0o600); err != nil {
		t.Fatal(err)
	}
	s.settle(fmt.Sprintf(`
line: {flow: %q}
queues: [main, police]
queue:
  single:
    - {queue: main, longest_wait: 25s}
`, menu))
	s.must(`
asterisk starts
program starts
program is ready
caller ana dials
ana presses 11
ana hears kk queue/place place=1
caller ben dials
ben presses 12
ben hears kk queue/place place=1
log of ana has queue=police
caller cara dials
cara presses 11
cara hears kk queue/place place=1
agent daniyar serves police answers after 500ms
daniyar dials *11
daniyar rings
daniyar picks up
roster of daniyar has world=talking
ana says kk agent/ready
daniyar hears kk agent/ready
journal of cara has queued queue=main
agent aigerim answers after 500ms
aigerim dials *11
aigerim rings
aigerim picks up
roster of aigerim has world=talking
ben says ru agent/ready
aigerim hears ru agent/ready
ben hangs up
aigerim rings
aigerim picks up
roster of aigerim has world=talking
cara says kk agent/ready
aigerim hears kk agent/ready
cara hangs up
ana hangs up
log of ana has outcome=served agent=daniyar wait>25000000000
log of ben has outcome=served agent=aigerim`)
	s.balance()
}

// TestNobodyIsOnDuty: who would wait for nobody goes where the menu says, when they
// come and when the last agent has gone; who is led back waits all the same, also
// over a start of the program.
func TestNobodyIsOnDuty(t *testing.T) {
	t.Parallel()
	s := newScenario(t)
	menu := filepath.Join(s.dir, "menu.yaml")
	if err := os.WriteFile(menu, fmt.Appendf(nil, `flow: nightly
start: language
operator: desk
goodbye: goodbye
nodes:
  language: {kind: language, text: %s, to: topics}
  topics:
    kind: menu
    options:
      - {text: %s, to: desk}
      - {text: %s, to: goodbye}
  desk: {kind: queue, queue: main, no-agents: topics}
  goodbye: {kind: end}
`, said(t, "language/text"), said(t, "topics/to-transport"), said(t, "topics/to-health")), 0o600); err != nil {
		t.Fatal(err)
	}
	s.settle(fmt.Sprintf(`
line: {flow: %q}
queues: [main]
queue: {announce_every: 10s}
`, menu))
	s.must(`
asterisk starts
program starts
program is ready
caller ana dials
ana presses 1
ana hears kk topics/to-transport
ana presses 1
ana hears kk topics/to-transport
journal of ana has left_queue why=no_agents
ana presses 1
ana hears kk queue/place place=1
program dies
program starts
program is ready
ana hears kk queue/place place=1
agent aigerim answers after 500ms
aigerim dials *11
aigerim rings
aigerim picks up
roster of aigerim has world=talking
ana says kk agent/ready
aigerim hears kk agent/ready
caller ben dials
ben presses 2
ben hears ru topics/to-transport
ben presses 1
ben hears ru queue/place place=1
aigerim dials *10
ben hears ru queue/hold
wait 10s
ben hears ru topics/to-transport
journal of ben has left_queue why=no_agents
ben presses 1
ben hears ru queue/place place=1
ana hangs up
log of ana has outcome=served agent=aigerim
ben hangs up
log of ben has outcome=abandoned`)
	s.balance()
}

// TestPlaceIsToldLessAndLessOften tells the place each time later than before.
func TestPlaceIsToldLessAndLessOften(t *testing.T) {
	t.Parallel()
	s := newScenario(t)
	menu := filepath.Join(s.dir, "menu.yaml")
	if err := os.WriteFile(menu, fmt.Appendf(nil, `flow: waiting
start: language
operator: desk
goodbye: goodbye
nodes:
  language: {kind: language, text: %s, to: desk}
  desk: {kind: queue, queue: main}
  goodbye: {kind: end}
`, said(t, "language/text")), 0o600); err != nil {
		t.Fatal(err)
	}
	s.settle(fmt.Sprintf("line: {flow: %q}\nqueue: {announce_every: 10s}\n", menu))
	s.must(`
asterisk starts
program starts
program is ready
caller ana dials
ana presses 1
ana hears kk queue/place place=1
wait 75s
ana hangs up
log of ana has outcome=abandoned`)
	var all []record
	var call struct {
		Journal []struct {
			At   time.Time
			Kind string
		}
	}
	if err := s.program.list(t.Context(), &all, "calls", "--json"); err != nil || len(all) != 1 {
		t.Fatalf("the log has %v, %v", all, err)
	}
	if err := s.program.list(t.Context(), &call, "calls", "show", fmt.Sprint(all[0]["id"]), "--json"); err != nil {
		t.Fatal(err)
	}
	var told []time.Time
	for _, e := range call.Journal {
		if e.Kind == "place_told" {
			told = append(told, e.At)
		}
	}
	if len(told) < 4 {
		t.Fatalf("told at %v", told)
	}
	// The words are the same from the second time on, and so the pauses alone differ: by
	// half of 15 seconds.
	second, third := told[2].Sub(told[1]), told[3].Sub(told[2])
	if longer := third - second; longer < 5*time.Second || longer > 11*time.Second {
		t.Errorf("told at %v: %s, then %s apart", told, second, third)
	}
	s.balance()
}
