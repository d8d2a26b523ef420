package flows_test

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ikomek109/flows"

	"github.com/google/go-cmp/cmp"
)

// exampleFlow is the flow of the package comment.
func exampleFlow(t *testing.T) (flow *flows.Flow, text string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	text = example(file.Doc)
	return loadText(t, text), text
}

// suite loads tests that must be in order.
func suite(t *testing.T, f *flows.Flow, text string) *flows.Suite {
	t.Helper()
	s, found := flows.LoadSuite(fstest.MapFS{"f.test.yaml": {Data: []byte(text)}}, "f.test.yaml", f)
	if s == nil {
		t.Fatalf("the tests do not load: %v\n%s", found, text)
	}
	return s
}

// one is a file of tests with one case.
func one(lines string) string {
	return "given: {time: 2026-06-01T12:00}\ncases:\n  - case: a\n" + lines
}

func TestTheExampleOfASuiteIsTrue(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "suite.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	text, _, _ := strings.Cut(example(typeDoc(file, "Suite")), "\nqueues ")
	f, _ := exampleFlow(t)
	r := suite(t, f, text).Run()
	if len(r.Cases) != 3 {
		t.Errorf("%d cases, want 3", len(r.Cases))
	}
	for _, c := range r.Cases {
		for _, fail := range c.Failures {
			t.Errorf("%s: %+v", c.Name, fail)
		}
	}
}

// TestShippedTests runs the tests of the shipped flow, which leave nothing out.
func TestShippedTests(t *testing.T) {
	s, found := flows.LoadSuite(os.DirFS("."), flows.TestsName(flows.ShippedName), shipped(t))
	for _, f := range found {
		t.Error(f)
	}
	if s == nil {
		t.Fatal("the tests of the shipped flow do not load")
	}
	holds(t, s.Run())
}

// holds wants all tests of a flow to pass, and to walk all of it.
func holds(t *testing.T, r flows.Report) {
	t.Helper()
	for _, c := range r.Cases {
		for _, f := range c.Failures {
			t.Errorf("%s:%d: %s: step %d: %s: %s\n%s", f.File, f.Line, c.Name, f.Step, f.Key, f.Message, strings.Join(f.Diff, "\n"))
		}
	}
	for _, g := range r.Coverage.Gaps {
		t.Errorf("line %d: %s", g.Line, g)
	}
}

// TestFailures wants each kind of expectation to fail when it is not met.
func TestFailures(t *testing.T) {
	for name, c := range map[string]struct {
		lines, key, message string
		diff                []string
	}{
		"says": {
			"    do: 1\n    says: [topics/to-water, key/2]", "says", "1 of 2 expected are not said, or not in this order",
			[]string{"  topics/to-water", "- key/2", "  key/1", "  menu/operator", "  key/0", "  menu/repeat", "  key/hash", "  menu/back", "  key/star"},
		},
		"order":    {"    do: 1 1 listen\n    says: [key/1, answer/again]", "says", "1 of 2 expected are not said, or not in this order", nil},
		"only":     {"    do: 2 1\n    says-only: []\n    at: water", "says-only", "more is said than expected", []string{"+ water/text"}},
		"other":    {"    do: 2 1\n    says-only: goodbye", "says-only", "other is said than expected", []string{"- goodbye", "+ water/text"}},
		"not":      {"    do: 2 1\n    says-not: [goodbye, water/text]", "says-not", "water/text is said", nil},
		"words":    {"    do: 2 1\n    words: Сегодня воды нет.", "words", "1 of 1 expected are not said, or not in this order", []string{"- Сегодня воды нет.", "  Сегодня вода есть во всех домах."}},
		"at":       {"    do: 1\n    at: water", "at", "want water, got topics", nil},
		"queue":    {"    do: 1\n    queue: main", "queue", `want main, got no queue (listening at node "topics")`, nil},
		"ends":     {"    do: hangup\n    ends: goodbye", "ends", "want goodbye, got hangup", nil},
		"no":       {"    do: hangup\n    ends: no", "ends", "want no, got hangup", nil},
		"category": {"    do: 1\n    category: utilities/water", "category", "want utilities/water, got none", nil},
		"language": {"    do: 1\n    language: ru", "language", "want ru, got kk", nil},
		"none":     {"    do: 1\n    language: none", "language", "want none, got kk", nil},
		"left":     {"    do: 1 left:timeout\n    at: topics", "do", `"left:timeout" cannot be done at node "topics": the caller is in no queue`, nil},
		"ended":    {"    do: hangup 1\n    at: topics", "do", `"1" cannot be done at node "welcome": the call has ended`, nil},
		"nothing":  {"    do: 1 listen\n    at: topics", "do", `"listen" cannot be done at node "topics": nothing is being said here`, nil},
		"no key":   {"    do: 0 silence\n    at: operator", "do", `"silence" cannot be done at node "operator": the line waits for no key here`, nil},
		"second step": {
			"    steps:\n      - {do: 1, at: topics}\n      - {do: 1, at: topics}\n      - {at: operator}", "at", "want topics, got water", nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, _ := exampleFlow(t)
			r := suite(t, f, one(c.lines+"\n")).Run()
			if r.Failed() != 1 || len(r.Cases[0].Failures) != 1 {
				t.Fatalf("%+v", r.Cases)
			}
			got := r.Cases[0].Failures[0]
			if got.Key != c.key || got.Message != c.message || got.File != "f.test.yaml" || got.Line < 4 || got.Column < 1 {
				t.Errorf("%+v", got)
			}
			if c.diff != nil && !cmp.Equal(got.Diff, c.diff) {
				t.Error(cmp.Diff(c.diff, got.Diff))
			}
		})
	}
}

// TestBrokenSuites holds each broken file of tests to its exact findings.
func TestBrokenSuites(t *testing.T) {
	files, err := filepath.Glob("testdata/tests/*.test.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no broken tests: %v", err)
	}
	f, _ := exampleFlow(t)
	for _, file := range files {
		s, found := flows.LoadSuite(os.DirFS("testdata/tests"), filepath.Base(file), f)
		if s != nil || len(found) == 0 {
			t.Errorf("%s is not broken", file)
		}
		var got strings.Builder
		for _, one := range found {
			got.WriteString(one.String() + "\n")
		}
		golden(t, strings.TrimSuffix(file, ".test.yaml")+".txt", got.String())
	}
}

// golden compares a text with a file, or writes the file with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name) //nolint:gosec // a file of the test's own folder
	if err != nil {
		t.Fatalf("%v; look at the text and write it with -update:\n%s", err, got)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestCoverage(t *testing.T) {
	f, _ := exampleFlow(t)
	c := suite(t, f, one("    do: 2 1\n    at: water\n")).Run().Coverage
	if c.Nodes != 6 || c.NodesWalked != 2 || c.Ways != 3 || c.WaysWalked != 1 {
		t.Errorf("%+v", c)
	}
	var gaps []string
	for _, g := range c.Gaps {
		gaps = append(gaps, g.String())
		if g.Line < 1 {
			t.Errorf("no line: %+v", g)
		}
	}
	want := []string{
		`node "language", 1 to "topics" is not walked in kk, ru`,
		`node "topics" is not walked in kk`,
		`node "topics", 1 to "water" is not walked in kk`,
		`node "water" is not walked in kk`,
		`node "operator" is not walked in kk, ru`,
		`node "goodbye" is not walked in kk, ru`,
	}
	if diff := cmp.Diff(want, gaps); diff != "" {
		t.Error(diff)
	}
}

// TestCoverageOfWrittenWays wants the ways out of queues and of answers out of
// term among those to be walked, where the author wrote them.
func TestCoverageOfWrittenWays(t *testing.T) {
	_, text := exampleFlow(t)
	text = strings.Replace(text, "    queue: main\n", "    queue: main\n    timeout: topics\n    no-agents: goodbye\n", 1)
	text = strings.Replace(text, "    owner: Су арнасы\n", "    owner: Су арнасы\n    expired: topics\n", 1)
	f := loadText(t, text)
	tests := one("    given: {language: kk}\n    do: silence 0 left:timeout\n    at: topics\n") +
		"  - {case: b, given: {language: ru}, do: 2 0 left:timeout, at: topics}\n" +
		"  - {case: c, given: {time: 2031-01-01, language: kk, at: water}, at: topics}\n"
	var ways []string
	for _, g := range suite(t, f, tests).Run().Coverage.Gaps {
		if g.On != "" && g.Node != "language" && g.Node != "topics" {
			ways = append(ways, g.String())
		}
	}
	want := []string{`node "water", expired to "topics" is not walked in ru`, `node "operator", no-agents to "goodbye" is not walked in kk, ru`}
	if diff := cmp.Diff(want, ways); diff != "" {
		t.Error(diff)
	}
}

// TestLargeSuites wants an end, and a bounded report, for as large a file as
// there may be. How long it takes is printed, not judged.
func TestLargeSuites(t *testing.T) {
	f := shipped(t)
	cases := func(n int, text string) string {
		var b strings.Builder
		b.WriteString("given: {time: 2026-11-23T12:00}\ncases:\n")
		for i := range n {
			b.WriteString(strings.ReplaceAll(text, "@", strconv.Itoa(i)))
		}
		return b.String()
	}
	steps := one("    steps:\n" + strings.Repeat("      - do: "+strings.Repeat("0 star ", 400)+"\n        says: [topics/to-transport, key/3]\n", 500))
	for name, c := range map[string]struct {
		text string
		runs bool
	}{
		"as many cases as may be": {cases(flows.MaxCases, "  - {case: c@, do: 2 5 1 listen 3 silence, says-only: [], ends: goodbye}\n"), true},
		"too many cases":          {cases(flows.MaxCases+1, "  - {case: c@, at: topics}\n"), false},
		"nothing but mistakes":    {cases(2_000, "  - {case: c, do: x, says: [a@, b@], at: n@, category: c@}\n"), false},
		"one endless call":        {steps, true},
		"phrases without end":     {one("    says: [" + strings.Repeat("welcome/text, ", 50_000) + "]\n"), true},
	} {
		begun := time.Now()
		s, found := flows.LoadSuite(fstest.MapFS{"f.test.yaml": {Data: []byte(c.text)}}, "f.test.yaml", f)
		if (s != nil) != c.runs || len(found) > flows.MaxFindings {
			t.Errorf("%s: %d findings, the first %v", name, len(found), found[:min(len(found), 1)])
			continue
		}
		if c.runs {
			s.Run()
		}
		t.Logf("%s: %d KB in %v", name, len(c.text)/1024, time.Since(begun).Round(time.Millisecond))
	}
}

func FuzzLoadSuite(f *testing.F) {
	files, err := filepath.Glob("testdata/tests/*.test.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, "109.test.yaml") {
		data, err := os.ReadFile(file) //nolint:gosec // a file of the project
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Add(one("    do: 1 1 listen 3 silence\n    ends: goodbye\n"))
	flow := shipped(f)
	f.Fuzz(func(t *testing.T, data string) {
		s, found := flows.LoadSuite(fstest.MapFS{"f.test.yaml": {Data: []byte(data)}}, "f.test.yaml", flow)
		if (s == nil) != (len(found) > 0) {
			t.Fatalf("suite %v with %v", s != nil, found)
		}
		for _, one := range found {
			if one.Code == "" || one.Message == "" || one.Cure == "" || one.Line < 1 || one.Column < 1 {
				t.Errorf("a finding says too little: %+v", one)
			}
		}
		if s != nil && len(s.Run().Cases) != len(s.Cases()) {
			t.Error("not every case was run")
		}
	})
}
