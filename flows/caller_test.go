package flows_test

import (
	"encoding/json"
	"strings"
	"testing/fstest"
	"time"

	"ikomek109/flows"

	"github.com/google/go-cmp/cmp"
)

// tester is what *testing.T and *rapid.T have in common.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

// daytime is a moment at which the answers of the test flows are in term.
func daytime() flows.Env {
	return flows.Env{Now: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC), Mode: "daily"}
}

// loadText loads a flow that must have no errors.
func loadText(t tester, text string) *flows.Flow {
	t.Helper()
	f, found := flows.Load(fstest.MapFS{"test.yaml": {Data: []byte(text)}}, "test.yaml", flows.Known{})
	if f == nil {
		t.Fatalf("the flow does not load: %v\n%s", found, text)
	}
	return f
}

// shipped loads the flow that comes with the program.
func shipped(t tester) *flows.Flow {
	t.Helper()
	f, found := flows.Load(flows.Shipped, flows.ShippedName, flows.Known{})
	if f == nil {
		t.Fatalf("the shipped flow does not load: %v", found)
	}
	return f
}

// caller is a call in a flow, led the way the program leads it. Every result
// is checked for what must hold of any result.
type caller struct {
	t     tester
	flow  *flows.Flow
	env   flows.Env
	last  flows.Result
	trail []flows.Event // all events of the call
}

func call(t tester, f *flows.Flow) *caller {
	t.Helper()
	c := &caller{t: t, flow: f, env: daytime()}
	c.accept(f.Begin(c.env))
	return c
}

// feed gives one input to the engine.
func (c *caller) feed(in flows.Input) {
	c.t.Helper()
	before, _ := json.Marshal(c.last.State)
	r := c.flow.Step(c.last.State, in, c.env)
	if after, _ := json.Marshal(c.last.State); string(after) != string(before) {
		c.t.Fatalf("the step changed the state it was given: %s, was %s", after, before)
	}
	c.accept(r)
}

// accept checks a result and takes it over, its state by way of JSON.
func (c *caller) accept(r flows.Result) {
	c.t.Helper()
	checkShape(c.t, r)
	data, err := json.Marshal(r.State)
	if err != nil {
		c.t.Fatalf("the state cannot be written: %v", err)
	}
	var back flows.State
	if err := json.Unmarshal(data, &back); err != nil {
		c.t.Fatalf("the state cannot be read back: %v", err)
	}
	if diff := cmp.Diff(json.RawMessage(data), mustJSON(back)); diff != "" {
		c.t.Fatalf("the state changes when written and read: %s", diff)
	}
	if len(data) > 4096 {
		c.t.Fatalf("the state has grown to %d bytes", len(data))
	}
	r.State = back
	c.last = r
	c.trail = append(c.trail, r.Events...)
}

func mustJSON(v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}

// checkShape holds every list of actions to its form: what is said or done in
// passing, then one ending that fits the phase.
func checkShape(t tester, r flows.Result) {
	t.Helper()
	if len(r.Actions) == 0 {
		t.Fatalf("no actions in state %+v", r.State)
	}
	for i, a := range r.Actions {
		say, ok := a.(flows.Say)
		if inPassing(r.Actions[i:]) == (i == len(r.Actions)-1) {
			t.Fatalf("action %d of %d is %T", i+1, len(r.Actions), a)
		}
		for _, u := range say.Utterances {
			if u.Phrase.ID == "" || u.Text() == "" || !u.Language.Known() {
				t.Fatalf("node %s says nothing: %+v", say.Node, u)
			}
		}
		if ok && len(say.Utterances) == 0 {
			t.Fatalf("node %s has an empty say", say.Node)
		}
	}
	end := r.Actions[len(r.Actions)-1]
	if want, ok := phaseOf(end); ok && r.State.Phase != want {
		t.Fatalf("%T in phase %q", end, r.State.Phase)
	}
}

// inPassing tells whether the first of some actions is one that is not answered.
func inPassing(as []flows.Action) bool {
	switch as[0].(type) {
	case flows.Say, flows.Replay, flows.Discard:
		return true
	case flows.Keep:
		if len(as) == 2 {
			_, over := as[1].(flows.Disconnect)
			return over
		}
	}
	return false
}

// phaseOf is the phase that an action leaves a call in; false when it stays in
// the one it was in.
func phaseOf(a flows.Action) (flows.Phase, bool) {
	switch a.(type) {
	case flows.Wait:
		return flows.Playing, true
	case flows.Listen:
		return flows.Listening, true
	case flows.Enqueue:
		return flows.Queued, true
	case flows.Record:
		return flows.Recording, true
	case flows.Keep:
		return flows.Keeping, true
	case flows.Lookup:
		return flows.LookingUp, true
	case flows.RequestCallback:
		return flows.Asking, true
	case flows.Handover:
		return flows.Handing, true
	case flows.Disconnect:
		return flows.Ended, true
	default:
		return "", false
	}
}

// do acts a script out: a key is pressed as soon as anything is said, "_" is
// a silence, "." hears what is said to its end, "-" hangs up.
func (c *caller) do(script string) *caller {
	c.t.Helper()
	for _, step := range strings.ReplaceAll(script, " ", "") {
		for step != '.' && step != '-' && c.last.State.Phase == flows.Playing {
			c.feed(flows.Played{Cut: step != '_'})
		}
		switch step {
		case '_':
			c.feed(flows.Silence{})
		case '.':
			c.feed(flows.Played{Heard: time.Second, Total: time.Second})
		case '-':
			c.feed(flows.Hangup{})
		default:
			c.feed(flows.Key{Digit: step})
		}
	}
	return c
}

// said lists what the last step says, as "language:id".
func (c *caller) said() []string {
	var all []string
	for _, a := range c.last.Actions {
		if s, ok := a.(flows.Say); ok {
			for _, u := range s.Utterances {
				all = append(all, string(u.Language)+":"+u.Phrase.ID)
			}
		}
	}
	return all
}

// ending is the last action.
func (c *caller) ending() flows.Action { return c.last.Actions[len(c.last.Actions)-1] }

// happened lists the kinds of the events of the last step.
func (c *caller) happened() []flows.EventKind {
	var all []flows.EventKind
	for _, e := range c.last.Events {
		all = append(all, e.Kind)
	}
	return all
}
