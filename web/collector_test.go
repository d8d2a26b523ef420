package web_test

import (
	"bytes"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"

	"ikomek109/web"

	"github.com/prometheus/client_golang/prometheus"
)

func one() float64 { return 1 }

func scrape(t *testing.T, log *slog.Logger, metrics ...web.Metric) (int, string) {
	t.Helper()
	collector, err := web.NewCollector(metrics...)
	if err != nil {
		t.Fatal(err)
	}
	registry := prometheus.NewRegistry()
	if err := registry.Register(collector); err != nil {
		t.Fatal(err)
	}
	got := ask(t, web.New(web.Options{Gatherer: registry, Logger: log}).Handler(), "GET", "/metrics", nil)
	return got.StatusCode, body(t, got)
}

func TestCollectorShowsFigures(t *testing.T) {
	var calls atomic.Uint64
	calls.Add(7)
	status, text := scrape(t, nil,
		web.Metric{Name: "ikomek109_calls_total", Help: "Calls taken.", Kind: web.Counter, Value: func() float64 { return float64(calls.Load()) }},
		web.Metric{
			Name: "ikomek109_agents", Help: "Agents by state.", Kind: web.Gauge, Labels: []string{"state"},
			Samples: func() []web.Sample {
				return []web.Sample{{Labels: []string{"ready"}, Value: 2}, {Labels: []string{"өшірулі\n\"x\""}, Value: 1}}
			},
		},
	)
	if status != 200 {
		t.Errorf("status = %d", status)
	}
	for _, want := range []string{
		"# HELP ikomek109_calls_total Calls taken.\n# TYPE ikomek109_calls_total counter\nikomek109_calls_total 7\n",
		"# TYPE ikomek109_agents gauge\n", `ikomek109_agents{state="ready"} 2` + "\n", `ikomek109_agents{state="өшірулі\n\"x\""} 1` + "\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
}

func TestABadFigureHidesNoOther(t *testing.T) {
	var log bytes.Buffer
	status, text := scrape(t, slog.New(slog.NewTextHandler(&log, nil)),
		web.Metric{Name: "good", Help: "h", Kind: web.Gauge, Value: one},
		web.Metric{
			Name: "bad", Help: "h", Kind: web.Gauge, Labels: []string{"a", "b"},
			Samples: func() []web.Sample { return []web.Sample{{Labels: []string{"only one"}}} },
		},
	)
	if status != 200 || !strings.Contains(text, "good 1\n") {
		t.Errorf("status %d:\n%s", status, text)
	}
	if !strings.Contains(log.String(), "metrics could not all be gathered") {
		t.Errorf("nothing in the log: %s", log.String())
	}
}

func TestNewCollectorRefuses(t *testing.T) {
	list := func() []web.Sample { return nil }
	for _, c := range []struct {
		name    string
		metrics []web.Metric
		want    string
	}{
		{"no kind", []web.Metric{{Name: "a", Value: one}}, "has no kind"},
		{"no value", []web.Metric{{Name: "a", Kind: web.Gauge}}, "needs Value"},
		{"both values", []web.Metric{{Name: "a", Kind: web.Gauge, Value: one, Samples: list}}, "needs Value"},
		{"labels with one value", []web.Metric{{Name: "a", Kind: web.Gauge, Labels: []string{"l"}, Value: one}}, "needs Value"},
		{"samples without labels", []web.Metric{{Name: "a", Kind: web.Gauge, Samples: list}}, "needs Value"},
		{"bad label", []web.Metric{{Name: "a", Kind: web.Gauge, Labels: []string{"__x"}, Samples: list}}, "metric a"},
		{"no name", []web.Metric{{Kind: web.Gauge, Value: one}}, "not a valid metric name"},
		{"twice", []web.Metric{{Name: "a", Kind: web.Gauge, Value: one}, {Name: "a", Kind: web.Gauge, Value: one}}, "given twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := web.NewCollector(c.metrics...); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("NewCollector = %v, want %q", err, c.want)
			}
		})
	}
}
