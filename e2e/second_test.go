package e2e_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestSecondProgram: one that is started on a line that is served takes nothing from
// it and is refused, naming the first; when the first is stopped meanwhile, it takes
// over, as after a restart.
func TestSecondProgram(t *testing.T) {
	t.Parallel()
	s := newScenario(t)
	s.must(`
asterisk starts
program starts queue.announce_every=10s
program is ready
caller ana dials
ana presses 10
ana hears kk queue/place place=1`)
	first := s.program.cmd.Process.Pid
	second := *s.program
	second.log = &logBuffer{}
	second.start(t)
	defer second.kill(t)
	if err := second.ended(30 * time.Second); err != nil {
		t.Fatal(err)
	}
	if said := second.log.String(); !strings.Contains(said, fmt.Sprintf("process %d serves it already", first)) {
		t.Errorf("the second said %s", said)
	}
	s.must(`
ana hears kk queue/hold
caller ben dials
ben presses 20
ben hears ru queue/place place=2`)
	third := *s.program
	third.log = &logBuffer{}
	third.start(t)
	defer third.kill(t)
	for late := time.Now().Add(10 * time.Second); !strings.Contains(third.log.String(), "waiting for it to stop"); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatalf("the third said %s", third.log)
		}
	}
	s.must("program stops")
	s.program.cmd, s.program.done, s.program.out, third.cmd = third.cmd, third.done, third.out, nil
	s.must(`
program is ready
agent aigerim answers after 500ms
aigerim dials *11
aigerim rings
aigerim picks up
roster of aigerim has world=talking
ana says kk agent/ready
aigerim hears kk agent/ready
ana hangs up
log of ana has outcome=served agent=aigerim
ben hangs up`)
	s.balance()
}
