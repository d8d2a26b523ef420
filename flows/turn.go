package flows

import (
	"slices"
	"strings"
	"time"
)

// turn is one step of a call in the making.
type turn struct {
	flow    *Flow
	env     Env
	state   State // a copy of the caller's, free to be changed
	actions []Action
	events  []Event
	hops    int // nodes entered in this step
}

func (t *turn) result() Result {
	return Result{State: t.state, Actions: t.actions, Events: t.events}
}

// node is where the call stands.
func (t *turn) node() node { return t.flow.nodes[t.state.Node] }

// event notes what happened, at the node where the call stands.
func (t *turn) event(e Event) {
	if e.Node == "" {
		e.Node = t.state.Node
	}
	t.events = append(t.events, e)
}

// goTo leaves the node for another and remembers the way back.
func (t *turn) goTo(name string) {
	if n := t.node(); n != nil && returnable(n) && name != t.state.Node {
		t.state.Back = append(t.state.Back, t.state.Node)
	}
	t.enter(name)
}

// returnable tells whether * may lead back to a node: those that ask.
func returnable(n node) bool {
	switch n.(type) {
	case *languageNode, *menuNode, *answerNode, *inputNode, *callbackNode, *messageNode:
		return true
	default:
		return false
	}
}

// enter makes a node the place where the call stands, and lets it speak.
func (t *turn) enter(name string) {
	if i := slices.Index(t.state.Back, name); i >= 0 {
		t.state.Back = t.state.Back[:i]
	}
	if n := len(t.state.Back); n > maxBack {
		t.state.Back = t.state.Back[n-maxBack:]
	}
	if t.hops++; t.hops > maxHops || t.flow.nodes[name] == nil {
		name = t.flow.operator
	}
	t.discard()
	t.state.Node, t.state.Part, t.state.Tries, t.state.Phase = name, "", 0, ""
	t.state.Digits, t.state.Order = "", nil
	t.event(Event{Kind: EventEntered})
	if n, ok := t.node().(visited); ok {
		n.visit(t)
	}
	t.node().prompt(t)
}

// visited is a node that settles something once for each visit.
type visited interface{ visit(t *turn) }

// limited tells whether the call has used up its steps.
func (t *turn) limited() bool { return t.state.Steps >= MaxSteps }

// say appends utterances, to those before them where these can be cut alike.
func (t *turn) say(barge bool, us ...Utterance) {
	if len(us) == 0 {
		return
	}
	if n := len(t.actions); n > 0 {
		if last, ok := t.actions[n-1].(Say); ok && last.Barge == barge && last.Bulletin == "" {
			last.Utterances = append(last.Utterances, us...)
			t.actions[n-1] = last
			return
		}
	}
	t.actions = append(t.actions, Say{Node: t.state.Node, Utterances: us, Barge: barge})
}

// text is a phrase in the language of the call, or in all of them while none
// is chosen.
func (t *turn) text(ps ...Phrase) []Utterance { return t.textWith(nil, ps...) }

// textWith is text with values of the moment besides those of the variables.
func (t *turn) textWith(values map[string]string, ps ...Phrase) []Utterance {
	languages := []Language{t.state.Language}
	if !t.state.LanguageChosen {
		languages = Languages()
	}
	us := make([]Utterance, 0, len(ps)*len(languages))
	for _, l := range languages {
		for _, p := range ps {
			us = t.utter(us, p, l, values)
		}
	}
	return us
}

// utter appends a phrase in one language, its braces filled. One that lacks a
// value is left out: half a sentence would be a lie.
func (t *turn) utter(us []Utterance, p Phrase, l Language, values map[string]string) []Utterance {
	u := Utterance{Phrase: p, Language: l}
	if !strings.Contains(u.Text(), "{") {
		return append(us, u)
	}
	u.Values = map[string]string{}
	for _, v := range valuesIn(u.Text()) {
		name, _, _ := strings.Cut(v, ":")
		value, ok := values[name]
		if !ok {
			value, ok = t.value(name)
		}
		if !ok {
			t.event(Event{Kind: EventFault, Reason: "no value for " + name + " in " + p.ID})
			return us
		}
		u.Values[name] = value
	}
	return append(us, u)
}

// system is a phrase of the program itself.
func (t *turn) system(id string) []Utterance { return t.text(t.flow.phrases[id]) }

// keyPhrase is the id of the phrase that says which key to press. It is a part
// of file names, hence no * and #.
func keyPhrase(key rune) string {
	switch key {
	case keyBack:
		return "key/star"
	case keyRepeat:
		return "key/hash"
	default:
		return "key/" + string(key)
	}
}

// offer says a purpose and the key that serves it.
func (t *turn) offer(purpose Phrase, key rune) {
	t.say(true, t.text(purpose, t.flow.phrases[keyPhrase(key)])...)
}

// hint says what the keys do that work everywhere.
func (t *turn) hint() {
	t.state.Hinted = true
	t.offer(t.flow.phrases["menu/operator"], keyOperator)
	t.offer(t.flow.phrases["menu/repeat"], keyRepeat)
	t.offer(t.flow.phrases["menu/back"], keyBack)
}

// ownCategory sets the topic of a call that has none.
func (t *turn) ownCategory(code string) {
	if t.state.Category == "" {
		t.category(code)
	}
}

// category sets the topic of the call, unless code is empty.
func (t *turn) category(code string) {
	if code == "" || code == t.state.Category {
		return
	}
	t.state.Category = code
	t.event(Event{Kind: EventCategory, Category: code})
}

// The endings of a list of actions, one of which each step has.

func (t *turn) wait() {
	t.state.Phase = Playing
	t.actions = append(t.actions, Wait{Node: t.state.Node})
}

func (t *turn) listen(timeout time.Duration) { t.listenFor(timeout, false) }

func (t *turn) listenFor(timeout time.Duration, private bool) {
	t.await(Listening, Listen{Node: t.state.Node, Timeout: timeout, Private: private})
}

func (t *turn) enqueue(n *queueNode, resumed bool) {
	t.state.Phase = Queued
	topic, _, _ := strings.Cut(t.state.Category, "/")
	_, elsewhere := n.left[LeftNoAgents]
	t.actions = append(t.actions, Enqueue{
		Node: n.name, Queue: n.queue, Category: t.state.Category, Topic: topic,
		Language: t.state.Language, OtherLanguage: n.otherLanguage, Keys: n.keys(t), Resumed: resumed, After: n.after.name != "",
		NoAgents: elsewhere && !t.limited(),
	})
}

// await ends the list with an action whose answer a phase waits for.
func (t *turn) await(p Phase, a Action) {
	t.state.Phase = p
	t.actions = append(t.actions, a)
}

func (t *turn) stay() { t.actions = append(t.actions, Stay{}) }

func (t *turn) end(reason EndReason) {
	t.state.Phase = Ended
	t.event(Event{Kind: EventEnded, Reason: string(reason)})
	t.actions = append(t.actions, Disconnect{Reason: reason})
}
