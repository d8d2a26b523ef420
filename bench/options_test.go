package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestOptions(t *testing.T) {
	environment := map[string]string{"BENCH_CALLS": "500", "BENCH_WAITING": "70"}
	env := func(name string) string { return environment[name] }
	o, err := parseOptions([]string{"--waiting", "9", "--keep", "--within", "2m"}, env, &bytes.Buffer{})
	if err != nil {
		t.Fatal(err)
	}
	if o.Calls != 500 || o.Waiting != 9 || !o.Keep || o.Within != 2*time.Minute || o.Rounds < 1 {
		t.Errorf("options %+v: flags come before the environment, which comes before the default", o)
	}
}

func TestOptionsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		args  []string
		env   string // of BENCH_ROUND
		wants string
	}{
		"no number":    {nil, "many", `BENCH_ROUND is "many"`},
		"too small":    {[]string{"--rounds", "0"}, "", "--rounds is 0; give 1 to"},
		"too large":    {[]string{"--calls", "99999999"}, "", "--calls is 99999999"},
		"many ports":   {[]string{"--at-once", "6000"}, "", "each call needs ports"},
		"a word more":  {[]string{"quickly"}, "", `unexpected argument "quickly"`},
		"unknown flag": {[]string{"--fast"}, "", "fast"},
		"from outside": {nil, "-3", "--round is -3"},
	} {
		t.Run(name, func(t *testing.T) {
			env := func(name string) string {
				if name == "BENCH_ROUND" {
					return c.env
				}
				return ""
			}
			_, err := parseOptions(c.args, env, &bytes.Buffer{})
			if err == nil || !strings.Contains(err.Error(), c.wants) {
				t.Errorf("got %v, want %q", err, c.wants)
			}
		})
	}
}
