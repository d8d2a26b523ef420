package flows

// errand is what a callback and a message have in common: something is asked
// of the people of a queue, and comes off or does not.
type errand struct {
	text     *Text
	queue    string
	category ref
	to       ref // when it comes off
	failed   ref // when it does not; the operator when empty
}

func readErrand(f fields, whereTo string) errand {
	var r errand
	r.text = f.ownText()
	r.queue = f.queueName()
	r.category = f.category()
	r.to = f.needTarget("to", CodeDeadEnd, whereTo)
	r.failed = f.target("failed")
	return r
}

func (r *errand) refs() []ref {
	all := []ref{r.to}
	for _, one := range []ref{r.failed, r.category} {
		if one.name != "" {
			all = append(all, one)
		}
	}
	return all
}

// failure is where a caller goes when it does not come off.
func (r *errand) failure(f *Flow) string {
	if r.failed.name == "" {
		return f.operator
	}
	return r.failed.name
}

func (r *errand) ways(f *Flow) []Way {
	return []Way{
		{On: OnDone, To: r.to.name},
		{On: OnFailed, To: r.failure(f), Implied: r.failed.name == ""},
	}
}

// own lists the phrases of the node that has the errand.
func (r *errand) own(b base) []Phrase {
	if r.text == nil {
		return nil
	}
	return []Phrase{b.phrase("text", *r.text)}
}

// introduce says the node's own words, if it has any.
func (r *errand) introduce(t *turn, b base) {
	t.say(true, t.text(r.own(b)...)...)
}
