package e2e_test

import (
	"testing"
	"time"

	"ikomek109/flows"
)

// silentWithin is how long a caller who presses nothing, on a telephone with a
// dial perhaps, is kept from an operator, by the sentences that ship.
const silentWithin = 110 * time.Second

// TestSilentCallerReachesAnOperatorSoon adds up what such a caller hears, as long
// as it is spoken, and the pauses for a key.
func TestSilentCallerReachesAnOperatorSoon(t *testing.T) {
	t.Parallel()
	env := flows.Env{Now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), Mode: "daily"}
	r, took := shared.flow.Begin(env), time.Duration(0)
	for range 20 {
		for _, action := range r.Actions {
			switch a := action.(type) {
			case flows.Say:
				took += spoken(t, a)
			case flows.Listen:
				took += a.Timeout
			case flows.Enqueue:
				t.Logf("an operator after %s", took.Round(time.Second))
				if took > silentWithin {
					t.Errorf("that is more than %s", silentWithin)
				}
				return
			}
		}
		var in flows.Input = flows.Silence{}
		if _, waits := r.Actions[len(r.Actions)-1].(flows.Wait); waits {
			in = flows.Played{}
		}
		r = shared.flow.Step(r.State, in, env)
	}
	t.Fatal("no operator at all")
}

// spoken is how long something said lasts.
func spoken(t *testing.T, s flows.Say) (all time.Duration) {
	t.Helper()
	for _, u := range s.Utterances {
		_, length, err := shared.voice.Sounds(string(u.Language), u.Phrase.ID, u.Text(), u.Values)
		if err != nil {
			t.Fatal(err)
		}
		all += length
	}
	return all
}
