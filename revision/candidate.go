package revision

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"ikomek109/flows"
)

// Source is where a flow's files lie.
type Source struct {
	// Files is the folder of the flow: includes, calendars and tests lie in it.
	Files fs.FS
	// Main is the name of the flow's own file in it.
	Main string
	// Name is what people call it, a path or Shipped; it is on record.
	Name string
	// Named tells that it is the menu that the settings name.
	Named bool
	// Default tells that nobody named it, neither the settings nor a person: the
	// menu that ships stands in. It takes the place of no other: see Admit.
	Default bool
}

// Candidate is a flow that was read once, with all its files, then checked and
// tested. It may be fit to be published or not: see Refusal.
type Candidate struct {
	// Flow is nil when the findings have errors.
	Flow *flows.Flow
	// Findings are about the flow and its tests, warnings included.
	Findings flows.Findings
	// Tests is what came of the flow's tests; nil when none lie beside it, or
	// when they could not be read.
	Tests *flows.Report
	// Sounds are findings about its prompts, once a Publisher has looked at them.
	Sounds flows.Findings
	// Source is where it was read.
	Source Source
	// Digest is a hash over all files that were read.
	Digest string

	files []File
}

// Read reads a flow with everything that belongs to it, checks it against what
// is known of the settings, and runs the tests that lie beside it.
func Read(src Source, known flows.Known) *Candidate {
	all := newSnapshot(src.Files)
	c := &Candidate{Source: src}
	c.Flow, c.Findings = flows.Load(all, src.Main, known)
	if c.Flow != nil {
		c.test(all)
	}
	c.files = all.files()
	c.Digest = digest(c.files)
	return c
}

// test runs the tests beside the flow, when there are any.
func (c *Candidate) test(all fs.FS) {
	name := flows.TestsName(c.Source.Main)
	f, err := all.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err == nil {
		_ = f.Close() // it is in memory
	}
	suite, findings := flows.LoadSuite(all, name, c.Flow)
	c.Findings = append(c.Findings, findings...)
	if suite != nil {
		report := suite.Run()
		c.Tests = &report
	}
}

// Files lists what was read, sorted by name.
func (c *Candidate) Files() []File { return c.files }

// Refusal is why the candidate is not fit to be published; nil when it is.
func (c *Candidate) Refusal() *Refused {
	r := &Refused{Name: c.Source.Name, Errors: errorsIn(c.Findings)}
	if c.Tests != nil {
		r.Failed = c.Tests.Failed()
	}
	if r.Errors+r.Failed == 0 && c.Flow != nil {
		return nil
	}
	return r
}

func errorsIn(all flows.Findings) (n int) {
	for _, f := range all {
		if f.Severity == flows.Error {
			n++
		}
	}
	return n
}

// Refused says that a menu is not published, and why. What is wrong in detail
// stands in the candidate.
type Refused struct {
	Name   string // of the source
	Errors int    // findings that are errors
	Failed int    // tests
	Err    error  // why the prompts are not all there; nil when it did not come to that
}

// Error tells it in one line.
func (r *Refused) Error() string {
	var why []string
	if r.Errors > 0 {
		why = append(why, count(r.Errors, "error"))
	}
	if r.Failed > 0 {
		why = append(why, count(r.Failed, "failed test"))
	}
	text := fmt.Sprintf("the menu %s is not published", r.Name)
	switch {
	case len(why) > 0:
		return text + ": " + strings.Join(why, ", ") + "; mend it, and try it by `ikomek109 check` and `ikomek109 test`"
	case r.Err != nil:
		return text + ": " + r.Err.Error()
	}
	return text
}

// Unwrap gives the cause, if it is another's error.
func (r *Refused) Unwrap() error { return r.Err }

func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
