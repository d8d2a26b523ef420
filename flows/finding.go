package flows

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Severity tells whether a finding keeps a flow from going live.
type Severity string

// An error keeps the flow from being loaded; a warning is shown to the author.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Finding is one thing wrong with a flow, and its cure.
type Finding struct {
	File     string   `json:"file"`
	Line     int      `json:"line"`   // from 1; 0 when the whole file is meant
	Column   int      `json:"column"` // from 1, in characters
	Severity Severity `json:"severity"`
	Code     Code     `json:"code"`
	Message  string   `json:"message"` // what is wrong
	Cure     string   `json:"cure"`    // what to do about it
}

// String gives the finding as "file:line:column: severity code: message; cure",
// without line and column when the whole file is meant. It is one line, and safe
// to show on a terminal, whatever the file is called or quoted for.
func (f Finding) String() string {
	at := f.File
	if f.Line > 0 {
		at = fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column)
	}
	return Printable(fmt.Sprintf("%s: %s %s: %s; %s", at, f.Severity, f.Code, f.Message, f.Cure))
}

// Printable makes text of strangers safe for a terminal, whose cursor a file's name
// may move: a dot stands in the place of what does not print.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '·'
		}
		return r
	}, s)
}

// Findings is everything found in one run, in the order of the files' lines.
type Findings []Finding

// HasErrors reports whether any finding is an error.
func (fs Findings) HasErrors() bool {
	return slices.ContainsFunc(fs, func(f Finding) bool { return f.Severity == Error })
}

// First tells the first error; when there is none, that nothing could be read.
func (fs Findings) First() string {
	if i := slices.IndexFunc(fs, func(f Finding) bool { return f.Severity == Error }); i >= 0 {
		return fs[i].String()
	}
	return "nothing in it can be read"
}

func (fs Findings) sort() {
	slices.SortStableFunc(fs, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column), cmp.Compare(a.Code, b.Code))
	})
}

// place is where in a file something stands.
type place struct {
	file         string
	line, column int
}

// log collects the findings of one run, up to MaxFindings, and what else has
// to be known wherever a flow is read.
type log struct {
	found    Findings
	searched int   // names looked for, see cureName
	known    Known // of the settings

	// Of the flow being read:
	vars       map[string]*variable
	calendars  map[string]declared
	categories []string        // codes
	asks       map[string]bool // what its conditions ask for
	conditions int             // read so far
	queues     []entry         // asked of by conditions; key is the queue's name
	tried      int             // worlds in which they were tried
}

func newLog() *log {
	return &log{vars: map[string]*variable{}, asks: map[string]bool{}, calendars: map[string]declared{}}
}

// twice reports a name that is given again, perhaps in another file.
func (l *log) twice(at place, what string, first place) {
	where := fmt.Sprintf("in line %d", first.line)
	if first.file != at.file {
		where = fmt.Sprintf("in %s, line %d", first.file, first.line)
	}
	l.add(at, CodeDuplicate, fmt.Sprintf("%s is given twice, first %s", what, where), "remove one of the two")
}

func (l *log) add(at place, code Code, message, cure string) {
	if len(l.found) >= MaxFindings {
		return
	}
	l.found = append(l.found, Finding{
		File: at.file, Line: at.line, Column: at.column,
		Severity: code.severity(), Code: code, Message: message, Cure: cure,
	})
}
