package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ikomek109/flows"
)

// loadFlowFile reads a flow from a file named by a person; findings name the
// file in the same way, so that a click on them finds it.
func loadFlowFile(path string, named flows.Known) (*flows.Flow, flows.Findings) {
	files, main, done := menuFiles(path)
	defer done()
	flow, findings := flows.Load(files, main, named)
	findings = append(findings, termFindings(flow)...)
	return flow, namedAs(path, findings)
}

// loadSuiteFile reads the tests of a flow; the flow's own findings count too.
func loadSuiteFile(path string, flow *flows.Flow) (*flows.Suite, flows.Findings) {
	files, main, done := menuFiles(path)
	defer done()
	suite, findings := flows.LoadSuite(files, main, flow)
	return suite, namedAs(path, findings)
}

// testedFlow is the path of the flow that a file of tests is for; false when
// the file is none.
func testedFlow(path string) (string, bool) {
	name, ok := flows.TestedName(filepath.Base(path))
	return filepath.Join(filepath.Dir(path), name), ok
}

// namedAs names the files of a flow as seen from here: they are told as seen
// from the folder of the flow.
func namedAs(path string, findings flows.Findings) flows.Findings {
	dir, main := filepath.Dir(path), filepath.Base(realPath(path))
	for i := range findings {
		switch file := findings[i].File; {
		case file == main || file == filepath.Base(path):
			findings[i].File = path
		case !strings.HasPrefix(file, dir+string(filepath.Separator)):
			findings[i].File = filepath.Join(dir, file)
		}
	}
	return findings
}

// chosenFlow is the flow of the argument, or the one of the settings. Findings
// are told on standard error.
func (p *program) chosenFlow(cmd *cobra.Command, args []string) (*flows.Flow, error) {
	if len(args) == 0 {
		loaded, err := p.settings(cmd)
		if err != nil {
			return nil, err
		}
		return p.mustFlow(loaded.Settings)
	}
	flow, findings := loadFlowFile(args[0], flows.Known{})
	for _, f := range findings {
		fmt.Fprintln(p.err, f)
	}
	if flow == nil {
		return nil, &exitError{exitFindings, fmt.Errorf("the menu has errors; mend the lines above")}
	}
	return flow, nil
}

// atMostArgs takes up to n arguments, named for the message.
func atMostArgs(n int, names string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) <= n {
			return nil
		}
		return usage(fmt.Errorf("%s takes %s; see `%s --help`", cmd.CommandPath(), names, cmd.CommandPath()))
	}
}

// oneOf refuses a value of a flag that is not among those there are.
func oneOf(flag, value string, known ...string) error {
	if slices.Contains(known, value) {
		return nil
	}
	return usage(fmt.Errorf("--%s %q is not known; use %s", flag, value, strings.Join(known, ", ")))
}
