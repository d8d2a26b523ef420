package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"ikomek109/phone"
)

// newRecalls is offices whose line calls people back: in place of a trunk, every
// number leads to a telephone called home.
func newRecalls(t *testing.T, settings ...string) *offices {
	t.Helper()
	o := newOffices(t)
	home, err := o.newActor("home", "home", phone.Options{Incoming: phone.RingOnly(phone.DialOptions{Record: true})})
	if err != nil {
		t.Fatal(err)
	}
	_, address, _ := strings.Cut(home.phone.URI(), "@")
	settings = append(settings, "callback.dial=sip:{number}@"+address, "callback.from=00:00", "callback.to=24:00")
	for _, s := range settings { // for each start of the program
		key, value, _ := strings.Cut(s, "=")
		key = strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
		o.program.env = append(o.program.env, "IKOMEK109_"+key+"="+value)
	}
	o.must("program stops\nprogram starts\nprogram is ready")
	return o
}

// asksBack has ana ask to be called back, on the number she calls from.
const asksBack = `
caller ana dials
ana presses 121
ana hears kk callback/taken
ana is hung up`

// readyAgent is an agent who picks up.
const readyAgent = `
agent aigerim answers after 500ms
aigerim dials *11
aigerim hears kk agent/ready
aigerim is hung up`

// bothTalk has ana, at home, and the agent hear each other, and go.
const bothTalk = `
home says kk agent/off
aigerim hears kk agent/off
aigerim says ru agent/paused
home hears ru agent/paused
home hangs up
aigerim is hung up
log of ana has outcome=served agent=aigerim origin=callback callback=1 language=kk reason=caller_hung_up`

// recalled counts the calls that the line made, and checks the only callback.
func (o *offices) recalled(calls int, want ...string) {
	o.t.Helper()
	o.count(calls)
	var wrong error
	if !eventuallyEvery(o.t, askEvery, o.within, func() bool {
		var list []record
		if wrong = o.program.list(o.t.Context(), &list, "callbacks", "--all", "--json"); wrong != nil {
			return false
		}
		if wrong = fmt.Errorf("%d callbacks", len(list)); len(list) == 1 {
			wrong = list[0].compare(want)
		}
		return wrong == nil
	}) {
		o.t.Fatal(wrong)
	}
}

// TestRecallAgentFirst rings nobody before an agent is there, who hears what it
// is about.
func TestRecallAgentFirst(t *testing.T) {
	t.Parallel()
	o := newRecalls(t)
	o.must(asksBack + `
log of ana has outcome=callback
callback is tried
home rests for 3s` + readyAgent + `
aigerim rings
aigerim picks up and listens
aigerim hears kk callback/agent
aigerim hears kk agent/language/kk
home rings
home takes it` + bothTalk)
	o.recalled(1, "state=reached", "tries=1", "why=served")
	o.balance()
}

// TestRecallCitizenFirst says who calls and why, with music until the agent is
// there.
func TestRecallCitizenFirst(t *testing.T) {
	t.Parallel()
	o := newRecalls(t, "callback.first=citizen")
	o.must(`
agent aigerim never answers
aigerim dials *11
aigerim hears kk agent/ready
aigerim is hung up` + asksBack + `
home rings
home takes it
home hears kk callback/hello
aigerim rings
aigerim takes it` + bothTalk)
	o.recalled(1, "state=reached", "tries=1")
	o.balance()
}

// TestRecallUnreached is tried again, and given up; the agent is free each time.
func TestRecallUnreached(t *testing.T) {
	t.Parallel()
	o := newRecalls(t, "callback.tries=3", "callback.intervals=1s,4s", "callback.ring_timeout=5s")
	o.must(readyAgent + asksBack + `
aigerim rings
home rings
aigerim hears kk callback/unanswered
aigerim is hung up
aigerim rings
home rings
aigerim hears kk callback/unanswered
aigerim is hung up
aigerim rests for 3s
aigerim rings
home rings
aigerim hears kk callback/unanswered
aigerim is hung up
log of ana has outcome=unreached reason=no_answer
roster of aigerim has chosen=ready world=idle
home rests for 4s`)
	o.recalled(3, "state=failed", "tries=3", "why=no_answer")
	o.balance()
}

// TestRecallOutlivesTheProgram while it waits, while the citizen's telephone
// rings, and in conversation.
func TestRecallOutlivesTheProgram(t *testing.T) {
	t.Parallel()
	o := newRecalls(t)
	o.must(asksBack + `
callback is tried
home rests for 3s
caller ben dials
ben presses 20
ben hears ru queue/place place=2
program dies
program starts
program is ready` + readyAgent + `
aigerim rings
home rings
program dies
program starts
program is ready
aigerim rings
home rings
home takes it
home says kk agent/off
aigerim hears kk agent/off
program dies
aigerim says ru agent/paused
home hears ru agent/paused
program starts
program is ready
home says kk agent/ready
aigerim hears kk agent/ready
home hangs up
aigerim is hung up
log of ana has outcome=served agent=aigerim origin=callback
aigerim rings
aigerim picks up
ben hangs up
log of ben has outcome=served`)
	o.recalled(1, "state=reached", "tries=1")
	o.balance()
}

// TestRecallIsNotNeeded by who was served when they called themselves, or is
// cancelled.
func TestRecallIsNotNeeded(t *testing.T) {
	t.Parallel()
	o := newRecalls(t)
	o.must(asksBack + `
callback is tried
home rests for 3s
caller ana dials
ana presses 10
ana hears kk queue/joined` + readyAgent + `
aigerim rings
aigerim picks up
ana says kk agent/off
aigerim hears kk agent/off
ana hangs up
aigerim is hung up
home rests for 4s`)
	o.recalled(1, "state=cancelled", "tries=0", "why=served")
	o.must(`
aigerim dials *12
aigerim hears kk agent/paused
aigerim is hung up`)
	if _, err := o.program.do(t.Context(), "callbacks", "add", "+77010000077"); err != nil {
		t.Fatal(err)
	}
	o.must("callback is tried")
	if _, err := o.program.do(t.Context(), "callbacks", "cancel", "2"); err != nil {
		t.Fatal(err)
	}
	o.must(`
aigerim dials *11
aigerim hears kk agent/ready
aigerim is hung up
aigerim rests for 4s`)
	o.count(1)
	o.balance()
}
