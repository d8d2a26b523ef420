package sqlite_test

import (
	"testing"

	"ikomek109/flows"
	"ikomek109/queue"
)

// TestCounters moves with a change by another program, and with nothing else.
func TestCounters(t *testing.T) {
	path := file(t)
	s, other := open(t, path), open(t, path)
	before, err := s.Counters(t.Context())
	ok(t, err)
	if _, there := before["agents"]; !there {
		t.Fatalf("no counter of the agents: %v", before)
	}
	a := queue.Agent{ID: "aigerim", Languages: flows.Languages(), Chosen: "off", World: queue.Idle}
	ok(t, other.Staff().Add(t.Context(), a))
	after, err := s.Counters(t.Context())
	ok(t, err)
	if after["agents"] == before["agents"] {
		t.Errorf("an agent was added, and the counter stays at %d", after["agents"])
	}
	again, err := s.Counters(t.Context())
	ok(t, err)
	if again["agents"] != after["agents"] {
		t.Errorf("nothing happened, and the counter goes from %d to %d", after["agents"], again["agents"])
	}
}
