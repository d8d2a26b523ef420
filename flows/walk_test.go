package flows_test

import (
	"strings"
	"testing"

	"ikomek109/flows"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestParseWords(t *testing.T) {
	for script, want := range map[string]string{
		"":                             "",
		"251":                          "2 5 1",
		" 2\t5\n1 ":                    "2 5 1",
		"star hash *# AD":              "star hash * # A D",
		"silence listen hangup":        "silence listen hangup",
		"left:timeout left:failed":     "left:timeout left:failed",
		"left:no-agents left:overflow": "left:no-agents left:overflow",
		"left:":                        "error: \"\" is no reason",
		"left:Timeout":                 "error: \"Timeout\" is no reason",
		"1x":                           "error: \"1x\" is neither",
		"e":                            "error: \"e\" is neither",
		"١":                            "error: \"١\" is neither",
		strings.Repeat("1", 1001):      "error: there are more than 1000 words",
	} {
		words, err := flows.ParseWords(script)
		var got []string
		for _, w := range words {
			got = append(got, w.String())
		}
		if err != nil {
			got = []string{"error: " + err.Error()}
		}
		if text := strings.Join(got, " "); text != want && (err == nil || !strings.HasPrefix(text, want)) {
			t.Errorf("%.30q: %q, want %q", script, text, want)
		}
	}
}

// TestAKeyKeepsPromptsFromBeingBegun holds Said to what the line plays: with a
// key in the buffer a prompt that may be cut is not begun, another is.
func TestAKeyKeepsPromptsFromBeingBegun(t *testing.T) {
	_, text := exampleFlow(t)
	said := func(text, script string) []string {
		w := loadText(t, text).Walk(flows.Start{}, daytime())
		words, err := flows.ParseWords(script)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range words {
			if err := w.Do(word); err != nil {
				t.Fatal(err)
			}
		}
		var all []string
		for _, u := range w.Said() {
			all = append(all, string(u.Language)+":"+u.Phrase.ID)
		}
		return all
	}
	if diff := cmp.Diff([]string{"ru:water/text"}, said(text, "2 1")); diff != "" {
		t.Error(diff)
	}
	must := strings.Replace(text, "    to: language\n", "    to: again\n  again:\n    kind: say\n    text: {kk: Тыңдаңыз., ru: Послушайте.}\n    barge: false\n    to: language\n", 1)
	if diff := cmp.Diff([]string{"kk:again/text", "ru:again/text", "kk:operator/text"}, said(strings.Replace(must, "    queue: main\n", "    queue: main\n    text: {kk: Қосамыз., ru: Соединяем.}\n", 1), "0")[:3]); diff != "" {
		t.Error(diff)
	}
}

// TestAWalkIsACall wants a walk by any words to keep its form, and words that
// cannot be done to change nothing.
func TestAWalkIsACall(t *testing.T) {
	f := shipped(t)
	all := strings.Fields("0 1 2 3 4 5 9 A star hash silence listen hangup left:timeout left:no-agents")
	rapid.Check(t, func(t *rapid.T) {
		start := flows.Start{
			Node:     rapid.SampledFrom(append(f.Nodes(), "", "nowhere")).Draw(t, "node"),
			Language: rapid.SampledFrom([]flows.Language{"", "kk", "ru", "xx"}).Draw(t, "language"),
		}
		w := f.Walk(start, daytime())
		for _, text := range rapid.SliceOfN(rapid.SampledFrom(all), 0, 30).Draw(t, "words") {
			words, err := flows.ParseWords(text)
			if err != nil {
				t.Fatal(err)
			}
			before, events := string(mustJSON(w.State())), len(w.Events())
			if err := w.Do(words[0]); err != nil {
				if after := string(mustJSON(w.State())); after != before || len(w.Events()) != events {
					t.Fatalf("%s: %v, but the call has changed: %s", text, err, after)
				}
			}
			if f.KindOf(w.State().Node) == "" || w.State().Phase == "" {
				t.Fatalf("%s leads to %+v", text, w.State())
			}
		}
	})
}
