package ivr_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

// slack is what a caller does not notice.
const slack = 200 * time.Millisecond

// sluggish has every service of the line and its store take a while, as they may.
func (o *offices) sluggish() {
	journal := &stuckJournal{Journal: o.journal}
	journal.hangs.Store(true)
	o.look = func(ctx context.Context, _ string, _ map[string]string) (map[string]string, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	o.with(func(opt *ivr.Options) {
		o.change(opt)
		opt.Journal = journal
		opt.Messages = slowMessages{o.messages}
		opt.Callbacks = slowCallbacks{o.callbacks}
	})
}

type slowMessages struct{ *ivrtest.Messages }

func (m slowMessages) Promise(ctx context.Context, _ ivr.Message) error {
	<-ctx.Done()
	return &ivr.Error{Code: ivr.Unavailable, Message: "locked", Err: ctx.Err()}
}

type slowCallbacks struct{ *ivrtest.Callbacks }

func (c slowCallbacks) Ask(ctx context.Context, _ ivr.Callback) error {
	<-ctx.Done()
	return &ivr.Error{Code: ivr.Unavailable, Message: "locked", Err: ctx.Err()}
}

// TestNobodyIsLeftInSilence: whatever a caller waits for, and however slow what
// stands behind it is, they hear something within three seconds.
func TestNobodyIsLeftInSilence(t *testing.T) {
	for name, keys := range map[string]string{
		"lookup": "44711", "callback": "21", "queue": "0", "partner who does not answer": "3", "message": "1",
	} {
		t.Run(name, func(t *testing.T) {
			inOffices(t, func(t *testing.T, o *offices) {
				o.sluggish()
				o.sw.Partner("112", ivrtest.Manner{})
				o.startDesk()
				o.arriveAt(keys, 0)
				if name == "message" {
					o.untilTone()
					o.after(5 * time.Second)
					o.press("a", "#1")
				}
				o.after(15 * time.Second)
				if quiet := o.sw.Quiet("a"); quiet > flows.ListenTimeout+slack {
					t.Errorf("the caller heard nothing for %s: %v", quiet, o.sw.Did())
				}
				if r := o.sw.Legs(); len(r) == 0 {
					t.Error("the caller is gone")
				}
			})
		})
	}
}

// TestMusicThatFailsIsTriedAgain while a partner is rung.
func TestMusicThatFailsIsTriedAgain(t *testing.T) {
	inOffices(t, func(t *testing.T, o *offices) {
		o.sw.Partner("112", ivrtest.Manner{})
		o.startDesk()
		failed := false
		o.sw.Break(func(op string, _ ivr.ChannelID) error {
			if op == "hold" && !failed {
				failed = true
				return errDown
			}
			return nil
		})
		o.arriveAt("3", 10*time.Second)
		if !failed || !slices.Contains(o.sw.Did(), "hold true") {
			t.Errorf("no music: %v", o.sw.Did())
		}
	})
}

// TestLongLookup tells who waits long for a service, and plays music; a quick
// answer comes without either.
func TestLongLookup(t *testing.T) {
	for name, c := range map[string]struct {
		took        time.Duration
		word, music bool
	}{
		"quick":                  {2 * time.Second, false, false},
		"while the word is said": {3500 * time.Millisecond, true, false},
		"long":                   {8 * time.Second, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			inOffices(t, func(t *testing.T, o *offices) {
				o.look = func(context.Context, string, map[string]string) (map[string]string, error) {
					time.Sleep(c.took)
					return map[string]string{"left": "15"}, nil
				}
				o.startDesk()
				o.arriveAt("44711", 15*time.Second)
				did := o.sw.Did()
				if heard(o.bench, "play", "one_moment") != c.word || slices.Contains(did, "hold true") != c.music {
					t.Errorf("a word %t, music %t: %v", !c.word, !c.music, did)
				}
				if c.music && did[slices.Index(did, "hold true")+1] != "hold false" {
					t.Errorf("the music plays on: %v", did)
				}
				if !heard(o.bench, "play", "told/text=15") {
					t.Errorf("the answer is not told: %v", did)
				}
				if quiet := o.sw.Quiet("a"); quiet > flows.ListenTimeout+slack {
					t.Errorf("the caller heard nothing for %s: %v", quiet, did)
				}
			})
		})
	}
}
