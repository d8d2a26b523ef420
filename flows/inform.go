package flows

// maxInform bounds how many answers are read to a waiting caller at a time.
const maxInform = 3

// informing is what can be told to a caller who waits, without leaving the
// queue: the bulletins, then the answers that the caller could have had where
// they came from.
func (t *turn) informing() []Utterance {
	var us []Utterance
	if p, ok := t.flow.modes[t.env.Mode]; ok {
		us = append(us, t.text(p)...)
	}
	for _, b := range t.env.Bulletins {
		us = append(us, t.text(b.phrase())...)
	}
	for _, n := range t.nearAnswers() {
		us = append(us, t.text(n.phrase("text", n.text))...)
	}
	return us
}

// nearAnswers finds the answer from which the caller went to the queue, or those
// to which the options of the menu lead from which they went. The way through
// switches is the one that the caller would be led now, so that what is read is
// what is true now; an answer out of term is left out.
func (t *turn) nearAnswers() []*answerNode {
	if len(t.state.Back) == 0 {
		return nil
	}
	last := t.state.Back[len(t.state.Back)-1]
	menu, ok := t.flow.nodes[last].(*menuNode)
	if !ok {
		return t.answerAt(nil, last)
	}
	var all []*answerNode
	for _, o := range menu.options {
		if all = t.answerAt(all, o.to.name); len(all) == maxInform {
			break
		}
	}
	return all
}

// answerAt adds the answer that a node is, or leads to at once.
func (t *turn) answerAt(all []*answerNode, name string) []*answerNode {
	for range maxHops {
		switch n := t.flow.nodes[name].(type) {
		case *answerNode:
			if n.inTerm(t.env.Now) {
				all = append(all, n)
			}
			return all
		case *switchNode:
			name, _ = n.choose(t)
		default:
			return all
		}
	}
	return all
}
