package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ikomek109/config"
	"ikomek109/flows"
)

// loadSuite reads the tests of a flow; the flow's own findings count too.
func loadSuite(path string, flow *flows.Flow) (*flows.Suite, flows.Findings) {
	files, main, done := menuFiles(path)
	defer done()
	suite, findings := flows.LoadSuite(files, main, flow)
	return suite, named(path, findings)
}

// testedFlow is the path of the flow that a file of tests is for; false when
// the file is none.
func testedFlow(path string) (string, bool) {
	name, ok := flows.TestedName(filepath.Base(path))
	return filepath.Join(filepath.Dir(path), name), ok
}

// chosenFlow is the flow of the argument, or the one of the settings. Findings
// are told on standard error.
func (p *program) chosenFlow(cmd *cobra.Command, args []string) (*flows.Flow, error) {
	if len(args) > 0 {
		return p.must(loadMenu(args[0], p.knownHere(cmd)))
	}
	loaded, err := p.settings(cmd)
	if err != nil {
		return nil, err
	}
	return p.mustFlow(loaded.Settings)
}

// knownHere is what menus named on the command line may name of the settings.
// Settings that cannot be read are another question, and no reason not to look
// at a menu; that it is looked at without them is told.
func (p *program) knownHere(cmd *cobra.Command) flows.Known {
	loaded, err := p.settings(cmd)
	if err != nil {
		fmt.Fprintln(p.err, "the settings cannot be read: the queues, partners and hosts of menus are not looked at; see `ikomek109 check`")
		return flows.Known{}
	}
	return known(loaded.Settings)
}

// mustFlow is the menu of the settings, for those who cannot go on without one.
func (p *program) mustFlow(s config.Settings) (*flows.Flow, error) {
	return p.must(loadMenu(s.Line.Flow, known(s)))
}

// must prints what was found, and refuses what cannot be used.
func (p *program) must(flow *flows.Flow, findings flows.Findings) (*flows.Flow, error) {
	for _, f := range findings {
		fmt.Fprintln(p.err, f)
	}
	if flow == nil {
		return nil, &exitError{exitFindings, errors.New("the menu has errors; mend the lines above")}
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
