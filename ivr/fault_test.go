package ivr_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

var errDown = &ivr.Error{Op: "test", Code: ivr.Unavailable, Message: "down"}

func TestStoreDownLosesNoRecord(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.startDesk()
		b.journal.Break(func(string, ivr.CallID) error { return errDown })
		b.arrive("a")
		b.press("a", "231")
		b.after(30 * time.Second)
		if !heard(b, "play", "ru/transport-") {
			t.Errorf("a store that is down kept the caller from the answer: %v", b.sw.Did())
		}
		b.sw.HangUp("a")
		b.after(30 * time.Second)
		if n := len(b.journal.Records()); n != 0 {
			t.Fatalf("%d records while the store is down", n)
		}
		b.journal.Break(nil)
		b.after(10 * time.Second)
		if r := b.only(); r.Outcome != ivr.Informed || r.Keys != "231" {
			t.Errorf("record %+v", r)
		}
		b.settled()
	})
}

// TestStepsAreSentAgainWhileNothingHappens: a caller who waits is, for the next
// program, where they are, soon after the store is there again.
func TestStepsAreSentAgainWhileNothingHappens(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.startDesk()
		b.journal.Break(func(string, ivr.CallID) error { return errDown })
		b.arrive("a")
		b.press("a", "10")
		b.after(16 * time.Second) // the place has been told, and will be in 30 s again
		told := len(b.sw.Did())
		b.journal.Break(nil)
		b.after(6 * time.Second)
		if did := b.sw.Did()[told:]; len(did) != 0 {
			t.Fatalf("something happened meanwhile: %v", did)
		}
		if r := b.only(); !r.Waiting() {
			t.Errorf("the store has a caller at %v who waits", r.Path)
		}
		b.sw.HangUp("a")
		b.after(time.Second)
		b.settled()
	})
}

func TestSwitchLostClosesTheCall(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.startDesk()
		b.arrive("a")
		b.after(2 * time.Second)
		b.sw.Lose("a")
		b.after(time.Second)
		if r := b.only(); r.Outcome != ivr.Lost || r.Reason != ivr.SwitchLost {
			t.Errorf("ended as %s, %s", r.Outcome, r.Reason)
		}
	})
}

func TestSwitchAwayForAWhile(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.startDesk()
		b.sw.Break(func(string, ivr.ChannelID) error { return errDown })
		b.arrive("a")
		b.after(20 * time.Second)
		b.sw.Break(nil)
		b.after(time.Minute)
		if !heard(b, "play", "kk/welcome") {
			t.Errorf("nothing heard after the switch came back: %v", b.sw.Did())
		}
		b.sw.HangUp("a")
		b.after(time.Second)
		b.settled()
	})
}

// TestKeyWhileThePromptWaits: a key that comes while the switch does not take the
// prompt cuts it as soon as it does.
func TestKeyWhileThePromptWaits(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.startDesk()
		b.sw.Break(func(string, ivr.ChannelID) error { return errDown })
		b.arrive("a")
		b.after(5 * time.Second)
		b.press("a", "2")
		b.after(5 * time.Second)
		b.sw.Break(nil)
		b.after(4 * time.Second)
		if !heard(b, "play", "ru/topics") {
			t.Errorf("the key was not heard: %v", b.sw.Did())
		}
		b.sw.HangUp("a")
		b.after(time.Second)
		b.settled()
	})
}

func TestKeysThatNoPhoneHas(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.startDesk()
		b.arrive("a")
		b.press("a", "ABCDABCD")
		b.after(2 * time.Minute)
		if r := b.only(); !r.Waiting() {
			// wrong keys lead to an operator, never to a hang-up
			state := b.journal.State(r.ID)
			t.Errorf("path %v, state %s", r.Path, state)
		}
		b.sw.HangUp("a")
		b.after(time.Second)
		b.settled()
	})
}

// panics is a voice with a fault in it.
type panics struct{ ivrtest.Voice }

func (panics) Sounds(string, string, string, map[string]string) ([]string, time.Duration, error) {
	panic("a fault of ours")
}

func TestFaultOfOursIsOnRecord(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		flow, _ := flows.Load(flows.Shipped, flows.ShippedName, flows.Known{})
		b.line = ivr.NewLine(ivr.Options{
			Switch: b.sw, Journal: b.journal, Queue: b.desk, Roster: b.desk, Voice: panics{},
			Flow: func() *flows.Flow { return flow },
		})
		b.startDesk()
		b.arrive("a")
		b.after(time.Second)
		if r := b.only(); r.Outcome != ivr.Lost || r.Reason != ivr.ProgramFault {
			t.Errorf("ended as %s, %s", r.Outcome, r.Reason)
		}
		b.settled()
	})
}

// TestProgramStartedAgain stops the program with callers in the menu, in the
// queue and in conversation, and starts another on the same store and switch. Who
// was spoken to hears it again; who heard music, or an agent, notices nothing.
func TestProgramStartedAgain(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.agent("aigerim", ivrtest.Manner{Answer: time.Second})
		b.startDesk()
		b.arrive("talks")
		b.press("talks", "10")
		b.after(20 * time.Second)
		b.arrive("waits-1")
		b.press("waits-1", "10")
		b.after(30 * time.Second) // so that no place is being told in the end
		b.arrive("waits-2")
		b.press("waits-2", "20")
		b.after(20 * time.Second)
		b.arrive("menu")
		b.press("menu", "2")
		b.after(2 * time.Second)
		b.arrive("gone")
		b.after(2 * time.Second)
		b.press("waits-2", "#")
		b.after(time.Second)
		b.close()

		b.sw.HangUp("gone")
		did := len(b.sw.Did())
		b.open()
		var live []ivr.CallID
		saved, err := b.journal.Live(t.Context(), node)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range saved {
			live = append(live, s.Record.ID)
		}
		b.startDesk(live...)
		if routes := b.reconcile(); len(routes.Strange) != 0 {
			t.Fatalf("strange legs %v", routes.Strange)
		}
		b.after(15 * time.Second)
		if b.sw.Bridges() != 1 {
			t.Error("the conversation was disturbed")
		}
		for _, want := range []string{"ru/one_moment", "ru/queue/place=2", "ru/topics/"} {
			if !heardSince(b, did, want) {
				t.Errorf("not heard after the start: %s; but %v", want, b.sw.Did()[did:])
			}
		}
		for _, unwanted := range []string{"kk/one_moment", "kk/queue/place=1"} {
			if heardSince(b, did, unwanted) {
				t.Errorf("heard after the start by who heard music before: %s; %v", unwanted, b.sw.Did()[did:])
			}
		}
		for _, leg := range []ivr.ChannelID{"waits-2", "waits-1", "talks", "menu"} {
			b.sw.HangUp(leg)
			b.after(time.Second)
		}
		b.after(time.Minute)
		want := map[ivr.ChannelID]string{
			"gone": "lost gone_meanwhile", "talks": "served caller_hung_up", "menu": "menu_hangup caller_hung_up",
			"waits-1": "abandoned caller_hung_up", "waits-2": "abandoned caller_hung_up",
		}
		for _, r := range b.journal.Records() {
			if got := fmt.Sprint(r.Outcome, " ", r.Reason); got != want[r.Channel] {
				t.Errorf("%s ended as %q, want %q", r.Channel, got, want[r.Channel])
			}
		}
		b.settled()
	})
}

// heardSince tells whether a sound was played after the first did commands.
func heardSince(b *bench, did int, sound string) bool {
	return slices.ContainsFunc(b.sw.Did()[did:], func(d string) bool {
		return strings.HasPrefix(d, "play") && strings.Contains(d, sound)
	})
}
