package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ikomek109/config"
	"ikomek109/flows"
	"ikomek109/revision"
)

// readMenu reads the menu at a path, or the one that the settings name when
// there is none, with everything that belongs to it, and runs its tests.
func readMenu(file string, s config.Settings) *revision.Candidate {
	src, done := menuSource(cmp.Or(file, s.Line.Flow), s.Line.Flow)
	defer done()
	return revision.Read(src, known(s))
}

// readShipped reads the menu that ships, for somebody who asked for it by name.
func readShipped(s config.Settings) *revision.Candidate {
	return revision.Read(revision.Source{
		Files: flows.Shipped, Main: flows.ShippedName, Name: revision.Shipped, Named: s.Line.Flow == "",
	}, known(s))
}

// loadMenu reads and checks a menu alone, or the one that ships when file is
// empty. Everybody who looks at a menu reads it here, so that all are told the
// same: what is wrong with it, with what it names of the settings, with the
// terms of its answers, and what no voice can say. The menu is nil when any of it
// is an error. Findings name the files as people do.
func loadMenu(file string, of flows.Known) (*flows.Flow, flows.Findings) {
	src, done := menuSource(file, file)
	defer done()
	flow, findings := flows.Load(src.Files, src.Main, of)
	findings = append(findings, termFindings(flow)...)
	findings = append(findings, unspoken(src.Main, flow)...)
	if findings.HasErrors() {
		flow = nil
	}
	return flow, named(file, findings)
}

// menuSource finds the menu at a path, or the one that ships when there is none;
// done is to be called when it was read. ours is the path that the settings name.
func menuSource(file, ours string) (src revision.Source, done func()) {
	if file == "" {
		return revision.Source{
			Files: flows.Shipped, Main: flows.ShippedName, Name: revision.Shipped, Named: true, Default: true,
		}, func() {}
	}
	full := absolute(file)
	src = revision.Source{Name: full, Named: ours != "" && full == absolute(ours)}
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

// namer tells how people call the files of a menu that they named as file: the
// flow calls them as they lie in its folder, and a click on them is to lead
// there. A menu that lies nowhere on this disk, whose file is empty, keeps them.
func namer(file string) func(inside string) string {
	if file == "" {
		return func(inside string) string { return inside }
	}
	dir, main := filepath.Dir(file), filepath.Base(realPath(file))
	return func(inside string) string {
		if inside == main {
			return file
		}
		return filepath.Join(dir, filepath.FromSlash(inside))
	}
}

// named gives findings with their files named as people do.
func named(file string, findings flows.Findings) flows.Findings {
	name := namer(file)
	all := append(flows.Findings{}, findings...)
	for i := range all {
		all[i].File = name(all[i].File)
	}
	return all
}

// told is what there is to say of a candidate, with its files named as people
// do, its answers' terms included.
func told(c *revision.Candidate, file string) (flows.Findings, *flows.Report) {
	findings := named(file, append(append(flows.Findings{}, c.Findings...), termFindings(c.Flow)...))
	findings = append(findings, c.Sounds...) // whose files are named as they are
	if c.Tests == nil {
		return findings, nil
	}
	report, name := *c.Tests, namer(file)
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
