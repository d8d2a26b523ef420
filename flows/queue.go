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
//	  callback: topics        # where 1 leads a waiting caller, to a node of kind
//	                          # callback mostly; the place is kept meanwhile
//	  after: goodbye          # where a caller goes on when the agent hangs up, such as
//	                          # to a survey; without it the call ends then
//
// While they wait, callers can press 2 to hear the bulletins and the answers of
// their topic without leaving the queue, and * to go back to the menu with the
// place kept. 1 and * work while an agent's telephone rings, too, which stops then.
type queueNode struct {
	base
	text     *Text
	queue    string
	category ref
	// otherLanguage allows an agent of another language after a while.
	otherLanguage bool
	left          map[LeftReason]ref
	callback      ref // empty name when there is none
	after         ref // empty name when the call ends with the conversation
}

// Keys of a caller who waits.
const (
	keyCallMe = '1'
	keyInform = '2'
)

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
	n.callback, n.after = f.target("callback"), f.target("after")
	return n
}

// OtherLanguage tells whether the flow lets agents of another language serve
// those who wait in a queue: for who is called back, and is at no node of it.
func (f *Flow) OtherLanguage(queue string) bool {
	for _, one := range f.nodes {
		if n, ok := one.(*queueNode); ok && n.queue == queue && n.otherLanguage {
			return true
		}
	}
	return false
}

func (n *queueNode) refs() []ref {
	var all []ref
	for _, reason := range leftReasons() {
		if to, ok := n.left[reason]; ok {
			all = append(all, to)
		}
	}
	for _, r := range []ref{n.callback, n.after, n.category} {
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
		return n.takeKey(t, in)
	}
	return false
}

// takeKey does what a waiting caller asks for; a key that means nothing leaves
// them waiting.
func (n *queueNode) takeKey(t *turn, key Key) bool {
	switch key.Digit {
	case keyBack:
		if !t.limited() && len(t.state.Back) > 0 {
			return false
		}
	case keyCallMe:
		if n.callback.name != "" && !t.limited() {
			t.event(Event{Kind: EventChosen, Key: string(key.Digit), To: n.callback.name})
			t.state.Back = append(t.state.Back, n.name) // who thinks better of it waits on
			t.enter(n.callback.name)
			return true
		}
	case keyInform:
		if us := t.informing(); len(us) > 0 {
			t.event(Event{Kind: EventInformed, Key: string(key.Digit), Category: t.state.Category})
			t.say(true, us...)
		}
	}
	t.stay()
	return true
}

// keys are what a waiting caller can press.
func (n *queueNode) keys(t *turn) []KeyOffer {
	var all []KeyOffer
	offer := func(purpose string, key rune) {
		says := t.text(t.flow.phrases[purpose], t.flow.phrases[keyPhrase(key)])
		all = append(all, KeyOffer{Digit: key, Says: says, Away: key != keyInform})
	}
	if n.callback.name != "" {
		offer("queue/callback", keyCallMe)
	}
	if len(t.informing()) > 0 {
		offer("queue/inform", keyInform)
	}
	if len(t.state.Back) > 0 {
		offer("queue/back", keyBack)
	}
	return all
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
	if n.callback.name != "" {
		all = append(all, Way{On: string(keyCallMe), To: n.callback.name})
	}
	if n.after.name != "" {
		all = append(all, Way{On: OnServed, To: n.after.name})
	}
	return all
}
