package e2e_test

import (
	"fmt"
	"testing"
)

// TestServiceHandover rings a partner's telephone; both hear each other, also
// over a restart; the caller goes on when the partner hangs up.
func TestServiceHandover(t *testing.T) {
	t.Parallel()
	o := newOffices(t)
	o.must(`
caller ana dials
ana presses 13
rescue rings
rescue takes it
rescue picks up
ana says kk welcome/text
rescue hears kk welcome/text
program dies
rescue says ru agent/ready
ana hears ru agent/ready
program starts
program is ready
ana says kk agent/off
rescue hears kk agent/off
rescue hangs up
ana hears the beginning of kk topics/to-checkpoints
ana hangs up
log of ana has outcome=handed_over partner=112
caller ben dials
ben presses 23
rescue rings
ben hears ru handover/failed
ben hangs up
log of ben has outcome=menu_hangup partner=-
caller cem dials
cem presses 13
rescue rings
program dies
program starts
program is ready
rescue rings
rescue takes it
rescue picks up
cem says kk agent/ready
rescue hears kk agent/ready
cem hangs up
rescue is hung up
log of cem has outcome=handed_over reason=caller_hung_up
caller dan dials
dan presses 13
rescue rings
dan presses 0
dan hears kk queue/place place=1
journal of dan has handover_missed why=withdrawn
rescue rests for 2s
dan hangs up
log of dan has outcome=abandoned partner=-`)
	o.balance()
}

// TestServicesAround asks for a callback, asks the city, which may take its time
// but leaves nobody in silence, and asks for a mark after the agent.
func TestServicesAround(t *testing.T) {
	t.Parallel()
	o := newOffices(t)
	o.must(`
caller ana dials
ana presses 14
ana hears kk callback/number
ana presses 4711
ana hears kk welcome/text
ana hears the beginning of kk topics/to-checkpoints
ana presses 2
ana hears the beginning of kk callback/here
ana presses 1
ana hears kk callback/taken
ana hears kk goodbye
ana is hung up
log of ana has outcome=callback keys=14••••21
caller ana dials
ana presses 221
ana hears ru callback/already
ana is hung up
caller ben dials
ben presses 240000
ben hears ru queue/joined
ben hangs up
log of ben has outcome=abandoned keys=24••••
caller dan dials
dan presses 14
dan hears kk callback/number
dan presses 4712
dan hears kk one_moment
dan hears kk welcome/text
dan hears the beginning of kk topics/to-checkpoints
dan hangs up
log of dan has outcome=menu_hangup keys=14••••
agent aigerim answers after 500ms
aigerim dials *11
aigerim hears kk agent/ready
aigerim is hung up
caller cem dials
cem presses 10
aigerim rings
aigerim picks up
cem says kk agent/ready
aigerim hears kk agent/ready
aigerim hangs up
cem hears kk topics/to-transport
cem presses 5
cem hears kk survey/thanks
cem hears kk goodbye
cem is hung up
log of cem has outcome=served reason=goodbye score=5 agent=aigerim`)
	var list []record
	if err := o.program.list(t.Context(), &list, "callbacks", "--json"); err != nil || len(list) != 1 {
		t.Fatalf("callbacks %v, %v", list, err)
	}
	if err := list[0].compare([]string{"state=waiting", "queue=main", "language=kk"}); err != nil {
		t.Error(err)
	}
	if _, err := o.program.do(t.Context(), "callbacks", "cancel", fmt.Sprint(list[0]["id"])); err != nil {
		t.Error(err)
	}
	o.balance()
}
