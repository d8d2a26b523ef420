package flows

import (
	"fmt"
	"time"

	"go.yaml.in/yaml/v4"
)

// inputNode takes digits that the caller types into a variable. With a fixed
// length it goes on at the last digit; otherwise the end key # ends it, and so
// does a silence. While digits are being typed # and * have this one meaning
// here: * begins anew, 0 is a digit. With nothing typed yet # says the node
// again and * leads back, as everywhere.
//
//	account:
//	  kind: input
//	  text: {kk: Есепшот нөмірін теріңіз., ru: Наберите номер лицевого счёта.}
//	  length: {min: 6, max: 10}   # or length: 8
//	  into: account               # a variable of type digits, or one that counts
//	  to: topics
//	  first: 8s                   # for the first digit; 8s is the default,
//	  gap: 4s                     # and between two digits; 4s is the default
//	  confirm: true               # reads the digits back and asks; not by default
//	  public: true                # they are no personal data and may stand in the record
type inputNode struct {
	base
	typing
	text            Text
	into            string
	to              ref
	confirm, public bool
}

// partConfirm is the part of a node that asks whether what was typed is right.
const partConfirm = "confirm"

// Keys of a confirmation.
const (
	keyRight = '1'
	keyAnew  = '2'
)

func readInput(f fields, b base) node {
	n := &inputNode{base: b, typing: typing{first: defaultFirst, gap: defaultGap}}
	n.text = f.needText()
	if e, ok := f.need("length", CodeMissingKey, "say how many digits: length: 8, or length: {min: 6, max: 10}"); ok {
		n.readLength(e)
	}
	if e, ok := f.need("into", CodeMissingKey, "name the variable that keeps what is typed"); ok {
		n.readInto(e)
	}
	n.to = f.needTarget("to", CodeDeadEnd, "say which node comes next")
	for key, into := range map[string]*time.Duration{"first": &n.first, "gap": &n.gap} {
		if e, ok := f.byKey[key]; ok {
			*into = e.span(minTyping, maxTyping)
		}
	}
	for key, into := range map[string]*bool{"confirm": &n.confirm, "public": &n.public} {
		if e, ok := f.byKey[key]; ok {
			*into = e.truth()
		}
	}
	return n
}

func (n *inputNode) readLength(e entry) {
	if e.value.Kind != yaml.MappingNode {
		n.least = e.count(1, maxDigits)
		n.most = n.least
		return
	}
	f := e.fields("min", "max")
	for key, into := range map[string]*int{"min": &n.least, "max": &n.most} {
		if one, ok := f.need(key, CodeMissingKey, "write both min and max"); ok {
			*into = one.count(1, maxDigits)
		}
	}
	if n.most > 0 && n.most < n.least {
		e.log.add(e.here(), CodeBadValue, fmt.Sprintf("%s wants at least %d digits and at most %d", e.what, n.least, n.most), "put the smaller number in min")
	}
}

func (n *inputNode) readInto(e entry) {
	v := e.variable()
	if v == nil || v.kind == "" {
		return
	}
	v.filled = true
	if v.kind != "digits" && !valueTypes()[v.kind].number {
		e.log.add(e.here(), CodeBadValue, fmt.Sprintf("%s names %q, which is of type %s", e.what, v.name, v.kind), "digits go into a variable of type digits, or of one that counts")
		return
	}
	n.into = v.name
}

func (n *inputNode) refs() []ref       { return []ref{n.to} }
func (n *inputNode) phrases() []Phrase { return []Phrase{n.phrase("text", n.text)} }
func (n *inputNode) ways(*Flow) []Way  { return []Way{{On: OnTyped, To: n.to.name}} }

// sets tells what is known once the node has been passed by a way.
func (n *inputNode) sets() (on string, vars []string) { return OnTyped, []string{n.into} }

func (n *inputNode) prompt(t *turn) {
	if t.state.Part == partConfirm {
		t.confirm()
		return
	}
	t.state.Digits = ""
	t.say(true, t.text(n.phrase("text", n.text))...)
	n.begin(t, !n.public)
}

func (n *inputNode) take(t *turn, in Input) bool {
	if t.state.Part == partConfirm {
		return n.takeConfirm(t, in)
	}
	taken, done := n.typed(t, in, !n.public)
	switch {
	case !done:
	case n.confirm:
		t.state.Part = partConfirm
		t.confirm()
	default:
		n.done(t)
	}
	return taken
}

func (n *inputNode) takeConfirm(t *turn, in Input) bool {
	key, _ := in.(Key)
	switch key.Digit {
	case keyRight:
		n.done(t)
	case keyAnew:
		t.repeat(key)
	default:
		return false
	}
	return true
}

// done keeps what was typed and goes on.
func (n *inputNode) done(t *turn) {
	digits := t.state.Digits
	e := Event{Kind: EventInput, Length: len(digits), To: n.to.name}
	if n.public {
		e.Digits = digits
	}
	if !t.set(n.into, digits) { // too great a number
		t.state.Part = ""
		t.fail(Event{Kind: EventWrong, Length: len(digits)}, "input/long")
		return
	}
	t.event(e)
	t.goTo(n.to.name)
}
