package queue_test

import (
	"testing"
	"time"

	"ikomek109/queue"
)

// TestEstimateWait holds the formula of the domain: place × handle time ÷
// agents, none with a free one, silence below five calls.
func TestEstimateWait(t *testing.T) {
	for name, c := range map[string]struct {
		g       queue.Glance
		handled int
		want    time.Duration
		ok      bool
	}{
		"a free agent":               {queue.Glance{Free: 1, OnDuty: 4}, 0, 0, true},
		"free, but others are first": {queue.Glance{Waiting: 1, Free: 1, OnDuty: 2}, 10, 3 * time.Minute, true},
		"three before, two agents":   {queue.Glance{Waiting: 3, OnDuty: 2}, 10, 6 * time.Minute, true},
		"nobody on duty":             {queue.Glance{Waiting: 3}, 10, 0, false},
		"too few calls to say":       {queue.Glance{Waiting: 3, OnDuty: 2}, 4, 0, false},
	} {
		got, ok := queue.EstimateWait(c.g, c.handled, time.Duration(c.handled)*3*time.Minute)
		if got != c.want || ok != c.ok {
			t.Errorf("%s: %s, %v; want %s, %v", name, got, ok, c.want, c.ok)
		}
	}
}
