package ivr_test

import (
	"testing"
	"time"
)

// TestTimesAreAsStoresKeepThem: a store that keeps microseconds gives back a
// journal that adds up to the record, to the last digit.
func TestTimesAreAsStoresKeepThem(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.startDesk()
		b.after(1234567 * time.Nanosecond)
		b.arrive("a")
		b.press("a", "10")
		b.after(20*time.Second + 987*time.Nanosecond)
		b.sw.HangUp("a")
		b.after(time.Second)
		r := b.only()
		for _, e := range b.journal.Entries(r.ID) {
			if e.At.Nanosecond()%1000 != 0 {
				t.Errorf("%s is at %s", e.Kind, e.At)
			}
		}
		if r.Wait == 0 || r.Wait%time.Microsecond != 0 {
			t.Errorf("waited %s", r.Wait)
		}
		b.settled()
	})
}
