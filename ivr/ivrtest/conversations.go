package ivrtest

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"ikomek109/ivr"
)

// Conversations is an [ivr.Conversations] in memory.
type Conversations struct {
	mu     sync.Mutex
	all    map[ivr.RecordingID]ivr.Conversation // guarded by mu
	sounds map[ivr.RecordingID][]byte           // guarded by mu
	fault  func(op string) error                // guarded by mu
}

// NewConversations gives an empty store.
func NewConversations() *Conversations {
	return &Conversations{all: map[ivr.RecordingID]ivr.Conversation{}, sounds: map[ivr.RecordingID][]byte{}}
}

// Break makes operations fail as f says; nil mends the store.
func (s *Conversations) Break(f func(op string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// All gives every conversation, by id.
func (s *Conversations) All() (all []ivr.Conversation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.all {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b ivr.Conversation) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return all
}

// Sound gives what was kept of a conversation.
func (s *Conversations) Sound(id ivr.RecordingID) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sounds[id]
}

func (s *Conversations) do(op string, f func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fault != nil {
		if err := s.fault(op); err != nil {
			return err
		}
	}
	return f()
}

// Promise implements [ivr.Conversations].
func (s *Conversations) Promise(_ context.Context, c ivr.Conversation) error {
	const op = "promise conversation"
	return s.do(op, func() error {
		if c.ID == "" || c.Call == "" || c.Node == "" || c.BegunAt.IsZero() || c.State != ivr.ConversationOwed {
			return failure(op, ivr.Invalid, "not whole")
		}
		if _, known := s.all[c.ID]; !known {
			s.all[c.ID] = c
		}
		return nil
	})
}

// Keep implements [ivr.Conversations].
func (s *Conversations) Keep(_ context.Context, id ivr.RecordingID, fetch func(io.Writer) (time.Duration, error)) error {
	const op = "keep conversation"
	is := func() (c ivr.Conversation, err error) {
		return c, s.do(op, func() (err error) {
			if c = s.all[id]; c.ID == "" {
				return failure(op, ivr.NotFound, "no conversation %s", id)
			}
			return nil
		})
	}
	if c, err := is(); err != nil || c.State != ivr.ConversationOwed {
		return err
	}
	var wav bytes.Buffer
	length, err := fetch(&wav)
	if err != nil {
		return err
	}
	c, err := is()
	if err != nil || c.State != ivr.ConversationOwed {
		return err
	}
	return s.do(op, func() error {
		c.State, c.Length = ivr.ConversationKept, length
		s.all[id], s.sounds[id] = c, wav.Bytes()
		return nil
	})
}

// GiveUp implements [ivr.Conversations].
func (s *Conversations) GiveUp(_ context.Context, id ivr.RecordingID) error {
	const op = "give conversation up"
	return s.do(op, func() error {
		c, known := s.all[id]
		switch {
		case !known:
			return failure(op, ivr.NotFound, "no conversation %s", id)
		case c.State != ivr.ConversationOwed:
			return failure(op, ivr.Conflict, "it is %s", c.State)
		}
		c.State = ivr.ConversationLost
		s.all[id] = c
		return nil
	})
}

// Owed implements [ivr.Conversations].
func (s *Conversations) Owed(_ context.Context, node string) (owed []ivr.Conversation, err error) {
	err = s.do("list conversations that are owed", func() error { return nil })
	for _, c := range s.All() {
		if err == nil && c.State == ivr.ConversationOwed && c.Node == node {
			owed = append(owed, c)
		}
	}
	return owed, err
}

var _ ivr.Conversations = (*Conversations)(nil)
