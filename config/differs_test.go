package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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

// TestRulesDifferByQueue in every mode, whatever the mode says.
func TestRulesDifferByQueue(t *testing.T) {
	isolate(t)
	got := load(t, config.Options{File: write(t, `
queues: [main, police]
queue:
  capacity: 50
  emergency: {capacity: "400", place_kept: 0s}
  single:
    - {queue: police, choose: ring-all, ring_at_once: 4, capacity: 20}
`)}).Settings.Queue
	for name, c := range map[string]struct {
		rules config.Queue
		want  []any
	}{
		"daily":                  {got.In("daily").Of("main"), []any{"longest-idle", 3, 50, 10 * time.Minute}},
		"police":                 {got.In("daily").Of("police"), []any{"ring-all", 4, 20, 10 * time.Minute}},
		"emergency":              {got.In("emergency").Of("main"), []any{"longest-idle", 3, 400, time.Duration(0)}},
		"police in an emergency": {got.In("emergency").Of("police"), []any{"ring-all", 4, 20, time.Duration(0)}},
	} {
		q := c.rules
		if d := cmp.Diff(c.want, []any{q.Choose, q.RingAtOnce, q.Capacity, q.PlaceKept}); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
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
		"queue: {choose: longest}":                        `queue.choose: "longest" is not known; choose one of longest-idle, least-calls, ring-all`,
		"queue: {ring_at_once: 1}":                        "queue.ring_at_once: 1 is out of bounds; choose 2 to 10",
		"queue: {place_kept: 1s}":                         "queue.place_kept: 1s is out of bounds; choose 1m to 1h, or 0s",
		"queue: {heightened: {choose: nobody}}":           `queue.heightened.choose: "nobody" is not known`,
		"queue: {single: [{queue: tax}]}":                 `queue.single: there is no queue "tax"; choose one of those under queues: main`,
		"queue: {single: [{queue: main}, {queue: main}]}": "queue.single: queue main stands there twice",
		"queue: {single: [{queue: main, capacity: few}]}": "queue.single.capacity: main: is not a whole number",
		"queue: {single: [{queue: main, choose: few}]}":   `queue.single.choose: "few" is not known`,
		"queue: {single: [{queue: main, chose: few}]}":    `unknown key "queue.single.chose"; did you mean "choose"?`,
		"queue: {single: [main]}":                         "queue.single: each queue must hold keys",
		"queue: {single: {queue: main}}":                  "queue.single: must be a list",
		"queue: {single: [{queue: main, capacity: 5}]}":   "",
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
