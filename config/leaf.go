package config

import (
	"reflect"

	"go.yaml.in/yaml/v4"
)

// leaf reads the value of one setting from the file.
func (f *fileReader) leaf(s setting, node *yaml.Node) {
	var value any
	ok := false
	switch s.kind {
	case reflect.TypeFor[[]string]():
		value, ok = f.list(s, node)
	case partnersType:
		value, ok = f.partners(s, node)
	case singleType:
		value, ok = f.single(s, node)
	default:
		value, ok = f.scalar(s, node)
	}
	if !ok {
		return
	}
	f.values[s.key] = value
	f.origins[s.key] = Origin{Source: SourceFile, Name: f.name, Line: node.Line, Column: node.Column}
}

func (f *fileReader) list(s setting, node *yaml.Node) (any, bool) {
	if node.Kind != yaml.SequenceNode || node.ShortTag() != "!!seq" {
		f.wrong(node, s.key, "must be a list", `write it as ["a", "b"]`)
		return nil, false
	}
	items := make([]string, 0, len(node.Content))
	for _, item := range node.Content {
		text, ok := f.text(s, item)
		if !ok {
			return nil, false
		}
		items = append(items, text)
	}
	return items, true
}

func (f *fileReader) scalar(s setting, node *yaml.Node) (any, bool) {
	text, ok := f.text(s, node)
	if !ok {
		return nil, false
	}
	value, err := parse(text, s.kind)
	if err != nil {
		f.wrong(node, s.key, shown(s, text)+err.Error(), "")
		return nil, false
	}
	return value, true
}

// text gives a scalar as it is written. Numbers pass: 109 is a fine number of a
// line. Words that YAML reads as something else (true, null, a date) do not:
// whoever means the word puts it in quotes.
func (f *fileReader) text(s setting, node *yaml.Node) (string, bool) {
	switch {
	case node.Kind == yaml.AliasNode:
		f.wrong(node, s.key, "aliases are not used in settings", "write the value out")
	case node.Kind != yaml.ScalarNode:
		f.wrong(node, s.key, "must be one value, not a list or a section", "write it on the same line")
	case node.ShortTag() == "!!null":
		f.wrong(node, s.key, "has no value", `write a value, "" for none, or remove the line for the default`)
	case node.ShortTag() == "!!bool" && s.kind == reflect.TypeFor[bool]():
		return node.Value, true
	case node.ShortTag() == "!!str", node.ShortTag() == "!!int", node.ShortTag() == "!!float":
		return node.Value, true
	default:
		f.wrong(node, s.key, shown(s, node.Value)+"is not a text", "put it in quotes if you mean it literally")
	}
	return "", false
}

// shown gives the value for a message, with a blank behind it; nothing for a secret.
func shown(s setting, text string) string {
	if s.secret() {
		return ""
	}
	return quote(text) + " "
}
