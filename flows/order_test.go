package flows_test

import (
	"slices"
	"testing"

	"ikomek109/flows"
)

const byDemandOnly = `
flow: f
start: topics
operator: operator
goodbye: bye
nodes:
  topics:
    kind: menu
    order: {daily: demand, emergency: [gas]}
    options:
      - {text: {kk: Су туралы білу үшін, ru: Чтобы узнать о воде}, to: more, name: water}
      - {text: {kk: Автобус туралы білу үшін, ru: Чтобы узнать об автобусах}, to: more, name: bus}
      - {text: {kk: Газ туралы білу үшін, ru: Чтобы узнать о газе}, to: more, name: gas}
  more:
    kind: menu
    options:
      - {text: {kk: Операторға қосылу үшін, ru: Чтобы соединиться с оператором}, to: operator}
  operator: {kind: queue, queue: main}
  bye: {kind: end}
`

// TestDemandIsAskedOnceInACall wants a key to mean in a menu what it meant when
// the caller heard it first, whatever others choose meanwhile; a mode that has
// an order of its own is obeyed at once.
func TestDemandIsAskedOnceInACall(t *testing.T) {
	f := loadText(t, byDemandOnly)
	for name, first := range map[string]map[string]int{"as in the file": {"water": 1}, "another": {"bus": 2, "water": 1}} {
		env := daytime()
		demand := first
		env.Demand = func(string) map[string]int { return demand }
		r := f.Begin(env)
		want := slices.Clone(r.State.Order)
		demand = map[string]int{"gas": 3, "bus": 2}
		back := func() flows.Result {
			t.Helper()
			r = f.Step(r.State, flows.Key{Digit: '1'}, env)
			if r.State.Node != "more" {
				t.Fatalf("%s: %+v", name, r.State)
			}
			r = f.Step(r.State, flows.Key{Digit: '*'}, env)
			return r
		}
		if back(); r.State.Node != "topics" || !slices.Equal(r.State.Order, want) {
			t.Errorf("%s: back in %s with the order %v, want %v", name, r.State.Node, r.State.Order, want)
		}
		env.Mode = "emergency"
		if back(); !slices.Equal(r.State.Order, []string{"gas", "water", "bus"}) {
			t.Errorf("%s: in emergency %v", name, r.State.Order)
		}
	}
}
