package ivrtest

import (
	"errors"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ikomek109/ivr"
)

// NewConversation gives a recording that every store takes.
func NewConversation(id ivr.RecordingID) ivr.Conversation {
	return ivr.Conversation{
		ID: id, Call: "call-1", Node: "n", Queue: "main", Agent: "aigerim", State: ivr.ConversationOwed,
		BegunAt: time.Date(2022, 1, 5, 12, 0, 0, 0, time.UTC),
	}
}

// ConversationsSuite is what every store of recorded conversations has to do.
// open gives an empty one.
func ConversationsSuite(t *testing.T, open func(t *testing.T) ivr.Conversations) {
	t.Helper()
	t.Run("promised and kept", func(t *testing.T) { promisedAndKept(t, open(t)) })
	t.Run("not fetched", func(t *testing.T) { notFetched(t, open(t)) })
	t.Run("given up", func(t *testing.T) { givenUp(t, open(t)) })
	t.Run("refused", func(t *testing.T) { conversationsRefused(t, open(t)) })
}

// fetched writes a sound of four seconds.
func fetched(to io.Writer) (time.Duration, error) {
	_, err := to.Write(WAV(4 * time.Second))
	return 4 * time.Second, err
}

func promise(t *testing.T, s ivr.Conversations, ids ...ivr.RecordingID) {
	t.Helper()
	for _, id := range ids {
		if err := s.Promise(t.Context(), NewConversation(id)); err != nil {
			t.Fatal(err)
		}
	}
}

func owedAre(t *testing.T, s ivr.Conversations, want ...ivr.Conversation) {
	t.Helper()
	got, err := s.Owed(t.Context(), "n")
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("owed (-want +got): %v\n%s", err, diff)
	}
}

func promisedAndKept(t *testing.T, s ivr.Conversations) {
	promise(t, s, "c-1", "c-1", "c-2")
	other := NewConversation("c-3")
	other.Node = "another"
	if err := s.Promise(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	owedAre(t, s, NewConversation("c-1"), NewConversation("c-2"))
	for range 2 { // the second time it is kept already
		if err := s.Keep(t.Context(), "c-1", fetched); err != nil {
			t.Fatal(err)
		}
	}
	promise(t, s, "c-1")
	owedAre(t, s, NewConversation("c-2"))
	if err := s.GiveUp(t.Context(), "c-1"); ivr.CodeOf(err) != ivr.Conflict {
		t.Errorf("giving up what is kept: %v", err)
	}
}

func notFetched(t *testing.T, s ivr.Conversations) {
	promise(t, s, "c-1")
	broken := errors.New("the line is down")
	err := s.Keep(t.Context(), "c-1", func(to io.Writer) (time.Duration, error) {
		_, _ = to.Write([]byte("RIFF"))
		return 0, broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	owedAre(t, s, NewConversation("c-1"))
}

func givenUp(t *testing.T, s ivr.Conversations) {
	promise(t, s, "c-1")
	if err := s.GiveUp(t.Context(), "c-1"); err != nil {
		t.Fatal(err)
	}
	owedAre(t, s)
	if err := s.GiveUp(t.Context(), "c-1"); ivr.CodeOf(err) != ivr.Conflict {
		t.Errorf("giving up twice: %v", err)
	}
}

func conversationsRefused(t *testing.T, s ivr.Conversations) {
	for name, spoil := range map[string]func(*ivr.Conversation){
		"no id":    func(c *ivr.Conversation) { c.ID = "" },
		"no call":  func(c *ivr.Conversation) { c.Call = "" },
		"no node":  func(c *ivr.Conversation) { c.Node = "" },
		"no time":  func(c *ivr.Conversation) { c.BegunAt = time.Time{} },
		"no state": func(c *ivr.Conversation) { c.State = "" },
	} {
		c := NewConversation("c-1")
		spoil(&c)
		if err := s.Promise(t.Context(), c); ivr.CodeOf(err) != ivr.Invalid {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if err := s.Keep(t.Context(), "c-9", fetched); ivr.CodeOf(err) != ivr.NotFound {
		t.Errorf("keeping what nobody promised: %v", err)
	}
	if err := s.GiveUp(t.Context(), "c-9"); ivr.CodeOf(err) != ivr.NotFound {
		t.Errorf("giving up what nobody promised: %v", err)
	}
}
