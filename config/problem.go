package config

import (
	"fmt"
	"strings"
)

// Source is the kind of place a value comes from. The order is the precedence:
// a greater one wins.
type Source int

// The sources, weakest first. The zero value is unset.
const (
	SourceUnset Source = iota
	SourceDefault
	SourceFile
	SourceEnv
	SourceFlag
)

// Origin is the place a value comes from.
type Origin struct {
	Source Source
	// Name of the file, variable or flag; empty for a default.
	Name string
	// Line and Column in the file, from 1; 0 when they mean nothing.
	Line, Column int
}

// String gives the place as people and editors read it: file:line:column, the
// variable, the flag, or "default".
func (o Origin) String() string {
	switch o.Source {
	case SourceFile:
		if o.Line == 0 {
			return o.Name
		}
		return fmt.Sprintf("%s:%d:%d", o.Name, o.Line, o.Column)
	case SourceEnv:
		return "environment " + o.Name
	case SourceFlag:
		return "flag --" + o.Name
	case SourceDefault:
		return "default"
	default:
		return ""
	}
}

// Problem is one thing that is wrong with the settings, with its cure. It never
// holds a secret.
type Problem struct {
	Origin Origin
	// Key is the setting, such as asterisk.sip_port; empty when the problem is
	// of the file as a whole.
	Key     string
	Message string
	Cure    string
}

// Error gives the problem in one line: place: key: message; cure.
func (p Problem) Error() string {
	var b strings.Builder
	for _, part := range []string{p.Origin.String(), p.Key} {
		if part != "" {
			b.WriteString(part)
			b.WriteString(": ")
		}
	}
	b.WriteString(p.Message)
	if p.Cure != "" {
		b.WriteString("; ")
		b.WriteString(p.Cure)
	}
	return b.String()
}

// Problems is everything that was found, as one error, in the order of the file.
type Problems []Problem

// Error gives one problem per line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// quote makes text from outside fit to be shown: quoted, and not long.
func quote(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return fmt.Sprintf("%q", text)
}
