package flows_test

import (
	"fmt"
	"strings"
	"testing"

	"ikomek109/flows"

	"pgregory.net/rapid"
)

// inputs draws anything that can happen to a call, other than a hang-up.
func inputs() *rapid.Generator[flows.Input] {
	return rapid.OneOf(
		rapid.Map(rapid.SampledFrom([]rune("0123456789*#ABCD")), func(r rune) flows.Input { return flows.Key{Digit: r} }),
		rapid.Map(rapid.SampledFrom([]rune("123")), func(r rune) flows.Input { return flows.Key{Digit: r} }),
		rapid.Map(rapid.Bool(), func(cut bool) flows.Input { return flows.Played{Cut: cut} }),
		rapid.Map(rapid.SampledFrom([]flows.LeftReason{flows.LeftNoAgents, flows.LeftTimeout, flows.LeftOverflow, flows.LeftFailed}),
			func(r flows.LeftReason) flows.Input { return flows.Left{Reason: r} }),
		rapid.Just(flows.Input(flows.Silence{})),
		rapid.Just(flows.Input(flows.Played{})),
	)
}

// checkWalk leads a call at random, with restarts in between, and wants that
// it ends by the goodbye alone, and only after a key chose it.
func checkWalk(t *rapid.T, f *flows.Flow) {
	c := call(t, f)
	for i, n := 0, rapid.IntRange(1, 120).Draw(t, "steps"); i < n; i++ {
		if rapid.IntRange(0, 19).Draw(t, "restart") == 0 {
			c.accept(f.Resume(c.last.State, c.env))
		}
		before := c.last.State
		c.feed(inputs().Draw(t, "input"))
		if _, over := c.ending().(flows.Disconnect); !over {
			continue
		}
		if f.KindOf(before.Node) != "end" || !chose(c.trail, before.Node) {
			t.Fatalf("the line hung up at %q: %+v", before.Node, c.trail)
		}
		return
	}
}

// chose tells whether a key has led to a node.
func chose(trail []flows.Event, node string) bool {
	for _, e := range trail {
		if e.Kind == flows.EventChosen && e.To == node && e.Key != "" {
			return true
		}
	}
	return false
}

func TestShippedNeverHangsUp(t *testing.T) {
	f := shipped(t)
	rapid.Check(t, func(t *rapid.T) { checkWalk(t, f) })
}

func TestSmallNeverHangsUp(t *testing.T) {
	f := loadText(t, small)
	rapid.Check(t, func(t *rapid.T) { checkWalk(t, f) })
}

func TestAnyFlowNeverHangsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkWalk(t, loadText(t, anyFlow(t))) })
}

// TestSilenceEndsAtAnOperator wants that who never presses a key is neither
// hung up on nor kept in a menu.
func TestSilenceEndsAtAnOperator(t *testing.T) {
	c := call(t, shipped(t)).do("____")
	q, ok := c.ending().(flows.Enqueue)
	if !ok || q.Language != flows.Kazakh {
		t.Errorf("after three silences in the menu: %+v", c.ending())
	}
}

// anyFlow writes a flow of random nodes that lead to one another. Says lead
// only forward, so that there is no circle without a way out.
func anyFlow(t *rapid.T) string {
	n := rapid.IntRange(1, 8).Draw(t, "nodes")
	var b strings.Builder
	b.WriteString("flow: any\nstart: n0\noperator: operator\ngoodbye: bye\nnodes:\n")
	b.WriteString("  operator: {kind: queue, queue: main, overflow: n0}\n  bye: {kind: end}\n")
	for i := range n {
		to := func(from int) string {
			k := rapid.IntRange(from, n+1).Draw(t, "to")
			return append(names(n), "operator")[min(k, n)]
		}
		const text = "text: {kk: Мәтін, ru: Текст}"
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			fmt.Fprintf(&b, "  n%d: {kind: say, %s, to: %s, barge: %v}\n", i, text, to(i+1), rapid.Bool().Draw(t, "barge"))
		case 1:
			fmt.Fprintf(&b, "  n%d: {kind: language, %s, to: %s}\n", i, text, to(0))
		case 2:
			fmt.Fprintf(&b, "  n%d:\n    kind: menu\n    options:\n", i)
			for o := range rapid.IntRange(1, flows.MaxOptions).Draw(t, "options") {
				fmt.Fprintf(&b, "      - {%s, to: %s, name: o%d}\n", text, to(0), o)
			}
		case 3:
			year := rapid.SampledFrom([]int{2022, 2026}).Draw(t, "year")
			fmt.Fprintf(&b, "  n%d: {kind: answer, owner: a, valid: {from: %d-01-01, until: %d-12-31}, %s, expired: %s}\n", i, year, year, text, to(i+1))
		default:
			fmt.Fprintf(&b, "  n%d: {kind: queue, queue: q%d, timeout: %s}\n", i, i, to(0))
		}
	}
	return b.String()
}

func names(n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("n%d", i))
	}
	return all
}
