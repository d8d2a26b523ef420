package flows

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

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
	for _, key := range slices.Concat(k.needs, k.may) {
		properties = append(properties, property{key, known[key]})
	}
	return object(append([]string{"kind"}, k.needs...), properties...)
}

// does tells in a line what a kind of node is for.
func (k kind) does() string {
	return map[string]string{
		"say":      "Says something and goes on by itself.",
		"language": "Lets the caller choose the language; silence means Kazakh.",
		"menu":     "Offers up to five ways on; the keys are added when it is spoken.",
		"answer":   "Reads an answer while it is in term, then offers to hear it again, to go back, or to end.",
		"input":    "Takes digits that the caller types into a variable.",
		"lookup":   "Asks a service of the city, by HTTP GET, and takes values from its answer.",
		"switch":   "Leads on by conditions, without a word.",
		"queue":    "Hands the caller over to the agents.",
		"callback": "Notes that the caller wants to be called back.",
		"message":  "Lets the caller leave a recording for the people of a queue.",
		"handover": "Connects the caller with a partner of the settings.",
		"survey":   "Asks for one key of a range, such as a mark for the operator.",
		"end":      "Says goodbye and hangs up when nothing more is asked.",
	}[k.name]
}

// keySchemas are the keys of nodes. A key means the same in every kind.
func keySchemas() map[string]*jsonschema.Schema {
	one, most := uint64(1), uint64(MaxOptions)
	return map[string]*jsonschema.Schema{
		"text":     told("What the caller hears, in both languages.", refTo("text")),
		"to":       told("The node that comes next.", refTo("name")),
		"barge":    {Type: "boolean", Default: true, Description: "Whether a key cuts it; the key is kept for the next node."},
		"options":  {Type: "array", Items: refTo("option"), MinItems: &one, MaxItems: &most, Description: "The options, most wanted first."},
		"owner":    {Type: "string", MinLength: &one, Description: "Who keeps the answer up to date."},
		"valid":    told("When the answer is true; out of it, it is not read.", refTo("term")),
		"category": told("The topic under which the call is counted.", refTo("code")),
		"expired":  told("Where to go when the answer is out of term; the operator by default.", refTo("name")),
		"queue":    told("The queue to join, or whose people it is for.", refTo("name")),
		"other-language": {
			Type: "boolean", Default: false,
			Description: "Whether an agent of the other language will do, after the wait that the settings give.",
		},
		"no-agents": told("Where to go when nobody on duty can serve the caller: at once, or when that is so at two announcements running. Without it, and when led back here, the caller waits.", refTo("name")),
		"timeout":   told("Where to go when the wait was too long; without it the caller waits on.", refTo("name")),
		"overflow":  told("Where to go when the queue is full; without it the caller waits.", refTo("name")),
		"failed":    told("Where to go when it cannot be done; a queue without it lets the caller wait.", refTo("name")),
		"cases":     casesSchema(),
		"order":     orderSchema(),
		"else":      told("Where to go when no case holds.", refTo("name")),
		"callback":  told("Where 1 leads a caller who waits, mostly to a node of kind callback; the place is kept meanwhile.", refTo("name")),
		"after":     told("Where a caller goes on when the agent hangs up, such as to a survey; without it the call ends.", refTo("name")),
		"length":    lengthSchema(),
		"into":      told("The variable that keeps what is typed.", refTo("variable")),
		"first":     lasting("How long the first digit is waited for"),
		"gap":       lasting("How long the next digit is waited for"),
		"confirm":   {Type: "boolean", Default: false, Description: "Whether the digits are read back, and asked about."},
		"public":    {Type: "boolean", Default: false, Description: "Whether the digits may stand in the record: not when they say who somebody is."},
		"url":       {Type: "string", Pattern: "^https?://", Description: "What to ask: http://host/path/{variable}. The settings list the hosts."},
		"take":      takeSchema(),
		"within":    lasting("How long the answer is waited for, 10s at most"),
		"longest":   lasting("How long a message may be, 5m at most"),
		"partner": {
			Description: "The code of the partner in the settings, such as ambulance, or 112.",
			AnyOf:       []*jsonschema.Schema{{Type: "string", Pattern: fmt.Sprintf("^[a-z0-9-]{1,%d}$", MaxName-1)}, {Type: "integer"}},
		},
		"finished":  told("Where to go when the partner hangs up; the goodbye by default.", refTo("name")),
		"no-answer": told("Where to go when nobody picks up; the operator by default.", refTo("name")),
		"busy":      told("Where to go when the partner is busy; the operator by default.", refTo("name")),
		"keys":      {Type: "string", Pattern: "^[1-8]-[2-9]$", Description: "The keys that are marks, such as 1-5."},
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

// lasting is a length of time in the schema.
func lasting(what string) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: `^[0-9.hms]+$`, Description: what + ": 20s, 2m."}
}

func lengthSchema() *jsonschema.Schema {
	digits := func(what string) *jsonschema.Schema {
		return &jsonschema.Schema{Type: "integer", Minimum: "1", Maximum: json.Number(strconv.Itoa(maxDigits)), Description: what}
	}
	return &jsonschema.Schema{
		Description: "How many digits: 8, or {min: 6, max: 10}.",
		AnyOf: []*jsonschema.Schema{digits("Exactly so many."), object([]string{"min", "max"},
			property{"min", digits("At least so many.")}, property{"max", digits("At most so many.")})},
	}
}

func takeSchema() *jsonschema.Schema {
	one, most := uint64(1), uint64(maxTaken)
	return &jsonschema.Schema{
		Type: "object", Description: "What is taken from the answer: a variable, and where its value stands, as a JSON pointer.",
		PropertyNames: &jsonschema.Schema{Pattern: variablePattern()}, MinProperties: &one, MaxProperties: &most,
		AdditionalProperties: &jsonschema.Schema{Type: "string", Pattern: "^/"},
	}
}

// varSchema is one variable: its type, or that and its start.
func varSchema() *jsonschema.Schema {
	kind := func() *jsonschema.Schema {
		s := &jsonschema.Schema{Type: "string", Description: "What it is."}
		for _, one := range ValueTypes() {
			s.Enum = append(s.Enum, one)
		}
		return s
	}
	start := &jsonschema.Schema{
		Description: "What it is until something sets it.", AnyOf: []*jsonschema.Schema{{Type: "string"}, {Type: "integer"}},
	}
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{kind(), object([]string{"type"}, property{"type", kind()}, property{"start", start})}}
}

func casesSchema() *jsonschema.Schema {
	one, most, longest := uint64(1), uint64(maxSwitch), uint64(maxCondition)
	when := &jsonschema.Schema{
		Type: "string", MinLength: &one, MaxLength: &longest,
		Description: `When it holds, such as mode == "emergency", not open("office"), queue("main").waiting > 20, calls_today > 3.`,
	}
	return &jsonschema.Schema{
		Type: "array", MinItems: &one, MaxItems: &most, Description: "The cases; the first that holds leads on.",
		Items: object([]string{"when", "to"}, property{"when", when}, property{"to", told("The node it leads to.", refTo("name"))}),
	}
}

func orderSchema() *jsonschema.Schema {
	demand := &jsonschema.Schema{Const: byDemand, Description: "What callers chose most in the last hours comes first."}
	var modes []property
	for _, mode := range Modes() {
		first := &jsonschema.Schema{Type: "array", Items: refTo("name"), Description: "These options come first, by their names or the nodes they lead to."}
		modes = append(modes, property{mode, &jsonschema.Schema{AnyOf: []*jsonschema.Schema{demand, first}, Description: "The order in this mode."}})
	}
	return &jsonschema.Schema{
		Description: "The order of the options, where it is not that of the file; the keys follow it.",
		AnyOf:       []*jsonschema.Schema{demand, object(nil, modes...)},
	}
}

// modesSchema is what the line does first in each mode.
func modesSchema() *jsonschema.Schema {
	var modes []property
	for _, mode := range Modes() {
		modes = append(modes, property{mode, told("What the line does first in this mode.", object(nil,
			property{"bulletin", told("Said to every caller first, in both languages; five minutes at most.", refTo("bulletin"))}))})
	}
	return told("What is otherwise in a mode of the line.", object(nil, modes...))
}
