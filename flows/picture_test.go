package flows_test

import (
	"strings"
	"testing"

	"ikomek109/flows"
)

func TestPictures(t *testing.T) {
	f, text := exampleFlow(t)
	golden(t, "testdata/graph/example.mmd", f.Mermaid())
	golden(t, "testdata/graph/example.dot", f.DOT())

	text = strings.Replace(text, "    queue: main\n", "    queue: main\n    timeout: topics\n    overflow: topics\n", 1)
	text = strings.ReplaceAll(text, "topics", "end") // a word of both languages
	text = strings.Replace(text, `flow: "109"`, `flow: 'a"] --> x; %%{init: {}}%% \" <script>'`, 1)
	hostile := loadText(t, text)
	golden(t, "testdata/graph/hostile.mmd", hostile.Mermaid())
	golden(t, "testdata/graph/hostile.dot", hostile.DOT())
}

// TestPicturesShowEverything wants every node and every written way of the
// shipped flow in both pictures.
func TestPicturesShowEverything(t *testing.T) {
	f := shipped(t)
	for _, node := range f.Nodes() {
		if !strings.Contains(f.Mermaid(), `"`+node+`<br/>`+f.KindOf(node)+`"`) {
			t.Errorf("Mermaid shows no node %s", node)
		}
		for _, w := range f.Ways(node) {
			if w.Implied {
				continue
			}
			if !strings.Contains(f.DOT(), `"`+node+`" -> "`+w.To+`" [label="`) {
				t.Errorf("DOT shows no way from %s to %s", node, w.To)
			}
		}
	}
}

func TestWaysLeadToNodes(t *testing.T) {
	f := shipped(t)
	for _, node := range f.Nodes() {
		ways := f.Ways(node)
		if len(ways) == 0 && node != f.Operator() && node != f.Goodbye() {
			t.Errorf("nothing leads on from %s", node)
		}
		for _, w := range ways {
			if f.KindOf(w.To) == "" {
				t.Errorf("%s leads to %q", node, w.To)
			}
		}
	}
	if f.Ways("nowhere") != nil || f.KindOf(f.Start()) != "say" {
		t.Error("the ends of the flow are wrong")
	}
}

func TestEveryCodeIsDescribed(t *testing.T) {
	seen := map[string]flows.Code{}
	for _, code := range flows.Codes() {
		text := code.Describe()
		if len(text) < 15 || !strings.HasSuffix(text, ".") || strings.Contains(text, "\n") || seen[text] != "" {
			t.Errorf("%s: %q", code, text)
		}
		seen[text] = code
	}
	if flows.Code("no-such-code").Describe() != "" {
		t.Error("a code that there is not is described")
	}
}
