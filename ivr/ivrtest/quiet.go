package ivrtest

import (
	"time"

	"ikomek109/ivr"
)

// Quiet gives the longest time for which a leg has heard nothing while it was
// there: no prompt, no music, nobody in conversation. Recording, which is the
// caller's turn to speak, is no silence either, and a key begins another one.
func (s *Switch) Quiet(leg ivr.ChannelID) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listen()
	longest := s.quiet[leg].longest
	if since := s.quiet[leg].since; !since.IsZero() {
		longest = max(longest, time.Since(since))
	}
	return longest
}

// quiet is a leg's silence.
type quiet struct {
	since   time.Time // zero while something is heard
	longest time.Duration
}

// listen notes of each leg whether anything is heard on it now. It is called
// after every change.
func (s *Switch) listen() {
	for leg := range s.inboxes {
		q := s.quiet[leg]
		switch heard := s.hears(leg); {
		case heard && !q.since.IsZero():
			q.longest, q.since = max(q.longest, time.Since(q.since)), time.Time{}
		case !heard && q.since.IsZero():
			q.since = time.Now()
		}
		s.quiet[leg] = q
	}
}

// settle ends a silence of a leg that goes, or on which a key is pressed.
func (s *Switch) settle(leg ivr.ChannelID) {
	if q := s.quiet[leg]; !q.since.IsZero() {
		s.quiet[leg] = quiet{longest: max(q.longest, time.Since(q.since))}
	}
}

func (s *Switch) hears(leg ivr.ChannelID) bool {
	for _, p := range s.playing {
		if p.leg == leg {
			return true
		}
	}
	for _, t := range s.tapes {
		if t.leg == leg && t.live {
			return true
		}
	}
	for _, both := range s.bridges {
		for _, one := range both {
			if one == leg {
				return true
			}
		}
	}
	return s.music[leg]
}
