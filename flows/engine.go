package flows

import "slices"

// Result is one step of a call: where it stands now, what to do, and what
// happened. Save State and journal Events before carrying out Actions.
type Result struct {
	State   State
	Actions []Action // never empty; see Action
	Events  []Event
}

// Begin starts a call at the flow's first node, after the bulletins that every
// caller is told.
func (f *Flow) Begin(env Env) Result { return f.BeginAt(Start{}, env) }

// Step answers one input. It neither fails nor panics: a state that does not
// fit the flow sends the caller to an operator, an input that the phase does
// not wait for changes nothing.
func (f *Flow) Step(s State, in Input, env Env) Result {
	t := &turn{flow: f, env: env, state: s.clone()}
	if _, ok := in.(Hangup); ok || s.Phase == Ended {
		t.hangUp()
		return t.result()
	}
	if !t.fits() {
		t.lost()
		return t.result()
	}
	t.state.Steps++
	if t.limited() && s.Phase != Queued && !spoken(in) {
		t.event(Event{Kind: EventLimit})
		t.say(true, t.system("apology")...)
		t.enter(f.operator)
		return t.result()
	}
	if !awaited(s.Phase, in) {
		t.stay()
		return t.result()
	}
	if !t.node().take(t, in) {
		t.universal(in)
	}
	return t.result()
}

// Resume takes a call up again after the program was started anew: "one
// moment, please", then the node where it stood. A waiting call keeps its
// place in the queue and hears nothing.
func (f *Flow) Resume(s State, env Env) Result {
	t := &turn{flow: f, env: env, state: s.clone()}
	if s.Phase == Ended {
		t.hangUp()
		return t.result()
	}
	if !t.fits() {
		t.lost()
		return t.result()
	}
	t.event(Event{Kind: EventResumed})
	switch n := t.node().(type) {
	case *queueNode:
		t.enqueue(n, true)
	case *handoverNode:
		n.connect(t, true)
	default:
		t.say(true, t.system("one_moment")...)
		n.prompt(t)
	}
	return t.result()
}

// spoken tells whether an input brings a message, which is not lost for the
// number of steps that came before it.
func spoken(in Input) bool {
	switch in := in.(type) {
	case Recorded:
		return !in.Failed && !in.Enough
	case Kept:
		return !in.Failed
	default:
		return false
	}
}

// awaited tells whether a phase waits for an input. 0, # and * are taken also
// while something plays, 0 and * also in place of a recording or while a partner is
// rung; other keys should have been kept for a Listen.
func awaited(p Phase, in Input) bool {
	switch in := in.(type) {
	case Key:
		anytime := leadsAway(in) || in.Digit == keyRepeat
		return p == Listening || p == Queued || p == Playing && anytime || (p == Recording || p == Handing) && leadsAway(in)
	case Silence:
		return p == Listening
	case Played:
		return p == Playing
	case Left, Served:
		return p == Queued
	case Recorded:
		return p == Recording
	case Kept:
		return p == Keeping
	case Looked:
		return p == LookingUp
	case Requested:
		return p == Asking
	case HandedOver:
		return p == Handing
	default:
		return false
	}
}

// fits tells whether the state can be one of this flow, and mends what does
// no harm.
func (t *turn) fits() bool {
	s := &t.state
	if !s.Language.Known() {
		s.Language, s.LanguageChosen = Kazakh, false
	}
	if s.Steps < 0 || s.Tries < 0 {
		s.Steps, s.Tries = max(0, s.Steps), max(0, s.Tries)
	}
	n := t.node()
	return n != nil && slices.Contains(n.head().phases, s.Phase)
}

// lost sends a call whose state makes no sense here to an operator.
func (t *turn) lost() {
	t.event(Event{Kind: EventLost})
	t.say(true, t.system("one_moment")...)
	t.state.Back = nil
	t.enter(t.flow.operator)
}

// hangUp ends the call for the caller has left it.
func (t *turn) hangUp() {
	if t.state.Phase == Ended {
		t.actions = append(t.actions, Disconnect{Reason: EndHangup})
		return
	}
	if n, ok := t.node().(*messageNode); ok && t.state.Recording != "" {
		t.actions = append(t.actions, n.keep(t))
	}
	t.end(EndHangup)
}
