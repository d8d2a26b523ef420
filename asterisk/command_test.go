package asterisk_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ikomek109/asterisk"
	"ikomek109/ivr"
)

// TestStatuses tells what each refusal becomes, and that it costs no connection.
func TestStatuses(t *testing.T) {
	tidy(t)
	f := newFake(t)
	s := begin(t, f.options(), newDesk())
	up(t, s)
	for status, want := range map[int]ivr.Code{
		400: ivr.Invalid, 401: ivr.Denied, 403: ivr.Denied, 404: ivr.NotFound, 409: ivr.NotFound,
		412: ivr.NotFound, 422: ivr.Invalid, 500: ivr.Unavailable, 503: ivr.Unavailable,
	} {
		f.answer("POST /channels/c1/moh", say(status, `{"message":"so it is"}`))
		err := s.Hold(t.Context(), "c1", true)
		var refused *asterisk.StatusError
		if ivr.CodeOf(err) != want || !errors.As(err, &refused) || refused.Status != status || refused.Message != "so it is" {
			t.Errorf("%d became %v", status, err)
		}
		if strings.Contains(err.Error(), "ari-") {
			t.Errorf("the message shows its plumbing: %v", err)
		}
	}
	conns := f.conns.Load()
	f.answer("POST /channels/c1/moh", say(404, `{"message":"Channel not found"}`))
	for range 100 {
		_ = s.Hold(t.Context(), "c1", true)
	}
	if more := f.conns.Load() - conns; more > 0 {
		t.Errorf("100 refusals cost %d connections", more)
	}
	f.answer("GET /playbacks/p", say(404, "not json"))
	f.answer("DELETE /bridges/b", say(409, `{"message":"Bridge not in Stasis application"}`))
	if err := errors.Join(s.Part(t.Context(), "b"), s.Stop(t.Context(), "p")); err != nil {
		t.Error(err)
	}
}

// TestRingRefused takes Asterisk's words for an endpoint without a contact for no
// way to a phone, and none of its other faults: it is nothing of the agent's.
func TestRingRefused(t *testing.T) {
	tidy(t)
	f := newFake(t)
	o := f.options()
	o.Recall = "PJSIP/{number}@trunk"
	s := begin(t, o, newDesk())
	up(t, s)
	in := ivr.NewInbox()
	for body, want := range map[string]ivr.Code{
		`{"error":"Allocation failed"}`:      ivr.NotFound,
		`{"message":"Could not start dial"}`: ivr.Unavailable,
		`{"error":""}`:                       ivr.Unavailable,
		"a fault made on purpose":            ivr.Unavailable,
		"":                                   ivr.Unavailable,
	} {
		f.answer("POST /channels", say(500, body))
		for who, ring := range map[string]ivr.Ring{
			"agent":   {Channel: "leg-1", Agent: "aigul", Inbox: in},
			"citizen": {Channel: "leg-2", Citizen: "+77011234567", Inbox: in},
		} {
			err := s.Ring(t.Context(), ring)
			var refused *asterisk.StatusError
			if ivr.CodeOf(err) != want || !errors.As(err, &refused) || refused.Status != 500 {
				t.Errorf("%s, %q: became %v, want %s", who, body, err, want)
			}
		}
	}
	f.answer("POST /channels", say(400, `{"message":"Allocation failed"}`))
	if err := s.Ring(t.Context(), ivr.Ring{Channel: "leg-1", Agent: "aigul", Inbox: in}); ivr.CodeOf(err) != ivr.Invalid {
		t.Errorf("another status: %v", err)
	}
	quiet(t, in)
}

// TestSlowAnswer gives a command up in time, and stops a playback that may have
// begun all the same.
func TestSlowAnswer(t *testing.T) {
	tidy(t)
	f := newFake(t)
	o := f.options()
	o.Timing.Request = 200 * time.Millisecond
	s := begin(t, o, newDesk())
	up(t, s)
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	f.answer("POST /channels/c1/play/p1", hang)
	f.answer("POST /channels/c1/moh", hang)
	f.answer("POST /channels", hang)
	began := time.Now()
	in := ivr.NewInbox()
	for name, err := range map[string]error{
		"play": s.Play(t.Context(), ivr.Play{ID: "p1", Channel: "c1", Sounds: []string{"/a"}}),
		"hold": s.Hold(t.Context(), "c1", true),
		"ring": s.Ring(t.Context(), ivr.Ring{Channel: "leg", Agent: "aigul", Inbox: in}),
	} {
		if ivr.CodeOf(err) != ivr.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("took %s", took)
	}
	eventually(t, 5*time.Second, "what may have begun is ended", func() bool {
		return f.asked("DELETE /playbacks/p1") == 1 && f.asked("DELETE /channels/leg") == 1
	})
	if n := f.asked("POST /channels/c1/play/p1"); n != 1 {
		t.Errorf("played %d times", n)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Hold(cancelled, "c1", true); ivr.CodeOf(err) != ivr.Unavailable || !errors.Is(err, context.Canceled) {
		t.Errorf("given up before it was sent: %v", err)
	}
	quiet(t, in)
}

// TestWatchdog has Asterisk forget to say that playbacks ended.
func TestWatchdog(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	o := f.options()
	o.Timing.Grace = 30 * time.Millisecond
	s := begin(t, o, d)
	up(t, s)
	f.send(stasisStart("c1", "citizen"))
	_, box := d.arrived(t)
	var asked atomic.Int32
	f.answer("GET /playbacks/long", func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) < 3 {
			say(200, `{"id":"long","state":"playing"}`)(w, r)
			return
		}
		say(404, `{"message":"Playback not found"}`)(w, r)
	})
	f.answer("GET /playbacks/bad", say(200, `{"id":"bad","state":"failed"}`))
	f.answer("GET /playbacks/stuck", say(200, `{"id":"stuck","state":"playing"}`))
	for id, failed := range map[ivr.PlayID]bool{"long": false, "bad": true, "stuck": true} {
		if err := s.Play(t.Context(), ivr.Play{ID: id, Channel: "c1", Sounds: []string{"/a"}}); err != nil {
			t.Fatal(err)
		}
		if got := next[ivr.PlayEnded](t, box); got != (ivr.PlayEnded{Channel: "c1", Play: id, Failed: failed}) {
			t.Errorf("got %+v", got)
		}
	}
	if n := asked.Load(); n != 3 {
		t.Errorf("asked %d times for what was still playing", n)
	}
	f.send(playbackFinished("long", "c1", "done"))
	f.send(event("StasisEnd", "c1", ""))
	next[ivr.Gone](t, box)
	quiet(t, box)
	if got := figure(t, s, "ikomek109_asterisk_playbacks_overdue_total"); got != 3 {
		t.Errorf("%v overdue playbacks counted", got)
	}
}

// TestStopOfMissedEnd ends a playback at once when its end was missed.
func TestStopOfMissedEnd(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	s := begin(t, f.options(), d)
	up(t, s)
	f.send(stasisStart("c1", "citizen"))
	_, box := d.arrived(t)
	f.answer("GET /playbacks/p", say(404, `{}`))
	f.answer("DELETE /playbacks/p", say(404, `{}`))
	if err := s.Play(t.Context(), ivr.Play{ID: "p", Channel: "c1", Sounds: []string{"/a"}, Length: time.Hour}); err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(t.Context(), "p"); err != nil {
		t.Fatal(err)
	}
	if got := next[ivr.PlayEnded](t, box); got.Failed {
		t.Errorf("got %+v", got)
	}
}

// TestStopTooEarly has Asterisk refuse to stop a playback whose first sound it has
// not opened yet, as it does.
func TestStopTooEarly(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	s := begin(t, f.options(), d)
	up(t, s)
	var asked atomic.Int32
	f.answer("DELETE /playbacks/p", func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) < 3 {
			say(500, `{"message":"Could not stop playback"}`)(w, r)
			return
		}
		say(204, "")(w, r)
	})
	if err := s.Stop(t.Context(), "p"); err != nil || asked.Load() != 3 {
		t.Errorf("stopped after %d attempts: %v", asked.Load(), err)
	}
	f.answer("DELETE /playbacks/p", say(500, `{"message":"Could not stop playback"}`))
	if err := s.Stop(t.Context(), "p"); ivr.CodeOf(err) != ivr.Unavailable {
		t.Errorf("a playback that cannot be stopped: %v", err)
	}
}

// TestHangUpWithinAPrompt has Asterisk tell, as it does, that the prompt failed
// before it tells that the caller is gone. The call must not go on in between.
func TestHangUpWithinAPrompt(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	s := begin(t, f.options(), d)
	up(t, s)
	f.send(stasisStart("c1", "citizen"))
	_, box := d.arrived(t)
	if err := s.Play(t.Context(), ivr.Play{ID: "p", Channel: "c1", Sounds: []string{"/a"}, Length: time.Hour}); err != nil {
		t.Fatal(err)
	}
	f.send(event("ChannelHangupRequest", "c1", `"cause":16`))
	f.send(playbackFinished("p", "c1", "failed"))
	f.send(event("StasisEnd", "c1", ""))
	if got := next[ivr.Gone](t, box); got != (ivr.Gone{Channel: "c1", Cause: 16}) {
		t.Errorf("got %+v", got)
	}
	quiet(t, box)
	if got := figure(t, s, "ikomek109_asterisk_playbacks"); got != 0 {
		t.Errorf("%v playbacks are still held", got)
	}
}

// TestHangUpThatComesToNothing frees a call whose prompt failed, and whose
// leg lasts in spite of a hang-up that was asked for.
func TestHangUpThatComesToNothing(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	s := begin(t, f.options(), d)
	up(t, s)
	f.send(stasisStart("c1", "citizen"))
	_, box := d.arrived(t)
	f.answer("GET /playbacks/p", say(404, `{}`))
	if err := s.Play(t.Context(), ivr.Play{ID: "p", Channel: "c1", Sounds: []string{"/a"}, Length: time.Hour}); err != nil {
		t.Fatal(err)
	}
	f.send(event("ChannelHangupRequest", "c1", `"cause":16`))
	f.send(playbackFinished("p", "c1", "failed"))
	if got := next[ivr.PlayEnded](t, box); got.Play != "p" {
		t.Errorf("got %+v", got)
	}
}

// TestRefusedSounds lets nothing through that is no file.
func TestRefusedSounds(t *testing.T) {
	tidy(t)
	f := newFake(t)
	s := begin(t, f.options(), newDesk())
	for _, sound := range []string{"", "/", "relative", "http://127.0.0.1/x", "number:7", "/a\nb", "recording:x"} {
		err := s.Play(t.Context(), ivr.Play{ID: "p", Channel: "c1", Sounds: []string{"/good", sound}})
		if ivr.CodeOf(err) != ivr.Invalid {
			t.Errorf("%q: %v", sound, err)
		}
	}
	if err := s.Play(t.Context(), ivr.Play{ID: "p", Channel: "c1"}); ivr.CodeOf(err) != ivr.Invalid {
		t.Errorf("nothing to play: %v", err)
	}
	if n := f.asked("POST /channels"); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// TestHostileIDs has ids with everything that means something in a path.
func TestHostileIDs(t *testing.T) {
	tidy(t)
	f := newFake(t)
	s := begin(t, f.options(), newDesk())
	up(t, s)
	const id = "a/../b?c=d#e f;2%"
	ctx := t.Context()
	_ = s.Hangup(ctx, id)
	_ = s.Hold(ctx, id, false)
	_ = s.Stop(ctx, id)
	_ = s.Part(ctx, id)
	_ = s.Play(ctx, ivr.Play{ID: id, Channel: id, Sounds: []string{"/a"}})
	const escaped = "a%2F..%2Fb%3Fc=d%23e%20f%3B2%25"
	for _, want := range []string{
		"DELETE /channels/" + escaped, "DELETE /channels/" + escaped + "/moh", "DELETE /playbacks/" + escaped,
		"DELETE /bridges/" + escaped, "POST /channels/" + escaped + "/play/" + escaped,
	} {
		if f.asked(want) == 0 {
			t.Errorf("no %s", want)
		}
	}
	if err := s.Join(ctx, id, "a", "b"); ivr.CodeOf(err) != ivr.Invalid {
		t.Errorf("a bridge named so: %v", err)
	}
}

// TestRace plays and hangs up at once, many times: every playback ends once or
// its leg is gone, and nothing follows the end of a leg.
func TestRace(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	s := begin(t, f.options(), d)
	up(t, s)
	var wg sync.WaitGroup
	for i := range 50 {
		id := ivr.ChannelID(fmt.Sprint("c", i))
		play := ivr.PlayID(fmt.Sprint("p", i))
		f.send(stasisStart(string(id), "citizen"))
		wg.Go(func() {
			_ = s.Play(t.Context(), ivr.Play{ID: play, Channel: id, Sounds: []string{"/a"}})
			_ = s.Stop(t.Context(), play)
		})
		wg.Go(func() { f.send(playbackFinished(string(play), string(id), "done")) })
		wg.Go(func() { f.send(event("StasisEnd", string(id), "")) })
	}
	wg.Wait()
	for i := range 50 {
		box := d.open(ivr.ChannelID(fmt.Sprint("c", i)))
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		ends := 0
		for {
			ev, err := take(ctx, box)
			if err != nil {
				t.Fatal(err)
			}
			if _, gone := ev.(ivr.Gone); gone {
				break
			}
			ends++
		}
		cancel()
		if ends > 1 {
			t.Errorf("call %d: %d ends of one playback", i, ends)
		}
		quiet(t, box)
	}
}

func TestOptionsRefused(t *testing.T) {
	good := asterisk.Options{URL: "http://127.0.0.1:8088/ari", Username: "u", Password: "p"}
	for name, spoil := range map[string]func(*asterisk.Options){
		"no address":           func(o *asterisk.Options) { o.URL = "" },
		"another scheme":       func(o *asterisk.Options) { o.URL = "ftp://x/ari" },
		"broken address":       func(o *asterisk.Options) { o.URL = "http://[/" },
		"password in address":  func(o *asterisk.Options) { o.URL = "http://u:p@127.0.0.1/ari" },
		"no user":              func(o *asterisk.Options) { o.Username = "" },
		"no password":          func(o *asterisk.Options) { o.Password = "" },
		"application's name":   func(o *asterisk.Options) { o.App = "a,b" },
		"application in paths": func(o *asterisk.Options) { o.App = "../x" },
	} {
		o := good
		spoil(&o)
		_, err := asterisk.New(o)
		var e *ivr.Error
		if ivr.CodeOf(err) != ivr.Invalid || !errors.As(err, &e) || e.Cure == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := asterisk.New(good); err != nil {
		t.Error(err)
	}
}

// TestLostConnection breaks connections off in the middle of requests: those
// that do no harm twice are sent again, a playback is not.
func TestLostConnection(t *testing.T) {
	tidy(t)
	f := newFake(t)
	s := begin(t, f.options(), newDesk())
	up(t, s)
	in := ivr.NewInbox()
	for request, c := range map[string]struct {
		do    func() error
		times int
	}{
		"DELETE /channels/c1":         {func() error { return s.Hangup(t.Context(), "c1") }, 2},
		"POST /bridges/b":             {func() error { return s.Join(t.Context(), "b", "c1", "c2") }, 2},
		"POST /bridges/b2/addChannel": {func() error { return s.Join(t.Context(), "b2", "c1", "c2") }, 2},
		"POST /channels":              {func() error { return s.Ring(t.Context(), ivr.Ring{Channel: "leg", Agent: "aigul", Inbox: in}) }, 2},
		"POST /channels/c1/play/p1":   {func() error { return s.Play(t.Context(), ivr.Play{ID: "p1", Channel: "c1", Sounds: []string{"/a"}}) }, 1},
	} {
		f.answer(request, breakOffOnce(f, request))
		if err := s.Part(t.Context(), "warm-up"); err != nil { // so that the connection is one in use
			t.Fatal(err)
		}
		err := c.do()
		if (err == nil) != (c.times == 2) {
			t.Errorf("%s: %v", request, err)
		}
		f.mu.Lock()
		n := 0
		for _, r := range f.requests {
			if r == request {
				n++
			}
		}
		f.mu.Unlock()
		if n != c.times {
			t.Errorf("%s: sent %d times, want %d", request, n, c.times)
		}
	}
}

// breakOffOnce answers nothing the first time.
func breakOffOnce(f *fake, request string) http.HandlerFunc {
	return func(http.ResponseWriter, *http.Request) {
		f.answer(request, say(200, `{}`))
		panic(http.ErrAbortHandler)
	}
}

// TestCheckFindsWhatIsWrong has the doctor's checks look at an Asterisk that is
// too old, lacks modules, and tells no events.
func TestCheckFindsWhatIsWrong(t *testing.T) {
	tidy(t)
	f := newFake(t)
	f.answer("GET /asterisk/info", say(200, `{"system":{"version":"18.20.0","entity_id":"fake"}}`))
	f.answer("GET /asterisk/modules", say(200, `[{"name":"res_ari.so","status":"Running"},{"name":"res_stasis.so","status":"Not Running"}]`))
	f.deaf.Store(2)
	o := f.options()
	o.Timing.Fence = 50 * time.Millisecond
	found, err := asterisk.Check(t.Context(), o)
	if err != nil || len(found) != 3 {
		t.Fatalf("%+v, %v", found, err)
	}
	for i, want := range []string{"version 18.20.0", "res_stasis", "did not come back"} {
		if one := found[i]; one.OK || one.Cure == "" || !strings.Contains(one.Detail, want) {
			t.Errorf("%+v, want %q in it", one, want)
		}
	}
}
