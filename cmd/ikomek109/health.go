package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"ikomek109/asterisk"
	"ikomek109/ivr"
	"ikomek109/notice"
	"ikomek109/queue"
	"ikomek109/web"
)

// ready tells whether a citizen who dials now is served as they should be.
func (v *service) ready() []web.Check {
	sw, store := v.sw.Status(), v.store.Health()
	checks := []web.Check{
		{Name: "switch", OK: sw.State == asterisk.Up, Message: string(sw.State), Since: sw.Since},
		{Name: "store", OK: store.OK(), Message: "writable", Since: store.FailingSince},
		v.menuCheck(),
	}
	if sw.Cause != "" && sw.State != asterisk.Up {
		checks[0].Message += ": " + sw.Cause
	}
	if !store.OK() {
		checks[1].Message = fmt.Sprintf("not written since %s, %d changes kept: %v", store.FailingSince.Format("15:04:05"), store.BacklogOps, store.Err)
	}
	return checks
}

// metrics gathers the figures of this process.
func (v *service) metrics() (prometheus.Gatherer, error) {
	ours, err := web.NewCollector(slices.Concat(v.lineFigures(), v.queueFigures(), v.menuFigures(), v.noticeFigures())...)
	if err != nil {
		return nil, err
	}
	reg := prometheus.NewRegistry()
	for _, c := range []prometheus.Collector{
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		v.sw.Collector(), ours,
	} {
		if err := reg.Register(c); err != nil {
			return nil, err
		}
	}
	return reg, nil
}

// lineFigures are the calls of this process.
func (v *service) lineFigures() []web.Metric {
	return []web.Metric{
		{
			Name: "ikomek109_calls_arrived_total", Kind: web.Counter,
			Help:  "Calls that the switch handed over since the start.",
			Value: func() float64 { return float64(v.line.Stats().Arrived) },
		},
		{
			Name: "ikomek109_calls_live", Kind: web.Gauge, Help: "Calls that live now.",
			Value: func() float64 { return float64(v.line.Stats().Live) },
		},
		{
			Name: "ikomek109_calls_ended_total", Kind: web.Counter, Labels: []string{"outcome"},
			Help: "Calls that ended since the start, by what became of them.",
			Samples: func() (all []web.Sample) {
				s := v.line.Stats()
				for _, o := range ivr.Outcomes() {
					all = append(all, web.Sample{Labels: []string{string(o)}, Value: float64(s.Ends[o])})
				}
				return all
			},
		},
	}
}

// queueFigures are those who wait and those who serve.
func (v *service) queueFigures() []web.Metric {
	perQueue := func(value func(queue.View) float64) func() []web.Sample {
		return func() (all []web.Sample) {
			for _, q := range v.desk.Snapshot().Queues {
				all = append(all, web.Sample{Labels: []string{q.Queue}, Value: value(q)})
			}
			return all
		}
	}
	return []web.Metric{
		{
			Name: "ikomek109_queue_waiting", Kind: web.Gauge, Labels: []string{"queue"}, Help: "Callers who wait.",
			Samples: perQueue(func(q queue.View) float64 { return float64(q.Waiting) }),
		},
		{
			Name: "ikomek109_queue_longest_wait_seconds", Kind: web.Gauge, Labels: []string{"queue"},
			Help:    "The longest wait of those who wait now.",
			Samples: perQueue(func(q queue.View) float64 { return q.LongestWait.Seconds() }),
		},
		{
			Name: "ikomek109_agents", Kind: web.Gauge, Labels: []string{"standing"}, Help: "Agents, by where they stand.",
			Samples: func() (all []web.Sample) {
				s := v.desk.Snapshot()
				for _, standing := range queue.Standings() {
					all = append(all, web.Sample{Labels: []string{string(standing)}, Value: float64(s.Agents[standing])})
				}
				return all
			},
		},
	}
}

// noticeFigures are the mode and the bulletins.
func (v *service) noticeFigures() []web.Metric {
	return []web.Metric{
		{
			Name: "ikomek109_mode", Kind: web.Gauge, Labels: []string{"mode"}, Help: "1 for the mode in force, 0 for the others.",
			Samples: func() (all []web.Sample) {
				now := v.wall.Mode()
				for _, m := range notice.Modes() {
					in := 0.0
					if m == now {
						in = 1
					}
					all = append(all, web.Sample{Labels: []string{string(m)}, Value: in})
				}
				return all
			},
		},
		{
			Name: "ikomek109_bulletins_live", Kind: web.Gauge, Help: "Bulletins that every caller hears first.",
			Value: func() float64 { return float64(len(v.wall.Bulletins())) },
		},
		{
			Name: "ikomek109_bulletins_silent", Kind: web.Gauge, Help: "Released bulletins that are not said because they have no sound.",
			Value: func() float64 { return float64(v.wall.Silent()) },
		},
	}
}

// makeFolderOf makes the folder that a file of ours lies in.
func makeFolderOf(path string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("the folder %s cannot be made: %w; name another in the settings, or make it", dir, err)
	}
	return nil
}
