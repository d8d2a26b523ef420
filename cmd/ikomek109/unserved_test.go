package main

import (
	"slices"
	"testing"
	"time"

	"ikomek109/config"
	"ikomek109/flows"
	"ikomek109/queue"
)

// TestUnserved tells of topics, languages and queues that no agent has.
func TestUnserved(t *testing.T) {
	menu, findings := flows.Load(flows.Shipped, flows.ShippedName, flows.Known{})
	if menu == nil {
		t.Fatal(findings)
	}
	both := flows.Languages()
	for name, c := range map[string]struct {
		agents []queue.Agent
		other  time.Duration // until the other language is served
		want   []string
	}{
		"nobody at all": {},
		"everything":    {agents: []queue.Agent{{Languages: both}}},
		"shared out": {agents: []queue.Agent{
			{Languages: both[:1], Topics: []string{"health"}}, {Languages: both[1:], Queues: []string{"main"}},
		}},
		"one language": {
			agents: []queue.Agent{{Languages: both[:1]}},
			want:   []string{"of those who serve the queue main nobody has ru"},
		},
		"one language, and the other served later": {agents: []queue.Agent{{Languages: both[:1]}}, other: time.Minute},
		"some topics": {
			agents: []queue.Agent{{Languages: both, Topics: []string{"health", "transport", "emergency", "other"}}},
			want:   []string{"of those who serve the queue main nobody has checkpoints, curfew, movement, utilities"},
		},
		"another queue": {
			agents: []queue.Agent{{Languages: both, Queues: []string{"police"}}},
			want:   []string{"nobody serves the queue main"},
		},
	} {
		s := config.Settings{}
		s.Queue.OtherLanguageAfter = c.other
		if got := unserved(menu, s, c.agents); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
