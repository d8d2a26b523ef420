package ivr_test

import (
	"context"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
)

// another is a menu with none of the shipped one's topics.
func another(t *testing.T) *flows.Flow {
	t.Helper()
	f, found := flows.Load(fstest.MapFS{"f.yaml": {Data: []byte(`
flow: another
start: welcome
operator: operator
goodbye: goodbye
nodes:
  welcome: {kind: say, text: {kk: Басқа., ru: Другое.}, to: operator}
  operator: {kind: queue, queue: main}
  goodbye: {kind: end}
`)}}, "f.yaml", flows.Known{})
	if f == nil {
		t.Fatal(found)
	}
	return f
}

// TestRestartWithAnotherMenu: a call goes on in the menu that it began with;
// one whose menu is not to be had goes to an operator.
func TestRestartWithAnotherMenu(t *testing.T) {
	for name, had := range map[string]bool{"had": true, "not to be had": false} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.startDesk()
				b.arrive("a")
				b.press("a", "1")
				b.after(time.Second)
				b.killed()
				first, now := b.flow, another(t)
				b.startedAgainWith(func(o *ivr.Options) {
					o.Flow = func() *flows.Flow { return now }
					o.FlowOf = func(_ context.Context, id string) *flows.Flow {
						if had && id == first.ID() {
							return first
						}
						return nil
					}
				})
				b.press("a", "3")
				b.after(10 * time.Second)
				r := b.only()
				if r.Flow != first.ID() {
					t.Errorf("the record says that it began with %s", r.Flow)
				}
				if in := slices.Contains(r.Path, "transport"); in != had {
					t.Errorf("path %v", r.Path)
				}
				if waits := slices.Contains(r.Path, "operator"); waits == had {
					t.Errorf("path %v", r.Path)
				}
				b.sw.HangUp("a")
				b.after(time.Second)
			})
		})
	}
}
