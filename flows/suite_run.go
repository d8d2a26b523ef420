package flows

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// notEnded is written where a call is expected to go on.
const notEnded = "no"

// Report is what came of running a suite.
type Report struct {
	File     string       `json:"file"` // of the tests
	Flow     string       `json:"flow"` // ID of the flow
	Cases    []CaseResult `json:"cases"`
	Coverage Coverage     `json:"coverage"`
}

// CaseResult is what came of one case.
type CaseResult struct {
	Name     string        `json:"name"`
	Line     int           `json:"line"`
	Took     time.Duration `json:"took"`               // in nanoseconds
	Failures []Failure     `json:"failures,omitempty"` // none when it passed
}

// Failure is one thing that came otherwise than a test expects.
type Failure struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Step   int    `json:"step"` // from 1
	// Done is all that was done in the case up to there.
	Done string `json:"done"`
	// Key is the key of the file that was not met: says, queue and so on; do
	// when a word could not be done.
	Key     string `json:"key"`
	Message string `json:"message"`
	// Diff shows what was said, line by line: "  " as expected or allowed,
	// "- " expected and missing, "+ " not expected. Empty for other keys.
	Diff []string `json:"diff,omitempty"`
}

// Failed counts the cases that failed.
func (r Report) Failed() int {
	n := 0
	for _, c := range r.Cases {
		if len(c.Failures) > 0 {
			n++
		}
	}
	return n
}

// Run runs all cases, each a call of its own. A case ends at its first step
// that comes otherwise than expected.
func (s *Suite) Run() Report {
	r := Report{File: s.file, Flow: s.flow.id, Cases: make([]CaseResult, 0, len(s.cases))}
	seen := newTrail()
	for _, c := range s.cases {
		begun := time.Now()
		w := s.flow.Walk(c.start, c.env)
		failures := runCase(w, c)
		seen.follow(c.start, w.Events())
		r.Cases = append(r.Cases, CaseResult{Name: c.name, Line: c.at.line, Took: time.Since(begun), Failures: failures})
	}
	r.Coverage = s.flow.coverage(seen)
	return r
}

func runCase(w *Walk, c testCase) []Failure {
	for i, step := range c.steps {
		fail := Failure{File: c.at.file, Step: i + 1}
		for j, word := range step.words {
			if err := w.Do(word); err != nil {
				fail.Line, fail.Column, fail.Key, fail.Message = step.at.line, step.at.column, "do", err.Error()
				fail.Done = c.done(i, j+1)
				return []Failure{fail}
			}
		}
		if failures := step.judge(w, fail); len(failures) > 0 {
			for k := range failures {
				failures[k].Done = c.done(i, len(step.words))
			}
			return failures
		}
	}
	return nil
}

// done is the script of a case up to so many words of a step.
func (c testCase) done(step, words int) string {
	var all []string
	for _, s := range c.steps[:step] {
		for _, w := range s.words {
			all = append(all, w.String())
		}
	}
	for _, w := range c.steps[step].words[:words] {
		all = append(all, w.String())
	}
	return strings.Join(all, " ")
}

// judge compares what is expected of a step with what came.
func (s testStep) judge(w *Walk, fail Failure) []Failure {
	var all []Failure
	for _, x := range s.expects {
		message, diff := x.judge(w)
		if message == "" {
			continue
		}
		fail.Line, fail.Column, fail.Key, fail.Message, fail.Diff = x.at.line, x.at.column, x.key, message, diff
		all = append(all, fail)
	}
	return all
}

// judge tells what is wrong; an empty message means nothing is.
func (x expectation) judge(w *Walk) (message string, diff []string) {
	switch x.key {
	case "says", "says-only", "words":
		return x.judgeSaid(w.Said())
	case "says-not":
		for _, u := range w.Said() {
			if slices.Contains(x.want, u.Phrase.ID) {
				return fmt.Sprintf("%s is said", u.Phrase.ID), nil
			}
		}
		return "", nil
	case "vars":
		return x.judgeVars(w), nil
	}
	if got := x.actual(w); got != x.want[0] {
		return fmt.Sprintf("want %s, got %s", x.want[0], got), nil
	}
	return "", nil
}

// actual is what the key of an expectation is in a call.
func (x expectation) actual(w *Walk) string {
	s := w.last.State
	switch x.key {
	case "at":
		return s.Node
	case "queue":
		if n, ok := w.flow.nodes[s.Node].(*queueNode); ok && s.Phase == Queued {
			return n.queue
		}
		return fmt.Sprintf("no queue (%s at node %q)", s.Phase, s.Node)
	case "ends":
		if d, ok := w.Ending().(Disconnect); ok {
			return string(d.Reason)
		}
		return notEnded
	case "category":
		return orNone(s.Category)
	case "partner":
		if h, ok := w.Ending().(Handover); ok {
			return h.Partner
		}
		return fmt.Sprintf("no partner (%s at node %q)", s.Phase, s.Node)
	case "callback":
		return w.happened(EventCallback).Reason
	case "message":
		return w.happened(EventMessage).Reason
	case "score":
		return strconv.Itoa(w.happened(EventSurvey).Score)
	default:
		if !s.LanguageChosen {
			return none
		}
		return string(s.Language)
	}
}

func orNone(s string) string {
	if s == "" {
		return none
	}
	return s
}

// happened is the last event of a kind in the last word; none at all when
// there is none.
func (w *Walk) happened(kind EventKind) Event {
	for _, e := range slices.Backward(w.word.Events) {
		if e.Kind == kind {
			return e
		}
	}
	return Event{Reason: none}
}

// judgeVars compares variables, each written as name=value.
func (x expectation) judgeVars(w *Walk) string {
	for _, want := range x.want {
		name, value, _ := strings.Cut(want, "=")
		got, set := w.Value(name)
		if !set {
			got = none
		}
		if got != value {
			return fmt.Sprintf("want %s %s, got %s", name, value, got)
		}
	}
	return ""
}
