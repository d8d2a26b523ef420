package sqlite_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/sqlite"
)

func TestConversations(t *testing.T) {
	ivrtest.ConversationsSuite(t, func(t *testing.T) ivr.Conversations { return open(t, file(t)).Conversations(t.TempDir()) })
}

// conversations gives a store with two recordings that are kept, a month apart.
func conversations(t *testing.T) *sqlite.Conversations {
	t.Helper()
	s := open(t, file(t)).Conversations(t.TempDir())
	for id, age := range map[ivr.RecordingID]time.Duration{"c-old": 31 * 24 * time.Hour, "c-new": time.Hour} {
		c := ivrtest.NewConversation(id)
		c.BegunAt, c.Agent = time.Now().Add(-age), ivr.AgentID("of-"+string(id))
		ok(t, s.Promise(t.Context(), c))
		ok(t, s.Keep(t.Context(), id, func(to io.Writer) (time.Duration, error) {
			_, err := to.Write(ivrtest.WAV(time.Second))
			return time.Second, err
		}))
	}
	return s
}

// TestConversationsAreChosen by call, agent and the beginning of their id; the
// sound is the owner's alone.
func TestConversationsAreChosen(t *testing.T) {
	s := conversations(t)
	for name, c := range map[string]struct {
		filter sqlite.ConversationFilter
		want   int
	}{
		"all":        {sqlite.ConversationFilter{}, 2},
		"call":       {sqlite.ConversationFilter{Call: "call"}, 2},
		"other call": {sqlite.ConversationFilter{Call: "call-2"}, 0},
		"agent":      {sqlite.ConversationFilter{Agent: "of-c-old"}, 1},
		"queue":      {sqlite.ConversationFilter{Queue: "other"}, 0},
		"newest":     {sqlite.ConversationFilter{Limit: 1}, 1},
	} {
		all, err := s.List(t.Context(), c.filter)
		ok(t, err)
		if len(all) != c.want || c.want > 1 && all[0].ID != "c-new" {
			t.Errorf("%s: %+v", name, all)
		}
	}
	c, err := s.Conversation(t.Context(), "c-n")
	ok(t, err)
	st, err := os.Stat(c.File)
	ok(t, err)
	if st.Mode().Perm() != 0o600 || st.Size() != int64(len(ivrtest.WAV(time.Second))) {
		t.Errorf("the sound is %s of %d bytes", st.Mode(), st.Size())
	}
	for id, code := range map[ivr.RecordingID]ivr.Code{"c-": ivr.Conflict, "c-x": ivr.NotFound, "": ivr.Invalid} {
		if _, err := s.Conversation(t.Context(), id); ivr.CodeOf(err) != code {
			t.Errorf("%q: got %v", id, err)
		}
	}
}

// TestConversationsGo with their sound, when their term has passed or before.
func TestConversationsGo(t *testing.T) {
	s := conversations(t)
	old, err := s.Conversation(t.Context(), "c-old")
	ok(t, err)
	recent, err := s.Conversation(t.Context(), "c-new")
	ok(t, err)
	// Two that were being written: one by a program that was killed.
	killed, writing := filepath.Join(filepath.Dir(old.File), ".recording-1"), filepath.Join(filepath.Dir(old.File), ".recording-2")
	for _, name := range []string{killed, writing} {
		ok(t, os.WriteFile(name, ivrtest.WAV(time.Second), 0o600))
	}
	ok(t, os.Chtimes(killed, time.Time{}, time.Now().Add(-2*time.Hour)))
	gone, err := s.Expire(t.Context(), time.Now().Add(-30*24*time.Hour))
	ok(t, err)
	if _, err := os.Stat(killed); !os.IsNotExist(err) {
		t.Errorf("what a killed program was writing is there: %v", err)
	}
	_, err = os.Stat(writing)
	ok(t, err)
	if _, err := os.Stat(old.File); gone != 1 || !os.IsNotExist(err) {
		t.Errorf("%d are gone: %v", gone, err)
	}
	ok(t, s.Delete(t.Context(), recent.ID))
	if _, err := os.Stat(recent.File); !os.IsNotExist(err) {
		t.Errorf("the sound is there: %v", err)
	}
	for _, id := range []ivr.RecordingID{recent.ID, "../x"} {
		if err := s.Delete(t.Context(), id); ivr.CodeOf(err) != ivr.NotFound {
			t.Errorf("deleting %q: %v", id, err)
		}
	}
	if err := s.Keep(t.Context(), recent.ID, nil); ivr.CodeOf(err) != ivr.NotFound {
		t.Errorf("keeping what is deleted: %v", err)
	}
}

// TestSweepOfAnOddFolder removes what was left in a folder whose name means
// something to a pattern, and is not stopped by what is no file.
func TestSweepOfAnOddFolder(t *testing.T) {
	dir, ago := filepath.Join(t.TempDir(), "line[1]"), time.Now().Add(-2*time.Hour)
	folder, left := filepath.Join(dir, ".recording-0"), filepath.Join(dir, ".recording-1")
	ok(t, os.MkdirAll(filepath.Join(folder, "in"), 0o700))
	ok(t, os.WriteFile(left, ivrtest.WAV(time.Second), 0o600))
	for _, name := range []string{folder, left} {
		ok(t, os.Chtimes(name, time.Time{}, ago))
	}
	_, err := open(t, file(t)).Conversations(dir).Expire(t.Context(), ago)
	ok(t, err)
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("what was left is there: %v", err)
	}
	_, err = os.Stat(folder)
	ok(t, err)
}

// TestGivenUpTwiceAtOnce: the second, which shares the first's transaction, is told
// what the first has made of it.
func TestGivenUpTwiceAtOnce(t *testing.T) {
	s := open(t, file(t))
	all := s.Conversations(t.TempDir())
	ok(t, all.Promise(t.Context(), ivrtest.NewConversation("c-1")))
	begun, over := make(chan struct{}), make(chan struct{})
	answers := make(chan error, 3)
	go func() { answers <- sqlite.Stall(t.Context(), s, begun, over) }()
	<-begun
	for range 2 {
		go func() { answers <- all.GiveUp(t.Context(), "c-1") }()
	}
	time.Sleep(50 * time.Millisecond) // so that both wait for the writer
	close(over)
	refused := 0
	for range 3 {
		if err := <-answers; err != nil {
			if refused++; ivr.CodeOf(err) != ivr.Conflict || !strings.Contains(err.Error(), "is lost") {
				t.Error(err)
			}
		}
	}
	if refused != 1 {
		t.Errorf("%d were refused", refused)
	}
}
