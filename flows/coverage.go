package flows

import (
	"cmp"
	"fmt"
	"strings"
)

// Coverage tells how much of a flow its tests walk: nodes, and the ways that
// its author wrote: options of menus, languages, what a queue is left for.
// A node or way counts as walked when it was walked in every language.
type Coverage struct {
	Nodes       int   `json:"nodes"`
	NodesWalked int   `json:"nodes_walked"`
	Ways        int   `json:"ways"`
	WaysWalked  int   `json:"ways_walked"`
	Gaps        []Gap `json:"gaps"` // in the order of the flow
}

// Gap is a node, or a way on from it, that no test walks.
type Gap struct {
	Node string `json:"node"`
	Line int    `json:"line"`         // of the node in the flow's file
	On   string `json:"on,omitempty"` // of the way; empty when the node itself is meant
	To   string `json:"to,omitempty"` // of the way
	// Languages are those in which it is not walked.
	Languages []Language `json:"languages"`
}

// String gives the gap in words.
func (g Gap) String() string {
	var in []string
	for _, l := range g.Languages {
		in = append(in, string(l))
	}
	what := fmt.Sprintf("node %q", g.Node)
	if g.On != "" {
		what += fmt.Sprintf(", %s to %q", g.On, g.To)
	}
	return what + " is not walked in " + strings.Join(in, ", ")
}

// trailStep is a node, or a way on from it, in one language.
type trailStep struct {
	node, on string
	language Language
}

// trail is what a number of calls have walked.
type trail struct{ seen map[trailStep]bool }

func newTrail() *trail { return &trail{seen: map[trailStep]bool{}} }

// follow notes what happened in one call. Until a language is chosen it
// happens in all of them.
func (t *trail) follow(start Start, events []Event) {
	languages := Languages()
	if start.Language.Known() {
		languages = []Language{start.Language}
	}
	for _, e := range events {
		if on, ok := e.walks(); ok {
			for _, l := range languages {
				t.seen[trailStep{e.Node, on, l}] = true
			}
		}
		if e.Kind == EventLanguage {
			languages = []Language{e.Language}
		}
	}
}

// walks tells what an event walks: a node, or what is gone on by from it.
func (e Event) walks() (on string, ok bool) {
	switch e.Kind {
	case EventEntered:
		return "", true
	case EventChosen, EventLanguage:
		return cmp.Or(e.Way, e.Key), e.Key != ""
	case EventSwitched, EventHandover:
		return e.Reason, true
	case EventServed:
		return OnServed, true
	case EventInput:
		return OnTyped, true
	case EventSurvey:
		return OnDone, true
	case EventLookup, EventCallback, EventMessage:
		return e.errand()
	case EventExpired:
		return OnExpired, true
	case EventLeft:
		return e.Reason, true
	default:
		return "", false
	}
}

// errand tells how an errand came off.
func (e Event) errand() (on string, ok bool) {
	switch e.Reason {
	case OnFailed:
		return OnFailed, true
	case "recorded", "discarded":
		return "", false
	default:
		return OnDone, true
	}
}

// missing lists the languages in which something was not walked.
func (t *trail) missing(node, on string) []Language {
	var all []Language
	for _, l := range Languages() {
		if !t.seen[trailStep{node, on, l}] {
			all = append(all, l)
		}
	}
	return all
}

func (f *Flow) coverage(t *trail) Coverage {
	c := Coverage{Gaps: []Gap{}}
	count := func(g Gap, all, walked *int) {
		*all++
		if g.Languages = t.missing(g.Node, g.On); len(g.Languages) == 0 {
			*walked++
			return
		}
		c.Gaps = append(c.Gaps, g)
	}
	for _, name := range f.order {
		line := f.nodes[name].head().at.line
		count(Gap{Node: name, Line: line}, &c.Nodes, &c.NodesWalked)
		for _, way := range f.Ways(name) {
			if way.On != "" && !way.Implied {
				count(Gap{Node: name, Line: line, On: way.On, To: way.To}, &c.Ways, &c.WaysWalked)
			}
		}
	}
	return c
}
