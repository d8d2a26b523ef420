package flows

import "time"

// typing is how digits are taken that belong together.
type typing struct {
	least, most int           // digits
	first, gap  time.Duration // silences allowed before the first and between two
}

// Times given to those who type, who may have to look for a paper first.
const (
	defaultFirst = 8 * time.Second
	defaultGap   = 4 * time.Second
	minTyping    = time.Second
	maxTyping    = time.Minute
)

// begin says how to end, where that is not told by the length, and waits for
// the first digit.
func (y typing) begin(t *turn, private bool) {
	if y.least != y.most {
		t.offer(t.flow.phrases["input/end"], keyRepeat)
	}
	t.listenFor(y.first, private)
}

// typed takes one more key, or the silence after the last. done tells that the
// digits of the state are complete.
func (y typing) typed(t *turn, in Input, private bool) (taken, done bool) {
	n := len(t.state.Digits)
	if _, silent := in.(Silence); silent && n > 0 {
		return true, y.enough(t)
	}
	key, _ := in.(Key)
	switch {
	case key.Digit >= '0' && key.Digit <= '9' && n >= y.most:
		t.fail(Event{Kind: EventWrong, Length: n + 1}, "input/long")
	case key.Digit >= '0' && key.Digit <= '9':
		t.state.Digits += string(key.Digit)
		if n+1 == y.most && y.least == y.most {
			return true, true
		}
		t.listenFor(y.gap, private)
	case key.Digit == keyRepeat && n > 0:
		return true, y.enough(t)
	case key.Digit == keyBack && n > 0:
		t.event(Event{Kind: EventRepeat, Key: string(key.Digit)})
		t.node().prompt(t)
	default:
		return false, false
	}
	return true, false
}

// enough tells whether there are digits enough, and asks anew when there are not.
func (y typing) enough(t *turn) bool {
	n := len(t.state.Digits)
	if n >= y.least {
		return true
	}
	t.fail(Event{Kind: EventWrong, Length: n}, "input/short")
	return false
}

// confirm reads back what was typed, digit by digit.
func (t *turn) confirm() {
	t.say(true, t.textWith(map[string]string{"digits": t.state.Digits}, t.flow.phrases["input/heard"])...)
	t.offer(t.flow.phrases["input/right"], keyRight)
	t.offer(t.flow.phrases["input/again"], keyAnew)
	t.listen(ListenTimeout)
}
