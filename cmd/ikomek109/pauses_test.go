package main

import (
	"slices"
	"strings"
	"testing"

	"ikomek109/config"
	"ikomek109/flows"
	"ikomek109/ivr"
)

// TestEveryPauseReasonCanBeSaid: the settings take no reason for which the
// program has no words, and offer all for which it has.
func TestEveryPauseReasonCanBeSaid(t *testing.T) {
	flow, findings := flows.Load(flows.Shipped, flows.ShippedName, flows.Known{})
	if flow == nil {
		t.Fatal(findings)
	}
	var can []string
	for _, p := range flow.Phrases() {
		if reason, ok := strings.CutPrefix(p.ID, ivr.PausePhrase); ok {
			can = append(can, reason)
		}
	}
	offered := slices.Sorted(slices.Values(config.PauseReasons()))
	if slices.Sort(can); !slices.Equal(can, offered) {
		t.Errorf("the settings take %v, the program says %v", offered, can)
	}
}
