package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ikomek109/phone"
)

// scenario is a running script with everything around it.
type scenario struct {
	t       *testing.T
	dir     string
	sw      *sw
	program *program
	actors  map[string]*actor
	placed  int           // calls that reached the program: each has one record
	within  time.Duration // how long a step may take
}

// parallel bounds the scenarios that run at once: more would make phones late
// on two cores.
const parallel = 4

// TestScenarios runs every script of testdata.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	slots := make(chan struct{}, parallel)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			slots <- struct{}{}
			defer func() { <-slots }()
			runScript(t, file)
		})
	}
}

func runScript(t *testing.T, file string) {
	raw, err := os.ReadFile(file) //nolint:gosec // one of testdata
	if err != nil {
		t.Fatal(err)
	}
	s := newScenario(t)
	defer func() {
		if t.Failed() {
			t.Logf("the program's log:\n%s", s.program.log)
		}
	}()
	for i, line := range strings.Split(string(raw), "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if err := s.step(words); err != nil {
			t.Fatalf("%s:%d: %s: %v", file, i+1, strings.TrimSpace(line), err)
		}
	}
	s.balance()
}

func newScenario(t *testing.T) *scenario {
	t.Helper()
	dir := t.TempDir()
	s := &scenario{t: t, dir: dir, actors: map[string]*actor{}, within: 20 * time.Second}
	s.sw = newSwitch(t, filepath.Join(dir, "a"))
	s.program = newProgram(t, dir, s.sw)
	return s
}

// address is where the line is dialled.
func (s *scenario) address(number string) string {
	return fmt.Sprintf("sip:%s@%s", number, s.sw.ports.SIPAddr())
}

// newCaller makes a phone of a citizen. Callers are told apart in the log by
// the last digits of their number, which masking leaves.
func (s *scenario) newCaller(name string) (*actor, error) {
	number := fmt.Sprintf("+770100000%02d", 10+len(s.actors))
	return s.newActor(name, number, phone.Options{Identity: &phone.Party{User: number}})
}

func (s *scenario) newActor(name, number string, o phone.Options) (*actor, error) {
	p, err := phone.New(o)
	if err != nil {
		return nil, err
	}
	a := &actor{name: name, number: number, phone: p}
	go a.answerRings() // ends with the phone
	s.t.Cleanup(func() {
		if err := p.Close(); err != nil {
			s.t.Log(err)
		}
	})
	s.actors[name] = a
	return a, nil
}

// balance checks what must hold at the end of every scenario.
func (s *scenario) balance() {
	s.t.Helper()
	for _, a := range s.actors {
		if call, err := a.current(); err == nil {
			_ = call.Hangup(s.t.Context())
		}
	}
	var why string
	if !eventually(s.t, 15*time.Second, func() bool { why = s.unbalanced(); return why == "" }) {
		s.t.Error(why)
	}
}

// unbalanced tells what does not add up, or nothing.
func (s *scenario) unbalanced() string {
	calls := s.program.calls(s.t)
	if len(calls) != s.placed {
		return fmt.Sprintf("%d calls were placed, the log has %d", s.placed, len(calls))
	}
	for _, c := range calls {
		if c["outcome"] == nil {
			return fmt.Sprintf("a record is still open: %v", c)
		}
	}
	if s.sw.ast != nil {
		if left := s.sw.carries(s.t); len(left) > 0 {
			return fmt.Sprintf("left in Asterisk: %v", left)
		}
	}
	return ""
}
