package e2e_test

import (
	"testing"
)

// TestServiceDoesNotAnswer brings the caller back to the agent: to one who has
// asked the service first, and to one who has let the caller go.
func TestServiceDoesNotAnswer(t *testing.T) {
	t.Parallel()
	s := conversing(t, "handover.ring_timeout=5s")
	s.must(`
aigerim presses *2
aigerim rests for 4s
aigerim presses 112#
rescue rings
rescue is hung up
aigerim hears kk agent/handover/no_answer
aigerim says ru agent/off
ana hears ru agent/off
ana says kk agent/off
aigerim hears kk agent/off
aigerim presses *3
aigerim hears kk agent/handover/number
aigerim presses 112#
aigerim is hung up
rescue rings
rescue is hung up
aigerim rings
aigerim picks up and listens
aigerim hears kk agent/handover/back
roster of aigerim has world=talking
ana says kk agent/ready
aigerim hears kk agent/ready
ana hangs up
journal of ana has handover_missed partner=112 why=no_answer
log of ana has outcome=served agent=aigerim partner=- hold>0`)
	s.balance()
}

// TestHandoverToQueueAndColleague gives a caller to the queue, ahead of who waits
// there, but not back to the agent who gave them away; then to a colleague who was
// asked first.
func TestHandoverToQueueAndColleague(t *testing.T) {
	t.Parallel()
	s := conversing(t)
	s.must(`
caller ben dials
ben presses 10
ben hears kk queue/place place=1
caller cara dials
cara presses 20
cara hears ru queue/place place=2
aigerim presses *3
aigerim hears kk agent/handover/number
aigerim presses 1#
aigerim is hung up
ana hears kk queue/place place=1
aigerim rings
aigerim picks up
ben says kk agent/ready
aigerim hears kk agent/ready
agent bolat answers after 500ms
bolat dials *11
bolat rings
bolat picks up
ana says kk agent/off
bolat hears kk agent/off
cara hangs up
agent daniyar answers after 500ms
daniyar dials *11
daniyar hears kk agent/ready
daniyar is hung up
bolat presses *2
bolat hears kk agent/handover/number
bolat presses 203#
daniyar rings
daniyar picks up and listens
bolat says ru agent/pause/rest
daniyar hears ru agent/pause/rest
ana misses ru agent/pause/rest
bolat presses *2
bolat is hung up
daniyar says ru agent/off
ana hears ru agent/off
ana says kk agent/paused
daniyar hears kk agent/paused
ana hangs up
ben hangs up
log of ana has outcome=served agent=daniyar handed_by=bolat
log of ben has outcome=served agent=aigerim
log of cara has outcome=abandoned`)
	s.balance()
}
