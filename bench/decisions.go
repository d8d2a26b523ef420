package main

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"

	"ikomek109/bench/figures"
)

// Limits of a decision of the queue. Ten times the crowd may cost 13.3 times as much,
// by n log n.
const (
	maxDecision = 1  // ms
	maxGrowth   = 14 // times
)

// decisionRounds is how often it is measured, each time the best of a hundred.
const decisionRounds = 3

// decisions runs the queue's own benchmark of who is offered to whom.
func (s *session) decisions(ctx context.Context) error {
	var took, growth []float64
	for round := range decisionRounds {
		s.talk.say("deciding who is offered to whom:", round, decisionRounds)
		out, err := exec.CommandContext(ctx, "go", "test", "ikomek109/queue", "-run", "^$", "-bench", "^BenchmarkDecideGrowth$", "-benchtime", "100x").CombinedOutput()
		if err != nil {
			return fmt.Errorf("measuring decisions: %w\n%s", err, out)
		}
		micros, times, err := decision(string(out))
		if err != nil {
			return err
		}
		took, growth = append(took, micros/1000), append(growth, times)
	}
	s.report.Add("a decision, 10,000 waiting, 1,000 agents", "ms", figures.SpreadOf(took))
	s.report.Limit(maxDecision)
	s.report.Add("its cost ÷ that of a tenth of both", "", figures.SpreadOf(growth))
	s.report.Limit(maxGrowth)
	return nil
}

// decision reads what the benchmark printed: pairs of a figure and its unit.
func decision(out string) (micros, times float64, err error) {
	found := map[string]float64{}
	for line := range strings.Lines(out) {
		fields := strings.Fields(line)
		if len(fields) == 0 || !strings.HasPrefix(fields[0], "BenchmarkDecideGrowth") {
			continue
		}
		for i := 2; i+1 < len(fields); i += 2 {
			if f, err := strconv.ParseFloat(fields[i], 64); err == nil {
				found[fields[i+1]] = f
			}
		}
	}
	micros, times = found["big-µs"], found["times"]
	if micros <= 0 || times <= 0 {
		return 0, 0, fmt.Errorf("the benchmark of decisions printed no figures:\n%s", out)
	}
	return micros, times, nil
}
