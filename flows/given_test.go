package flows_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"ikomek109/flows"
)

// inquiring is a flow that asks a service, and a condition.
func inquiring(t *testing.T) *flows.Flow {
	t.Helper()
	f, found := flows.Load(fstest.MapFS{"f.yaml": {Data: []byte(`
flow: asking
start: topics
operator: operator
goodbye: goodbye
vars: {left: {type: number}}
nodes:
  topics:
    kind: menu
    options:
      - {text: {kk: Қалдықты білу үшін, ru: Чтобы узнать остаток}, to: bill}
      - {text: {kk: Кезекке тұру үшін, ru: Чтобы встать в очередь}, to: crowd}
  bill: {kind: lookup, url: "http://192.0.2.10/left", take: {left: /left}, to: told, failed: operator}
  told: {kind: say, text: {kk: "{left} қалды.", ru: "Осталось {left}."}, to: topics}
  crowd: {kind: switch, cases: [{when: queue("main").waiting > 9, to: told}], else: operator}
  operator: {kind: queue, queue: main}
  goodbye: {kind: end}
`)}}, "f.yaml", flows.Known{})
	if f == nil {
		t.Fatal(found)
	}
	return f
}

// TestSuppose changes on the way what services answer and how the line stands.
func TestSuppose(t *testing.T) {
	f := inquiring(t)
	before := flows.Given{Start: flows.Start{Language: flows.Russian}, Env: flows.Env{Mode: "daily"}}
	w := f.Walk(before.Start, before.Env)
	do := func(given, script, at string) {
		t.Helper()
		g, found := f.ParseGiven(given, before)
		if found != nil {
			t.Fatal(found)
		}
		w.Suppose(g)
		words, err := flows.ParseWords(script)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range words {
			if err := w.Do(word); err != nil {
				t.Fatal(err)
			}
		}
		if got := w.State().Node; got != at {
			t.Errorf("given %s, %s leads to %s, want %s", given, script, got, at)
		}
	}
	do("lookups: {bill: {left: 12}}", "1", "told")
	if left, _ := w.Value("left"); left != "12" {
		t.Errorf("left is %q", left)
	}
	do("queues: {main: {waiting: 10}}", "2", "told")
	do("lookups: {bill: failed}", "1", "operator")
}

// TestParseGivenRefuses what no test may give, and then changes nothing.
func TestParseGivenRefuses(t *testing.T) {
	f := inquiring(t)
	for given, want := range map[string]string{
		"":                                 "error empty",
		"x":                                "given:1:1: error wrong-type",
		"[":                                "error syntax",
		"weather: rain":                    "given:1:1: error unknown-key",
		"lookups: {bil: {left: 1}}":        `did you mean "bill"`,
		"lookups: {bill: {rest: 1}}":       `names the variable "rest", which is not declared`,
		"lookups: {bill: {left: a lot}}":   `is "a lot", which is no number`,
		"{callback: never, mode: strange}": "never",
	} {
		before := flows.Given{Env: flows.Env{Mode: "daily"}}
		got, found := f.ParseGiven(given, before)
		if len(found) == 0 || !strings.Contains(found[0].String(), want) || got.Env.Mode != "daily" || got.Start.Answers.Lookups != nil {
			t.Errorf("%q: %v, want %q", given, found, want)
		}
	}
}
