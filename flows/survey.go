package flows

import (
	"fmt"
	"strconv"
)

// surveyNode asks for one key of a range, such as a mark for the operator. Who
// presses none, or a wrong one three times, goes on all the same.
//
//	rating:
//	  kind: survey
//	  text: {kk: Оператордың жұмысын бағалау үшін, ru: Чтобы оценить работу оператора}
//	  keys: 1-5               # the default; from 1 to 9
//	  to: goodbye
type surveyNode struct {
	base
	text     Text
	from, up int
	to       ref
}

func readSurvey(f fields, b base) node {
	n := &surveyNode{base: b, from: 1, up: 5}
	n.text = f.purpose()
	if e, ok := f.byKey["keys"]; ok {
		n.readKeys(e)
	}
	n.to = f.needTarget("to", CodeDeadEnd, "say which node comes next")
	n.to.passive = true // by every key, and by none
	return n
}

func (n *surveyNode) readKeys(e entry) {
	s, ok := e.str()
	if !ok {
		return
	}
	if len(s) == 3 && s[0] >= '1' && s[0] < s[2] && s[1] == '-' && s[2] <= '9' {
		n.from, n.up = int(s[0]-'0'), int(s[2]-'0')
		return
	}
	e.log.add(e.here(), CodeKeys, fmt.Sprintf("%s are %q", e.what, clip(s)), "write the first and the last, such as 1-5; 0 is an operator")
}

func (n *surveyNode) refs() []ref       { return []ref{n.to} }
func (n *surveyNode) phrases() []Phrase { return []Phrase{n.phrase("text", n.text)} }

func (n *surveyNode) ways(*Flow) []Way {
	return []Way{{On: OnDone, To: n.to.name}, {On: OnSilence, To: n.to.name, Implied: true}}
}

func (n *surveyNode) prompt(t *turn) {
	values := map[string]string{"from": strconv.Itoa(n.from), "to": strconv.Itoa(n.up)}
	t.say(true, t.textWith(values, n.phrase("text", n.text), t.flow.phrases["survey/keys"])...)
	t.listen(ListenTimeout)
}

func (n *surveyNode) take(t *turn, in Input) bool {
	switch in := in.(type) {
	case Silence:
		t.event(Event{Kind: EventSilence, Tries: t.state.Tries + 1})
		t.goTo(n.to.name)
		return true
	case Key:
		return n.takeKey(t, in)
	}
	return false
}

func (n *surveyNode) takeKey(t *turn, key Key) bool {
	score := int(key.Digit - '0')
	switch {
	case key.Digit >= '1' && score >= n.from && score <= n.up:
		t.event(Event{Kind: EventSurvey, Key: string(key.Digit), Score: score, To: n.to.name})
		t.say(true, t.system("survey/thanks")...)
		t.goTo(n.to.name)
	case key.Digit == keyOperator || key.Digit == keyRepeat || key.Digit == keyBack:
		return false
	case t.state.Tries < MaxTries-1:
		return false
	default:
		t.event(Event{Kind: EventWrong, Key: printable(key.Digit), Tries: t.state.Tries + 1})
		t.goTo(n.to.name)
	}
	return true
}
