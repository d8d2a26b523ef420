package flows

import (
	"maps"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // the city's clock, on machines that have no zones installed
)

// Flow is a menu ready to answer calls. It does not change once loaded and is
// safe for concurrent use.
type Flow struct {
	id         string
	name       string
	start      string
	operator   string
	goodbye    string
	nodes      map[string]node
	order      []string // names of the nodes as they stand in the file
	categories []Category
	phrases    map[string]Phrase
	vars       map[string]*variable
	asks       map[string]bool   // what conditions ask for
	modes      map[string]Phrase // bulletins, by mode
	calendars  map[string]declared
}

// Category is a topic under which calls are counted, of the first or the
// second level.
type Category struct {
	// Code is "utilities" for the first level, "utilities/water" for the second.
	Code string `json:"code"`
	Name Text   `json:"name"`
	// Announce is the word or two that an agent hears before the caller. The
	// second level without one of its own has that of the first.
	Announce Text `json:"announce"`
	// Number is the two digits by which agents key the category: the first goes
	// by the place of the first level in the file, from 2 on, the second by that
	// of the second level, 0 for the first level itself. So numbers stay as they
	// are while new categories are put last. Empty for one that is too far down.
	Number string `json:"number,omitempty"`
}

// Phrases are the words for the category that agents hear, by id: what it is
// announced by and, on the second level, its name.
func (c Category) Phrases() []string {
	if strings.Contains(c.Code, "/") {
		return []string{"category/" + c.Code, nameOf(c.Code)}
	}
	return []string{"category/" + c.Code}
}

// nameOf is the phrase that is the name of a category of the second level.
func nameOf(code string) string { return "category/" + code + "/name" }

// CategoryNumbered finds a category by the digits that an agent keys.
func (f *Flow) CategoryNumbered(number string) (Category, bool) {
	for _, c := range f.categories {
		if number != "" && c.Number == number {
			return c, true
		}
	}
	return Category{}, false
}

// ID names the flow and its exact content: "109@" and a hash. Two flows with
// the same ID say and do the same.
func (f *Flow) ID() string { return f.id }

// Name is the name in the file.
func (f *Flow) Name() string { return f.name }

// Nodes lists the names of the nodes as they stand in the file.
func (f *Flow) Nodes() []string { return slices.Clone(f.order) }

// KindOf is the kind of a node, such as "menu"; empty for a node that does not exist.
func (f *Flow) KindOf(name string) string {
	if n := f.nodes[name]; n != nil {
		return n.head().kind
	}
	return ""
}

// Categories lists all categories, each first level followed by its second.
func (f *Flow) Categories() []Category { return slices.Clone(f.categories) }

// Category finds a category by its code.
func (f *Flow) Category(code string) (Category, bool) {
	for _, c := range f.categories {
		if c.Code == code {
			return c, true
		}
	}
	return Category{}, false
}

// Queues lists the queues that callers, callbacks and messages can be sent to,
// sorted.
func (f *Flow) Queues() []string {
	names := map[string]bool{}
	for _, n := range f.nodes {
		switch n := n.(type) {
		case *queueNode:
			names[n.queue] = true
		case *callbackNode:
			names[n.queue] = true
		case *messageNode:
			names[n.queue] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// OperatorQueue is the queue of those who are sent to an operator; where that
// takes more than one step, the first of all queues. Empty for a flow that has none.
func (f *Flow) OperatorQueue() string {
	if n, ok := f.nodes[f.operator].(*queueNode); ok {
		return n.queue
	}
	if all := f.Queues(); len(all) > 0 {
		return all[0]
	}
	return ""
}

// Phrases lists every phrase that may be heard with this flow, those of the
// program included, sorted by id: what must be recorded or synthesised.
func (f *Flow) Phrases() []Phrase {
	all := make([]Phrase, 0, len(f.phrases))
	for _, id := range slices.Sorted(maps.Keys(f.phrases)) {
		all = append(all, f.phrases[id])
	}
	return all
}

// Phrase finds a phrase by its id, such as "queue/place", "category/health",
// "agent/ready" or "topics/to-transport".
func (f *Flow) Phrase(id string) (Phrase, bool) {
	p, ok := f.phrases[id]
	return p, ok
}

// CheckTerms warns of answers that are not read at a moment, or not any more
// a day later. Where they stand in the file is told.
func (f *Flow) CheckTerms(now time.Time) Findings {
	const ahead = 24 * time.Hour
	const layout = "2006-01-02 15:04"
	l := newLog()
	for _, name := range f.order {
		n, ok := f.nodes[name].(*answerNode)
		if !ok {
			continue
		}
		ask := "ask " + n.owner + " whether it is still true, and change its text or its term"
		switch {
		case now.Before(n.from):
			l.add(n.at, CodeOutOfTerm, "answer \""+name+"\" is not read before "+n.from.Format(layout), ask)
		case !now.Before(n.until):
			l.add(n.at, CodeOutOfTerm, "answer \""+name+"\" has not been read since "+n.until.Format(layout), ask)
		case !now.Add(ahead).Before(n.until):
			l.add(n.at, CodeOutOfTerm, "answer \""+name+"\" will not be read from "+n.until.Format(layout), ask)
		}
	}
	return l.found
}

// cityTime is the clock of the city: UTC+6 in January 2022, UTC+5 since March 2024.
func cityTime() *time.Location {
	zone, err := time.LoadLocation("Asia/Almaty")
	if err != nil { // cannot be: the zones are built in
		return time.FixedZone("+05", int((5 * time.Hour).Seconds()))
	}
	return zone
}

// Partners lists the partners to whom callers can be handed over, sorted.
func (f *Flow) Partners() []string {
	codes := map[string]bool{}
	for _, n := range f.nodes {
		if h, ok := n.(*handoverNode); ok {
			codes[h.partner] = true
		}
	}
	return slices.Sorted(maps.Keys(codes))
}

// CallsBack tells whether the flow promises callers that they are called back.
func (f *Flow) CallsBack() bool {
	for _, n := range f.nodes {
		if _, is := n.(*callbackNode); is {
			return true
		}
	}
	return false
}
