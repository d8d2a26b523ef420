package main

import (
	"testing"
	"time"
)

// TestParseSince: a day is the city's; a time that names its zone is exact.
func TestParseSince(t *testing.T) {
	zone := time.FixedZone("city", 5*3600)
	for s, want := range map[string]string{
		"2022-01-05":                "2022-01-04T19:00:00Z",
		"2022-01-05T08:00:00+06:00": "2022-01-05T02:00:00Z",
		"2022-01-05T08:00:00Z":      "2022-01-05T08:00:00Z",
	} {
		got, err := parseSince(s, zone)
		if err != nil || got.UTC().Format(time.RFC3339) != want {
			t.Errorf("%s: %s, %v; want %s", s, got.UTC(), err, want)
		}
	}
	if got, err := parseSince("24h", zone); err != nil || time.Since(got).Round(time.Hour) != 24*time.Hour {
		t.Errorf("24h: %s, %v", got, err)
	}
	for _, s := range []string{"yesterday", "-2h", "2022-13-01"} {
		if got, err := parseSince(s, zone); err == nil {
			t.Errorf("%s was read as %s", s, got)
		}
	}
}
