package flows_test

import (
	"cmp"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"go.yaml.in/yaml/v4"

	"ikomek109/flows"
)

func TestShippedFlowHasNoFindings(t *testing.T) {
	f, found := flows.Load(flows.Shipped, flows.ShippedName, flows.Known{})
	for _, one := range found {
		t.Error(one)
	}
	if f == nil {
		t.Fatal("the shipped flow does not load")
	}
	for _, one := range f.CheckTerms(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)) {
		t.Error(one)
	}
}

// TestShippedTopics holds the flow to the topics that a city must answer.
func TestShippedTopics(t *testing.T) {
	want := map[string]string{
		"11": "checkpoints/entry", "12": "checkpoints/documents",
		"21": "curfew", "22": "movement",
		"31": "transport/routes", "32": "transport/fare",
		"41": "health/doctor", "42": "health/infection",
		"51": "utilities/water", "52": "utilities/power", "53": "utilities/heating", "54": "utilities/gas",
	}
	for i, language := range flows.Languages() {
		for keys, category := range want {
			c := call(t, shipped(t)).do(string('1'+rune(i)) + keys)
			if c.last.State.Category != category || c.last.State.Language != language {
				t.Errorf("%s in %s: category %q, want %q", keys, language, c.last.State.Category, category)
			}
			if c.last.State.Phase != flows.Playing {
				t.Errorf("%s in %s: no answer is read at %q", keys, language, c.last.State.Node)
			}
		}
	}
}

// walker walks every key that a flow offers aloud, in one mode, in every language.
type walker struct {
	t       *testing.T
	flow    *flows.Flow
	mode    string
	seen    map[string]bool // "language node"
	ways    map[string]bool // "language node option", by its key in the file
	pressed int
}

func TestShippedWalkEveryOption(t *testing.T) {
	f := shipped(t)
	seen := map[string]bool{}
	for _, mode := range flows.Modes() {
		w := newWalker(t, f, mode)
		w.walk("")
		if w.pressed < 60 {
			t.Errorf("only %d keys were walked in the mode %s", w.pressed, mode)
		}
		maps.Copy(seen, w.seen)
	}
	for _, language := range flows.Languages() {
		for _, node := range f.Nodes() {
			byKeys := slices.Contains([]string{"menu", "answer", "handover"}, f.KindOf(node)) && node != "busy" // the queue leads there
			if byKeys && !seen[string(language)+" "+node] {
				t.Errorf("no caller gets to %s in %s", node, language)
			}
		}
	}
}

func newWalker(t *testing.T, f *flows.Flow, mode string) *walker {
	return &walker{t: t, flow: f, mode: mode, seen: map[string]bool{}, ways: map[string]bool{}}
}

// call begins a call in the walker's mode and does a script.
func (w *walker) call(script string) *caller {
	w.t.Helper()
	c := &caller{t: w.t, flow: w.flow, env: daytime()}
	c.env.Mode = w.mode
	c.accept(w.flow.Begin(c.env))
	return c.do(script)
}

// walk presses each key offered after a script, and goes on from there.
func (w *walker) walk(script string) {
	c := w.call(script)
	for c.last.State.Phase == flows.Playing {
		w.checkSpeech(c, script)
		c.feed(flows.Played{})
	}
	w.checkSpeech(c, script)
	where := string(c.last.State.Language) + " " + c.last.State.Node
	if w.seen[where] && c.last.State.LanguageChosen {
		return
	}
	w.seen[where] = c.last.State.LanguageChosen
	for _, key := range spokenKeys(c.last.Actions) {
		w.pressed++
		after := w.call(script + key)
		for _, e := range after.last.Events {
			if e.Kind == flows.EventWrong {
				w.t.Errorf("after %q the key %s is offered and does not work", script, key)
			}
			if e.Kind == flows.EventChosen {
				w.ways[way(c.last.State.Language, e.Node, cmp.Or(e.Way, e.Key))] = true
			}
		}
		w.walk(script + key)
	}
}

// checkSpeech wants every word in the language that the caller chose.
func (w *walker) checkSpeech(c *caller, script string) {
	if !c.last.State.LanguageChosen || c.last.State.Node == "language" {
		return
	}
	for _, a := range c.last.Actions {
		say, ok := a.(flows.Say)
		for _, u := range say.Utterances {
			if ok && u.Language != c.last.State.Language {
				w.t.Errorf("after %q, %s is said in %s", script, u.Phrase.ID, u.Language)
			}
			if len(u.Values) == 0 && strings.ContainsAny(u.Text(), "{}") {
				w.t.Errorf("after %q, %s has a value that nothing fills", script, u.Phrase.ID)
			}
		}
	}
}

func way(l flows.Language, node, on string) string { return string(l) + " " + node + " " + on }

// TestShippedTestsWalkEveryMode wants the tests beside the menu to walk, in each
// mode and language, every option that a caller can get to in it.
func TestShippedTestsWalkEveryMode(t *testing.T) {
	f := shipped(t)
	for _, mode := range flows.Modes() {
		w := newWalker(t, f, mode)
		w.walk("")
		cover := runCasesOf(t, f, mode)
		for _, gap := range cover.Gaps {
			for _, l := range gap.Languages {
				if w.ways[way(l, gap.Node, gap.On)] {
					t.Errorf("in the mode %s, no test walks in %s from %s by %s to %s", mode, l, gap.Node, gap.On, gap.To)
				}
			}
		}
		if len(w.ways) < 40 {
			t.Errorf("in the mode %s the callers chose %d options only", mode, len(w.ways))
		}
	}
}

// runCasesOf runs those of the menu's tests that are made in one mode.
func runCasesOf(t *testing.T, f *flows.Flow, mode string) flows.Coverage {
	t.Helper()
	raw, err := os.ReadFile(flows.TestsName(flows.ShippedName))
	if err != nil {
		t.Fatal(err)
	}
	var suite struct {
		Given yaml.Node   `yaml:"given"`
		Cases []yaml.Node `yaml:"cases"`
	}
	if err := yaml.Load(raw, &suite); err != nil {
		t.Fatal(err)
	}
	suite.Cases = slices.DeleteFunc(suite.Cases, func(c yaml.Node) bool {
		var of struct{ Given struct{ Mode string } }
		if err := c.Decode(&of); err != nil {
			t.Fatal(err)
		}
		return cmp.Or(of.Given.Mode, "daily") != mode
	})
	if raw, err = yaml.Dump(suite); err != nil {
		t.Fatal(err)
	}
	s, found := flows.LoadSuite(fstest.MapFS{"one.test.yaml": {Data: raw}}, "one.test.yaml", f)
	if s == nil {
		t.Fatal(found)
	}
	return s.Run().Coverage
}

func TestAPurposeIsReadAsSomethingThatGoesOn(t *testing.T) {
	p, _ := shipped(t).Phrase("utilities/to-utilities-water")
	if p.Text.KK != "Су туралы білу үшін," || p.Text.RU != "Чтобы узнать о воде," {
		t.Errorf("%+v", p)
	}
}

// spokenKeys lists the keys that the actions tell the caller to press.
func spokenKeys(actions []flows.Action) []string {
	signs := map[string]string{"star": "*", "hash": "#"}
	var keys []string
	for _, a := range actions {
		say, _ := a.(flows.Say)
		for _, u := range say.Utterances {
			if key, ok := strings.CutPrefix(u.Phrase.ID, "key/"); ok {
				if sign, named := signs[key]; named {
					key = sign
				}
				keys = append(keys, key)
			}
		}
	}
	return keys
}

func TestShippedPhrases(t *testing.T) {
	f := shipped(t)
	for _, id := range []string{
		"queue/joined", "queue/place", "queue/hold", "queue/regained", "queue/wait_range", "agent/ready", "agent/paused", "agent/off",
		"agent/unknown", "fallback/hold", "one_moment", "goodbye", "welcome/text", "topics/to-transport", "category/utilities/gas",
	} {
		p, ok := f.Phrase(id)
		if !ok || p.ID != id || p.Text.KK == "" || p.Text.RU == "" {
			t.Errorf("phrase %q: %+v", id, p)
		}
	}
	for i, p := range f.Phrases() {
		if i > 0 && f.Phrases()[i-1].ID >= p.ID {
			t.Errorf("phrases are not sorted at %q", p.ID)
		}
		if strings.ContainsFunc(p.ID, func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-_/", r) }) {
			t.Errorf("phrase id %q is no safe file name", p.ID)
		}
	}
}
