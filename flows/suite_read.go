package flows

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// MaxCases bounds the cases of one file of tests.
const MaxCases = 10_000

// Modes lists the modes of the line, the usual one first.
func Modes() []string { return []string{"daily", "heightened", "emergency"} }

// none is written where no category or language is expected.
const none = "none"

// suiteReader puts a suite together from the keys of its file.
type suiteReader struct {
	log   *log
	suite *Suite
	lines []string // of the file
	// What a test may name.
	nodes, phrases, categories, queues, languages names
}

// names are the names that there are of something.
type names struct {
	list []string
	set  map[string]bool
}

func namesOf(list ...string) names { return names{list, set(list)} }

func newSuiteReader(s *Suite, l *log) *suiteReader {
	codes := make([]string, 0, len(s.flow.categories))
	for _, c := range s.flow.categories {
		codes = append(codes, c.Code)
	}
	languages := make([]string, 0, len(Languages()))
	for _, one := range Languages() {
		languages = append(languages, string(one))
	}
	return &suiteReader{
		log: l, suite: s,
		nodes:      namesOf(s.flow.order...),
		phrases:    namesOf(slices.Sorted(maps.Keys(s.flow.phrases))...),
		queues:     namesOf(s.flow.Queues()...),
		categories: namesOf(append(codes, none)...),
		languages:  namesOf(append(languages, none)...),
	}
}

// expectKeys are the keys of what is expected.
func expectKeys() []string {
	return []string{
		"says", "says-only", "says-not", "words", "at", "queue", "ends", "category", "language",
		"partner", "callback", "message", "score", "vars",
	}
}

func (r *suiteReader) read(e entry) {
	e.what = "the file of tests"
	top := e.fields("given", "cases")
	all := Given{Env: Env{Mode: Modes()[0], CallerKnown: true}}
	if g, ok := top.byKey["given"]; ok {
		r.given(g, &all)
	}
	list, ok := top.need("cases", CodeMissingKey, `add cases: - case: …, with what is done and what is expected`)
	if !ok {
		return
	}
	items := list.items()
	if len(items) > MaxCases {
		r.log.add(list.at, CodeTooBig, fmt.Sprintf("there are %d cases, more than %d", len(items), MaxCases), "split the file")
		return
	}
	first := map[string]int{}
	for i, one := range items {
		one.what = fmt.Sprintf("case %d", i+1)
		c := r.readCase(one, all)
		if line, twice := first[c.name]; twice && c.name != "" {
			r.log.add(c.at, CodeDuplicate, fmt.Sprintf("case %q is there twice, first in line %d", clip(c.name), line), "give each a name of its own")
		}
		first[c.name] = c.at.line
		r.suite.cases = append(r.suite.cases, c)
	}
	if len(items) == 0 && list.value.Kind == yaml.SequenceNode {
		r.log.add(list.at, CodeMissingKey, "there are no cases", "add one: - case: …")
	}
}

func (r *suiteReader) readCase(e entry, g Given) testCase {
	f := e.fields(append([]string{"case", "given", "steps", "do"}, expectKeys()...)...)
	c := testCase{at: e.at}
	if one, ok := f.need("case", CodeMissingKey, "say in a few words what it shows: case: …"); ok {
		c.name, _ = one.str()
		f.what = fmt.Sprintf("case %q", clip(c.name))
	}
	if one, ok := f.byKey["given"]; ok {
		r.given(one, &g)
	}
	if g.Env.Now.IsZero() && f.value.Kind == yaml.MappingNode {
		r.log.add(c.at, CodeMissingKey, f.what+" has no time", "write given: {time: 2026-06-01T12:00} above the cases or in this one")
	}
	c.start, c.env = g.Start, g.Env
	c.steps = r.steps(f)
	return c
}

// steps reads the steps of a case, which may itself be the only one.
func (r *suiteReader) steps(f fields) []testStep {
	list, ok := f.byKey["steps"]
	if !ok {
		return r.expecting(f, []testStep{r.step(f)})
	}
	for _, key := range append([]string{"do"}, expectKeys()...) {
		if one, both := f.byKey[key]; both {
			r.log.add(one.at, CodeUnknownKey, fmt.Sprintf("%s has %q beside its steps", f.what, key), "write it into one of the steps")
		}
	}
	var all []testStep
	for i, one := range list.items() {
		one.what = fmt.Sprintf("step %d of %s", i+1, f.what)
		all = append(all, r.step(one.fields(append([]string{"do"}, expectKeys()...)...)))
	}
	return r.expecting(f, all)
}

// expecting refuses a case that cannot fail.
func (r *suiteReader) expecting(f fields, steps []testStep) []testStep {
	some := slices.ContainsFunc(steps, func(s testStep) bool { return len(s.expects) > 0 })
	if !some && f.value.Kind == yaml.MappingNode {
		r.log.add(f.at, CodeMissingKey, f.what+" expects nothing", "add what shall come of it: "+strings.Join(expectKeys(), ", "))
	}
	return steps
}

func (r *suiteReader) step(f fields) testStep {
	s := testStep{at: f.at}
	if one, ok := f.byKey["do"]; ok {
		s.at = one.at
		s.words = r.do(one)
	}
	for _, key := range expectKeys() {
		if one, ok := f.byKey[key]; ok {
			s.expects = append(s.expects, r.expectation(one))
		}
	}
	return s
}

func (r *suiteReader) do(e entry) []Word {
	script, ok := e.str()
	if !ok {
		return nil
	}
	if r.cutShort(e) {
		r.log.add(e.here(), CodeBadValue, "a # stands behind "+e.what+": for YAML the rest is a remark", "write hash for the key #")
	}
	words, err := ParseWords(script)
	if err != nil {
		message, cure, _ := strings.Cut(err.Error(), "; ")
		r.log.add(e.here(), CodeBadValue, e.what+": "+message, cure)
	}
	return words
}

// cutShort tells whether YAML took the key # and what follows it for a remark:
// real remarks are not made of keys.
func (r *suiteReader) cutShort(e entry) bool {
	i := e.value.Line - 1
	if e.value.Style != 0 || i < 0 || i >= len(r.lines) {
		return false
	}
	_, rest, found := strings.Cut(r.lines[i], " #")
	_, err := ParseWords(rest)
	return found && err == nil
}

// expectation reads one key of what is expected.
func (r *suiteReader) expectation(e entry) expectation {
	x := expectation{key: e.key, at: e.at}
	switch e.key {
	case "says", "says-only", "says-not", "words":
		x.want = r.list(e)
	case "at":
		x.want = []string{r.known(e, r.nodes, CodeUnknownTarget)}
	case "queue":
		x.want = []string{r.known(e, r.queues, CodeBadValue)}
	case "ends":
		x.want = []string{r.known(e, namesOf(string(EndGoodbye), string(EndHangup), notEnded), CodeBadValue)}
	case "category":
		x.want = []string{r.known(e, r.categories, CodeUnknownCategory)}
	case "language":
		x.want = []string{r.known(e, r.languages, CodeBadValue)}
	case "partner":
		x.want = []string{r.known(e, namesOf(r.suite.flow.Partners()...), CodeUnknownPartner)}
	case "callback":
		x.want = []string{r.known(e, namesOf(callbackResults()...), CodeBadValue)}
	case "message":
		x.want = []string{r.known(e, namesOf("recorded", "kept", "discarded", reasonEnough, OnFailed), CodeBadValue)}
	case "score":
		x.want = []string{strconv.Itoa(e.count(1, 9))}
	case "vars":
		x.want = r.values(e)
	}
	return x
}

// list reads the phrases or sentences of one key: a list, or a single one.
func (r *suiteReader) list(e entry) []string {
	items := []entry{e}
	if e.value.Kind == yaml.SequenceNode {
		items = e.items()
	}
	var all []string
	for _, one := range items {
		if e.key != "words" {
			all = append(all, r.known(one, r.phrases, CodeUnknownPhrase))
		} else if s, ok := one.str(); ok {
			all = append(all, strings.Join(strings.Fields(s), " "))
		}
	}
	if len(items) == 0 && e.key != "says-only" && e.value.Kind == yaml.SequenceNode {
		r.log.add(e.here(), CodeMissingKey, e.what+" lists nothing, so it can never fail", "name what is expected, or remove it; says-only: [] expects silence")
	}
	return all
}

// known reads a name that must be one of those there are.
func (r *suiteReader) known(e entry, there names, code Code) string {
	s, ok := e.str()
	if ok && !there.set[s] {
		r.log.add(e.here(), code, fmt.Sprintf("%s is %q, which does not exist", e.what, clip(s)), r.log.cureName(s, there.list))
	}
	return s
}
