package flows

// Keys that mean the same in every node.
const (
	keyOperator = '0'
	keyRepeat   = '#'
	keyBack     = '*'
)

// leadsAway tells whether a key leads elsewhere from every node.
func leadsAway(key Key) bool { return key.Digit == keyOperator || key.Digit == keyBack }

// universal answers what the node itself did not: the keys that mean the same
// everywhere, silences, and keys that mean nothing.
func (t *turn) universal(in Input) {
	switch in := in.(type) {
	case Silence:
		t.fail(Event{Kind: EventSilence}, "silence")
	case Key:
		switch in.Digit {
		case keyOperator:
			t.event(Event{Kind: EventOperator, Key: string(in.Digit)})
			t.goTo(t.flow.operator)
		case keyRepeat:
			t.repeat(in)
		case keyBack:
			t.back(in)
		default:
			t.fail(Event{Kind: EventWrong, Key: printable(in.Digit)}, "retry")
		}
	default:
		t.stay()
	}
}

// printable keeps hostile digits out of the journal.
func printable(digit rune) string {
	if digit >= '0' && digit <= '9' || digit >= 'A' && digit <= 'D' || digit == keyBack || digit == keyRepeat {
		return string(digit)
	}
	return "?"
}

// fail counts a silence or a wrong key. The caller hears what was wrong and
// the node again; after MaxTries an operator takes over. Who has heard the node
// twice and presses nothing, on a telephone with a dial perhaps, is not read it a
// third time: only told that an operator comes next.
func (t *turn) fail(e Event, phrase string) {
	t.state.Tries++
	e.Tries = t.state.Tries
	t.event(e)
	if t.state.Tries >= MaxTries {
		t.event(Event{Kind: EventGaveUp, Tries: t.state.Tries})
		t.say(true, t.system("apology")...)
		t.goTo(t.flow.operator)
		return
	}
	t.say(true, t.system(phrase)...)
	if t.state.Tries == MaxTries-1 {
		t.say(true, t.system("last_try")...)
		if e.Kind == EventSilence {
			t.listen(ListenTimeout)
			return
		}
	}
	t.node().prompt(t)
}

// repeat says the node again from its beginning.
func (t *turn) repeat(key Key) {
	t.event(Event{Kind: EventRepeat, Key: string(key.Digit)})
	t.state.Part = ""
	t.node().prompt(t)
}

// back returns to where the caller came from; with nowhere to go it repeats.
func (t *turn) back(key Key) {
	n := len(t.state.Back)
	if n == 0 {
		t.repeat(key)
		return
	}
	to := t.state.Back[n-1]
	t.event(Event{Kind: EventBack, Key: string(key.Digit), To: to})
	t.state.Back = t.state.Back[:n-1]
	t.enter(to)
}
