package asterisk_test

import (
	"fmt"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/phone"
	"ikomek109/queue"
)

// TestPlayRightAfterTalk plays to a leg that leaves a conversation whose other has
// hung up, again and again: of a bridge that is deleted under a leg, Asterisk drops
// one such playback in twenty, one in four when busy, and only the watchdog tells.
func TestPlayRightAfterTalk(t *testing.T) {
	r := newRig(t)
	d := newDesk()
	s := begin(t, r.options(), d)
	up(t, s)
	r.dial(phone.DialOptions{})
	a, in := d.arrived(t)
	if err := s.SyncAgents(t.Context(), []queue.Agent{agent("aigul")}); err != nil {
		t.Fatal(err)
	}
	p := r.agentPhone("aigul", phone.AnswerAfter(0, phone.DialOptions{}))
	sound := r.tone("short", 300*time.Millisecond)
	for i := range 40 {
		ring := ivr.ChannelID(fmt.Sprint("ring-", i))
		if err := s.Ring(t.Context(), ivr.Ring{Channel: ring, Agent: "aigul", Timeout: 5 * time.Second, Inbox: in}); err != nil {
			t.Fatal(err)
		}
		next[ivr.LegAnswered](t, in)
		theirs := <-p.Incoming()
		<-theirs.Answered() // Asterisk may tell of the answer before the telephone has its ACK
		talk, play := ivr.BridgeID(fmt.Sprint("talk-", i)), ivr.PlayID(fmt.Sprint("play-", i))
		if err := s.Join(t.Context(), talk, a.Channel, ring); err != nil {
			t.Fatal(err)
		}
		if err := theirs.Hangup(t.Context()); err != nil {
			t.Fatal(err)
		}
		next[ivr.Gone](t, in)
		if err := s.Part(t.Context(), talk); err != nil {
			t.Fatal(err)
		}
		if err := s.Play(t.Context(), ivr.Play{ID: play, Channel: a.Channel, Sounds: []string{sound}, Length: 300 * time.Millisecond}); err != nil {
			t.Fatal(err)
		}
		if got := next[ivr.PlayEnded](t, in); got.Failed {
			t.Errorf("got %+v", got)
		}
	}
	if got := figure(t, s, "ikomek109_asterisk_playbacks_overdue_total"); got != 0 {
		t.Errorf("%v playbacks were dropped", got)
	}
}
