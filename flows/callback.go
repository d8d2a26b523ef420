package flows

import "strings"

// callbackNode notes that the caller wants to be called back, on the number
// they call from or on one that they type. Who is noted already keeps the
// place, is told so, and goes on the same way.
//
//	callback:
//	  kind: callback
//	  text: {kk: Сізге өзіміз қоңырау шаламыз., ru: Мы сами вам перезвоним.}   # may be left out
//	  queue: main             # whose agents call back
//	  category: other         # for a caller whose topic is not known; may be left out
//	  to: goodbye             # where to go when it is noted
//	  failed: operator        # when it cannot be noted; the operator by default
type callbackNode struct {
	base
	errand
}

// partNumber is the part of a callback in which a number is typed.
const partNumber = "number"

// Keys of a callback.
const (
	keyThisNumber  = '1'
	keyOtherNumber = '2'
)

func readCallback(f fields, b base) node {
	return &callbackNode{base: b, errand: readErrand(f, "say where a caller goes who has been noted")}
}

func (n *callbackNode) phrases() []Phrase { return n.own(n.base) }

// number is how the caller types a telephone number: ten digits, or eleven with
// the 8 before them.
func (n *callbackNode) number() typing {
	return typing{least: 10, most: 11, first: defaultFirst, gap: defaultGap}
}

// dialled is the number that digits stand for; false when they are none.
func dialled(digits string) (string, bool) {
	if len(digits) == 11 && (digits[0] == '8' || digits[0] == '7') {
		digits = digits[1:]
	}
	return "+7" + digits, len(digits) == 10 && strings.HasPrefix(digits, "7")
}

func (n *callbackNode) prompt(t *turn) {
	switch t.state.Part {
	case partConfirm:
		t.confirm()
		return
	case "":
		t.ownCategory(n.category.name)
		n.introduce(t, n.base)
	}
	t.state.Digits = ""
	if t.state.Part == "" && t.env.CallerKnown {
		t.offer(t.flow.phrases["callback/here"], keyThisNumber)
		t.offer(t.flow.phrases["callback/other"], keyOtherNumber)
		t.listen(ListenTimeout)
		return
	}
	t.state.Part = partNumber
	t.say(true, t.system("callback/number")...)
	n.number().begin(t, true)
}

func (n *callbackNode) take(t *turn, in Input) bool {
	if in, ok := in.(Requested); ok {
		n.requested(t, in.Result)
		return true
	}
	switch t.state.Part {
	case partNumber:
		return n.takeNumber(t, in)
	case partConfirm:
		return n.takeConfirm(t, in)
	}
	switch key, _ := in.(Key); key.Digit {
	case keyThisNumber:
		n.request(t, "")
	case keyOtherNumber:
		n.ask(t)
	default:
		return false
	}
	return true
}

func (n *callbackNode) takeNumber(t *turn, in Input) bool {
	taken, done := n.number().typed(t, in, true)
	if !done {
		return taken
	}
	if _, ok := dialled(t.state.Digits); !ok {
		t.fail(Event{Kind: EventWrong, Length: len(t.state.Digits)}, "callback/wrong")
		return true
	}
	t.state.Part = partConfirm
	t.confirm()
	return true
}

func (n *callbackNode) takeConfirm(t *turn, in Input) bool {
	switch key, _ := in.(Key); key.Digit {
	case keyRight:
		number, _ := dialled(t.state.Digits)
		n.request(t, number)
	case keyAnew:
		n.ask(t)
	default:
		return false
	}
	return true
}

// ask lets the caller type a number.
func (n *callbackNode) ask(t *turn) {
	t.state.Part = partNumber
	n.prompt(t)
}

func (n *callbackNode) request(t *turn, number string) {
	t.await(Asking, RequestCallback{
		Node: n.name, Queue: n.queue, Number: number, Category: t.state.Category, Language: t.state.Language,
	})
}

func (n *callbackNode) requested(t *turn, result CallbackResult) {
	t.state.Digits = ""
	if !result.Noted() {
		result = CallbackFailed
	}
	t.event(Event{Kind: EventCallback, Queue: n.queue, Reason: string(result)})
	t.say(true, t.system("callback/"+string(result))...)
	if result == CallbackFailed {
		t.enter(n.failure(t.flow))
		return
	}
	t.enter(n.to.name)
}
