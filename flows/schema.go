package flows

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/invopop/jsonschema"
)

// Schema is the JSON schema (draft 7) of a flow's file, made from the table of
// the kinds of node: editors take completion, help and first warnings from it.
// What it accepts can still be wrong, for the checker sees more: targets,
// circles, terms.
func Schema() ([]byte, error) {
	s := flowSchema()
	s.Version = "http://json-schema.org/draft-07/schema#"
	s.Title = "iKOMEK 109 flow"
	s.Extras = map[string]any{"definitions": definitions()} // $defs is not of draft 7
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the schema: %w", err)
	}
	return append(text, '\n'), nil
}

// namePattern is the form of names, as checkName has it.
func namePattern() string { return "^" + bareName() + "$" }

// variablePattern is the form of names of variables, as checkVariableName has it.
func variablePattern() string { return fmt.Sprintf("^[a-z][a-z0-9_]{0,%d}$", MaxName-1) }

func bareName() string { return fmt.Sprintf("[a-z][a-z0-9-]{0,%d}", MaxName-1) }

// property is one key of a mapping in the schema.
type property struct {
	name   string
	schema *jsonschema.Schema
}

// object is a mapping with these keys and no others.
func object(need []string, properties ...property) *jsonschema.Schema {
	s := &jsonschema.Schema{
		Type: "object", Required: need, Properties: jsonschema.NewProperties(),
		AdditionalProperties: jsonschema.FalseSchema,
	}
	for _, p := range properties {
		s.Properties.Set(p.name, p.schema)
	}
	return s
}

// named is a mapping whose keys the author chooses.
func named(value *jsonschema.Schema) *jsonschema.Schema {
	return &jsonschema.Schema{
		Type: "object", PropertyNames: &jsonschema.Schema{Pattern: namePattern()}, AdditionalProperties: value,
	}
}

// variables is a mapping by names of variables.
func variables(value *jsonschema.Schema) *jsonschema.Schema {
	s := named(value)
	s.PropertyNames.Pattern = variablePattern()
	return s
}

func refTo(definition string) *jsonschema.Schema {
	return &jsonschema.Schema{Ref: "#/definitions/" + definition}
}

// told is a part of the schema with the help that an editor shows. Beside a
// $ref nothing else counts in draft 7, hence the allOf.
func told(description string, s *jsonschema.Schema) *jsonschema.Schema {
	if s.Ref != "" {
		return &jsonschema.Schema{Description: description, AllOf: []*jsonschema.Schema{s}}
	}
	s.Description = description
	return s
}

func flowSchema() *jsonschema.Schema {
	name := &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string"}, {Type: "integer"}}}
	return object([]string{"flow", "start", "operator", "goodbye", "nodes"},
		property{"flow", told("The name of the flow, such as \"109\".", name)},
		property{"start", told("The node where a call begins.", refTo("name"))},
		property{"operator", told("The node of kind queue to which 0 leads, and whoever is not understood.", refTo("name"))},
		property{"goodbye", told("The node of kind end for a caller who wants no more.", refTo("name"))},
		property{"include", filesSchema()},
		property{"calendars", calendarsSchema()},
		property{"modes", modesSchema()},
		property{"vars", told("Values that a call carries along, typed or looked up, by name.", variables(refTo("var")))},
		property{"categories", told("Topics under which calls are counted, in two levels.", named(refTo("category")))},
		property{"phrases", told("Own words for phrases of the program.", phrasesSchema())},
		property{"nodes", told("The places of the menu, by name.", named(refTo("node")))},
	)
}

// phrasesSchema lists the phrases of the program, so that an editor can offer
// them with their words.
func phrasesSchema() *jsonschema.Schema {
	own := readSystem(newLog())
	var all []property
	for _, id := range slices.Sorted(maps.Keys(own)) {
		t := own[id].Text
		all = append(all, property{id, told(t.KK+" — "+t.RU, refTo("text"))})
	}
	return object(nil, all...)
}

func definitions() map[string]*jsonschema.Schema {
	words := func(language string, most uint64) *jsonschema.Schema {
		least := uint64(1)
		return &jsonschema.Schema{Type: "string", MinLength: &least, MaxLength: &most, Description: "What is said in " + language + "; numbers in words."}
	}
	level := func(need []string, more ...property) *jsonschema.Schema {
		return object(need, append([]property{
			{"name", told("Its name in lists and reports.", refTo("text"))},
			{"announce", told("The word or two that an agent hears before the caller.", refTo("text"))},
		}, more...)...)
	}
	all := map[string]*jsonschema.Schema{
		"name":     {Type: "string", Pattern: namePattern()},
		"variable": {Type: "string", Pattern: variablePattern()},
		"var":      varSchema(),
		"code":     {Type: "string", Pattern: "^" + bareName() + "(/" + bareName() + ")?$"},
		"text": object([]string{string(Kazakh), string(Russian)},
			property{string(Kazakh), words("Kazakh", MaxText)}, property{string(Russian), words("Russian", MaxText)}),
		"bulletin": object([]string{string(Kazakh), string(Russian)},
			property{string(Kazakh), words("Kazakh", maxBulletinText)}, property{string(Russian), words("Russian", maxBulletinText)}),
		"category": level([]string{"name", "announce"},
			property{"sub", told("The second level, used as first/second.", named(refTo("subcategory")))}),
		"subcategory": level([]string{"name"}),
		"option":      optionSchema(),
		"term":        termSchema(),
		"node":        nodeSchema(),
	}
	for _, k := range kinds() {
		all["node-"+k.name] = k.schema()
	}
	return all
}

// filesSchema is a list of files that belong to the flow.
func filesSchema() *jsonschema.Schema {
	most := uint64(MaxFiles)
	return &jsonschema.Schema{
		Type: "array", MaxItems: &most, Items: &jsonschema.Schema{Type: "string"},
		Description: "Files beside this one or below it that are a part of the flow, such as partners/water.yaml. They may have categories, nodes, phrases, vars, calendars and files of their own.",
	}
}

func calendarsSchema() *jsonschema.Schema {
	s := told("Files that tell when something is open, by the name that conditions ask for: open(\"office\").", named(&jsonschema.Schema{Type: "string"}))
	return s
}
