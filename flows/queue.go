package flows

// queueNode hands the caller over to the agents. What is to be said while
// waiting is the queue's own business.
//
//	operator:
//	  kind: queue
//	  queue: main
//	  text: {kk: Операторға қосамыз., ru: Соединяем.}   # said before joining; may be left out
//	  category: other         # for a caller whose topic is not known; may be left out
//	  other-language: true    # an agent of the other language will do, after the wait
//	                          # that the settings give; without it they are never asked
//	  no-agents: topics       # where to go when nobody is on duty,
//	  timeout: topics         # when the wait was too long,
//	  overflow: topics        # when the queue is full,
//	  failed: topics          # when the queue cannot be used;
//	                          # without it the caller is told so and goes on waiting
//	  after: goodbye          # where a caller goes on when the agent hangs up, such as
//	                          # to a survey; without it the call ends then
type queueNode struct {
	base
	text     *Text
	queue    string
	category ref
	// otherLanguage allows an agent of another language after a while.
	otherLanguage bool
	left          map[LeftReason]ref
	after         ref // empty name when the call ends with the conversation
}

func leftReasons() []LeftReason {
	return []LeftReason{LeftNoAgents, LeftTimeout, LeftOverflow, LeftFailed}
}

func readQueue(f fields, b base) node {
	n := &queueNode{base: b, left: map[LeftReason]ref{}}
	n.queue = f.queueName()
	n.text = f.ownText()
	n.category = f.category()
	if e, ok := f.byKey["other-language"]; ok {
		n.otherLanguage = e.truth()
	}
	for _, reason := range leftReasons() {
		if to := f.target(string(reason)); to.name != "" {
			n.left[reason] = to
		}
	}
	n.after = f.target("after")
	return n
}

func (n *queueNode) refs() []ref {
	var all []ref
	for _, reason := range leftReasons() {
		if to, ok := n.left[reason]; ok {
			all = append(all, to)
		}
	}
	for _, r := range []ref{n.after, n.category} {
		if r.name != "" {
			all = append(all, r)
		}
	}
	return all
}

func (n *queueNode) phrases() []Phrase {
	if n.text == nil {
		return nil
	}
	return []Phrase{n.phrase("text", *n.text)}
}

func (n *queueNode) prompt(t *turn) {
	t.ownCategory(n.category.name)
	if n.text != nil {
		t.say(false, t.text(n.phrase("text", *n.text))...)
	}
	t.event(Event{Kind: EventQueued, Queue: n.queue})
	t.enqueue(n, false)
}

func (n *queueNode) take(t *turn, in Input) bool {
	switch in := in.(type) {
	case Left:
		t.event(Event{Kind: EventLeft, Queue: n.queue, Reason: string(in.Reason)})
		if to, ok := n.left[in.Reason]; ok && !t.limited() {
			t.goTo(to.name)
			return true
		}
		t.say(false, t.system(waitOn(in.Reason))...)
		t.event(Event{Kind: EventQueued, Queue: n.queue})
		t.enqueue(n, false)
		return true
	case Served:
		if n.after.name == "" {
			return false
		}
		t.event(Event{Kind: EventServed, Queue: n.queue, To: n.after.name})
		t.enter(n.after.name)
		return true
	case Key:
		if in.Digit == keyBack && !t.limited() && len(t.state.Back) > 0 {
			return false
		}
		t.stay()
		return true
	}
	return false
}

// waitOn is the phrase for a caller who goes on waiting all the same. It takes
// some seconds to say, so that a queue that refuses at once makes no busy loop.
func waitOn(reason LeftReason) string {
	if reason == LeftTimeout {
		return "queue/stay"
	}
	return "queue/closed"
}

func (n *queueNode) ways(*Flow) []Way {
	var all []Way
	for _, reason := range leftReasons() {
		if to, ok := n.left[reason]; ok {
			all = append(all, Way{On: string(reason), To: to.name})
		}
	}
	if n.after.name != "" {
		all = append(all, Way{On: OnServed, To: n.after.name})
	}
	return all
}
