package ivr_test

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

// recording has the line record the queue's conversations.
func (b *bench) recording() *ivrtest.Conversations {
	kept := ivrtest.NewConversations()
	b.with(b.recorder(kept))
	return kept
}

func (b *bench) recorder(kept *ivrtest.Conversations) func(*ivr.Options) {
	messages := &ivrtest.Messages{}
	return func(o *ivr.Options) {
		o.Recordings, o.Messages, o.Conversations = b.sw, messages, kept
		o.Recorded = func(queue string) bool { return queue == "main" }
	}
}

// failures gives why the one call was not recorded.
func (b *bench) failures() (whys []string) {
	for _, e := range b.entriesOf(ivr.RecordingFailed) {
		whys = append(whys, e.Detail["why"])
	}
	return whys
}

// TestConversationIsRecorded: the caller is told before the bridge, and the
// sound is at home when the call is over.
func TestConversationIsRecorded(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		kept := b.recording()
		b.talks()
		did := b.sw.Did()
		told := slices.Index(did, "play [kk/call/recorded ru/call/recorded]")
		if told < 0 || told > slices.Index(did, "join") || slices.Index(did, "record bridge") < slices.Index(did, "join") {
			t.Errorf("done was %v", did)
		}
		b.after(30 * time.Second)
		b.sw.HangUp("a")
		b.after(time.Minute)
		all := kept.All()
		if len(all) != 1 || all[0].State != ivr.ConversationKept || all[0].Length < 30*time.Second || all[0].Length > 32*time.Second {
			t.Fatalf("kept is %+v", all)
		}
		r := b.only()
		if all[0].Call != r.ID || all[0].Agent != "aigerim" || len(b.entriesOf(ivr.CallRecorded)) != 1 || b.failures() != nil {
			t.Errorf("%+v of %+v, failed %v", all[0], r, b.failures())
		}
		if len(kept.Sound(all[0].ID)) != len(ivrtest.WAV(all[0].Length)) || len(b.sw.Tapes()) != 0 {
			t.Errorf("the switch has %v still", b.sw.Tapes())
		}
		b.settled()
	})
}

// TestConversationIsNotRecorded where nobody said so, nor when the caller could
// not be told, the store not promise, or the switch not record. They talk.
func TestConversationIsNotRecorded(t *testing.T) {
	down := &ivr.Error{Op: "test", Code: ivr.Unavailable, Message: "down"}
	for name, k := range map[string]struct {
		options func(*ivr.Options)
		sw      string // the switch's command that fails
		store   bool
		want    []string
	}{
		"another queue": {options: func(o *ivr.Options) { o.Recorded = func(q string) bool { return q == "other" } }},
		"nowhere":       {options: func(o *ivr.Options) { o.Recorded = nil }},
		"no promise":    {store: true, want: []string{"store"}},
		"no recording":  {sw: "record bridge", want: []string{"switch", "lost"}},
	} {
		inBubble(t, func(t *testing.T, b *bench) {
			kept := ivrtest.NewConversations()
			b.with(func(o *ivr.Options) {
				b.recorder(kept)(o)
				if k.options != nil {
					k.options(o)
				}
			})
			if k.store {
				kept.Break(func(string) error { return down })
			}
			b.sw.Break(func(op string, _ ivr.ChannelID) error {
				if op == k.sw {
					return down
				}
				return nil
			})
			b.talks()
			b.after(10 * time.Second)
			if b.sw.Bridges() != 1 {
				t.Errorf("%s: they do not talk", name)
			}
			b.sw.HangUp("a")
			b.after(time.Minute)
			if got := b.failures(); !slices.Equal(got, k.want) {
				t.Errorf("%s: failures are %v", name, got)
			}
			if heard(b, "play", "call/recorded") != (k.want != nil) || len(b.sw.Tapes()) != 0 {
				t.Errorf("%s: done was %v, left are %v", name, b.sw.Did(), b.sw.Tapes())
			}
			for _, c := range kept.All() {
				if c.State != ivr.ConversationLost {
					t.Errorf("%s: there is %+v", name, c)
				}
			}
			b.settled()
		})
	}
}

// TestUntoldCallerIsNotRecorded: the announcement could not be played.
func TestUntoldCallerIsNotRecorded(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		kept := b.recording()
		b.agent("aigerim", ivrtest.Manner{Answer: time.Second})
		b.startDesk()
		b.arrive("a")
		b.press("a", "10")
		b.until("the agent was told", func() bool { return heard(b, "play", "agent/offer") })
		b.sw.Break(func(op string, leg ivr.ChannelID) error {
			if op == "play" && leg == "a" {
				return &ivr.Error{Op: op, Code: ivr.Internal, Message: "no such sound"}
			}
			return nil
		})
		b.until("joined", func() bool { return b.sw.Bridges() == 1 })
		b.sw.HangUp("a")
		b.after(time.Minute)
		if got := b.failures(); !slices.Equal(got, []string{"not_told"}) || len(kept.All()) != 0 {
			t.Errorf("failures are %v, kept is %v", got, kept.All())
		}
		b.settled()
	})
}

// TestRecordedThroughAKill: the switch goes on recording, whether the two talk
// on or have hung up before the next program starts.
func TestRecordedThroughAKill(t *testing.T) {
	for _, talkOn := range []bool{true, false} {
		inBubble(t, func(t *testing.T, b *bench) {
			kept := b.recording()
			b.talks()
			b.after(10 * time.Second)
			b.killed()
			if !talkOn {
				b.sw.HangUp("a")
			}
			b.startedAgainWith(b.recorder(kept))
			b.after(20 * time.Second)
			b.sw.HangUp("a")
			b.after(time.Minute)
			all := kept.All()
			if len(all) != 1 || all[0].State != ivr.ConversationKept || all[0].Length < 10*time.Second {
				t.Errorf("talked on %v: kept is %+v", talkOn, all)
			}
			if len(b.sw.Tapes()) != 0 {
				t.Errorf("left are %v", b.sw.Tapes())
			}
			b.settled()
		})
	}
}

// TestLostRecordingIsTold in the journal of a call that is over.
func TestLostRecordingIsTold(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		kept := b.recording()
		b.talks()
		if err := b.sw.EraseRecording(t.Context(), kept.All()[0].ID); err != nil {
			t.Fatal(err)
		}
		b.sw.HangUp("a")
		b.after(time.Minute)
		if got := b.failures(); !slices.Equal(got, []string{"lost"}) || kept.All()[0].State != ivr.ConversationLost {
			t.Errorf("failures are %v, kept is %+v", got, kept.All())
		}
	})
}

// archive expires so many at each look.
type archive struct {
	ivr.ConversationArchive
	mu     sync.Mutex
	left   []int     // guarded by mu
	before time.Time // guarded by mu
}

// state tells what is left to look at, and before when the latest look was.
func (a *archive) state() (left []int, before time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.left, a.before
}

func (a *archive) add(left ...int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.left = append(a.left, left...)
}

func (a *archive) Expire(_ context.Context, before time.Time) (gone int, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.before = before
	if len(a.left) == 0 {
		return 0, &ivr.Error{Op: "expire", Code: ivr.Unavailable, Message: "down"}
	}
	gone, a.left = a.left[0], a.left[1:]
	return gone, nil
}

// TestConversationsAreSwept every hour, all that are due at once, also after a
// look that failed.
func TestConversationsAreSwept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &archive{left: []int{100, 7, 0}}
		ctx, stop := context.WithCancel(t.Context())
		go ivr.KeepConversations(ctx, a, 24*time.Hour, slog.New(slog.DiscardHandler))
		synctest.Wait()
		if left, before := a.state(); len(left) != 0 || time.Since(before) != 24*time.Hour {
			t.Errorf("left to look at are %v, before %s", left, before)
		}
		time.Sleep(time.Hour) // it fails
		synctest.Wait()
		a.add(1, 0)
		time.Sleep(time.Hour)
		synctest.Wait()
		if left, _ := a.state(); len(left) != 0 {
			t.Error("it is not looked at again")
		}
		stop()
		synctest.Wait()
	})
}
