package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"ikomek109/config"
	"ikomek109/docs/codes"
	"ikomek109/flows"
)

// checking is one run of the command check.
type checking struct {
	*program
	json     bool
	sarif    bool
	settings bool   // print them too
	explain  string // a code, to print its page
}

func (p *program) checkCmd() *cobra.Command {
	c := &checking{program: p}
	cmd := &cobra.Command{
		Use:   "check [FILE…]",
		Short: "Check settings and menu, without touching a running line",
		Long: `Reads the settings and the menu and tells everything that is wrong with them:
file, line, column, what it is, and the cure. With FILE, only these are read:
menus, and tests of menus (….test.yaml). Exit code 3 when there are findings.

With --explain and the name of a kind of finding, such as unknown-target, its
page is printed: what it means, and a wrong and a right example.

With --json all findings are data, with --sarif also for editors and build servers
that read SARIF 2.1.0.`,
		Example: "  ikomek109 check\n  ikomek109 check --settings\n  ikomek109 check --explain unknown-target\n  ikomek109 check --sarif flows/109.yaml",
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case c.json && c.sarif:
				return usage(errors.New("--json and --sarif are two forms of the same; give one of them"))
			case cmd.Flags().Changed("explain"):
				return c.printPage(cmd, args)
			case c.settings && (len(args) > 0 || c.asData()):
				return usage(errors.New("--settings prints the settings as text; use it without FILE, --json and --sarif"))
			case len(args) > 0:
				return c.files(cmd, args)
			default:
				return c.line(cmd)
			}
		},
	}
	cmd.Flags().BoolVar(&c.settings, "settings", false, "print every setting with its value and where it comes from")
	cmd.Flags().BoolVar(&c.json, "json", false, "print JSON")
	cmd.Flags().BoolVar(&c.sarif, "sarif", false, "print SARIF")
	cmd.Flags().StringVar(&c.explain, "explain", "", "print the page of a `kind` of finding, and check nothing")
	_ = cmd.RegisterFlagCompletionFunc("explain", cobra.FixedCompletions(codes.Names(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// asData tells that a program reads what is found.
func (c *checking) asData() bool { return c.json || c.sarif }

// line checks the settings and the menu that they name.
func (c *checking) line(cmd *cobra.Command) error {
	loaded, err := c.program.settings(cmd)
	var problems config.Problems
	if c.asData() && errors.As(err, &problems) {
		return c.tell(settingFindings(problems))
	}
	if err != nil {
		return err
	}
	if c.settings {
		if err := loaded.Write(c.out); err != nil {
			return err
		}
	}
	flow, findings := loadMenu(loaded.Settings.Line.Flow, known(loaded.Settings))
	recorded, err := recordingFindings(cmd.Context(), loaded.Settings, flow)
	if err != nil {
		return err
	}
	if err := c.tell(append(findings, recorded...)); err != nil {
		return err
	}
	source := "the built-in defaults"
	if loaded.File != "" {
		source = loaded.File
	}
	fmt.Fprintf(c.err, "settings (%s) and menu (%s, %d nodes) are in order\n", printable(source), flow.ID(), len(flow.Nodes()))
	return nil
}

// files checks menus and tests of menus.
func (c *checking) files(cmd *cobra.Command, paths []string) error {
	var all flows.Findings
	of := c.knownHere(cmd)
	for _, path := range paths {
		var findings flows.Findings
		if menu, ok := testedFlow(path); ok {
			findings = suiteFindings(path, menu, of)
		} else {
			_, findings = loadMenu(path, of)
		}
		all = append(all, findings...)
	}
	if err := c.tell(all); err != nil {
		return err
	}
	fmt.Fprintf(c.err, "%d checked, all in order\n", len(paths))
	return nil
}

// suiteFindings checks a file of tests. What is wrong with the flow itself is
// told only when the tests cannot be read without it.
func suiteFindings(path, menu string, of flows.Known) flows.Findings {
	flow, findings := loadMenu(menu, of)
	if flow == nil {
		return findings
	}
	_, findings = loadSuite(path, flow)
	return findings
}

// unspoken are phrases that no voice can say.
func unspoken(file string, flow *flows.Flow) flows.Findings {
	if flow == nil {
		return nil
	}
	if _, err := clipsOf(flow); err != nil {
		return flows.Findings{{
			File: file, Severity: flows.Error, Code: flows.CodeUnknownValue,
			Message: err.Error(), Cure: "write the phrase in words, with the values and forms that it has in system.yaml",
		}}
	}
	return nil
}

// codeSetting marks findings about settings.
const codeSetting flows.Code = "setting"

func settingFindings(problems config.Problems) flows.Findings {
	var all flows.Findings
	for _, one := range problems {
		f := flows.Finding{
			File: one.Origin.Name, Line: one.Origin.Line, Column: one.Origin.Column,
			Severity: flows.Error, Code: codeSetting, Message: one.Message, Cure: one.Cure,
		}
		if one.Key != "" {
			f.Message = one.Key + ": " + one.Message
		}
		if one.Origin.Source != config.SourceFile {
			f.File, f.Message = "settings", one.Origin.String()+": "+f.Message
		}
		all = append(all, f)
	}
	return all
}

// tell prints findings in the form asked for; any at all ends the command.
func (c *checking) tell(findings flows.Findings) error {
	var err error
	switch {
	case c.json:
		err = writeJSON(c.out, append(flows.Findings{}, findings...))
	case c.sarif:
		err = findings.WriteSARIF(c.out, versionText(), pageOf)
	default:
		for _, f := range findings {
			if _, err = fmt.Fprintln(c.out, f); err != nil {
				break
			}
		}
		c.tellPages(findings)
	}
	if err == nil && len(findings) > 0 {
		err = &exitError{exitFindings, nil}
	}
	return err
}
