package e2e_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestDangerToLife names the five services in the settings, and has each rung by
// the key of the menu that ships, in an emergency: caller and service hear each
// other, and who it was is on record.
func TestDangerToLife(t *testing.T) {
	t.Parallel()
	s := newScenario(t)
	services := []string{"103", "101", "102", "112", "104"} // in the order of the menu
	s.settle(partnersAt(func(code string) string { return s.partner("service-" + code) }))
	s.must("asterisk starts\n program starts\n program is ready")
	if _, err := s.program.do(t.Context(), "mode", "set", "emergency", "--until", "1h", "--reason", "сынақ"); err != nil {
		t.Fatal(err)
	}
	s.told(`ikomek109_mode{mode="emergency"} 1`, 5*time.Second)
	for i, code := range services {
		s.must(strings.NewReplacer("SERVICE", "service-"+code, "CODE", code, "KEYS", fmt.Sprintf("%d1%d", 1+i%2, i+1), "LANG", []string{"kk", "ru"}[i%2]).Replace(`
caller ana dials
ana presses KEYS
SERVICE rings
SERVICE takes it
SERVICE picks up
ana says LANG agent/ready
SERVICE hears LANG agent/ready
SERVICE hangs up
ana hears LANG goodbye
ana is hung up
log of ana has outcome=handed_over partner=CODE category=emergency language=LANG`))
	}
	s.balance()
}

// TestNobodyToHandOverTo answers with the settings that ship, which name no
// service: nobody is told that they are being connected to one, but to dial 112,
// and they get an operator.
func TestNobodyToHandOverTo(t *testing.T) {
	t.Parallel()
	s := ready(t)
	s.must(`
program logs callers cannot be handed over
agent aigerim answers after 500ms
aigerim dials *11
aigerim hears kk agent/ready
aigerim is hung up
caller ana dials
ana presses 143
ana hears kk dial-yourself/text
aigerim rings
aigerim picks up
ana says kk agent/ready
aigerim hears kk agent/ready
ana misses kk call-ambulance/text
ana misses kk handover/failed
ana hangs up
log of ana has outcome=served partner=- category=health`)
	s.balance()
}
