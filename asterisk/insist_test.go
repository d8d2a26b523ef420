package asterisk_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"ikomek109/asterisk"
)

// TestCommandsThatFailKeepTheStream: events that come while there is none are lost.
func TestCommandsThatFailKeepTheStream(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	o := f.options()
	o.Timing.Heartbeat = 20 * time.Millisecond
	s := begin(t, o, d)
	up(t, s)
	f.failing.Store(true)
	eventually(t, 5*time.Second, "many heartbeats", func() bool { return f.posts.Load() > 8 })
	if got := s.Status(); got.Connects != 1 || got.State != asterisk.Up {
		t.Errorf("connected %d times, %s", got.Connects, got.State)
	}
}

// TestCommandsThatFailAtFirstKeepTheStream: each that a connection needs fails, and
// then hangs, before it is answered.
func TestCommandsThatFailAtFirstKeepTheStream(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	for request, answer := range map[string]http.HandlerFunc{
		"PUT /applications/ikomek109/eventFilter": say(204, ""),
		"GET /asterisk/info":                      say(200, "{}"),
		"GET /channels":                           say(200, "[]"),
		"GET /bridges":                            say(200, "[]"),
	} {
		var asked atomic.Int32
		f.answer(request, func(w http.ResponseWriter, r *http.Request) {
			switch asked.Add(1) {
			case 1:
				say(http.StatusInternalServerError, "a fault made on purpose")(w, r)
			case 2:
				<-r.Context().Done()
			default:
				answer(w, r)
			}
		})
	}
	f.hanging.Store(true)
	o := f.options()
	o.Timing.Fence = 20 * time.Second // no echo is late here
	s := begin(t, o, d)
	eventually(t, time.Minute, "it comes up", func() bool { return s.Status().State == asterisk.Up })
	if dials := f.dials.Load(); dials != 1 {
		t.Errorf("%d streams were opened", dials)
	}
}

// TestCommandsAreNotTaken: without them no call can be served, and Asterisk's own
// dialplan serves it only when there is no stream.
func TestCommandsAreNotTaken(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	o := f.options()
	o.Timing.Heartbeat, o.Timing.Insist = 20*time.Millisecond, 300*time.Millisecond
	s := begin(t, o, d)
	up(t, s)
	f.refusing.Store(true)
	eventually(t, 5*time.Second, "the stream is given up", func() bool { return s.Status().State == asterisk.Down })
	f.refusing.Store(false)
	eventually(t, 5*time.Second, "connected anew", func() bool { return s.Status().Connects >= 2 })
}
