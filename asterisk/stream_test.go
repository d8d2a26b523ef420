package asterisk_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"ikomek109/asterisk"
	"ikomek109/ivr"
)

// tidy fails when the test leaves a goroutine behind, once everything else of
// it has been cleaned up. Call it first.
func tidy(t *testing.T) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		goleak.VerifyNone(t, before)
	})
}

func TestDeafStream(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	f.deaf.Store(1)
	o := f.options()
	o.Timing.Fence, o.Timing.Denied = 2*time.Second, time.Hour // a pause of another kind would not end
	began := time.Now()
	s := begin(t, o, d)
	up(t, s)
	if took := time.Since(began); took < o.Timing.Fence+500*time.Millisecond {
		t.Errorf("came up after %s, want the pause after a deaf stream", took)
	}
	if got := figure(t, s, "ikomek109_asterisk_deaf_total"); got != 1 {
		t.Errorf("%v deaf streams counted", got)
	}
}

func TestStreamGoesDeaf(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	o := f.options()
	o.Timing.Heartbeat, o.Timing.Pulse, o.Timing.Deaf = 20*time.Millisecond, 50*time.Millisecond, time.Millisecond
	s := begin(t, o, d)
	up(t, s)
	f.mu.Lock()
	f.silent = true
	f.mu.Unlock()
	eventually(t, 5*time.Second, "connected anew", func() bool { return s.Status().Connects >= 2 })
}

func TestReconnect(t *testing.T) {
	for name, end := range map[string]func(*fake){
		"cut":          (*fake).cut,
		"huge message": func(f *fake) { f.send(`{"type":"` + strings.Repeat("x", 2<<20) + `"}`) },
	} {
		t.Run(name, func(t *testing.T) {
			tidy(t)
			f, d := newFake(t), newDesk()
			s := begin(t, f.options(), d)
			up(t, s)
			began := time.Now()
			end(f)
			eventually(t, 10*time.Second, "connected anew", func() bool { return s.Status().Connects >= 2 })
			if took := time.Since(began); took > 4*time.Second { // 5 s after a refusal
				t.Errorf("reconnected after %s", took)
			}
		})
	}
}

func TestStates(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	seen := make(chan asterisk.State, 100)
	o := f.options()
	o.Notify = func(s asterisk.Status) { seen <- s.State }
	s := begin(t, o, d)
	up(t, s)
	shut(t, s)
	shut(t, s) // twice is no error
	close(seen)
	var got []asterisk.State
	for state := range seen {
		got = append(got, state)
	}
	want := []asterisk.State{asterisk.Fencing, asterisk.Reconciling, asterisk.Up, asterisk.Down}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if err := s.Start(t.Context(), d); ivr.CodeOf(err) != ivr.Conflict {
		t.Errorf("started after its end: %v", err)
	}
}

func TestWrongPassword(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	o := f.options()
	o.Password = "guess"
	s := begin(t, o, d)
	eventually(t, 5*time.Second, "the cause tells the cure", func() bool {
		return strings.Contains(s.Status().Cause, "asterisk.password")
	})
	if strings.Contains(s.Status().Cause, "guess") {
		t.Error("the cause tells the password")
	}
	if err := s.Hangup(t.Context(), "c1"); ivr.CodeOf(err) != ivr.Denied {
		t.Errorf("got %v", err)
	}
}

// TestReadOnlyUser may listen and not command.
func TestReadOnlyUser(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	f.answer("PUT /applications/ikomek109/eventFilter", say(403, `{"message":"Write access denied"}`))
	s := begin(t, f.options(), d)
	eventually(t, 5*time.Second, "the cause tells the cure", func() bool {
		return strings.Contains(s.Status().Cause, "read_only")
	})
}

func TestReplacedByAnother(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	s := begin(t, f.options(), d)
	up(t, s)
	f.send(`{"type":"ApplicationReplaced","application":"ikomek109","asterisk_id":"fake"}`)
	eventually(t, 5*time.Second, "the cause tells the cure", func() bool {
		return s.Status().State == asterisk.Down && strings.Contains(s.Status().Cause, "stop the other program")
	})
	if n := f.dials.Load(); n != 1 {
		t.Errorf("%d websockets: two programs would fight", n)
	}
}

// TestRubbish sends what no Asterisk should, and then a call.
func TestRubbish(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	s := begin(t, f.options(), d)
	up(t, s)
	for _, m := range []string{
		"", "{", "[]", "null", "17", `"type"`, `{"type":7}`, `{"type":""}`, `{"nothing":1}`,
		`{"type":"StasisStart","args":{}}`, `{"type":"StasisStart","channel":[]}`,
		`{"type":"CallBroadcast","channel":{"id":"c9"}}`, `{"type":"RESTResponse"}`, `{"type":"ChannelToneDetected"}`,
		event("ChannelDtmfReceived", "c1", `"digit":"99"`), event("ChannelDtmfReceived", "c1", `"digit":"E"`),
		event("ChannelDtmfReceived", "c1", `"digit":""`), playbackFinished("never", "c1", "done"),
		event("StasisEnd", "never", ""), "\xff\xfe{\"type\":\"StasisEnd\"}",
	} {
		f.send(m)
	}
	f.send(stasisStart("c1", "citizen"))
	_, box := d.arrived(t)
	for _, digit := range []string{"E", "11", "", "ё", "A", "#"} {
		f.send(event("ChannelDtmfReceived", "c1", fmt.Sprintf(`"digit":%q`, digit)))
	}
	f.send(event("StasisEnd", "c1", ""))
	for _, want := range []ivr.Key{'A', '#'} {
		if k := next[ivr.KeyPressed](t, box); k.Key != want {
			t.Errorf("key %q, want %q", k.Key, want)
		}
	}
	next[ivr.Gone](t, box)
	if s.Status().Connects != 1 {
		t.Error("the connection did not survive")
	}
	if got := figure(t, s, "ikomek109_asterisk_events_garbage_total"); got < 8 {
		t.Errorf("%v garbage messages counted", got)
	}
}

// TestHoldByPhone is told of the leg whose phone did it.
func TestHoldByPhone(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	s := begin(t, f.options(), d)
	up(t, s)
	f.send(stasisStart("c1", "citizen"))
	_, box := d.arrived(t)
	for _, want := range []bool{true, false} {
		typ := map[bool]string{true: "ChannelHold", false: "ChannelUnhold"}[want]
		f.send(event(typ, "never", ""))
		f.send(event(typ, "c1", ""))
		if got := next[ivr.HeldByPhone](t, box); got.Channel != "c1" || got.On != want {
			t.Errorf("%s became %+v", typ, got)
		}
	}
}

// TestOrder sends many calls' keys mixed up; each call gets its own in order.
func TestOrder(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	s := begin(t, f.options(), d)
	up(t, s)
	const calls, keys = 20, 50
	for c := range calls {
		f.send(stasisStart(fmt.Sprint("c", c), "citizen"))
	}
	for k := range keys {
		for c := range calls {
			f.send(event("ChannelDtmfReceived", fmt.Sprint("c", c), fmt.Sprintf(`"digit":"%d"`, (k+c)%10)))
		}
	}
	for c := range calls {
		f.send(event("ChannelHangupRequest", fmt.Sprint("c", c), `"cause":44`))
		f.send(event("StasisEnd", fmt.Sprint("c", c), ""))
		f.send(event("ChannelDestroyed", fmt.Sprint("c", c), `"cause":16`))
	}
	for c := range calls {
		id := ivr.ChannelID(fmt.Sprint("c", c))
		box := d.open(id)
		for k := range keys {
			if got := next[ivr.KeyPressed](t, box); got.Key != ivr.Key('0'+(k+c)%10) || got.Channel != id {
				t.Fatalf("call %d, key %d: %+v", c, k, got)
			}
		}
		if g := next[ivr.Gone](t, box); g != (ivr.Gone{Channel: id, Cause: 44}) {
			t.Errorf("got %+v", g)
		}
		quiet(t, box)
	}
}

// TestHeldWhileReconciling keeps events back while the domain can't answer.
func TestHeldWhileReconciling(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	d.slow = make(chan struct{})
	f.answer("GET /channels", say(200, `[{"id":"new","state":"Up","dialplan":{"app_name":"Stasis","app_data":"ikomek109,citizen"}},
		{"id":"lost","state":"Up","dialplan":{"app_name":"Stasis","app_data":"ikomek109,citizen"}},
		{"id":"code","state":"Up","dialplan":{"app_name":"Stasis","app_data":"ikomek109,agent,*11,aigul"}},
		{"id":"other","state":"Up","dialplan":{"app_name":"Stasis","app_data":"another,citizen"}},
		{"id":"queue","state":"Up","dialplan":{"app_name":"Queue","app_data":"fallback"}}]`))
	s := begin(t, f.options(), d)
	eventually(t, 5*time.Second, "reconciling", func() bool { return s.Status().State == asterisk.Reconciling })
	f.send(stasisStart("new", "citizen"))
	f.send(event("ChannelDtmfReceived", "new", `"digit":"1"`))
	f.send(stasisStart("new", "citizen"))
	if err := s.Ring(t.Context(), ivr.Ring{Channel: "x", Agent: "aigul", Inbox: ivr.NewInbox()}); ivr.CodeOf(err) != ivr.Unavailable {
		t.Errorf("rung while reconciling: %v", err)
	}
	eventually(t, 5*time.Second, "asked", func() bool { return len(d.told()) > 0 })
	if len(d.arrivals) != 0 {
		t.Error("a call arrived while reconciling")
	}
	close(d.slow)
	up(t, s)
	_, box := d.arrived(t)
	next[ivr.KeyPressed](t, box)
	eventually(t, 5*time.Second, "the others are seen to", func() bool {
		return f.asked("POST /channels/lost/move") == 1 && f.asked("DELETE /channels/code") == 1
	})
	if n := f.asked("POST /channels/new/move") + f.asked("POST /channels/other") + f.asked("DELETE /channels/other") + f.asked("POST /channels/queue"); n != 0 {
		t.Errorf("%d legs touched that should not be", n)
	}
	if len(d.arrivals) != 0 {
		t.Error("a call arrived twice")
	}
}

// TestEarlierLegsNotKnownYet serves new calls meanwhile, leaves the others
// alone, and has their events kept from when they are taken up.
func TestEarlierLegsNotKnownYet(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	d.set(false, true)
	f.answer("GET /channels", say(200, `[{"id":"old","state":"Up","dialplan":{"app_name":"Stasis","app_data":"ikomek109,citizen"}},
		{"id":"nobodys","state":"Up","dialplan":{"app_name":"Stasis","app_data":"ikomek109,citizen"}}]`))
	o := f.options()
	o.Timing.Beat = 20 * time.Millisecond
	s := begin(t, o, d)
	up(t, s)
	f.send(stasisStart("new", "citizen"))
	f.send(event("ChannelDtmfReceived", "new", `"digit":"1"`))
	_, box := d.arrived(t)
	next[ivr.KeyPressed](t, box)
	eventually(t, 5*time.Second, "asked again", func() bool { return len(d.told()) > 1 })
	if n := f.asked("POST /channels") + f.asked("DELETE /channels"); n != 0 {
		t.Errorf("%d legs touched of which nothing is known", n)
	}
	old := d.open("old")
	d.set(false, false)
	eventually(t, 5*time.Second, "the other is seen to", func() bool { return f.asked("POST /channels/nobodys/move") > 0 })
	f.send(event("ChannelDtmfReceived", "old", `"digit":"2"`))
	next[ivr.KeyPressed](t, old)
	if n := f.asked("POST /channels/old"); n != 0 {
		t.Error("a leg that was taken up was moved")
	}
}

// TestNotTaken has the dialplan care for a call that the domain did not take, and
// offers it again on the beat should it be there still.
func TestNotTaken(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	d.set(true, false)
	o := f.options()
	o.Timing.Beat = 50 * time.Millisecond
	s := begin(t, o, d)
	up(t, s)
	f.send(stasisStart("c1", "citizen"))
	f.answer("GET /channels", say(200, `[{"id":"c1","state":"Up","dialplan":{"app_name":"Stasis","app_data":"ikomek109,citizen"}}]`))
	f.answer("GET /bridges", say(200, `[{"id":"b-old","name":"ikomek109","channels":[]},{"id":"b-new","name":"ikomek109","channels":["c1"]},
		{"id":"b-other","name":"theirs","channels":[]}]`))
	eventually(t, 5*time.Second, "given back, offered again, the bridge swept", func() bool {
		return f.asked("POST /channels/c1/continue") > 0 && f.asked("POST /channels/c1/move") > 0 && f.asked("DELETE /bridges/b-old") > 0
	})
	if n := f.asked("DELETE /bridges/b-new") + f.asked("DELETE /bridges/b-other") + f.asked("DELETE /channels"); n != 0 {
		t.Errorf("%d things deleted that should not be", n)
	}
}

// TestLegLostWithoutAWord ends a leg that Asterisk has forgotten, on the slow
// beat, since no event will.
func TestLegLostWithoutAWord(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	o := f.options()
	o.Timing.Beat = 20 * time.Millisecond
	s := begin(t, o, d)
	up(t, s)
	f.send(stasisStart("c1", "citizen", "109"))
	_, in := d.arrived(t)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	ev, err := take(ctx, in)
	if ev != (ivr.Gone{Channel: "c1", Unseen: true}) || err != nil {
		t.Errorf("got %#v, %v", ev, err)
	}
}
