package flows

// sayNode says something and goes on by itself:
//
//	welcome:
//	  kind: say
//	  text: {kk: Сәлеметсіз бе!, ru: Здравствуйте!}
//	  to: language
//	  barge: true      # a key cuts it (the default) and is kept for the next node
type sayNode struct {
	base
	text  Text
	to    ref
	barge bool
}

func readSay(f fields, b base) node {
	n := &sayNode{base: b, barge: true}
	n.text = f.needText()
	n.to = f.needTarget("to", CodeDeadEnd, "say which node comes next")
	n.to.passive = true
	if e, ok := f.byKey["barge"]; ok {
		n.barge = e.truth()
	}
	return n
}

func (n *sayNode) refs() []ref       { return []ref{n.to} }
func (n *sayNode) phrases() []Phrase { return []Phrase{n.phrase("text", n.text)} }

func (n *sayNode) prompt(t *turn) {
	t.say(n.barge, t.text(n.phrase("text", n.text))...)
	t.wait()
}

func (n *sayNode) take(t *turn, in Input) bool {
	if _, ok := in.(Played); ok {
		t.goTo(n.to.name)
		return true
	}
	return false
}

func (n *sayNode) ways(*Flow) []Way { return []Way{{To: n.to.name}} }
