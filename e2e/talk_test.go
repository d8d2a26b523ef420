package e2e_test

import (
	"strings"
	"testing"
)

// conversing has ana and aigerim speak, with a partner 112 in the settings.
func conversing(t *testing.T, settings ...string) *scenario {
	t.Helper()
	s := newScenario(t)
	s.settle(partnersAt(allAt(s.partner("rescue"))))
	s.must(`
asterisk starts
program starts queue.ring_timeout=5s ` + strings.Join(settings, " ") + `
program is ready
agent aigerim answers after 1s
aigerim dials *11
aigerim hears kk agent/ready
aigerim is hung up
caller ana dials
ana presses 1
ana hears the beginning of kk topics/to-checkpoints
ana presses 0
aigerim rings
aigerim picks up
roster of aigerim has world=talking
aigerim says ru agent/ready
ana hears ru agent/ready`)
	return s
}

// TestHandoverToPartnerByKey has an agent ask a service and leave the caller with
// them; who accepted it is on record.
func TestHandoverToPartnerByKey(t *testing.T) {
	t.Parallel()
	s := conversing(t)
	s.must(`
aigerim presses *2
aigerim rests for 4s
aigerim presses 112#
rescue rings
rescue takes it
rescue picks up
aigerim says ru agent/paused
rescue hears ru agent/paused
rescue says kk agent/paused
aigerim hears kk agent/handover/number
aigerim hears kk agent/paused
ana misses ru agent/paused
aigerim presses *2
aigerim is hung up
ana says kk agent/off
rescue hears kk agent/off
rescue says kk agent/ready
ana hears kk agent/ready
roster of aigerim has chosen=ready world=idle
ana hangs up
rescue is hung up
log of ana has outcome=served agent=aigerim handed_by=aigerim partner=112 hold>0 talk>0`)
	s.balance()
}

// TestBlindToColleagueWhoDoesNotAnswer brings the caller back to the agent, who
// has let them go.
func TestBlindToColleagueWhoDoesNotAnswer(t *testing.T) {
	t.Parallel()
	s := conversing(t)
	s.must(`
agent bolat never answers
bolat dials *11
bolat hears kk agent/ready
bolat is hung up
roster of bolat has chosen=ready number=202
aigerim presses *3
aigerim rests for 4s
aigerim presses 202#
aigerim is hung up
bolat rings
bolat is hung up
aigerim rings
aigerim picks up and listens
aigerim hears kk agent/handover/back
roster of aigerim has world=talking
aigerim says ru agent/off
ana hears ru agent/off
ana says kk agent/off
aigerim hears kk agent/off
ana hangs up
log of ana has outcome=served agent=aigerim partner=- handed_by=- hold>0`)
	s.balance()
}

// TestBlindToColleague frees the agent at once; the colleague has the caller.
func TestBlindToColleague(t *testing.T) {
	t.Parallel()
	s := conversing(t)
	s.must(`
agent bolat answers after 500ms
bolat dials *11
bolat hears kk agent/ready
bolat is hung up
roster of bolat has chosen=ready number=202
aigerim presses *3
aigerim rests for 4s
aigerim presses 202#
aigerim is hung up
bolat rings
bolat picks up
ana says kk agent/off
bolat hears kk agent/off
bolat says ru agent/paused
ana hears ru agent/paused
roster of aigerim has chosen=ready world=idle
roster of bolat has world=talking
ana hangs up
log of ana has outcome=served agent=bolat handed_by=aigerim partner=-`)
	s.balance()
}

// TestKilledWhileTheAgentAsks lets agent and service speak on; the caller is
// handed over by the program that comes next.
func TestKilledWhileTheAgentAsks(t *testing.T) {
	t.Parallel()
	s := conversing(t)
	s.must(`
aigerim presses *2
aigerim rests for 4s
aigerim presses 112#
rescue rings
rescue takes it
rescue picks up
aigerim says ru agent/paused
rescue hears ru agent/paused
program dies
program starts
program is ready
rescue says kk agent/ready
aigerim hears kk agent/ready
aigerim presses *2
aigerim is hung up
rescue says kk agent/off
ana hears kk agent/off
ana hangs up
log of ana has outcome=served agent=aigerim partner=112`)
	s.balance()
}
