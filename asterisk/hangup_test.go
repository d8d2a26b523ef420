package asterisk_test

import (
	"net/http"
	"testing"
	"time"

	"ikomek109/ivr"
)

// TestHungUpLater: the call of a leg that could not be hung up is over. It is
// hung up as soon as can be, and never greeted as a new call.
func TestHungUpLater(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	o := f.options()
	o.Timing.Beat = 20 * time.Millisecond
	s := begin(t, o, d)
	up(t, s)
	f.answer("DELETE /channels/c1", say(500, `{"message":"a fault made on purpose"}`))
	if err := s.Hangup(t.Context(), "c1"); ivr.CodeOf(err) != ivr.Unavailable {
		t.Errorf("got %v", err)
	}
	f.answer("GET /channels", say(200, `[{"id":"c1","state":"Up","dialplan":{"app_name":"Stasis","app_data":"ikomek109,citizen"}}]`))
	known := len(d.told())
	eventually(t, 5*time.Second, "compared a few times", func() bool { return len(d.told()) > known+4 })
	greeted := make(chan int, 1)
	f.answer("DELETE /channels/c1", func(w http.ResponseWriter, r *http.Request) {
		select {
		case greeted <- f.asked("POST /channels/c1/move"):
		default:
		}
		f.answer("GET /channels", say(200, "[]"))
		say(204, "")(w, r)
	})
	if n := <-greeted; n != 0 {
		t.Errorf("a call that is over was greeted anew %d times", n)
	}
}
