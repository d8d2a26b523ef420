package e2e_test

import (
	"testing"

	"ikomek109/chaos/proxy"
)

// onTheWay puts a proxy between the program and its Asterisk, in which the test
// makes faults on purpose.
func (s *scenario) onTheWay() *proxy.Proxy {
	s.t.Helper()
	way, err := proxy.New(s.t.Context(), s.sw.Opts.HTTP, func(string) {})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := way.Close(); err != nil {
			s.t.Error(err)
		}
	})
	s.program.env = append(s.program.env, "IKOMEK109_ASTERISK_URL=http://"+way.Addr()+"/ari")
	return way
}

// TestTroubleOnTheWay has the event stream go deaf, and half of the commands to
// Asterisk come to nothing in one way after the other. Who talks does not notice,
// who waits keeps the place, who calls is answered, and each has one record.
func TestTroubleOnTheWay(t *testing.T) {
	t.Parallel()
	s := newScenario(t)
	way := s.onTheWay()
	s.must(`
asterisk starts
program starts queue.announce_every=2m
program is ready
agent aigerim answers after 500ms
aigerim dials *11
aigerim hears kk agent/ready
aigerim is hung up
caller cem dials
cem presses 10
aigerim rings
aigerim picks up
caller ana dials
ana presses 20
ana hears ru queue/place place=1
caller ben dials
ben presses 13
ben hears kk transport/to-transport-routes`)

	// Deaf: the stream is there, and no event comes. Nobody sees whether ben hung up
	// or was cut off.
	way.Hold(true)
	s.must(`
program is not ready because switch
cem says kk agent/ready
aigerim hears kk agent/ready
ben hangs up`)
	way.Hold(false)
	s.must(`
program is ready within 10s
log of ben has outcome=lost reason=gone_meanwhile
ana presses #
ana hears ru queue/place place=1`)

	// Commands that fail, whose connection is closed, that hang, and that are
	// carried out with nobody told.
	way.Disturb(proxy.Failing)
	s.must(`
caller dan dials
dan hears kk welcome/text within 30s`)
	way.Disturb(proxy.Closing)
	s.must(`
dan presses 2
dan hears ru topics/to-checkpoints within 30s`)
	way.Disturb(proxy.Hanging)
	s.must(`
dan presses 3
dan hears ru transport/to-transport-routes within 40s`)
	way.Disturb(proxy.Unanswered)
	s.must(`
dan presses 2
dan hears ru transport-fare/text within 40s
aigerim says ru agent/paused
cem hears ru agent/paused
program logs does not answer as it should`)
	way.Disturb(proxy.None)
	s.must(`
program is ready
dan hangs up
log of dan has outcome=informed keys=232
cem hangs up
aigerim rings
aigerim picks up
ana says ru agent/ready
aigerim hears ru agent/ready
ana hangs up
log of cem has outcome=served agent=aigerim
log of ana has outcome=served agent=aigerim keys=20#`)
	s.balance()
}
