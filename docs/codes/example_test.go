package codes_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"ikomek109/flows"
)

// example is a piece of a flow, or commands that make a file which no page can
// show as it is.
type example struct {
	form string // yaml: a piece of a flow; "yaml whole": all of one; sh: commands
	text string
}

var block = regexp.MustCompile("(?s)^```([a-z ]+)\n(.*?)```\n$")

func readExample(t *testing.T, fenced string) example {
	t.Helper()
	m := block.FindStringSubmatch(fenced)
	if m == nil {
		t.Fatalf("no example:\n%s", fenced)
	}
	return example{form: m[1], text: m[2]}
}

// findings checks the example as a file of this name. Lines are counted within
// the example.
func (e example) findings(t *testing.T, name string) flows.Findings {
	t.Helper()
	dir := t.TempDir()
	hidden := 0
	switch e.form {
	case "sh":
		cmd := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", e.text) //nolint:gosec // a page of ours
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s%s", err, e.text, out)
		}
	case "yaml", "yaml whole":
		text := e.text
		if e.form == "yaml" {
			text = framed(t, e.text)
			hidden = strings.Count(text[:strings.Index(text, e.text)], "\n")
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	default:
		t.Fatalf("an example cannot be in %q", e.form)
	}
	flow, found := flows.Load(os.DirFS(dir), name, known())
	if flow != nil {
		found = append(found, flow.CheckTerms(day())...)
	}
	for i := range found {
		found[i].Line = max(0, found[i].Line-hidden)
	}
	return found
}

var firstNode = regexp.MustCompile(`(?m)^nodes:\n  ([a-z0-9-]+):`)

// framed puts around a piece of a flow what every flow has and the piece leaves
// out: its name, its entrances, an operator and a goodbye.
func framed(t *testing.T, piece string) string {
	t.Helper()
	m := firstNode.FindStringSubmatch(piece)
	if m == nil {
		t.Fatalf("a piece of a flow must have a node:\n%s", piece)
	}
	above := ""
	for _, line := range []string{"flow: example", "start: " + m[1], "operator: operator", "goodbye: goodbye"} {
		key, _, _ := strings.Cut(line, " ")
		if !strings.HasPrefix(piece, key) && !strings.Contains(piece, "\n"+key) {
			above += line + "\n"
		}
	}
	return above + piece + "  operator: {kind: queue, queue: main}\n  goodbye: {kind: end}\n"
}

// known is what the settings of the examples have.
func known() flows.Known {
	return flows.Known{Queues: []string{"main"}, Partners: []string{"112"}, Hosts: []string{"city.local"}}
}
