package flows

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// lookupNode asks a service of the city on the local network, by HTTP GET, and
// takes values out of its JSON answer. When there is no such answer in time, the
// call goes on where "failed" leads: a service that is down is no reason to keep
// a caller waiting. Nothing is said unless the author says so; to who waits longer
// than [ListenTimeout] the line says "one moment" and plays music.
//
//	bill:
//	  kind: lookup
//	  url: http://192.0.2.10:8080/accounts/{account}?lang=kk   # its host must be in the settings
//	  take: {left: /balance/days}     # a variable, and where it stands, as a JSON pointer
//	  within: 3s                      # the default; 10s at most
//	  text: {kk: Қарап жатырмыз., ru: Смотрим.}   # may be left out
//	  to: topics                      # when all values are there
//	  failed: operator                # when not; must be given
type lookupNode struct {
	base
	text   *Text
	url    urlTemplate
	takes  map[string]string
	within time.Duration
	to     ref
	failed ref
}

// Times given to a service.
const (
	defaultLookup = 3 * time.Second
	maxLookup     = 10 * time.Second
)

// maxTaken bounds the values taken from one answer.
const maxTaken = 12

func readLookup(f fields, b base) node {
	n := &lookupNode{base: b, within: defaultLookup, takes: map[string]string{}}
	n.text = f.ownText()
	if e, ok := f.need("url", CodeMissingKey, "say what to ask: url: http://host/path/{variable}"); ok {
		n.url = e.urlTemplate()
	}
	if e, ok := f.need("take", CodeMissingKey, "say what to take from the answer: take: {variable: /path/in/the/answer}"); ok {
		n.readTake(e)
	}
	if e, ok := f.byKey["within"]; ok {
		n.within = e.span(500*time.Millisecond, maxLookup)
	}
	n.to = f.needTarget("to", CodeDeadEnd, "say which node comes next")
	n.failed = f.needTarget("failed", CodeDeadEnd, "say where to go when the service gives no answer")
	for _, r := range []*ref{&n.to, &n.failed} {
		r.passive, r.instant = true, true
	}
	return n
}

func (n *lookupNode) readTake(e entry) {
	for _, one := range e.entries() {
		v := one.variableNamed(one.key)
		path, ok := one.str()
		if v != nil {
			v.filled = true
		}
		if v == nil || !ok {
			continue
		}
		if !isPointer(path) {
			one.log.add(one.here(), CodeBadValue, fmt.Sprintf("%s is %q, which is no JSON pointer", one.what, clip(path)), "write where the value stands, such as /balance/days; ~1 is a slash in a name, ~0 a ~")
			continue
		}
		n.takes[v.name] = path
	}
	switch {
	case len(n.takes) > maxTaken:
		e.log.add(e.here(), CodeTooBig, fmt.Sprintf("%s lists %d values, more than %d", e.what, len(n.takes), maxTaken), "take only what the call needs")
	case len(e.value.Content) == 0:
		e.log.add(e.here(), CodeMissingKey, e.what+" is empty", "say what to take from the answer: take: {variable: /path/in/the/answer}")
	}
}

// isPointer tells whether a text is a JSON pointer to a part of an answer.
func isPointer(s string) bool {
	bare := strings.NewReplacer("~0", "", "~1", "").Replace(s)
	return strings.HasPrefix(s, "/") && len(s) <= 200 && !strings.Contains(bare, "~")
}

func (n *lookupNode) refs() []ref { return []ref{n.to, n.failed} }

func (n *lookupNode) phrases() []Phrase {
	if n.text == nil {
		return nil
	}
	return []Phrase{n.phrase("text", *n.text)}
}

func (n *lookupNode) ways(*Flow) []Way {
	return []Way{{On: OnDone, To: n.to.name}, {On: OnFailed, To: n.failed.name}}
}

// sets tells what is known once the node has been passed by a way.
func (n *lookupNode) sets() (on string, vars []string) {
	return OnDone, slices.Sorted(maps.Keys(n.takes))
}

func (n *lookupNode) prompt(t *turn) {
	url, ok := n.url.fill(t)
	if !ok {
		n.fail(t)
		return
	}
	if n.text != nil {
		t.say(false, t.text(n.phrases()...)...)
	}
	t.await(LookingUp, Lookup{Node: n.name, URL: url, Timeout: n.within, Take: maps.Clone(n.takes)})
}

func (n *lookupNode) take(t *turn, in Input) bool {
	looked, ok := in.(Looked)
	if !ok {
		return false
	}
	for name := range n.takes {
		if _, fits := valueTypes()[t.flow.vars[name].kind].take(looked.Values[name]); !fits || looked.Failed {
			n.fail(t)
			return true
		}
	}
	for name := range n.takes {
		t.set(name, looked.Values[name])
	}
	t.event(Event{Kind: EventLookup, Reason: "found", To: n.to.name})
	t.enter(n.to.name)
	return true
}

func (n *lookupNode) fail(t *turn) {
	t.event(Event{Kind: EventLookup, Reason: OnFailed, To: n.failed.name})
	t.enter(n.failed.name)
}
