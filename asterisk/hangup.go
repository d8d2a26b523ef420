package asterisk

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/CyCoreSystems/ari/v5"

	"ikomek109/ivr"
)

// hangUpAgain is the pause between two tries to hang up what could not be.
const hangUpAgain = 500 * time.Millisecond

// doomed are the legs that are to end, and could not be hung up yet: their calls
// are over, and nobody else would end them.
type doomed struct {
	mu   sync.Mutex
	legs map[ivr.ChannelID]bool // guarded by mu; nil: nobody sees to them
}

// Hangup ends a leg. One that is gone is no error. When Asterisk does not answer,
// the error says so, and the leg is hung up as soon as it does.
func (s *Switch) Hangup(ctx context.Context, leg ivr.ChannelID) error {
	const op = "hang up"
	err := s.alive(ctx, op)
	if err == nil {
		err = unlessGone(op, s.hangUp(leg))
	}
	if ivr.CodeOf(err) == ivr.Unavailable {
		s.doom(leg)
	}
	return err
}

func (s *Switch) hangUp(leg ivr.ChannelID) error {
	return s.lib.Channel().Hangup(key(ari.ChannelKey, string(leg)), "normal")
}

// doom has a leg hung up later.
func (s *Switch) doom(leg ivr.ChannelID) {
	s.doomed.mu.Lock()
	defer s.doomed.mu.Unlock()
	if s.doomed.legs != nil {
		s.doomed.legs[leg] = true
		return
	}
	s.doomed.legs = map[ivr.ChannelID]bool{leg: true}
	s.aside(func(ctx context.Context) { _ = every(ctx, hangUpAgain, s.endDoomed) })
}

// isDoomed tells whether a leg is to be hung up as soon as can be.
func (s *Switch) isDoomed(leg ivr.ChannelID) bool {
	s.doomed.mu.Lock()
	defer s.doomed.mu.Unlock()
	return s.doomed.legs[leg]
}

// errNoneLeft ends the trying.
var errNoneLeft = errors.New("every leg that was to end has ended")

// endDoomed hangs up those that are to end, until Asterisk does not answer.
func (s *Switch) endDoomed() error {
	s.doomed.mu.Lock()
	legs := slices.Collect(maps.Keys(s.doomed.legs))
	s.doomed.mu.Unlock()
	for _, leg := range legs {
		if err := failure("hang up", s.hangUp(leg)); ivr.CodeOf(err) == ivr.Unavailable {
			return nil //nolint:nilerr // it is tried again
		}
		s.doomed.mu.Lock()
		delete(s.doomed.legs, leg)
		s.doomed.mu.Unlock()
	}
	s.doomed.mu.Lock()
	defer s.doomed.mu.Unlock()
	if len(s.doomed.legs) > 0 { // come meanwhile
		return nil
	}
	s.doomed.legs = nil
	return errNoneLeft
}
