package main

import (
	"testing"
	"time"
)

// TestBesideSince tells of who has waited beside a free agent for too long, once, and
// not of those who are seen beside one another anew.
func TestBesideSince(t *testing.T) {
	s := &session{begun: time.Now()}
	at := time.Now()
	since := map[pair]time.Time{}
	long, again := pair{"c1", "a"}, pair{"c2", "a"}
	for i := range 12 {
		now := []pair{long}
		if i != 5 {
			now = append(now, again)
		}
		since = s.besideSince(since, now, at.Add(time.Duration(i)*time.Second))
	}
	if len(s.broken) != 1 {
		t.Errorf("told: %v", s.broken)
	}
}
