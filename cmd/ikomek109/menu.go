package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"ikomek109/config"
	"ikomek109/flows"
	"ikomek109/revision"
)

// readMenu reads the menu at a path, or the one that the settings name when
// there is none, with its includes, calendars and tests.
func readMenu(file string, s config.Settings) *revision.Candidate {
	named := s.Line.Flow
	if file == "" {
		file = named
	}
	if file == "" {
		return revision.Read(revision.Source{
			Files: flows.Shipped, Main: flows.ShippedName, Name: revision.Shipped, Named: true,
		}, flows.Known{})
	}
	full := absolute(file)
	real, err := filepath.EvalSymlinks(full)
	if err != nil {
		real = full // the reader says what is wrong with it
	}
	src := revision.Source{Main: filepath.Base(real), Name: full, Named: named != "" && full == absolute(named)}
	// Nothing that a partner's file names is read from outside of the folder.
	root, err := os.OpenRoot(filepath.Dir(real))
	if err != nil {
		src.Files = os.DirFS(filepath.Dir(real))
		return revision.Read(src, flows.Known{})
	}
	defer root.Close() //nolint:errcheck // only a handle on a folder
	src.Files = root.FS()
	return revision.Read(src, flows.Known{})
}

func absolute(file string) string {
	full, err := filepath.Abs(file)
	if err != nil { // there is no working folder
		return file
	}
	return full
}

// told names the files in findings and failures as people do, so that a click
// on them leads there. file is the menu as it was named; empty for one that lies
// nowhere on this disk.
func told(c *revision.Candidate, file string) (flows.Findings, *flows.Report) {
	name := func(inside string) string {
		switch {
		case file == "":
			return inside
		case inside == c.Source.Main:
			return file
		default:
			return filepath.Join(filepath.Dir(file), filepath.FromSlash(inside))
		}
	}
	findings := append(flows.Findings{}, c.Findings...)
	for i := range findings {
		findings[i].File = name(findings[i].File)
	}
	if c.Tests == nil {
		return findings, nil
	}
	report := *c.Tests
	report.File = name(report.File)
	report.Cases = slices.Clone(report.Cases)
	for i := range report.Cases {
		failures := slices.Clone(report.Cases[i].Failures)
		for j := range failures {
			failures[j].File = name(failures[j].File)
		}
		report.Cases[i].Failures = failures
	}
	return findings, &report
}

// tellCandidate prints what is wrong with a menu, its answers' terms included.
func (p *program) tellCandidate(c *revision.Candidate, file string) {
	findings, report := told(c, file)
	if c.Flow != nil {
		terms := c.Flow.CheckTerms(time.Now())
		if file != "" {
			terms = namedAs(file, terms)
		}
		findings = append(findings, terms...)
	}
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintln(&b, f)
	}
	if report != nil {
		for _, one := range report.Cases {
			for _, f := range one.Failures {
				b.WriteString(failureText(one.Name, f))
			}
		}
	}
	fmt.Fprint(p.err, b.String())
}
