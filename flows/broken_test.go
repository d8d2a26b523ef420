package flows_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ikomek109/flows"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the findings in testdata/broken anew")

// TestBroken holds each broken flow to its exact findings.
func TestBroken(t *testing.T) {
	files, err := filepath.Glob("testdata/broken/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no broken flows: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			f, found := flows.Load(os.DirFS("testdata/broken"), filepath.Base(file), inSettings())
			if (f == nil) != found.HasErrors() {
				t.Errorf("flow %v, errors %v", f != nil, found.HasErrors())
			}
			var got strings.Builder
			for _, one := range found {
				got.WriteString(one.String() + "\n")
			}
			golden := strings.TrimSuffix(file, ".yaml") + ".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(got.String()), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden) //nolint:gosec // a file of the test's own folder
			if err != nil {
				t.Fatalf("%v; look at the findings and write them with -update:\n%s", err, got.String())
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if len(found) == 0 {
				t.Error("nothing is found: the file is not broken")
			}
		})
	}
}

// TestEveryCodeIsShown wants a broken flow, named after it, for each code that
// a file alone can cause.
func TestEveryCodeIsShown(t *testing.T) {
	elsewhere := map[flows.Code]bool{flows.CodeUnreadable: true, flows.CodeTooBig: true, flows.CodeOutOfTerm: true}
	for _, code := range flows.Codes() {
		if elsewhere[code] {
			continue
		}
		files, _ := filepath.Glob("testdata/broken/" + string(code) + "*.txt")
		shown := false
		for _, file := range files {
			text, err := os.ReadFile(file) //nolint:gosec // a file of the test's own folder
			if err != nil {
				t.Fatal(err)
			}
			shown = shown || strings.Contains(string(text), " "+string(code)+": ")
		}
		if !shown {
			t.Errorf("no file testdata/broken/%s*.yaml has the finding %s", code, code)
		}
	}
}

// TestEveryKindCanBreak wants a broken flow for each kind of node.
func TestEveryKindCanBreak(t *testing.T) {
	files, err := filepath.Glob("testdata/broken/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file) //nolint:gosec // a file of the test's own folder
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	nodes := map[string]string{
		"say": "welcome", "language": "language", "menu": "topics", "answer": "water", "queue": "operator", "end": "bye",
		"input": "account", "lookup": "bill", "callback": "callback", "message": "message", "handover": "ambulance", "survey": "rating", "switch": "who",
	}
	for _, kind := range flows.Kinds() {
		if node, ok := nodes[kind]; !ok || !strings.Contains(all.String(), `node "`+node+`"`) {
			t.Errorf("no broken flow has a finding about a node of kind %s", kind)
		}
	}
}

// inSettings is what the settings of the broken flows have.
func inSettings() flows.Known {
	return flows.Known{Queues: []string{"main", "water"}, Partners: []string{"ambulance", "police"}, Hosts: []string{"192.0.2.10:8080"}}
}
