package main

import "testing"

// TestDecision reads what the benchmark prints, and wants figures there.
func TestDecision(t *testing.T) {
	micros, times, err := decision("goos: linux\nBenchmarkDecideGrowth-2   \t     100\t    612345 ns/op\t       391.0 big-µs\t         4.810 times\nPASS\n")
	if err != nil || micros != 391 || times != 4.81 {
		t.Errorf("got %v, %v, %v", micros, times, err)
	}
	for _, out := range []string{"", "PASS\n", "BenchmarkDecideGrowth-2 100 612345 ns/op\n"} {
		if _, _, err := decision(out); err == nil {
			t.Errorf("%q passes for a figure", out)
		}
	}
}
