package queue_test

import (
	"fmt"
	"testing"
	"time"

	"ikomek109/flows"
	"ikomek109/queue"
)

// crowd is n callers and m free agents, spread over four queues, two languages
// and eight topics; none of the agents serves anybody when idle is set.
func crowd(n, m int, idle bool) queue.State {
	queues := []string{"main", "health", "transport", "utilities"}
	langs := []flows.Language{kk, ru}
	topics := []string{"health", "transport/routes", "utilities/water", "curfew", "checkpoints", "movement", "emergency", "other"}
	s := queue.State{Now: noon, Rules: queue.Rulebook{Default: queue.DefaultRules()}}
	var tickets []*queue.Ticket
	for i := range n {
		k := waiting(int64(i), queues[i%4], langs[i/4%2], time.Duration(n-i)*time.Millisecond)
		tickets = append(tickets, about(topics[i/8%len(topics)], k))
	}
	for i := range m {
		serves := []string{queues[i%4], queues[(i+1)%4]}
		if idle {
			serves = []string{"another"}
		}
		a := free(fmt.Sprint("a", i*7919%m), i*7919%m, langs[i%2:i%2+1], serves...)
		if i%3 > 0 { // a third of them knows everything
			a = knows(a, "health", "transport", "utilities")
		}
		s.Agents = append(s.Agents, a)
	}
	s.Lines = lines(tickets...)
	return s
}

// BenchmarkDecide has to stay under 1 ms with 10,000 waiting and 1,000 agents.
func BenchmarkDecide(b *testing.B) {
	for _, c := range []struct {
		name string
		n, m int
		idle bool
	}{
		{"waiting=1000/agents=100", 1000, 100, false},
		{"waiting=10000/agents=1", 10_000, 1, false},
		{"waiting=10000/agents=1000", 10_000, 1000, false},
		{"waiting=10000/agents=1000/none-fits", 10_000, 1000, true},
		{"waiting=1/agents=1000", 1, 1000, false},
		{"waiting=100000/agents=1000", 100_000, 1000, false},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := crowd(c.n, c.m, c.idle)
			for b.Loop() {
				if got := queue.Decide(s); (len(got) == 0) != c.idle {
					b.Fatal(len(got))
				}
			}
		})
	}
}

// BenchmarkDecideGrowth, by which the bench holds decisions to their limits, tells in
// one run how the cost grows from a tenth of the crowd to all of it: n log n allows a
// factor of about 13. The best of all rounds counts, so that it can be told on a machine
// that has other things to do.
func BenchmarkDecideGrowth(b *testing.B) {
	small, big := crowd(1000, 100, false), crowd(10_000, 1000, false)
	best := [2]time.Duration{time.Hour, time.Hour}
	for b.Loop() {
		for i, s := range []queue.State{small, big} {
			begun := time.Now()
			queue.Decide(s)
			best[i] = min(best[i], time.Since(begun))
		}
	}
	b.ReportMetric(float64(best[1])/float64(best[0]), "times")
	b.ReportMetric(float64(best[1].Microseconds()), "big-µs")
}
