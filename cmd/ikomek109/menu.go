package main

import (
	"errors"
	"fmt"
	"io/fs"
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
// there is none, with everything that belongs to it, and runs its tests.
func readMenu(file string, s config.Settings) *revision.Candidate {
	src, done := menuSource(file, s)
	defer done()
	return revision.Read(src, known(s))
}

// loadFlow reads the menu that the settings name, or the one that ships.
func loadFlow(s config.Settings) (*flows.Flow, flows.Findings) {
	src, done := menuSource("", s)
	defer done()
	return flows.Load(src.Files, src.Main, known(s))
}

// menuSource finds the menu at a path, or that of the settings; done is to be
// called when it was read.
func menuSource(file string, s config.Settings) (src revision.Source, done func()) {
	named := s.Line.Flow
	if file == "" {
		file = named
	}
	if file == "" {
		return revision.Source{Files: flows.Shipped, Main: flows.ShippedName, Name: revision.Shipped, Named: true}, func() {}
	}
	full := absolute(file)
	src = revision.Source{Name: full, Named: named != "" && full == absolute(named)}
	src.Files, src.Main, done = menuFiles(file)
	return src, done
}

// menuFiles opens the folder in which a file of a menu really lies, and gives
// its name there. Nothing that a partner's file names is read from outside.
func menuFiles(file string) (files fs.FS, main string, done func()) {
	full := realPath(file)
	dir, main := filepath.Dir(full), filepath.Base(full)
	root, err := os.OpenRoot(dir)
	if err != nil { // the reader says what is wrong with it
		return plainFiles{os.DirFS(dir)}, main, func() {}
	}
	return plainFiles{root.FS()}, main, func() { _ = root.Close() } // only a handle on a folder
}

// plainFiles opens files and folders only: a pipe would be waited for without
// an end, and by a running line, too.
type plainFiles struct{ fs.FS }

// Open implements [fs.FS].
func (p plainFiles) Open(name string) (fs.File, error) {
	info, err := fs.Stat(p.FS, name)
	if err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("it is no regular file")}
	}
	return p.FS.Open(name)
}

// realPath is the absolute path of a file, behind all links that there are.
func realPath(file string) string {
	full := absolute(file)
	if real, err := filepath.EvalSymlinks(full); err == nil {
		return real
	}
	return full
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
	findings = append(findings, c.Sounds...) // whose files are named as they are
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

// tellSounds prints what is wrong with a menu's prompts, once they were looked at.
func (p *program) tellSounds(c *revision.Candidate) {
	for _, f := range c.Sounds {
		fmt.Fprintln(p.err, f)
	}
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
