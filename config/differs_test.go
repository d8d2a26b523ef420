package config_test

import (
	"strings"
	"testing"
	"time"

	"ikomek109/config"
)

// TestRulesDifferByMode: what a mode does not say is as in the daily rules.
func TestRulesDifferByMode(t *testing.T) {
	q := config.Defaults().Queue
	q.Capacity = 50
	q.Emergency = config.Differs{RingTimeout: "12s", OtherLanguageAfter: "0s", Capacity: "400"}
	for mode, want := range map[string][3]any{
		"daily":      {20 * time.Second, time.Minute, 50},
		"heightened": {20 * time.Second, time.Minute, 50},
		"emergency":  {12 * time.Second, time.Duration(0), 400},
	} {
		in := q.In(mode)
		if got := [3]any{in.RingTimeout, in.OtherLanguageAfter, in.Capacity}; got != want {
			t.Errorf("%s: %v, want %v", mode, got, want)
		}
	}
}

// TestRulesOfAModeAreChecked as those of every day are.
func TestRulesOfAModeAreChecked(t *testing.T) {
	for text, want := range map[string]string{
		"queue: {emergency: {ring_timeout: 1s}}":          "queue.emergency.ring_timeout: 1s is out of bounds",
		"queue: {emergency: {ring_timeout: 12}}":          "queue.emergency.ring_timeout: is a number without a unit; write a duration such as 12s",
		"queue: {heightened: {capacity: many}}":           "queue.heightened.capacity: is not a whole number",
		"queue: {emergency: {ring_timeouts: 12s}}":        `unknown key "queue.emergency.ring_timeouts"; did you mean`,
		"queue: {emergency: {ring_timeout: 12s}}":         "",
		"queue: {emergency: 12s}":                         "queue.emergency: must hold keys",
		"modes: {phone_lasts: 1s}":                        "modes.phone_lasts: 1s is out of bounds",
		"modes: {second_person: maybe}":                   "is neither true nor false",
		"queue.emergency: {ring_timeout: 12s}":            `unknown key "queue.emergency"`,
		"modes: {demand_over: 30s, phone_lasts: 100000h}": "modes.demand_over: 30s is out of bounds",
	} {
		got := config.Check("s.yaml", []byte(text+"\n"))
		if want == "" && len(got) > 0 || want != "" && (len(got) == 0 || !strings.Contains(got.Error(), want)) {
			t.Errorf("%s: %v, want %q", text, got, want)
		}
	}
}
