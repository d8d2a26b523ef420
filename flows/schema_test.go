package flows_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ikomek109/flows"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

// compiled is the schema as an editor would load it.
func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := flows.Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft4) // the schema itself must say that it is draft 7
	if err := c.AddResource("flow.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("flow.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if s.DraftVersion != 7 {
		t.Fatalf("draft %d", s.DraftVersion)
	}
	return s
}

// plain is a YAML text the way editors see it: days are texts.
func plain(t *testing.T, text string) (any, bool) {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Load([]byte(text), &doc); err != nil || len(doc.Content) == 0 {
		return nil, false
	}
	return plainNode(t, doc.Content[0]), true
}

func plainNode(t *testing.T, n *yaml.Node) any {
	t.Helper()
	switch n.Kind {
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plainNode(t, n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		all := make([]any, 0, len(n.Content))
		for _, c := range n.Content {
			all = append(all, plainNode(t, c))
		}
		return all
	case yaml.AliasNode:
		return n.Value
	default:
		return plainScalar(t, n)
	}
}

func plainScalar(t *testing.T, n *yaml.Node) any {
	t.Helper()
	if n.Tag == "!!str" || n.Tag == "!!timestamp" {
		return n.Value
	}
	var v any
	if err := n.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestTheSchemaTakesWhatTheCheckerTakes(t *testing.T) {
	s := compiled(t)
	_, example := exampleFlow(t)
	shippedText, err := os.ReadFile(flows.ShippedName)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"the package comment": example, "the shipped flow": string(shippedText), "small": small} {
		doc, ok := plain(t, text)
		if !ok {
			t.Fatalf("%s is not YAML", name)
		}
		if err := s.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestTheSchemaAgainstBrokenFlows wants the schema to refuse what is wrong in
// form, and to leave to the checker what only that can see.
func TestTheSchemaAgainstBrokenFlows(t *testing.T) {
	s := compiled(t)
	files, err := filepath.Glob("testdata/broken/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no broken flows: %v", err)
	}
	refused := 0
	for _, file := range files {
		text, err := os.ReadFile(file) //nolint:gosec // a file of the test's own folder
		if err != nil {
			t.Fatal(err)
		}
		doc, ok := plain(t, string(text))
		if !ok {
			continue // no YAML at all
		}
		_, found := flows.Load(os.DirFS("testdata/broken"), filepath.Base(file), inSettings())
		formal := slices.ContainsFunc(found, func(f flows.Finding) bool { return slices.Contains(formalCodes(), f.Code) })
		err = s.Validate(doc)
		if err == nil && formal && !slices.Contains(beyondSchemas(), filepath.Base(file)) {
			t.Errorf("%s is taken, but: %v", file, found)
		}
		if err != nil {
			refused++
			if !found.HasErrors() {
				t.Errorf("%s is refused, but the checker finds no error: %v", file, err)
			}
		}
	}
	if refused < 20 {
		t.Errorf("only %d broken flows are refused", refused)
	}
}

// formalCodes are the mistakes of form.
func formalCodes() []flows.Code {
	return []flows.Code{
		flows.CodeUnknownKey, flows.CodeMissingKey, flows.CodeWrongType, flows.CodeUnknownKind,
		flows.CodeMissingLanguage, flows.CodeTooManyOptions, flows.CodeNoOwner, flows.CodeUnknownPhrase,
	}
}

// beyondSchemas are broken flows whose mistakes of form no schema can see.
func beyondSchemas() []string { return nil }

// TestTheSchemaNeedsWhatTheCheckerNeeds takes each key out of a flow in turn:
// schema and checker must agree on whether it may be left out.
func TestTheSchemaNeedsWhatTheCheckerNeeds(t *testing.T) {
	s := compiled(t)
	_, text := exampleFlow(t)
	text = regexp.MustCompile(`(?m)\s+#.*$`).ReplaceAllString(text, "")
	var doc yaml.Node
	if err := yaml.Load([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	tried := 0
	var visit func(n *yaml.Node, path string)
	visit = func(n *yaml.Node, path string) {
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			whole := n.Content
			key := path + "/" + whole[i].Value
			n.Content = slices.Delete(slices.Clone(whole), i, i+2)
			without, err := yaml.Dump(&doc)
			if err != nil {
				t.Fatal(err)
			}
			_, found := loadBytes(string(without))
			left, _ := plain(t, string(without))
			refused := s.Validate(left)
			missing := slices.ContainsFunc(found, func(f flows.Finding) bool { return strings.Contains(f.Message, "has no \""+whole[i].Value+"\"") })
			if (refused != nil) != missing {
				t.Errorf("without %s: refused by the schema %v, missed by the checker %v: %v", key, refused, missing, found)
			}
			tried++
			n.Content = whole
			visit(whole[i+1], key)
		}
		for _, c := range n.Content {
			if n.Kind == yaml.SequenceNode {
				visit(c, path)
			}
		}
	}
	visit(doc.Content[0], "")
	if tried < 40 {
		t.Errorf("only %d keys were taken out", tried)
	}
}

// TestTheSchemaKnowsEveryKey wants each key of each kind to have its help.
func TestTheSchemaKnowsEveryKey(t *testing.T) {
	text, err := flows.Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	definitions := doc.(map[string]any)["definitions"].(map[string]any)
	for _, kind := range flows.Kinds() {
		d, ok := definitions["node-"+kind].(map[string]any)
		if !ok {
			t.Errorf("kind %s has no schema", kind)
			continue
		}
		for key, p := range d["properties"].(map[string]any) {
			m, ok := p.(map[string]any)
			if !ok || m["description"] == nil || m["description"] == "" {
				t.Errorf("key %s of kind %s has no help", key, kind)
			}
		}
	}
}
