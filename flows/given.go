package flows

import (
	"fmt"
	"time"
)

// Given is what a call finds, as tests and the simulator make it up: where it
// begins and as whom, how the line stands, and what services answer.
type Given struct {
	Start Start
	Env   Env
}

// ParseGiven reads one text in the words of "given" in a [Suite], in YAML, such
// as "lookups: {bill: {left: 12}}", and puts it over what was given before. All
// that is wrong with it is found in one run; then nothing has changed.
func (f *Flow) ParseGiven(text string, before Given) (Given, Findings) {
	const name = "given"
	l := newLog()
	g := before
	if root := parse(name, []byte(text), l); root != nil {
		e := newEntry(name, nil, root, l)
		e.what = `what is given`
		newSuiteReader(&Suite{file: name, flow: f}, l).given(e, &g)
	}
	if l.found.sort(); len(l.found) > 0 {
		return before, l.found
	}
	return g, nil
}

// Suppose has a call go on with what is given: how the line stands, and what
// services answer from now on. Where it began is not changed any more.
func (w *Walk) Suppose(g Given) { w.env, w.come = g.Env, g.Start.Answers }

// given reads what is given for a call.
func (r *suiteReader) given(e entry, g *Given) {
	f := e.fields("time", "mode", "language", "at", "category", "queues", "calls_today", "caller_known", "vars", "demand", "lookups", "callback", "message")
	if one, ok := f.byKey["time"]; ok {
		if s, good := one.str(); good {
			at, _, err := parseMoment(s)
			if err != nil {
				r.log.add(one.here(), CodeBadValue, fmt.Sprintf("%s is %q, which is no time", one.what, clip(s)), "write 2026-06-01T12:00, in city time")
				at = time.Unix(0, 0) // given all the same: one finding is enough
			}
			g.Env.Now = at
		}
	}
	read := func(key string, known names, code Code, into *string) {
		if one, ok := f.byKey[key]; ok {
			if *into = r.known(one, known, code); *into == none {
				*into = ""
			}
		}
	}
	language := string(g.Start.Language)
	read("mode", namesOf(Modes()...), CodeBadValue, &g.Env.Mode)
	read("language", r.languages, CodeBadValue, &language)
	read("at", r.nodes, CodeUnknownTarget, &g.Start.Node)
	read("category", r.categories, CodeUnknownCategory, &g.Start.Category)
	g.Start.Language = Language(language)
	r.givenWorld(f, g)
}
