package ivr_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
)

// TestBulletinCountsFromItsFirstSound: what cuts it is all the same, and one
// that nobody began to hear is not counted.
func TestBulletinCountsFromItsFirstSound(t *testing.T) {
	both := []flows.Bulletin{
		{ID: "1", Text: flows.Text{KK: "Су тасқыны болады.", RU: "Будет паводок."}},
		{ID: "2", Text: flows.Text{KK: "Дауыл болады.", RU: "Будет буря."}},
	}
	for name, c := range map[string]struct {
		do   func(b *bench)
		want []string
	}{
		"heard to the end":       {func(b *bench) { b.after(10 * time.Second) }, []string{"bulletin/1", "bulletin/2"}},
		"hung up on":             {func(b *bench) { b.after(300 * time.Millisecond); b.sw.HangUp("a") }, []string{"bulletin/1"}},
		"cut by a key":           {func(b *bench) { b.press("a", "1") }, []string{"bulletin/1"}},
		"the program was killed": {func(b *bench) { b.after(300 * time.Millisecond); b.killed(); b.startedAgain(b.sw) }, []string{"bulletin/1"}},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.with(func(o *ivr.Options) { o.World = world{mode: "daily", bulletins: both} })
				b.arrive("a")
				c.do(b)
				b.after(5 * time.Second)
				var got []string
				for _, e := range b.journal.Entries(b.only().ID) {
					if e.Kind == ivr.BulletinBegun {
						got = append(got, e.Detail["bulletin"])
					}
				}
				if !slices.Equal(got, c.want) {
					t.Errorf("on record are %v, want %v", got, c.want)
				}
				for _, id := range []string{"bulletin/1", "bulletin/2"} {
					if heard(b, "play", "kk/"+id) != slices.Contains(c.want, id) {
						t.Errorf("%s: %v", id, b.sw.Did())
					}
				}
			})
		})
	}
}

// TestBulletinIsOnRecordBeforeItIsSaid, or a killed program would say it too often.
func TestBulletinIsOnRecordBeforeItIsSaid(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.with(func(o *ivr.Options) {
			o.World = world{mode: "daily", bulletins: []flows.Bulletin{{ID: "1", Text: flows.Text{KK: "Су.", RU: "Вода."}}}}
		})
		b.sw.Watch(func(op string, _ ivr.ChannelID, _ int) {
			if op == "play" {
				b.journal.Break(func(string, ivr.CallID) error { return errDown })
			}
		})
		b.arrive("a")
		b.after(200 * time.Millisecond)
		if !slices.ContainsFunc(b.journal.Entries(b.only().ID), func(e ivr.Entry) bool { return e.Kind == ivr.BulletinBegun }) {
			t.Errorf("only %v", b.journal.Entries(b.only().ID))
		}
		if did := b.sw.Did(); len(did) == 0 || !strings.Contains(did[0], "bulletin/1") {
			t.Errorf("said is %v", did)
		}
	})
}
