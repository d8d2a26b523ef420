package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// said gives a phrase of the shipped menu as YAML: the phones of these tests know
// its words by ear.
func said(t *testing.T, id string) string {
	t.Helper()
	p, ok := shared.flow.Phrase(id)
	if !ok {
		t.Fatalf("the shipped menu has no phrase %s", id)
	}
	return fmt.Sprintf("{kk: %q, ru: %q}", p.Text.KK, p.Text.RU)
}

// settle writes the settings of a scenario.
func (s *scenario) settle(text string) {
	s.t.Helper()
	file := filepath.Join(s.dir, "settings.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.program.env = append(s.program.env, "IKOMEK109_CONFIG="+file)
}

// TestOrderByDemand has a dozen callers choose the last option of a menu. The
// next one hears that the menu has changed and this option first, with key 1,
// which leads there; who was in the menu before keeps the order that they heard.
func TestOrderByDemand(t *testing.T) {
	t.Parallel()
	s := newScenario(t)
	file := filepath.Join(s.dir, "menu.yaml")
	menu := fmt.Sprintf(`flow: demand
start: language
operator: operator
goodbye: goodbye
nodes:
  language: {kind: language, text: %s, to: topics}
  topics:
    kind: menu
    order: demand
    options:
      - {text: %s, to: first, name: checkpoints}
      - {text: %s, to: second, name: curfew}
      - {text: %s, to: third, name: transport}
  first: {kind: say, text: %s, to: goodbye}
  second: {kind: say, text: %s, to: goodbye}
  third: {kind: say, text: %s, to: goodbye}
  operator: {kind: queue, queue: main}
  goodbye: {kind: end}
`, said(t, "language/text"), said(t, "topics/to-checkpoints"), said(t, "topics/to-curfew"), said(t, "topics/to-transport"),
		said(t, "agent/off"), said(t, "agent/paused"), said(t, "agent/ready"))
	if err := os.WriteFile(file, []byte(menu), 0o600); err != nil {
		t.Fatal(err)
	}
	s.settle(fmt.Sprintf("line: {flow: %q}\n", file))
	s.must("asterisk starts\n program starts\n program is ready")
	// Before the others: the order may be settled anew at any of their calls.
	s.must(`
caller eve dials
eve presses 1
eve hears kk topics/to-transport
eve hears kk key/3
eve misses kk menu/changed`)
	chooses := func(name string) string {
		return strings.ReplaceAll("caller NAME dials\nNAME presses 13\nNAME hears kk agent/ready\nNAME hangs up\n", "NAME", name)
	}
	s.must(strings.Repeat("together\n"+chooses("ana")+"also\n"+chooses("ada")+"also\n"+chooses("asel")+"also\n"+chooses("aida")+"end\n", 3))
	s.must(`
program stops
program starts
program is ready
caller ben dials
ben presses 2
ben hears ru menu/changed
ben hears ru topics/to-transport
ben hears ru key/1
ben hears ru topics/to-checkpoints
ben hears ru key/2
ben hears ru topics/to-curfew
ben hears ru key/3
ben presses 1
ben hears ru agent/ready
ben is hung up
caller cem dials
cem presses 12
cem hears kk agent/off
cem is hung up
eve presses 3
eve hears kk agent/ready
eve is hung up
log of eve has reason=goodbye`)
	s.balance()
}

// TestModeChangesTheQueue sets the emergency, in which a queue takes fewer
// callers and rings its agents for less long: felt by new callers at once, and
// no more when the day is back. Who waits keeps their place.
func TestModeChangesTheQueue(t *testing.T) {
	t.Parallel()
	s := newScenario(t)
	s.settle("queue: {ring_timeout: 2m, announce_every: 10m, emergency: {ring_timeout: 4s, capacity: 1}}\n")
	s.must(`
asterisk starts
program starts
program is ready
caller ana dials
ana presses 10
ana hears kk queue/place place=1
caller ben dials
ben presses 20
ben hears ru queue/place place=2`)
	if _, err := s.program.do(t.Context(), "mode", "set", "emergency", "--until", "1h", "--reason", "сынақ"); err != nil {
		t.Fatal(err)
	}
	s.must("program logs the line's mode has changed")
	s.must(`
caller cem dials
cem presses 10
cem hears kk busy/text
cem hangs up
log of cem has outcome=overflowed
ben hangs up
agent aigerim never answers
aigerim dials *11
aigerim hears kk agent/ready
aigerim is hung up
aigerim rings
roster of aigerim has chosen=paused`)
	if _, err := s.program.do(t.Context(), "mode", "set", "daily", "--reason", "сынақ бітті"); err != nil {
		t.Fatal(err)
	}
	s.told(`ikomek109_mode{mode="daily"} 1`, 5*time.Second)
	s.must(`
caller dan dials
dan presses 20
dan hears ru queue/place place=2
dan hangs up
ana hangs up
log of ana has outcome=abandoned`)
	s.balance()
}
