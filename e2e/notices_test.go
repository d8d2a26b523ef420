package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// withMode gives the editor's menu a bulletin in emergency mode: the words of a
// node of the shipped menu, which the phones of this test know by ear.
func (e *editor) withMode(node string) {
	e.t.Helper()
	p, ok := shared.flow.Phrase(node + "/text")
	raw, err := os.ReadFile(e.file)
	if err != nil || !ok {
		e.t.Fatal(node, err)
	}
	e.save(fmt.Sprintf("%s\nmodes:\n  emergency:\n    bulletin: {kk: %q, ru: %q}\n", raw, p.Text.KK, p.Text.RU))
}

// told waits until the figures of the line say so, and logs how long it took.
func (s *scenario) told(figure string, within time.Duration) {
	s.t.Helper()
	begun := time.Now()
	if !eventually(s.t, within, func() bool {
		_, body := s.program.get(s.t, "/metrics")
		return strings.Contains(body, figure+"\n")
	}) {
		s.t.Fatalf("%s is not so %s after the command", figure, within)
	}
	s.t.Logf("%s, %s after the command", figure, time.Since(begun).Round(10*time.Millisecond))
}

// TestModeReachesTheNextCaller sets the emergency, which the next caller hears
// first, Kazakh first, and which ends by itself.
func TestModeReachesTheNextCaller(t *testing.T) {
	t.Parallel()
	e := &editor{scenario: newScenario(t)}
	e.file = e.dir + "/menu.yaml"
	e.program.env = append(e.program.env, "IKOMEK109_LINE_FLOW="+e.file)
	e.write("transport-fare")
	e.withMode("health-infection")
	e.must("asterisk starts\n program starts\n program is ready")
	if _, err := e.program.do(t.Context(), "mode", "set", "emergency", "--until", "40s", "--reason", "сынақ", "--author", "Айгерім"); err != nil {
		t.Fatal(err)
	}
	set := time.Now()
	e.told(`ikomek109_mode{mode="emergency"} 1`, 5*time.Second)
	e.must(`
caller ana dials
ana hears the beginning of kk health-infection/text
ana hears the beginning of ru health-infection/text within 40s
ana presses 1
ana hears kk topics/to-transport
ana hangs up`)
	e.must("program logs the line's mode has changed")
	e.told(`ikomek109_mode{mode="daily"} 1`, time.Until(set.Add(42*time.Second)))
	e.must(`
caller ben dials
ben presses 1
ben hears kk topics/to-transport
ben misses kk health-infection/text
ben hangs up`)
	e.balance()
}

// TestBulletin puts one up. A key cuts it and is not lost; the fourth time
// within an hour the same caller is spared, whatever cut it before: a hang-up, the
// end of the program, a key; its plays are on record.
func TestBulletin(t *testing.T) {
	t.Parallel()
	s := ready(t)
	p, _ := shared.flow.Phrase("health-infection/text")
	if _, err := s.program.do(t.Context(), "bulletin", "add", "--until", "1h", "--reason", "сынақ", "--kk", p.Text.KK, "--ru", p.Text.RU); err != nil {
		t.Fatal(err)
	}
	s.told("ikomek109_bulletins_live 1", 5*time.Second)
	s.must(`
caller ana dials
ana hears the beginning of kk health-infection/text
ana hears the beginning of ru health-infection/text within 40s
ana hangs up
caller ana dials
ana hears the beginning of kk health-infection/text
program dies
program starts
program is ready
ana hangs up
caller ana dials
ana presses 1
ana hears the beginning of kk topics/to-checkpoints
ana hangs up
caller ana dials
ana hears the beginning of kk language/text
ana misses the beginning of kk health-infection/text
ana hangs up`)
	var all []struct{ Plays int }
	if !eventuallyEvery(t, askEvery, 10*time.Second, func() bool {
		return s.program.list(t.Context(), &all, "bulletin", "list", "--json") == nil && len(all) == 1 && all[0].Plays == 3
	}) {
		t.Errorf("played, as the record has it: %v, want 3 times", all)
	}
	s.must(`
caller dora dials
dora presses 20
dora hears ru queue/place place=1
dora hears ru queue/inform
dora presses 2
dora hears the beginning of ru health-infection/text
journal of dora has option_chosen key=2 option=informed
dora hangs up`)
	if _, err := s.program.do(t.Context(), "bulletin", "end", "1", "--reason", "сынақ бітті"); err != nil {
		t.Fatal(err)
	}
	s.told("ikomek109_bulletins_live 0", 5*time.Second)
	s.must(`
caller ben dials
ben hears the beginning of kk language/text
ben misses the beginning of kk health-infection/text
ben hangs up`)
	s.balance()
}

// TestModeByPhone sets the emergency from an agent's phone by a PIN, and tells
// a wrong one from it.
func TestModeByPhone(t *testing.T) {
	t.Parallel()
	s := ready(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	set := s.program.command(ctx, "pin", "set", "Айгерім")
	set.Stdin = strings.NewReader("274906\n")
	if out, err := set.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("number 10")) {
		t.Fatalf("%v: %s", err, out)
	}
	s.must(`
agent timur answers after 1s
timur dials *15
timur hears kk agent/pin
timur presses 10274907#
timur hears kk agent/pin_wrong
timur hears kk agent/pin
timur presses 10274906#
timur hears kk agent/mode/is/daily
timur presses 3
timur hears kk agent/mode/set/emergency
timur hears ru agent/mode/set/emergency
timur is hung up`)
	s.told(`ikomek109_mode{mode="emergency"} 1`, 5*time.Second)
	out, err := s.program.do(t.Context(), "mode", "show", "--json")
	var in struct{ Mode, Author, By, Reason string }
	if err == nil {
		err = json.Unmarshal([]byte(out), &in)
	}
	if err != nil || in.Mode != "emergency" || in.Author != "Айгерім" || in.By != "phone" || in.Reason != "by phone" {
		t.Errorf("%v: %s", err, out)
	}
	if log := s.program.log.String(); strings.Contains(log, "274906") || strings.Contains(log, "274907") {
		t.Error("a PIN is in the log")
	}
	s.balance()
}
