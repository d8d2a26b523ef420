package ivrtest

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ikomek109/ivr"
)

// NewMessage gives a message that is owed.
func NewMessage(id ivr.RecordingID) ivr.Message {
	return ivr.Message{
		ID: id, Call: "call-of-" + ivr.CallID(id), Node: "a", Queue: "main", Category: "utilities/water", Language: "kk",
		Caller: "+77011234567", LeftAt: Start(), State: ivr.MessageOwed,
	}
}

// NewCallback gives a wish to be called back that waits since [Start].
func NewCallback(number ivr.Number, call ivr.CallID) ivr.Callback {
	return ivr.Callback{
		Number: number, Call: call, Queue: "main", Category: "health", Language: "ru",
		AskedAt: Start().Add(time.Minute), Since: Start(), DueAt: Start().Add(time.Minute), State: ivr.CallbackWaiting,
	}
}

// MessagesSuite is what every [ivr.Messages] has to do. open gives an empty one.
func MessagesSuite(t *testing.T, open func(t *testing.T) ivr.Messages) {
	t.Helper()
	t.Run("promised, kept", func(t *testing.T) {
		m := open(t)
		first, other := NewMessage("m-1"), NewMessage("m-2")
		other.Node = "b"
		for _, one := range []ivr.Message{first, other, first} {
			ok(t, m.Promise(t.Context(), one))
		}
		owes(t, m, "a", first)
		owes(t, m, "b", other)
		ok(t, m.Keep(t.Context(), "m-1", 3*time.Second, WAV(3*time.Second)))
		owes(t, m, "a")
		ok(t, m.Keep(t.Context(), "m-1", time.Second, WAV(time.Second)))
		ok(t, m.Promise(t.Context(), first))
		owes(t, m, "a")
		wants(t, m.GiveUp(t.Context(), "m-1"), ivr.Conflict)
	})
	t.Run("given up", func(t *testing.T) {
		m := open(t)
		ok(t, m.Promise(t.Context(), NewMessage("m-1")))
		ok(t, m.GiveUp(t.Context(), "m-1"))
		owes(t, m, "a")
		wants(t, m.GiveUp(t.Context(), "m-1"), ivr.Conflict)
		ok(t, m.Keep(t.Context(), "m-1", time.Second, WAV(time.Second)))
	})
	t.Run("refused", func(t *testing.T) {
		m := open(t)
		wants(t, m.Keep(t.Context(), "m-9", time.Second, nil), ivr.NotFound)
		wants(t, m.GiveUp(t.Context(), "m-9"), ivr.NotFound)
		for _, spoil := range []func(*ivr.Message){
			func(x *ivr.Message) { x.ID = "" }, func(x *ivr.Message) { x.Call = "" }, func(x *ivr.Message) { x.Node = "" },
			func(x *ivr.Message) { x.LeftAt = time.Time{} }, func(x *ivr.Message) { x.State = ivr.MessageNew },
		} {
			one := NewMessage("m-1")
			spoil(&one)
			wants(t, m.Promise(t.Context(), one), ivr.Invalid)
		}
	})
}

// MessageStore is a whole store of messages, as far as the domain speaks of it.
type MessageStore interface {
	ivr.Messages
	ivr.MessageArchive
	// Done says that a message was seen to.
	Done(ctx context.Context, id ivr.RecordingID, by string) error
}

// MessageTermsSuite is what every store has to do so that messages are counted
// and go again. open gives an empty one.
func MessageTermsSuite(t *testing.T, open func(t *testing.T) MessageStore) {
	t.Helper()
	t.Run("counted by caller", func(t *testing.T) {
		m := open(t)
		first, later, other, withheld := NewMessage("m-1"), NewMessage("m-2"), NewMessage("m-3"), NewMessage("m-4")
		later.LeftAt = later.LeftAt.Add(time.Hour)
		other.Caller, withheld.Caller = "+77011234568", ""
		for _, one := range []ivr.Message{first, later, other, withheld} {
			ok(t, m.Promise(t.Context(), one))
		}
		ok(t, m.Keep(t.Context(), "m-2", time.Second, WAV(time.Second)))
		for _, c := range []struct {
			caller ivr.Number
			since  time.Time
			want   int
		}{
			{first.Caller, first.LeftAt, 2},
			{first.Caller, first.LeftAt.Add(time.Microsecond), 1},
			{other.Caller, first.LeftAt, 1},
			{"", first.LeftAt, 0},
			{"+7", first.LeftAt, 0},
		} {
			if n, err := m.LeftBy(t.Context(), c.caller, c.since); err != nil || n != c.want {
				t.Errorf("%s since %s: got %d, %v, want %d", c.caller, c.since, n, err, c.want)
			}
		}
	})
	t.Run("deleted", func(t *testing.T) {
		m := open(t)
		ok(t, m.Promise(t.Context(), NewMessage("m-1")))
		ok(t, m.Promise(t.Context(), NewMessage("m-2")))
		ok(t, m.Keep(t.Context(), "m-2", time.Second, WAV(time.Second)))
		for _, id := range []ivr.RecordingID{"m-1", "m-2"} {
			ok(t, m.Delete(t.Context(), id))
			wants(t, m.Delete(t.Context(), id), ivr.NotFound)
			wants(t, m.Keep(t.Context(), id, time.Second, WAV(time.Second)), ivr.NotFound)
			wants(t, m.GiveUp(t.Context(), id), ivr.NotFound)
		}
		owes(t, m, "a")
	})
	t.Run("out of term", func(t *testing.T) { outOfTerm(t, open(t)) })
}

// outOfTerm counts the term of what was seen to from then, and of all else from
// when it was left. Messages were left in the past; they are finished now.
func outOfTerm(t *testing.T, m MessageStore) {
	for _, id := range []ivr.RecordingID{"m-done", "m-lost", "m-new", "m-old", "m-owed"} {
		one := NewMessage(id)
		if id == "m-old" {
			one.LeftAt = one.LeftAt.Add(-time.Hour)
		}
		ok(t, m.Promise(t.Context(), one))
		if id != "m-owed" && id != "m-lost" {
			ok(t, m.Keep(t.Context(), id, time.Second, WAV(time.Second)))
		}
	}
	ok(t, m.Done(t.Context(), "m-done", "aigerim"))
	ok(t, m.GiveUp(t.Context(), "m-lost"))
	now := time.Now()
	for _, c := range []struct {
		done, left time.Time
		want       []string
	}{
		{now.Add(-time.Hour), Start().Add(-2 * time.Hour), nil},
		{now.Add(-time.Hour), Start(), []string{"m-old new"}},
		{now.Add(time.Hour), Start(), []string{"m-done done", "m-lost lost"}},
		{now.Add(time.Hour), Start().Add(time.Microsecond), []string{"m-new new", "m-owed owed"}},
	} {
		gone, err := m.Expire(t.Context(), c.done, c.left)
		ok(t, err)
		var got []string
		for _, one := range gone {
			got = append(got, string(one.ID)+" "+string(one.State))
		}
		slices.Sort(got)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("done before %s, left before %s (-want +got):\n%s", c.done, c.left, diff)
		}
	}
}

// CallbacksSuite is what every [ivr.Callbacks] has to do. open gives an empty
// one.
func CallbacksSuite(t *testing.T, open func(t *testing.T) ivr.Callbacks) {
	t.Helper()
	t.Run("one of a number", func(t *testing.T) {
		c := open(t)
		ok(t, c.Ask(t.Context(), NewCallback("+77011234567", "a")))
		ok(t, c.Ask(t.Context(), NewCallback("+77011234567", "a")))
		wants(t, c.Ask(t.Context(), NewCallback("+77011234567", "b")), ivr.Conflict)
		ok(t, c.Ask(t.Context(), NewCallback("+77011234568", "b")))
	})
	t.Run("one of many at once", func(t *testing.T) {
		c := open(t)
		var taken atomic.Int32
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				err := c.Ask(t.Context(), NewCallback("+77011234567", ivr.CallID(strconv.Itoa(i))))
				if err == nil {
					taken.Add(1)
				} else if ivr.CodeOf(err) != ivr.Conflict {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if taken.Load() != 1 {
			t.Errorf("%d of 20 were taken", taken.Load())
		}
	})
	t.Run("asked for by a person", func(t *testing.T) {
		c := open(t)
		one := NewCallback("+77011234567", "")
		one.By = "aigul"
		ok(t, c.Ask(t.Context(), one))
		wants(t, c.Ask(t.Context(), one), ivr.Conflict)
	})
	t.Run("met otherwise", func(t *testing.T) {
		c := open(t)
		ok(t, c.Met(t.Context(), "+77011234567", "served"))
		ok(t, c.Ask(t.Context(), NewCallback("+77011234567", "a")))
		ok(t, c.Met(t.Context(), "+77011234567", "served"))
		ok(t, c.Ask(t.Context(), NewCallback("+77011234567", "b"))) // the one before has ended
	})
	t.Run("refused", func(t *testing.T) {
		c := open(t)
		for _, spoil := range []func(*ivr.Callback){
			func(x *ivr.Callback) { x.Number = "" }, func(x *ivr.Callback) { x.Call = "" },
			func(x *ivr.Callback) { x.Since = time.Time{} }, func(x *ivr.Callback) { x.AskedAt = time.Time{} },
			func(x *ivr.Callback) { x.DueAt = time.Time{} }, func(x *ivr.Callback) { x.State = "" },
		} {
			one := NewCallback("+77011234567", "a")
			spoil(&one)
			wants(t, c.Ask(t.Context(), one), ivr.Invalid)
		}
	})
}

func owes(t *testing.T, m ivr.Messages, node string, want ...ivr.Message) {
	t.Helper()
	got, err := m.Owed(t.Context(), node)
	ok(t, err)
	if diff := cmp.Diff(slices.Clip(want), slices.Clip(got), cmp.Comparer(func(a, b ivr.Number) bool { return a == b })); diff != "" && len(got)+len(want) > 0 {
		t.Errorf("owed on %s (-want +got):\n%s", node, diff)
	}
}

func wants(t *testing.T, err error, code ivr.Code) {
	t.Helper()
	if err == nil || ivr.CodeOf(err) != code {
		t.Errorf("got %v, want %s", err, code)
	}
}
