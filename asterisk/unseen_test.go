package asterisk_test

import (
	"fmt"
	"testing"
	"time"

	"ikomek109/ivr"
)

// TestLegGoneBetweenTwoConnections: with the same Asterisk the caller may have hung
// up, and nobody heard it; one that was started anew has lost the call.
func TestLegGoneBetweenTwoConnections(t *testing.T) {
	for name, c := range map[string]struct {
		started string // the second time
		want    ivr.Gone
	}{
		"the same Asterisk": {"2026-11-23T03:24:12.562+0000", ivr.Gone{Channel: "c1", Unseen: true}},
		"started anew":      {"2026-11-23T04:00:00.001+0000", ivr.Gone{Channel: "c1", Lost: true}},
	} {
		t.Run(name, func(t *testing.T) {
			tidy(t)
			f, d := newFake(t), newDesk()
			s := begin(t, f.options(), d)
			up(t, s)
			f.send(stasisStart("c1", "citizen"))
			_, box := d.arrived(t)
			f.answer("GET /asterisk/info", say(200, fmt.Sprintf(`{"status":{"startup_time":%q}}`, c.started)))
			f.cut()
			eventually(t, 10*time.Second, "connected anew", func() bool { return s.Status().Connects >= 2 })
			if got := next[ivr.Gone](t, box); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}
