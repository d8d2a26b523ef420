package flows

// languageNode lets the caller choose the language. Each text is said in its
// own language and followed by its key: the first language has key 1.
// Silence means Kazakh; * and # repeat.
//
//	language:
//	  kind: language
//	  text: {kk: Қазақ тілі үшін, ru: Для русского языка}
//	  to: topics
type languageNode struct {
	base
	text Text
	to   ref
}

func readLanguage(f fields, b base) node {
	n := &languageNode{base: b}
	n.text = f.purpose()
	n.to = f.needTarget("to", CodeDeadEnd, "say which node comes next")
	n.to.passive = true // by every key, and by none
	return n
}

func (n *languageNode) refs() []ref       { return []ref{n.to} }
func (n *languageNode) phrases() []Phrase { return []Phrase{n.phrase("text", n.text)} }

func (n *languageNode) prompt(t *turn) {
	for i, l := range Languages() {
		t.say(true, t.utter(nil, n.phrase("text", n.text), l, nil)...)
		t.say(true, Utterance{Phrase: t.flow.phrases[keyPhrase('1'+rune(i))], Language: l})
	}
	t.listen(ListenTimeout)
}

func (n *languageNode) take(t *turn, in Input) bool {
	switch in := in.(type) {
	case Silence:
		n.choose(t, Kazakh, "")
		return true
	case Key:
		for i, l := range Languages() {
			if in.Digit == '1'+rune(i) {
				n.choose(t, l, string(in.Digit))
				return true
			}
		}
		if in.Digit == keyBack {
			t.repeat(in)
			return true
		}
	}
	return false
}

func (n *languageNode) choose(t *turn, l Language, key string) {
	t.state.Language, t.state.LanguageChosen = l, true
	t.event(Event{Kind: EventLanguage, Key: key, Language: l})
	t.goTo(n.to.name)
}

func (n *languageNode) ways(*Flow) []Way {
	var all []Way
	for i := range Languages() {
		all = append(all, Way{On: string('1' + rune(i)), To: n.to.name})
	}
	return append(all, Way{On: OnSilence, To: n.to.name, Implied: true})
}
