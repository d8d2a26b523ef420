package main

import (
	"strings"
	"testing"
)

func TestDisturbed(t *testing.T) {
	for others, want := range map[float64]string{0: "", muchTaken: "", muchTaken + 1: "others took 11 %"} {
		if got := disturbed(others); (got == "") != (want == "") || !strings.HasPrefix(got, want) {
			t.Errorf("others took %v: %q", others, got)
		}
	}
}
