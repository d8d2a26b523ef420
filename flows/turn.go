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
	case *languageNode, *menuNode, *answerNode:
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
	t.state.Node, t.state.Part, t.state.Tries, t.state.Phase = name, "", 0, ""
	t.event(Event{Kind: EventEntered})
	t.node().prompt(t)
}

// limited tells whether the call has used up its steps.
func (t *turn) limited() bool { return t.state.Steps >= MaxSteps }

// say appends utterances, to those before them where these can be cut alike.
func (t *turn) say(barge bool, us ...Utterance) {
	if n := len(t.actions); n > 0 {
		if last, ok := t.actions[n-1].(Say); ok && last.Barge == barge {
			last.Utterances = append(last.Utterances, us...)
			t.actions[n-1] = last
			return
		}
	}
	t.actions = append(t.actions, Say{Node: t.state.Node, Utterances: us, Barge: barge})
}

// text is a phrase in the language of the call, or in all of them while none
// is chosen.
func (t *turn) text(ps ...Phrase) []Utterance {
	languages := []Language{t.state.Language}
	if !t.state.LanguageChosen {
		languages = Languages()
	}
	us := make([]Utterance, 0, len(ps)*len(languages))
	for _, l := range languages {
		for _, p := range ps {
			us = append(us, Utterance{Phrase: p, Language: l})
		}
	}
	return us
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

func (t *turn) listen(timeout time.Duration) {
	t.state.Phase = Listening
	t.actions = append(t.actions, Listen{Node: t.state.Node, Timeout: timeout})
}

func (t *turn) enqueue(n *queueNode, resumed bool) {
	t.state.Phase = Queued
	topic, _, _ := strings.Cut(t.state.Category, "/")
	t.actions = append(t.actions, Enqueue{
		Node: n.name, Queue: n.queue, Category: t.state.Category, Topic: topic,
		Language: t.state.Language, Resumed: resumed,
	})
}

func (t *turn) stay() { t.actions = append(t.actions, Stay{}) }

func (t *turn) end(reason EndReason) {
	t.state.Phase = Ended
	t.event(Event{Kind: EventEnded, Reason: string(reason)})
	t.actions = append(t.actions, Disconnect{Reason: reason})
}
