package asterisk

import (
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// maxNamed bounds how many unknown event types are told apart.
const maxNamed = 20

// counts is what the switch counts. No label holds a number or a channel.
type counts struct {
	events   map[string]*atomic.Int64 // by type; filled once, never grows
	unknown  atomic.Int64             // events of a type that is not acted on
	garbage  atomic.Int64             // messages that are no event
	unowned  atomic.Int64             // events of legs nobody knows
	overdue  atomic.Int64             // playbacks whose end had to be asked for
	deaf     atomic.Int64             // websockets that were open and not heard
	lost     atomic.Int64             // legs that Asterisk no longer had
	requests [6]atomic.Int64          // by first digit of the status; 0 unanswered
	latency  prometheus.Histogram

	mu    sync.Mutex
	named map[string]bool // guarded by mu; unknown types seen
}

func newCounts() *counts {
	c := &counts{events: make(map[string]*atomic.Int64), named: make(map[string]bool)}
	for _, t := range eventTypes() {
		c.events[t] = new(atomic.Int64)
	}
	c.latency = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name:    "ikomek109_asterisk_request_seconds",
		Help:    "Time from a request to Asterisk's answer.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, 1, 3},
	})
	return c
}

func (c *counts) request(took time.Duration, resp *http.Response, err error) {
	class := 0
	if err == nil && resp.StatusCode < 600 {
		class = resp.StatusCode / 100
	}
	c.requests[class].Add(1)
	c.latency.Observe(took.Seconds())
}

// event counts a known type, or an unknown one; true for an unknown one seen
// for the first time.
func (c *counts) event(typ string) (news bool) {
	if n, ok := c.events[typ]; ok {
		n.Add(1)
		return false
	}
	c.unknown.Add(1)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.named[typ] || len(c.named) >= maxNamed {
		return false
	}
	c.named[typ] = true
	return true
}

// Collector gives the switch's figures to Prometheus.
func (s *Switch) Collector() prometheus.Collector { return collector{s} }

type collector struct{ s *Switch }

// Describe sends nothing, which makes the collector an unchecked one: what it
// collects is checked when it is collected.
func (c collector) Describe(chan<- *prometheus.Desc) {}

// Collect sends the figures of this moment.
func (c collector) Collect(out chan<- prometheus.Metric) {
	k, status := c.s.counts, c.s.Status()
	for _, state := range States() {
		value := 0.0
		if state == status.State {
			value = 1
		}
		out <- gauge("ikomek109_asterisk_state", "1 for the state the connection is in.", value, "state", string(state))
	}
	legCount, playCount := c.s.legs.size()
	out <- gauge("ikomek109_asterisk_legs", "Legs whose events are delivered.", float64(legCount))
	out <- gauge("ikomek109_asterisk_playbacks", "Playbacks under way.", float64(playCount))
	out <- count("ikomek109_asterisk_connects_total", "Times the connection came up.", status.Connects)
	for typ, n := range k.events {
		out <- count("ikomek109_asterisk_events_total", "Events heard.", n.Load(), "type", typ)
	}
	out <- count("ikomek109_asterisk_events_total", "Events heard.", k.unknown.Load(), "type", "unknown")
	out <- count("ikomek109_asterisk_events_garbage_total", "Messages that are no event.", k.garbage.Load())
	out <- count("ikomek109_asterisk_events_unowned_total", "Events of legs nobody knows.", k.unowned.Load())
	out <- count("ikomek109_asterisk_playbacks_overdue_total", "Playbacks whose end had to be asked for.", k.overdue.Load())
	out <- count("ikomek109_asterisk_deaf_total", "Event streams that were open and not heard.", k.deaf.Load())
	out <- count("ikomek109_asterisk_legs_lost_total", "Legs that Asterisk no longer had.", k.lost.Load())
	for class, name := range []string{"unanswered", "1xx", "2xx", "3xx", "4xx", "5xx"} {
		out <- count("ikomek109_asterisk_requests_total", "Requests by class of answer.", k.requests[class].Load(), "class", name)
	}
	k.latency.Collect(out)
}

func gauge(name, help string, value float64, label ...string) prometheus.Metric {
	return metric(prometheus.GaugeValue, name, help, value, label)
}

func count(name, help string, value int64, label ...string) prometheus.Metric {
	return metric(prometheus.CounterValue, name, help, float64(value), label)
}

func metric(kind prometheus.ValueType, name, help string, value float64, label []string) prometheus.Metric {
	var names, values []string
	if len(label) == 2 {
		names, values = label[:1], label[1:]
	}
	return prometheus.MustNewConstMetric(prometheus.NewDesc(name, help, names, nil), kind, value, values...)
}
