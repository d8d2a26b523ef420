package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
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
	within  time.Duration // how long a step may take

	mu      sync.Mutex
	actors  map[string]*actor // guarded by mu
	callers int               // guarded by mu: phones of citizens made
	placed  int               // guarded by mu: calls that reached the program, each of which has one record
}

// TestScenarios runs every script of testdata.
func TestScenarios(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
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
	if err := s.play(readScript(file, string(raw))); err != nil {
		t.Fatal(err)
	}
	s.balance()
}

func newScenario(t *testing.T) *scenario {
	t.Helper()
	dir := t.TempDir()
	s := &scenario{t: t, dir: dir, actors: map[string]*actor{}, within: 20 * time.Second}
	s.sw = newSwitch(t, filepath.Join(dir, "a"))
	s.program = newProgram(t, dir, s.sw)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the program's log:\n%s", s.program.log)
			t.Logf("what the calls went through:\n%s", s.program.timelines())
		}
	})
	return s
}

// ready is a scenario with an Asterisk and a program that answer.
func ready(t *testing.T) *scenario {
	t.Helper()
	s := newScenario(t)
	s.must("asterisk starts\n program starts\n program is ready")
	return s
}

// must plays steps that are written in the test itself.
func (s *scenario) must(script string) {
	s.t.Helper()
	if err := s.play(readScript(s.t.Name(), script)); err != nil {
		s.t.Fatal(err)
	}
}

// address is where the line is dialled.
func (s *scenario) address(number string) string {
	return fmt.Sprintf("sip:%s@%s", number, s.sw.Ports.SIPAddr())
}

// newCaller makes a phone of a citizen. Callers are told apart in the log by
// the last digits of their number, which masking leaves.
func (s *scenario) newCaller(name string) (*actor, error) {
	s.mu.Lock()
	s.callers++
	number := fmt.Sprintf("+770100000%02d", 10+s.callers)
	s.mu.Unlock()
	return s.newActor(name, number, phone.Options{Identity: &phone.Party{User: number}})
}

// newActor gives somebody a phone. It speaks A-law alone, in which silence that
// was sent can be told from none: see heard.
func (s *scenario) newActor(name, number string, o phone.Options) (*actor, error) {
	o.Codecs = []phone.Codec{phone.Alaw}
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
	s.mu.Lock()
	defer s.mu.Unlock()
	s.actors[name] = a
	return a, nil
}

// actor gives somebody by name, nil when nobody is called that.
func (s *scenario) actor(name string) *actor {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.actors[name]
}

// count adds to the calls of which there has to be a record.
func (s *scenario) count(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.placed += n
}

// balance checks what must hold at the end of every scenario.
func (s *scenario) balance() {
	s.t.Helper()
	s.balanceWithin(15 * time.Second)
}

func (s *scenario) balanceWithin(within time.Duration) {
	s.t.Helper()
	for _, a := range s.actors {
		if call, err := a.current(); err == nil {
			_ = call.Hangup(s.t.Context())
		}
	}
	var why string
	if !eventuallyEvery(s.t, askEvery, within, func() bool { why = s.unbalanced(); return why == "" }) {
		s.t.Error(why)
	}
}

// askEvery is how often a command of the program is run until it says what is
// expected.
const askEvery = 300 * time.Millisecond

// unbalanced tells what does not add up, or nothing.
func (s *scenario) unbalanced() string {
	calls, err := s.program.calls(s.t.Context())
	if err != nil {
		return err.Error()
	}
	if len(calls) != s.placed {
		return fmt.Sprintf("%d calls were placed, the log has %d", s.placed, len(calls))
	}
	for _, c := range calls {
		if c["outcome"] == nil {
			return fmt.Sprintf("a record is still open: %v", c)
		}
	}
	if s.sw.Running() != nil {
		if left := s.sw.carries(s.t); len(left) > 0 {
			return fmt.Sprintf("left in Asterisk: %v", left)
		}
	}
	return ""
}
