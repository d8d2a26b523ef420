package flows_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

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
		rapid.Just(flows.Input(flows.Served{})),
		errands(),
	)
}

// errands draws what comes of anything that a call may ask for.
func errands() *rapid.Generator[flows.Input] {
	return rapid.Custom(func(t *rapid.T) flows.Input {
		failed := rapid.Bool().Draw(t, "failed")
		return rapid.SampledFrom([]flows.Input{
			flows.Recorded{Name: "m1", Length: time.Duration(rapid.IntRange(0, 9).Draw(t, "seconds")) * time.Second, Failed: failed},
			flows.Kept{Failed: failed},
			flows.Looked{Failed: failed, Values: map[string]string{"n": rapid.SampledFrom([]string{"", "7", "x", "1000000"}).Draw(t, "value")}},
			flows.Requested{Result: rapid.SampledFrom([]flows.CallbackResult{flows.CallbackTaken, flows.CallbackAlready, flows.CallbackFailed, ""}).Draw(t, "callback")},
			flows.HandedOver{Result: rapid.SampledFrom([]flows.HandoverResult{flows.HandoverFinished, flows.HandoverNoAnswer, flows.HandoverBusy, flows.HandoverFailed, ""}).Draw(t, "handover")},
		}).Draw(t, "errand")
	})
}

// checkWalk leads a call at random, with restarts in between, and wants that
// it ends by the goodbye alone, when nothing more is asked there.
func checkWalk(t *rapid.T, f *flows.Flow) {
	c := call(t, f)
	c.env = anyWorld(t)
	c.accept(f.Begin(c.env))
	for i, n := 0, rapid.IntRange(1, 120).Draw(t, "steps"); i < n; i++ {
		if rapid.IntRange(0, 19).Draw(t, "restart") == 0 {
			c.accept(f.Resume(c.last.State, c.env))
		}
		before := c.last.State
		in := inputs().Draw(t, "input")
		c.feed(in)
		if _, over := c.ending().(flows.Disconnect); !over {
			continue
		}
		if _, silent := in.(flows.Silence); !silent || f.KindOf(before.Node) != "end" {
			t.Fatalf("the line hung up at %q: %+v", before.Node, c.trail)
		}
		return
	}
}

// anyWorld draws what a flow may know of the world.
func anyWorld(t *rapid.T) flows.Env {
	env := daytime()
	env.Mode = rapid.SampledFrom(flows.Modes()).Draw(t, "mode")
	env.CallerKnown = rapid.Bool().Draw(t, "known")
	env.CallsToday = rapid.IntRange(0, 5).Draw(t, "calls")
	if rapid.Bool().Draw(t, "asked") {
		waiting := rapid.IntRange(0, 30).Draw(t, "waiting")
		env.Queue = func(string) flows.QueueState { return flows.QueueState{Waiting: waiting} }
		env.Demand = func(string) map[string]int { return map[string]int{"o1": waiting, "o2": 3, "nothing": 9} }
		env.Bulletins = []flows.Bulletin{{ID: "storm", Text: flows.Text{KK: "Дауыл.", RU: "Буря."}}}
	}
	return env
}

func TestRichNeverHangsUp(t *testing.T) {
	f := richFlow(t)
	rapid.Check(t, func(t *rapid.T) { checkWalk(t, f) })
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
	b.WriteString("flow: any\nstart: n0\noperator: operator\ngoodbye: bye\nvars: {n: number}\nnodes:\n")
	b.WriteString("  operator: {kind: queue, queue: main, overflow: n0}\n  bye: {kind: end}\n")
	for i := range n {
		to := func(from int) string {
			k := rapid.IntRange(from, n+1).Draw(t, "to")
			return append(names(n), "operator")[min(k, n)]
		}
		const text = "text: {kk: Мәтін, ru: Текст}"
		switch rapid.IntRange(0, 11).Draw(t, "kind") {
		case 0:
			fmt.Fprintf(&b, "  n%d: {kind: say, %s, to: %s, barge: %v}\n", i, text, to(i+1), rapid.Bool().Draw(t, "barge"))
		case 1:
			fmt.Fprintf(&b, "  n%d: {kind: language, %s, to: %s}\n", i, text, to(i+1))
		case 2:
			order := rapid.SampledFrom([]string{"demand", "{emergency: [o0], heightened: demand}"}).Draw(t, "order")
			fmt.Fprintf(&b, "  n%d:\n    kind: menu\n    order: %s\n    options:\n", i, order)
			for o := range rapid.IntRange(1, flows.MaxOptions).Draw(t, "options") {
				fmt.Fprintf(&b, "      - {%s, to: %s, name: o%d}\n", text, to(0), o)
			}
		case 3:
			year := rapid.SampledFrom([]int{2022, 2026}).Draw(t, "year")
			fmt.Fprintf(&b, "  n%d: {kind: answer, owner: a, valid: {from: %d-01-01, until: %d-12-31}, %s, expired: %s}\n", i, year, year, text, to(i+1))
		case 4:
			fmt.Fprintf(&b, "  n%d: {kind: input, %s, length: {min: %d, max: 5}, into: n, to: %s, confirm: %v}\n", i, text, 1+i%5, to(0), rapid.Bool().Draw(t, "confirm"))
		case 5:
			fmt.Fprintf(&b, "  n%d: {kind: lookup, url: 'http://127.0.0.1/{n}', take: {n: /a}, to: %s, failed: %s}\n", i, to(i+1), to(i+1))
		case 6:
			fmt.Fprintf(&b, "  n%d: {kind: callback, queue: main, to: %s}\n", i, to(0))
		case 7:
			fmt.Fprintf(&b, "  n%d: {kind: message, queue: main, %s, to: %s, failed: %s}\n", i, text, to(0), to(0))
		case 8:
			fmt.Fprintf(&b, "  n%d: {kind: handover, partner: p, finished: %s, busy: %s}\n", i, to(i+1), to(i+1))
		case 10:
			when := rapid.SampledFrom([]string{`mode == "emergency"`, `queue("main").waiting > 9 or calls_today % n == 1`, `n > 3`, `not caller_known`}).Draw(t, "when")
			fmt.Fprintf(&b, "  n%d: {kind: switch, cases: [{when: '%s', to: %s}], else: %s}\n", i, when, to(i+1), to(i+1))
		case 9:
			fmt.Fprintf(&b, "  n%d: {kind: survey, %s, to: %s, keys: 1-%d}\n", i, text, to(i+1), 2+i)
		default:
			fmt.Fprintf(&b, "  n%d: {kind: queue, queue: q%d, timeout: %s, after: %s}\n", i, i, to(0), to(0))
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

// idle is what happens to a caller who does nothing, while nothing works.
func idle(p flows.Phase) flows.Input {
	return map[flows.Phase]flows.Input{
		flows.Playing: flows.Played{}, flows.Listening: flows.Silence{}, flows.Recording: flows.Recorded{Failed: true},
		flows.Keeping: flows.Kept{Failed: true}, flows.LookingUp: flows.Looked{Failed: true},
		flows.Asking: flows.Requested{}, flows.Handing: flows.HandedOver{},
	}[p]
}

// TestWhoDoesNothingComesToSomebody wants every call, wherever it stands, to
// come to a queue or to its end when nothing is done and nothing works.
func TestWhoDoesNothingComesToSomebody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := loadText(t, anyFlow(t))
		c := call(t, f)
		c.env = anyWorld(t)
		for range rapid.IntRange(0, 30).Draw(t, "steps") {
			c.feed(inputs().Draw(t, "input"))
		}
		for n := 0; c.last.State.Phase != flows.Queued && c.last.State.Phase != flows.Ended; n++ {
			if n > flows.MaxSteps {
				t.Fatalf("after %d steps still at %q: %+v", n, c.last.State.Node, c.last.State)
			}
			c.feed(idle(c.last.State.Phase))
		}
	})
}
