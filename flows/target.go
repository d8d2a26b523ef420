package flows

import (
	"fmt"
	"slices"
)

// needText reads "text", which must be there.
func (f fields) needText() Text {
	e, ok := f.need("text", CodeMissingKey, "write what the caller shall hear: text: {kk: …, ru: …}")
	if !ok {
		return Text{}
	}
	t, _ := e.spoken()
	return t
}

// target reads a key that names a node; the name is empty without it.
func (f fields) target(key string) ref {
	e, ok := f.byKey[key]
	if !ok {
		return ref{}
	}
	r := ref{at: e.here(), what: f.what}
	if key != "to" {
		r.what = fmt.Sprintf("%q of %s", key, f.what)
	}
	s, ok := e.str()
	if !ok {
		return r
	}
	if s == "" {
		e.wrongType("the name of a node", "write it after the colon")
		return r
	}
	r.name = s
	return r
}

// needTarget reads a key that must name a node.
func (f fields) needTarget(key string, code Code, cure string) ref {
	f.need(key, code, cure)
	return f.target(key)
}

// category reads the key "category"; the name is empty without it.
func (f fields) category() ref {
	r := f.target("category")
	r.category = true
	r.what = f.what
	return r
}

// ownText reads "text" of a node that can do without; nil when it has none.
func (f fields) ownText() *Text {
	e, ok := f.byKey["text"]
	if !ok {
		return nil
	}
	t, good := e.spoken()
	if !good {
		return nil
	}
	return &t
}

// queueName reads "queue", which must be there.
func (f fields) queueName() string {
	e, ok := f.need("queue", CodeMissingKey, "name the queue, such as main")
	if !ok {
		return ""
	}
	name, good := e.name()
	if good {
		e.checkQueue(name)
	}
	return name
}

// checkQueue wants a queue that the settings have.
func (e entry) checkQueue(name string) {
	if queues := e.log.known.Queues; queues != nil && !slices.Contains(queues, name) {
		e.log.add(e.here(), CodeUnknownQueue, fmt.Sprintf("%s is %q, which the settings do not have", e.what, name), e.log.cureName(name, queues))
	}
}
