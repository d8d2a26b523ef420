package e2e_test

import (
	"strings"
	"testing"
)

// TestNodeRenamed: what was open under the old name is told at the start and by
// the doctor, is closed by the command that both name, and its agent is free.
func TestNodeRenamed(t *testing.T) {
	t.Parallel()
	s := newScenario(t)
	s.must(`
asterisk starts
program starts asterisk.node=old
program is ready
agent aigerim answers after 500ms
aigerim dials *11
aigerim hears kk agent/ready
aigerim is hung up
caller ana dials
ana presses 10
aigerim rings
aigerim picks up
ana says kk agent/ready
aigerim hears kk agent/ready
program dies
asterisk dies
asterisk starts
program starts asterisk.node=new
program is ready
program logs calls close --node 'old'
roster of aigerim has world=talking`)
	out, err := s.program.do(t.Context(), "doctor", "--set", "asterisk.node=new")
	if err == nil || !strings.Contains(out, "calls close --node 'old'") {
		t.Errorf("the doctor says %v:\n%s", err, out)
	}
	for _, node := range []string{"new", ""} {
		if out, err := s.program.do(t.Context(), "calls", "close", "--set", "asterisk.node=new", "--node", node); err == nil {
			t.Errorf("closed the calls of %q:\n%s", node, out)
		}
	}
	out, err = s.program.do(t.Context(), "calls", "close", "--set", "asterisk.node=new", "--node", "old")
	if err != nil || !strings.Contains(out, "served, gone_meanwhile") {
		t.Errorf("closing says %v:\n%s", err, out)
	}
	s.must("log of ana has outcome=served reason=gone_meanwhile agent=aigerim")
	var agents []record
	if err := s.program.list(t.Context(), &agents, "agent", "list", "--json"); err != nil || len(agents) != 1 {
		t.Fatal(agents, err)
	}
	if agents[0]["world"] == "talking" {
		t.Errorf("the agent is still bound to the call: %v", agents[0])
	}
	if out, err := s.program.do(t.Context(), "doctor", "--set", "asterisk.node=new"); err != nil {
		t.Errorf("the doctor says %v:\n%s", err, out)
	}
	s.balance()
}
