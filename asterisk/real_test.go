package asterisk_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"ikomek109/asterisk"
	"ikomek109/ivr"
	"ikomek109/phone"
	"ikomek109/queue"
)

// TestCall lives a whole call on a real Asterisk: prompts, keys, music, an
// agent, and the end.
func TestCall(t *testing.T) {
	r := newRig(t)
	d := newDesk()
	s := begin(t, r.options(), d)
	up(t, s)
	if node := s.Status().Node; node == "" {
		t.Error("the switch has no name")
	}

	call := r.dial(phone.DialOptions{})
	a, in := d.arrived(t)
	if a.Caller.Reveal() != "+77011234567" || a.Node != s.Status().Node || a.Channel == "" {
		t.Errorf("arrival %+v", a)
	}

	long := r.tone("long", 20*time.Second)
	short := r.tone("short", 300*time.Millisecond)
	t.Run("plays to the end", func(t *testing.T) {
		play := ivr.Play{ID: "p1", Channel: a.Channel, Sounds: []string{short, short}, Length: 600 * time.Millisecond}
		if err := s.Play(t.Context(), play); err != nil {
			t.Fatal(err)
		}
		if err := s.Play(t.Context(), play); ivr.CodeOf(err) != ivr.Conflict {
			t.Errorf("the same playback twice: %v", err)
		}
		if got := next[ivr.PlayEnded](t, in); got != (ivr.PlayEnded{Channel: a.Channel, Play: "p1"}) {
			t.Errorf("got %+v", got)
		}
		if err := s.Stop(t.Context(), "p1"); err != nil {
			t.Errorf("stopping what has ended: %v", err)
		}
	})
	t.Run("a key while it plays, and a stop", func(t *testing.T) {
		if err := s.Play(t.Context(), ivr.Play{ID: "p2", Channel: a.Channel, Sounds: []string{long}, Length: 20 * time.Second}); err != nil {
			t.Fatal(err)
		}
		for _, method := range []phone.KeyMethod{phone.RFC4733, phone.INFO} {
			if _, err := call.SendKey(t.Context(), '#', method); err != nil {
				t.Fatal(err)
			}
			if got := next[ivr.KeyPressed](t, in); got.Key != '#' || got.Channel != a.Channel || got.At.IsZero() {
				t.Errorf("got %+v", got)
			}
		}
		if err := s.Stop(t.Context(), "p2"); err != nil {
			t.Fatal(err)
		}
		if got := next[ivr.PlayEnded](t, in); got.Play != "p2" || got.Failed {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("a sound that is not there", func(t *testing.T) {
		if err := s.Play(t.Context(), ivr.Play{ID: "p3", Channel: a.Channel, Sounds: []string{"/nowhere/at-all"}}); err != nil {
			t.Fatal(err)
		}
		if got := next[ivr.PlayEnded](t, in); !got.Failed {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("an agent without a phone", func(t *testing.T) {
		err := s.Ring(t.Context(), ivr.Ring{Channel: "ring-0", Agent: "aigul", Timeout: time.Second, Inbox: in})
		if ivr.CodeOf(err) != ivr.NotFound {
			t.Errorf("got %v, want not_found", err)
		}
		quiet(t, in)
	})
	if err := s.SyncAgents(t.Context(), []queue.Agent{agent("aigul")}); err != nil {
		t.Fatal(err)
	}
	p := r.agentPhone("aigul", phone.RejectWith(486))
	t.Run("a busy agent", func(t *testing.T) {
		if err := s.Ring(t.Context(), ivr.Ring{Channel: "ring-1", Agent: "aigul", Timeout: 5 * time.Second, Inbox: in}); err != nil {
			t.Fatal(err)
		}
		if got := next[ivr.Gone](t, in); got != (ivr.Gone{Channel: "ring-1", Cause: 17}) {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("an agent who does not pick up", func(t *testing.T) {
		p.SetPolicy(phone.RingOnly(phone.DialOptions{}))
		if err := s.Ring(t.Context(), ivr.Ring{Channel: "ring-2", Agent: "aigul", Timeout: time.Second, Inbox: in}); err != nil {
			t.Fatal(err)
		}
		if got := next[ivr.Gone](t, in); got.Channel != "ring-2" {
			t.Errorf("got %+v", got)
		}
	})
	drain(p)
	t.Run("music, an agent, and apart", func(t *testing.T) {
		p.SetPolicy(phone.AnswerAfter(100*time.Millisecond, phone.DialOptions{}))
		if err := s.Hold(t.Context(), a.Channel, true); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if _, err := call.WaitSound(t.Context(), began); err != nil {
			t.Fatal(err)
		}
		ring := ivr.Ring{
			Channel: "ring-3", Agent: "aigul", Shown: ivr.Number(ivr.Number("+77011234567").String()),
			Title: `Қаз "көлік" <sip:x@y>` + "\r\nX: y", Timeout: 5 * time.Second, Inbox: in,
		}
		if err := s.Ring(t.Context(), ring); err != nil {
			t.Fatal(err)
		}
		if got := next[ivr.LegAnswered](t, in); got.Channel != "ring-3" {
			t.Errorf("got %+v", got)
		}
		theirs := <-p.Incoming()
		if peer := theirs.Peer(); peer.User != "+7701xxxxx67" || peer.Name != "Қаз көлік sip:x@yX: y" {
			t.Errorf("the agent's phone shows %+v", peer)
		}
		for _, step := range []error{
			s.Hold(t.Context(), a.Channel, false),
			s.Join(t.Context(), "talk", a.Channel, "ring-3"),
			s.Join(t.Context(), "talk", a.Channel, "ring-3"),
		} {
			if step != nil {
				t.Fatal(step)
			}
		}
		heardBoth(t, call, theirs)
		if err := s.Part(t.Context(), "talk"); err != nil {
			t.Fatal(err)
		}
		if err := s.Part(t.Context(), "talk"); err != nil {
			t.Errorf("parting twice: %v", err)
		}
		if err := s.Hangup(t.Context(), "ring-3"); err != nil {
			t.Fatal(err)
		}
		if got := next[ivr.Gone](t, in); got != (ivr.Gone{Channel: "ring-3", Cause: 16}) {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("the caller hangs up in the middle of a prompt", func(t *testing.T) {
		if err := s.Play(t.Context(), ivr.Play{ID: "p9", Channel: a.Channel, Sounds: []string{long}, Length: 20 * time.Second}); err != nil {
			t.Fatal(err)
		}
		if err := call.Hangup(t.Context()); err != nil {
			t.Fatal(err)
		}
		within, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		for {
			ev, err := take(within, in)
			if err != nil {
				t.Fatal(err)
			}
			if g, ok := ev.(ivr.Gone); ok {
				if g.Channel != a.Channel || g.Lost {
					t.Errorf("got %+v", g)
				}
				break
			}
			if e, ok := ev.(ivr.PlayEnded); !ok || e.Play != "p9" {
				t.Errorf("got %#v", ev)
			}
		}
		// Asterisk tells the end a moment before the channel is gone.
		tries := 0
		eventually(t, 5*time.Second, "playing to nobody is refused", func() bool {
			tries++
			id := ivr.PlayID("p10-" + strconv.Itoa(tries))
			return ivr.CodeOf(s.Play(t.Context(), ivr.Play{ID: id, Channel: a.Channel, Sounds: []string{short}})) == ivr.NotFound
		})
		if err := s.Hangup(t.Context(), a.Channel); err != nil {
			t.Errorf("hanging up twice: %v", err)
		}
		if err := s.Join(t.Context(), "void", a.Channel, "ring-3"); ivr.CodeOf(err) != ivr.NotFound {
			t.Errorf("joining nobody: %v", err)
		}
		if err := s.Part(t.Context(), "void"); err != nil {
			t.Errorf("taking apart what was not joined: %v", err)
		}
		quiet(t, in)
	})
	t.Run("an agent dials a code", func(t *testing.T) {
		r.call(p, "*11", phone.DialOptions{})
		select {
		case c := <-d.codes:
			if c.Agent != "aigul" || c.Dialled != "*11" {
				t.Errorf("got %+v", c)
			}
			if err := s.Hangup(t.Context(), c.Channel); err != nil {
				t.Error(err)
			}
			next[ivr.Gone](t, d.open(c.Channel))
		case <-time.After(5 * time.Second):
			t.Fatal("no code arrived")
		}
	})
}

// drain forgets the calls a phone has seen.
func drain(p *phone.Phone) {
	for {
		select {
		case <-p.Incoming():
		default:
			return
		}
	}
}

// heardBoth has each side say something and the other hear it.
func heardBoth(t *testing.T, a, b *phone.Call) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	voice := make([]int16, 8000)
	for i := range voice {
		voice[i] = int16(8000 * (i/8%2*2 - 1))
	}
	for _, pair := range [][2]*phone.Call{{a, b}, {b, a}} {
		began := time.Now()
		if err := pair[0].Say(ctx, voice); err != nil {
			t.Fatal(err)
		}
		if _, err := pair[1].WaitSound(ctx, began); err != nil {
			t.Fatalf("not heard: %v", err)
		}
	}
}

var _ = asterisk.Up
