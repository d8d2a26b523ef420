package docs_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"ikomek109/flows"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the keys of the schema into the page of the language")

// mapping is a part of the schema that has keys.
type mapping struct {
	Description string
	Default     any
	Required    []string
	Properties  map[string]mapping
	Definitions map[string]mapping
}

// keys lists those that must be there, then the others.
func (m mapping) keys() []string {
	return slices.Concat(m.Required, m.optional())
}

func (m mapping) optional() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(m.Properties)), func(key string) bool { return slices.Contains(m.Required, key) })
}

// brackets are the optional keys, as the page shows them.
func (m mapping) brackets(key string) string {
	if slices.Contains(m.Required, key) {
		return "`" + key + "`"
	}
	return "[`" + key + "`]"
}

// told is what the schema says about a key.
func (m mapping) told() string {
	words := strings.ReplaceAll(m.Description, "|", `\|`)
	if m.Default != nil {
		words += fmt.Sprintf(" By default %v.", m.Default)
	}
	return words
}

// TestEveryKeyIsTold holds the tables of keys to the schema, and the schema to
// having words for each key.
func TestEveryKeyIsTold(t *testing.T) {
	const begin, end = "<!-- keys -->\n", "<!-- end of keys -->\n"
	raw, err := os.ReadFile("menu.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, first := strings.Cut(string(raw), begin)
	page, after, last := strings.Cut(rest, end)
	if !first || !last {
		t.Fatalf("menu.md has no place for the keys: %q and %q", begin, end)
	}
	want := tables(t)
	if *update {
		if err := os.WriteFile("menu.md", []byte(before+begin+want+end+after), 0o600); err != nil { //nolint:gosec // a page of ours
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, page); diff != "" {
		t.Errorf("the keys on the page (-schema +page); write them with: go test ./docs -run EveryKey -update\n%s", diff)
	}
}

// tables are the keys of a file, of each kind of node, and of what stands in them.
func tables(t *testing.T) string {
	t.Helper()
	raw, err := flows.Schema()
	if err != nil {
		t.Fatal(err)
	}
	var file mapping
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	text.WriteString("\n| kind | what it does | its keys |\n|---|---|---|\n")
	nodes := mapping{Properties: map[string]mapping{}}
	for _, kind := range flows.Kinds() {
		node := file.Definitions["node-"+kind]
		var keys []string
		for _, key := range node.keys() {
			if key != "kind" {
				keys = append(keys, node.brackets(key))
				nodes.Properties[key] = node.Properties[key]
			}
		}
		fmt.Fprintf(&text, "| `%s` | %s | %s |\n", kind, node.Properties["kind"].told(), strings.Join(keys, ", "))
	}
	nodes.Required = nodes.optional() // which of them a kind needs stands above
	text.WriteString(table(t, "a node", nodes))
	text.WriteString(table(t, "an option of a menu", file.Definitions["option"]))
	text.WriteString(table(t, "a file", file))
	text.WriteString(table(t, "a category", file.Definitions["category"]))
	return text.String() + "\n"
}

func table(t *testing.T, of string, m mapping) string {
	t.Helper()
	if len(m.Properties) == 0 {
		t.Errorf("the schema has no keys of %s", of)
	}
	text := "\n| key of " + of + " | what it does |\n|---|---|\n"
	for _, key := range m.keys() {
		told := m.Properties[key].told()
		if told == "" {
			t.Errorf("the schema does not tell what %s of %s does", key, of)
		}
		text += "| " + m.brackets(key) + " | " + told + " |\n"
	}
	return text
}
