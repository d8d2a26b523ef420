package flows

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Start is where, and as whom, a call begins that does not begin as usual: in
// a test, or when a menu is tried. The zero value is a call like any other.
type Start struct {
	Node     string   // the flow's own start when empty
	Language Language // as if chosen already; none when empty
	Category string   // as if set already; none when empty
	// Vars are variables as if set already; what is no value of its type is left out.
	Vars map[string]string
	// Answers are what comes of the call's errands, in a Walk.
	Answers Answers
}

// Answers are what comes of what a call asks of others. The zero value has no
// service answer, and takes everything that is asked for.
type Answers struct {
	Lookups  map[string]map[string]string // values found, by node; none for one that fails
	Callback CallbackResult               // taken when empty
	Message  string                       // kept when empty, or failed
}

// BeginAt starts a call elsewhere than at the beginning. A node that does not
// exist leads to the operator.
func (f *Flow) BeginAt(start Start, env Env) Result {
	s := State{Flow: f.id, Language: Kazakh, Category: start.Category}
	if start.Language.Known() {
		s.Language, s.LanguageChosen = start.Language, true
	}
	t := &turn{flow: f, env: env, state: s}
	for name, value := range start.Vars {
		t.set(name, value)
	}
	if start.Node == "" {
		start.Node = f.start
		t.bulletins()
	}
	t.enter(start.Node)
	return t.result()
}

// Walk is a call that words lead through a flow the way the line would lead a
// caller. It is for tests and for trying a menu; it is not safe for concurrent use.
type Walk struct {
	flow   *Flow
	env    Env
	come   Answers
	last   Result // of the last input
	word   Result // of the last word: all that was said and that happened
	events []Event
}

// Walk begins a call.
func (f *Flow) Walk(start Start, env Env) *Walk {
	w := &Walk{flow: f, env: env, come: start.Answers}
	w.accept(f.BeginAt(start, env))
	return w
}

// Words that make no sense where a call stands.
var (
	errEnded     = errors.New("the call has ended")
	errNotQueued = errors.New("the caller is in no queue")
	errNoKey     = errors.New("the line waits for no key here")
	errNothing   = errors.New("nothing is being said here")
	errNoRecord  = errors.New("nothing is being recorded here")
	errNoPartner = errors.New("the caller is not being handed over")
	errNotAfter  = errors.New("the call ends with the conversation")
)

// Do does one word. It fails, and changes nothing, when the word makes no sense
// where the call stands.
func (w *Walk) Do(word Word) error {
	if err := w.possible(word); err != nil {
		return fmt.Errorf("%q cannot be done at node %q: %w", word.text, w.last.State.Node, err)
	}
	w.word = Result{}
	_, key := word.in.(Key)
	_, gone := word.in.(Hangup)
	for !gone && w.last.State.Phase == Playing {
		w.step(Played{Cut: key && w.barges()})
	}
	if key {
		w.word.Actions = slices.DeleteFunc(w.word.Actions, neverBegun)
	}
	if word.in != nil && w.fitting(word.in) {
		w.step(word.in)
	}
	return nil
}

// possible tells whether a word makes sense where the call stands.
func (w *Walk) possible(word Word) error {
	phase := w.last.State.Phase
	if phase == Ended {
		return errEnded
	}
	away := phase == Recording || phase == Handing
	switch in := word.in.(type) {
	case nil:
		return unless(phase == Playing, errNothing)
	case Key:
		return unless(!away || phase == Recording && leadsAway(in), errNoKey)
	case Silence:
		return unless(!away && phase != Queued, errNoKey)
	case Left:
		return unless(phase == Queued, errNotQueued)
	case Served:
		n, ok := w.flow.nodes[w.last.State.Node].(*queueNode)
		if phase != Queued || !ok {
			return errNotQueued
		}
		return unless(n.after.name != "", errNotAfter)
	case Recorded:
		return unless(phase == Recording, errNoRecord)
	case HandedOver:
		return unless(phase == Handing, errNoPartner)
	}
	return nil
}

func unless(ok bool, err error) error {
	if ok {
		return nil
	}
	return err
}

// fitting tells whether there is still something to feed: what was said may
// have led a silent caller into a queue.
func (w *Walk) fitting(in Input) bool {
	_, silence := in.(Silence)
	return !silence || w.last.State.Phase == Listening
}

// neverBegun tells what a key that is pressed already keeps from being said.
func neverBegun(a Action) bool {
	s, ok := a.(Say)
	return ok && s.Barge
}

// barges tells whether a key cuts what is being said.
func (w *Walk) barges() bool {
	for _, a := range w.last.Actions {
		if s, ok := a.(Say); ok && !s.Barge {
			return false
		}
	}
	return true
}

func (w *Walk) step(in Input) { w.accept(w.flow.Step(w.last.State, in, w.env)) }

// accept takes over what comes of a step, and goes on where others answer at
// once. A call has only so many steps, so that this comes to an end.
func (w *Walk) accept(r Result) {
	for {
		w.last = r
		w.word.State = r.State
		w.word.Actions = append(w.word.Actions, r.Actions...)
		w.word.Events = append(w.word.Events, r.Events...)
		w.events = append(w.events, r.Events...)
		in := w.come.to(w.Ending())
		if in == nil || r.State.Phase == Ended {
			return
		}
		r = w.flow.Step(r.State, in, w.env)
	}
}

// to is the answer to what a call asks for; nil when it asks for nothing that
// is answered at once.
func (a Answers) to(action Action) Input {
	switch action := action.(type) {
	case Lookup:
		values, found := a.Lookups[action.Node]
		return Looked{Values: values, Failed: !found}
	case RequestCallback:
		return Requested{cmp.Or(a.Callback, CallbackTaken)}
	case Keep:
		return Kept{Failed: a.Message == OnFailed}
	default:
		return nil
	}
}

// Value is what a variable of the flow is; false while nothing has set it.
func (w *Walk) Value(name string) (string, bool) {
	t := turn{flow: w.flow, state: w.last.State}
	return t.value(name)
}

// Said lists what is said in answer to the last word, or at the call's
// beginning. What a key kept from being begun is not among it.
func (w *Walk) Said() []Utterance {
	var all []Utterance
	for _, a := range w.word.Actions {
		if s, ok := a.(Say); ok {
			all = append(all, s.Utterances...)
		}
	}
	return all
}

// State is where the call stands.
func (w *Walk) State() State { return w.last.State.clone() }

// Events lists all that has happened in the call.
func (w *Walk) Events() []Event { return slices.Clone(w.events) }

// Ending is the last action: what the line now waits for, or how it ended.
func (w *Walk) Ending() Action { return w.last.Actions[len(w.last.Actions)-1] }

// ParseMoment reads a day, 2026-06-01, or a minute, 2026-06-01T12:00, of city time.
func ParseMoment(s string) (time.Time, error) {
	at, _, err := parseMoment(s)
	return at, err
}
