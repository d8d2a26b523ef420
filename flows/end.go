package flows

// endNode says goodbye and, when the caller asks for nothing more, hangs up.
//
//	goodbye:
//	  kind: end
//	  text: {kk: Сау болыңыз., ru: До свидания.}   # may be left out
type endNode struct {
	base
	text *Text
}

func readEnd(f fields, b base) node {
	n := &endNode{base: b}
	n.text = f.ownText()
	return n
}

func (n *endNode) refs() []ref { return nil }

func (n *endNode) phrases() []Phrase {
	if n.text == nil {
		return nil
	}
	return []Phrase{n.phrase("text", *n.text)}
}

func (n *endNode) prompt(t *turn) {
	if n.text != nil {
		t.say(true, t.text(n.phrase("text", *n.text))...)
	} else {
		t.say(true, t.system("goodbye")...)
	}
	t.listen(partingTimeout)
}

func (n *endNode) take(t *turn, in Input) bool {
	if _, ok := in.(Silence); ok {
		t.end(EndGoodbye)
		return true
	}
	return false
}

func (n *endNode) ways(*Flow) []Way { return nil }
