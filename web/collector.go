package web

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

// Kind is what sort of figure a Metric is. The zero value is unset and refused.
type Kind int

// The kinds of figures.
const (
	Counter Kind = iota + 1 // only grows while the process lives
	Gauge                   // goes up and down
)

// Sample is one value of a metric with labels.
type Sample struct {
	// Labels are the values of Metric.Labels, in their order. They come from
	// short closed lists: never a phone number, a call id or text from outside.
	Labels []string
	Value  float64
}

// Metric is one figure that a room counts for itself, so that the room need not
// know of Prometheus.
type Metric struct {
	// Name as Prometheus wants it: ikomek109_calls_total.
	Name string
	Help string
	Kind Kind
	// Labels are the label names; empty for a figure that is one number.
	Labels []string
	// Value gives the number of a metric without labels, Samples those of one
	// with labels: exactly one of the two is set. They are called at each scrape,
	// perhaps by several goroutines, and must answer from memory.
	Value   func() float64
	Samples func() []Sample
}

// Collector shows metrics to Prometheus: register it once all are added.
type Collector struct {
	metrics []described
}

type described struct {
	Metric
	desc *prometheus.Desc
	kind prometheus.ValueType
}

// NewCollector checks the metrics and makes a collector of them.
func NewCollector(metrics ...Metric) (*Collector, error) {
	c := &Collector{}
	seen := map[string]bool{}
	for _, m := range metrics {
		d, err := describe(m)
		if err != nil {
			return nil, err
		}
		if seen[m.Name] {
			return nil, fmt.Errorf("web: metric %s is given twice; give it labels instead", m.Name)
		}
		seen[m.Name] = true
		c.metrics = append(c.metrics, d)
	}
	return c, nil
}

func describe(m Metric) (described, error) {
	d := described{Metric: m}
	switch m.Kind {
	case Counter:
		d.kind = prometheus.CounterValue
	case Gauge:
		d.kind = prometheus.GaugeValue
	default:
		return d, fmt.Errorf("web: metric %s has no kind; choose Counter or Gauge", m.Name)
	}
	if (m.Value == nil) == (m.Samples == nil) || (m.Samples == nil) != (len(m.Labels) == 0) {
		return d, fmt.Errorf("web: metric %s needs Value without labels, or Samples with labels", m.Name)
	}
	d.desc = prometheus.NewDesc(m.Name, m.Help, m.Labels, nil)
	// A name or label that Prometheus refuses shows itself when a value is made.
	if _, err := prometheus.NewConstMetric(d.desc, d.kind, 0, make([]string, len(m.Labels))...); err != nil {
		return d, fmt.Errorf("web: metric %s: %w", m.Name, err)
	}
	return d, nil
}

// Describe tells Prometheus what may come.
func (c *Collector) Describe(out chan<- *prometheus.Desc) {
	for _, m := range c.metrics {
		out <- m.desc
	}
}

// Collect asks every metric for its values.
func (c *Collector) Collect(out chan<- prometheus.Metric) {
	for _, m := range c.metrics {
		if m.Value != nil {
			out <- m.sample(Sample{Value: m.Value()})
			continue
		}
		for _, s := range m.Samples() {
			out <- m.sample(s)
		}
	}
}

func (d described) sample(s Sample) prometheus.Metric {
	metric, err := prometheus.NewConstMetric(d.desc, d.kind, s.Value, s.Labels...)
	if err != nil { // a wrong number of labels: that one figure fails, the scrape says so
		return prometheus.NewInvalidMetric(d.desc, err)
	}
	return metric
}
