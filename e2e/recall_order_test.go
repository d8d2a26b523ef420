package e2e_test

import (
	"strings"
	"testing"
	"time"
)

// closedNow are settings by which nobody is called back at this time of day.
func closedNow(t *testing.T) string {
	t.Helper()
	city, err := time.LoadLocation("Asia/Almaty")
	if err != nil {
		t.Fatal(err)
	}
	if time.Now().In(city).Hour() < 12 {
		return "callback.from=20:00 callback.to=21:00"
	}
	return "callback.from=03:00 callback.to=04:00"
}

// TestRecallOrder: a number that is typed in is read out, confirmed and noted once;
// who gave up waiting is noted by one command. Neither is called outside the hours,
// nor before somebody who has waited longer on the line, and they are called in
// their order.
func TestRecallOrder(t *testing.T) {
	t.Parallel()
	o := newRecalls(t)
	o.must(`
caller ben dials
ben presses 10
ben hears kk queue/place place=1
caller ana dials
ana presses 20
ana hears ru queue/place place=2
ana hangs up
log of ana has outcome=abandoned`)
	var gaveUp []record
	if err := o.program.list(t.Context(), &gaveUp, "calls", "--abandoned", "--json"); err != nil || len(gaveUp) != 1 {
		t.Fatalf("gave up: %v, %v", gaveUp, err)
	}
	if out, err := o.program.do(t.Context(), "callbacks", "add", "--abandoned"); err != nil || !strings.HasPrefix(out, "1 to be called back") {
		t.Fatal(out, err)
	}
	o.must(strings.ReplaceAll(`
caller eve dials
eve presses 122
eve hears kk callback/number
eve presses 87010000077
eve hears the beginning of kk input/heard digits=87010000077
eve presses 1
eve hears kk callback/taken
eve is hung up
log of eve has outcome=callback
caller fay dials
fay presses 222
fay hears ru callback/number
fay presses 87010000077
fay hears the beginning of ru input/heard digits=87010000077
fay presses 1
fay hears ru callback/already
fay is hung up
program stops
program starts CLOSED
program is ready`, "CLOSED", closedNow(t)) + readyAgent + `
aigerim rings
aigerim picks up
ben says kk agent/off
aigerim hears kk agent/off
ben hangs up
aigerim is hung up
log of ben has outcome=served
aigerim rests for 4s
home rests for 1s
program stops
program starts
program is ready
aigerim rings
aigerim picks up and listens
aigerim hears ru callback/agent
home rings
home takes it
home says kk agent/off
aigerim hears kk agent/off
home hangs up
aigerim is hung up
aigerim rings
aigerim picks up and listens
aigerim hears kk callback/agent
home rings
home takes it
aigerim says kk agent/ready
home hears kk agent/ready
home hangs up
aigerim is hung up
log of ana has outcome=served origin=callback callback=1 language=ru`)
	var list []record
	if !eventuallyEvery(t, askEvery, o.within, func() bool {
		err := o.program.list(t.Context(), &list, "callbacks", "--all", "--json")
		return err == nil && len(list) == 2 && list[0].compare([]string{"state=reached"}) == nil && list[1].compare([]string{"state=reached", "number=+7701•••••77"}) == nil
	}) {
		t.Errorf("callbacks are %v", list)
	}
	o.count(4) // two that were put off as the hours were over, and two that reached somebody
	o.balance()
}
