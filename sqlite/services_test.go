package sqlite_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/sqlite"
)

func messages(t *testing.T) *sqlite.Messages {
	t.Helper()
	path := file(t)
	return open(t, path).Messages(filepath.Join(filepath.Dir(path), "messages"))
}

func TestMessages(t *testing.T) {
	ivrtest.MessagesSuite(t, func(t *testing.T) ivr.Messages { return messages(t) })
}

func TestMessageTerms(t *testing.T) {
	ivrtest.MessageTermsSuite(t, func(t *testing.T) ivrtest.MessageStore { return messages(t) })
}

// TestNoSoundOutlivesItsMessage looks into the folder after every way to delete.
func TestNoSoundOutlivesItsMessage(t *testing.T) {
	path := file(t)
	dir := filepath.Join(filepath.Dir(path), "messages")
	m := open(t, path).Messages(dir)
	const many = 130 // more than are deleted at once
	var all sync.WaitGroup
	for i := range many {
		id := ivr.RecordingID(fmt.Sprintf("m-%d", i))
		all.Go(func() {
			err := m.Promise(t.Context(), ivrtest.NewMessage(id))
			if err = errors.Join(err, m.Keep(t.Context(), id, time.Second, ivrtest.WAV(time.Second))); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	sounds := func() int {
		all, err := os.ReadDir(dir)
		ok(t, err)
		return len(all)
	}
	ok(t, m.Delete(t.Context(), "m-0"))
	if n := sounds(); n != many-1 {
		t.Errorf("%d sounds are left of %d", n, many-1)
	}
	fails(t, m.Keep(t.Context(), "m-0", time.Second, ivrtest.WAV(time.Second)), ivr.NotFound)
	if n := sounds(); n != many-1 {
		t.Errorf("a message that was deleted got its sound again: %d of %d", n, many-1)
	}
	deleted := 0
	for {
		gone, err := m.Expire(t.Context(), time.Time{}, ivrtest.Start().Add(time.Second))
		ok(t, err)
		if len(gone) == 0 {
			break
		}
		deleted += len(gone)
	}
	if left := sounds(); deleted != many-1 || left > 0 {
		t.Errorf("%d were deleted, %d sounds are left", deleted, left)
	}
	fails(t, m.Delete(t.Context(), "../services"), ivr.NotFound)
}

// TestNoNumberOutlivesItsMessage looks into the store's file for what was deleted.
func TestNoNumberOutlivesItsMessage(t *testing.T) {
	path := file(t)
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	ok(t, err)
	m := s.Messages(filepath.Join(filepath.Dir(path), "messages"))
	const many = 200 // several pages of the file, which become free
	for _, do := range []func(one ivr.Message) error{
		func(one ivr.Message) error { return m.Promise(t.Context(), one) },
		func(one ivr.Message) error { return m.Delete(t.Context(), one.ID) },
	} {
		var all sync.WaitGroup
		for i := range many {
			one := ivrtest.NewMessage(ivr.RecordingID(fmt.Sprintf("m-%d", i)))
			one.Caller = ivr.Number(fmt.Sprintf("+7701555%04d", i))
			all.Go(func() {
				if err := do(one); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	ok(t, s.Close(t.Context()))
	raw, err := os.ReadFile(path) //nolint:gosec // the test's own
	ok(t, err)
	if i := bytes.Index(raw, []byte("+7701555")); i >= 0 {
		t.Errorf("a number that was deleted is still in the file, at %d of %d", i, len(raw))
	}
}

func TestCallbacks(t *testing.T) {
	ivrtest.CallbacksSuite(t, func(t *testing.T) ivr.Callbacks { return open(t, file(t)).Callbacks() })
}

func TestRecalls(t *testing.T) {
	ivrtest.RecallsSuite(t, func(t *testing.T) ivrtest.CallbackStore { return open(t, file(t)).Callbacks() })
}

// TestMessageOnDisk finds the sound where the row says, for nobody else to read.
func TestMessageOnDisk(t *testing.T) {
	m := messages(t)
	one := ivrtest.NewMessage("m-1")
	ok(t, m.Promise(t.Context(), one))
	owed, err := m.Message(t.Context(), "m-1")
	ok(t, err)
	if owed.File != "" || owed.State != ivr.MessageOwed {
		t.Errorf("owed it is %+v", owed)
	}
	wav := ivrtest.WAV(2 * time.Second)
	ok(t, m.Keep(t.Context(), one.ID, 2*time.Second, wav))
	kept, err := m.Message(t.Context(), "m")
	ok(t, err)
	got, err := os.ReadFile(kept.File)
	ok(t, err)
	if !bytes.Equal(got, wav) || kept.Length != 2*time.Second || kept.Caller != one.Caller || !kept.LeftAt.Equal(one.LeftAt) {
		t.Errorf("kept it is %+v", kept)
	}
	for _, path := range []string{kept.File, filepath.Dir(kept.File)} {
		info, err := os.Stat(path)
		ok(t, err)
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %s", path, info.Mode())
		}
	}
	if left, err := os.ReadDir(filepath.Dir(kept.File)); err != nil || len(left) != 1 {
		t.Errorf("the folder holds %v, %v", left, err)
	}
}

// TestMessagesOwedAreAllTold, however many: what is left out is erased.
func TestMessagesOwedAreAllTold(t *testing.T) {
	m := messages(t)
	const many = sqlite.MaxCalls + 1
	var all sync.WaitGroup
	for from := range 100 {
		all.Go(func() {
			for i := from; i < many; i += 100 {
				one := ivrtest.NewMessage(ivr.RecordingID(fmt.Sprintf("m-%d", i)))
				one.LeftAt = one.LeftAt.Add(time.Duration(i) * time.Second)
				if err := m.Promise(t.Context(), one); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	owed, err := m.Owed(t.Context(), "a")
	ok(t, err)
	if len(owed) != many || owed[0].ID != "m-0" {
		t.Errorf("%d of %d are told", len(owed), many)
	}
}

// TestMessageSeenTo goes the way of a message through people's hands.
func TestMessageSeenTo(t *testing.T) {
	m := messages(t)
	for _, id := range []ivr.RecordingID{"m-1", "m-2"} {
		ok(t, m.Promise(t.Context(), ivrtest.NewMessage(id)))
	}
	fails(t, m.Take(t.Context(), "m-1", "aigul"), ivr.Conflict)
	ok(t, m.Keep(t.Context(), "m-1", time.Second, nil))
	ok(t, m.Take(t.Context(), "m-1", "aigul"))
	fails(t, m.Take(t.Context(), "m-1", "marat"), ivr.Conflict)
	taken, err := m.List(t.Context(), sqlite.MessageFilter{State: ivr.MessageTaken, Queue: "main"})
	ok(t, err)
	if len(taken) != 1 || taken[0].By != "aigul" {
		t.Errorf("taken are %+v", taken)
	}
	ok(t, m.Done(t.Context(), "m-1", ""))
	fails(t, m.Done(t.Context(), "m-1", ""), ivr.Conflict)
	fails(t, m.Done(t.Context(), "m-9", ""), ivr.NotFound)
	one, err := m.Message(t.Context(), "m-1")
	ok(t, err)
	if one.State != ivr.MessageDone || one.By != "aigul" {
		t.Errorf("done it is %+v", one)
	}
	_, err = m.Message(t.Context(), "m-")
	fails(t, err, ivr.Conflict)
	_, err = m.Message(t.Context(), "x")
	fails(t, err, ivr.NotFound)
}

// TestMessageWithoutRoom keeps what is owed when the sound cannot be written.
func TestMessageWithoutRoom(t *testing.T) {
	path := file(t)
	blocked := filepath.Join(filepath.Dir(path), "a-file")
	ok(t, os.WriteFile(blocked, nil, 0o600))
	m := open(t, path).Messages(blocked)
	ok(t, m.Promise(t.Context(), ivrtest.NewMessage("m-1")))
	fails(t, m.Keep(t.Context(), "m-1", time.Second, ivrtest.WAV(time.Second)), ivr.Unavailable)
	owed, err := m.Owed(t.Context(), "a")
	ok(t, err)
	if len(owed) != 1 {
		t.Errorf("owed are %+v", owed)
	}
	for _, id := range []ivr.RecordingID{"../m", "a/b", ".", ""} {
		fails(t, m.Keep(t.Context(), id, time.Second, nil), ivr.Invalid)
	}
}

// TestCallbackList shows who waits longest first, and cancels.
func TestCallbackList(t *testing.T) {
	c := open(t, file(t)).Callbacks()
	late, early := ivrtest.NewCallback("+77011234567", "a"), ivrtest.NewCallback("+77011234568", "b")
	early.Since = early.Since.Add(-time.Hour)
	ok(t, c.Ask(t.Context(), late))
	ok(t, c.Ask(t.Context(), early))
	list, err := c.List(t.Context(), sqlite.CallbackFilter{Queue: "main"})
	ok(t, err)
	if len(list) != 2 || list[0].Number != early.Number || !list[0].Since.Equal(early.Since) || list[1].Number != late.Number {
		t.Errorf("it lists %+v", list)
	}
	ok(t, c.Cancel(t.Context(), list[0].ID, "marat"))
	fails(t, c.Cancel(t.Context(), list[0].ID, "marat"), ivr.Conflict)
	fails(t, c.Cancel(t.Context(), 99, "marat"), ivr.NotFound)
	open, err := c.List(t.Context(), sqlite.CallbackFilter{})
	ok(t, err)
	all, err := c.List(t.Context(), sqlite.CallbackFilter{All: true})
	ok(t, err)
	if len(open) != 1 || len(all) != 2 || all[0].State != ivr.CallbackCancelled || all[0].Why != "marat" || all[0].EndedAt.IsZero() {
		t.Errorf("open are %+v, all are %+v", open, all)
	}
	ok(t, c.Ask(t.Context(), early)) // the one before has ended
}

// TestCallbackPages: each page goes on where the one before ended, also among those
// who wait equally long.
func TestCallbackPages(t *testing.T) {
	c := open(t, file(t)).Callbacks()
	for i, since := range []time.Duration{time.Hour, 0, 0, 0, -time.Hour} {
		one := ivrtest.NewCallback(ivr.Number(fmt.Sprintf("+7701123456%d", i)), "a")
		one.Since = one.Since.Add(since)
		ok(t, c.Ask(t.Context(), one))
	}
	var ids []int64
	for f := (sqlite.CallbackFilter{Limit: 2}); ; {
		page, err := c.List(t.Context(), f)
		ok(t, err)
		if len(page) == 0 || len(ids) > 5 {
			break
		}
		for _, one := range page {
			ids = append(ids, one.ID)
		}
		f.After = page[len(page)-1]
	}
	if !slices.Equal(ids, []int64{5, 2, 3, 4, 1}) {
		t.Errorf("the pages hold %v", ids)
	}
}

// TestCallbackOfALiveCall stays with its call, however long ago it was claimed.
func TestCallbackOfALiveCall(t *testing.T) {
	s := open(t, file(t))
	c := s.Callbacks()
	r := ivrtest.NewRecord("r-1")
	ok(t, c.Ask(t.Context(), ivrtest.NewCallback(r.Caller, "a")))
	ok(t, c.Claim(t.Context(), 1, r.ID, ivrtest.Start()))
	ok(t, s.Journal().Open(t.Context(), r, ivr.Step{Call: r.ID, Entries: []ivr.Entry{{Seq: 1, At: ivrtest.Start(), Kind: ivr.RecallBegun}}}))
	ok(t, c.Tidy(t.Context(), ivr.Tidying{Claimed: ivrtest.Start().Add(time.Hour)}))
	ok(t, c.Ours(t.Context(), 1, r.ID))
}
