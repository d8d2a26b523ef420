package flows

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// node is one place in a flow. A kind of node is one file with its grammar,
// what it reads, what it refers to and how it answers.
type node interface {
	// head is what nodes of all kinds have.
	head() base
	// refs lists the nodes and categories that the node names.
	refs() []ref
	// ways lists where a caller can go from here, by what.
	ways(f *Flow) []Way
	// phrases lists what the node itself may say.
	phrases() []Phrase
	// prompt says what the node has to say and ends the list of actions. It is
	// called on entering, on repeating and after a restart alike.
	prompt(t *turn)
	// take answers an input that the node's phase waits for. False leaves it
	// to what all nodes have in common: 0, #, *, silence, wrong keys.
	take(t *turn, in Input) bool
}

// base is what nodes of all kinds have.
type base struct {
	name string
	kind string
	at   place
	// phases are those in which a call can stand at the node.
	phases []Phase
}

func (b base) head() base { return b }

// what is how a person would call the node.
func (b base) what() string { return fmt.Sprintf("node %q", b.name) }

// phrase names a phrase of the node.
func (b base) phrase(slot string, t Text) Phrase { return Phrase{ID: b.name + "/" + slot, Text: t} }

// ref is a name that a node uses and that must exist.
type ref struct {
	name     string
	at       place
	what     string // who names it: `option 3 of node "topics"`
	category bool   // names a category rather than a node
	passive  bool   // is followed without the caller doing anything
	instant  bool   // and without anything being heard or waited for
}

// kind is one row of the table of kinds.
type kind struct {
	name   string
	needs  []string // keys that such a node must have, besides "kind"
	may    []string // and those that it can do without
	phases []Phase  // see base
	read   func(f fields, b base) node
}

// kinds is the table of all kinds of node.
func kinds() []kind {
	return []kind{
		{"say", []string{"text", "to"}, []string{"barge"}, []Phase{Playing}, readSay},
		{"language", []string{"text", "to"}, nil, []Phase{Listening}, readLanguage},
		{"menu", []string{"options"}, []string{"text", "order"}, []Phase{Listening}, readMenu},
		{"answer", []string{"text", "owner", "valid"}, []string{"category", "expired"}, []Phase{Playing, Listening}, readAnswer},
		{"input", []string{"text", "length", "into", "to"}, []string{"first", "gap", "confirm", "public"}, []Phase{Listening}, readInput},
		{"lookup", []string{"url", "take", "to", "failed"}, []string{"text", "within"}, []Phase{LookingUp}, readLookup},
		{"switch", []string{"cases", "else"}, nil, nil, readSwitch},
		{"queue", []string{"queue"}, []string{"text", "category", "other-language", "no-agents", "timeout", "overflow", "failed", "callback", "after"}, []Phase{Queued}, readQueue},
		{"callback", []string{"queue", "to"}, []string{"text", "category", "failed"}, []Phase{Listening, Asking}, readCallback},
		{"message", []string{"queue", "to"}, []string{"text", "category", "longest", "failed"}, []Phase{Listening, Recording, Keeping}, readMessage},
		{"handover", []string{"partner"}, []string{"text", "category", "finished", "no-answer", "busy", "failed"}, []Phase{Handing}, readHandover},
		{"survey", []string{"text", "to"}, []string{"keys"}, []Phase{Listening}, readSurvey},
		{"end", nil, []string{"text"}, []Phase{Listening}, readEnd},
	}
}

// keys are all that may stand in a node of the kind.
func (k kind) keys() []string { return slices.Concat([]string{"kind"}, k.needs, k.may) }

// Kinds lists the names of the kinds of node there are.
func Kinds() []string {
	var names []string
	for _, k := range kinds() {
		names = append(names, k.name)
	}
	return names
}

// readNode reads one entry of "nodes"; nil when it cannot be told what it is.
func readNode(e entry) node {
	e.what = fmt.Sprintf("node %q", clip(e.key))
	if !checkName(e.at, e.key, e.log) {
		return nil
	}
	named, ok := e.peek("kind")
	if !ok {
		if e.value.Kind != yaml.MappingNode {
			e.wrongType("a set of keys", "write its keys under it, one step further in")
			return nil
		}
		e.log.add(e.at, CodeMissingKey, e.what+` has no "kind"`, "say which kind it is: "+strings.Join(Kinds(), ", "))
		return nil
	}
	name, ok := named.str()
	if !ok {
		return nil
	}
	for _, k := range kinds() {
		if k.name == name {
			return k.read(e.fields(k.keys()...), base{e.key, k.name, e.at, k.phases})
		}
	}
	e.log.add(named.here(), CodeUnknownKind, fmt.Sprintf("%s is of kind %q, which does not exist", e.what, clip(name)), e.log.cureName(name, Kinds()))
	return nil
}
