package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// fileReader turns the text of a settings file into values by key, and notes
// every problem with its place.
type fileReader struct {
	schema   *schema
	name     string
	values   map[string]any
	origins  map[string]Origin
	problems Problems
	more     int // problems beyond mostProblems
}

func newFileReader(s *schema, name string) *fileReader {
	return &fileReader{schema: s, name: name, values: map[string]any{}, origins: map[string]Origin{}}
}

// read takes the whole text. It never fails: problems are noted.
func (f *fileReader) read(text []byte) {
	if len(text) > largestFile {
		f.note(0, 0, "", fmt.Sprintf("the file is larger than %d KB", largestFile>>10), "is this the right file?")
		return
	}
	text = withoutMark(text)
	if line, column, what := illegal(text); line > 0 {
		f.note(line, column, "", "the file holds "+what, "save it as plain text in UTF-8")
		return
	}
	root, ok := f.document(text)
	if !ok || root == nil {
		return
	}
	f.section(root, "")
	if f.more > 0 {
		f.problems = append(f.problems, Problem{
			Origin:  Origin{Source: SourceFile, Name: f.name},
			Message: fmt.Sprintf("and %d more problems", f.more), Cure: "mend the first ones and check again",
		})
	}
}

// document parses the one document; nil means that the file is empty.
func (f *fileReader) document(text []byte) (*yaml.Node, bool) {
	loader, err := yaml.NewLoader(bytes.NewReader(text), yaml.WithV4Defaults(),
		yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(deepest))))
	if err != nil {
		f.syntax(err)
		return nil, false
	}
	var doc, second yaml.Node
	if err := loader.Load(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, true
		}
		f.syntax(err)
		return nil, false
	}
	if err := loader.Load(&second); !errors.Is(err, io.EOF) {
		if err != nil {
			f.syntax(err)
			return nil, false
		}
		f.note(second.Line, second.Column, "", "a second document begins here", "keep one: remove the line ---")
		return nil, false
	}
	if len(doc.Content) == 0 {
		return nil, true
	}
	return doc.Content[0], true
}

func (f *fileReader) syntax(err error) {
	var at *yaml.LoadError
	if !errors.As(err, &at) {
		f.note(0, 0, "", "this is not YAML", "check indentation and quotes")
		return
	}
	f.note(at.Mark.Line, at.Mark.Column, "", "this is not YAML: "+at.Message,
		"check the indentation (spaces, no tabs), the quotes and the colon before a value on this line and the one above")
}

// section reads the keys below one section.
func (f *fileReader) section(node *yaml.Node, section string) {
	if node.ShortTag() == "!!null" && node.Kind == yaml.ScalarNode {
		return // a section whose keys are all commented out
	}
	if node.Kind != yaml.MappingNode || node.ShortTag() != "!!map" {
		f.wrong(node, section, "must hold keys, one per line", "known: "+strings.Join(f.schema.sections[section], ", "))
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if !f.plainKey(key, section) {
			continue
		}
		if first, twice := seen[key.Value]; twice {
			f.wrong(key, join(section, key.Value), fmt.Sprintf("is set twice, first on line %d", first), "keep one of them")
			continue
		}
		seen[key.Value] = key.Line
		f.entry(key, value, section)
	}
}

func (f *fileReader) plainKey(key *yaml.Node, section string) bool {
	if key.Kind != yaml.ScalarNode || key.ShortTag() == "!!merge" {
		f.wrong(key, section, "a key must be a plain word", "anchors, aliases and << are not used in settings: write the keys out")
		return false
	}
	return true
}

// entry reads one key and its value.
func (f *fileReader) entry(key, value *yaml.Node, section string) {
	full := join(section, key.Value)
	switch leaf, known := f.schema.byKey[full]; {
	case known && !strings.Contains(key.Value, "."):
		f.leaf(leaf, value)
	case key.Value != "" && f.schema.isSection(full) && !strings.Contains(key.Value, "."):
		f.section(value, full)
	default:
		f.note(key.Line, key.Column, "", "unknown key "+quote(full), f.schema.unknownKey(section, key.Value))
	}
}

func (f *fileReader) wrong(node *yaml.Node, key, message, cure string) {
	f.note(node.Line, node.Column, key, message, cure)
}

func (f *fileReader) note(line, column int, key, message, cure string) {
	if len(f.problems) >= mostProblems {
		f.more++
		return
	}
	f.problems = append(f.problems, Problem{
		Origin: Origin{Source: SourceFile, Name: f.name, Line: line, Column: column},
		Key:    key, Message: message, Cure: cure,
	})
}
