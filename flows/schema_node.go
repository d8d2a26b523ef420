package flows

import (
	"slices"

	"github.com/invopop/jsonschema"
)

// nodeSchema is a node of any kind: which keys it has follows from its kind.
func nodeSchema() *jsonschema.Schema {
	var names []any
	s := &jsonschema.Schema{Type: "object", Required: []string{"kind"}, Properties: jsonschema.NewProperties()}
	for _, k := range kinds() {
		names = append(names, k.name)
		is := jsonschema.NewProperties()
		is.Set("kind", &jsonschema.Schema{Const: k.name})
		s.AllOf = append(s.AllOf, &jsonschema.Schema{
			If:   &jsonschema.Schema{Properties: is, Required: []string{"kind"}},
			Then: refTo("node-" + k.name),
		})
	}
	s.Properties.Set("kind", &jsonschema.Schema{Enum: names, Description: "What the node does."})
	return s
}

// schema is a node of one kind.
func (k kind) schema() *jsonschema.Schema {
	properties := []property{{"kind", &jsonschema.Schema{Const: k.name, Description: k.does()}}}
	known := keySchemas()
	for _, key := range k.keys {
		properties = append(properties, property{key, known[key]})
	}
	return object(append([]string{"kind"}, k.needs()...), properties...)
}

// needs lists the keys that a node of the kind must have.
func (k kind) needs() []string {
	return slices.DeleteFunc(slices.Clone(k.keys), func(key string) bool {
		switch key {
		case "text":
			return k.name != "say" && k.name != "language" && k.name != "answer"
		case "to", "options", "owner", "valid", "queue":
			return false
		default:
			return true
		}
	})
}

// does tells in a line what a kind of node is for.
func (k kind) does() string {
	return map[string]string{
		"say":      "Says something and goes on by itself.",
		"language": "Lets the caller choose the language; silence means Kazakh.",
		"menu":     "Offers up to five ways on; the keys are added when it is spoken.",
		"answer":   "Reads an answer while it is in term, then offers to hear it again, to go back, or to end.",
		"queue":    "Hands the caller over to the agents.",
		"end":      "Says goodbye and hangs up when nothing more is asked.",
	}[k.name]
}

// keySchemas are the keys of nodes. A key means the same in every kind.
func keySchemas() map[string]*jsonschema.Schema {
	one, most := uint64(1), uint64(MaxOptions)
	return map[string]*jsonschema.Schema{
		"text":      told("What the caller hears, in both languages.", refTo("text")),
		"to":        told("The node that comes next.", refTo("name")),
		"barge":     {Type: "boolean", Default: true, Description: "Whether a key cuts it; the key is kept for the next node."},
		"options":   {Type: "array", Items: refTo("option"), MinItems: &one, MaxItems: &most, Description: "The options, most wanted first."},
		"owner":     {Type: "string", MinLength: &one, Description: "Who keeps the answer up to date."},
		"valid":     told("When the answer is true; out of it, it is not read.", refTo("term")),
		"category":  told("The topic under which the call is counted.", refTo("code")),
		"expired":   told("Where to go when the answer is out of term; the operator by default.", refTo("name")),
		"queue":     told("The queue to join.", refTo("name")),
		"no-agents": told("Where to go when nobody is on duty; without it the caller waits.", refTo("name")),
		"timeout":   told("Where to go when the wait was too long; without it the caller waits on.", refTo("name")),
		"overflow":  told("Where to go when the queue is full; without it the caller waits.", refTo("name")),
		"failed":    told("Where to go when the queue cannot be used; without it the caller waits.", refTo("name")),
	}
}

func optionSchema() *jsonschema.Schema {
	key := &jsonschema.Schema{Description: "The key, 1 to 9; by default the place in the list."}
	for r := '1'; r <= '9'; r++ {
		key.Enum = append(key.Enum, int(r-'0'), string(r))
	}
	return object([]string{"text", "to"},
		property{"text", told("The purpose alone; \"press one\" is added when it is spoken.", refTo("text"))},
		property{"to", told("The node it leads to.", refTo("name"))},
		property{"category", told("The topic under which the call is counted from here on.", refTo("code"))},
		property{"key", key},
		property{"name", told("The name of its phrase; by default that of the node it leads to.", refTo("name"))},
	)
}

func termSchema() *jsonschema.Schema {
	moment := func(what string) *jsonschema.Schema {
		return &jsonschema.Schema{
			Type: "string", Pattern: `^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$`,
			Description: what + ": 2026-12-31, or 2026-12-31T18:00, in city time.",
		}
	}
	return object([]string{"from", "until"},
		property{"from", moment("From when it is read")},
		property{"until", moment("Until when; a day counts whole")})
}
