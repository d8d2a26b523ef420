package flows

import "time"

// Term is how long an answer is true, and who says so.
type Term struct {
	Node  string
	Owner string
	// From is the first moment in term, Until the first one out of it again, in
	// the city's time.
	From, Until time.Time
}

// Terms lists the terms of all answers, as they stand in the file.
func (f *Flow) Terms() []Term {
	var all []Term
	for _, name := range f.order {
		if n, ok := f.nodes[name].(*answerNode); ok {
			all = append(all, Term{Node: name, Owner: n.owner, From: n.from, Until: n.until})
		}
	}
	return all
}
