package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"ikomek109/config"
)

func (p *program) checkCmd() *cobra.Command {
	var show bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check settings and menu, without touching a running line",
		Long: `Reads the settings and the menu and tells everything that is wrong with them:
file, line, column, what it is, and the cure. Exit code 3 when there are findings.`,
		Example: "  ikomek109 check\n  ikomek109 check --settings",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			loaded, err := p.settings(cmd)
			if err != nil {
				return err
			}
			if show {
				if err := loaded.Write(p.out); err != nil {
					return err
				}
			}
			return p.check(loaded)
		},
	}
	cmd.Flags().BoolVar(&show, "settings", false, "print every setting with its value and where it comes from")
	return cmd
}

func (p *program) check(loaded *config.Loaded) error {
	flow, findings := loadFlow(loaded.Settings.Line)
	findings = append(findings, termFindings(flow)...)
	for _, f := range findings {
		fmt.Fprintln(p.out, f)
	}
	if flow != nil {
		if _, err := clipsOf(flow); err != nil {
			fmt.Fprintln(p.out, err)
			return &exitError{exitFindings, nil}
		}
	}
	if len(findings) > 0 {
		return &exitError{exitFindings, nil}
	}
	source := "the built-in defaults"
	if loaded.File != "" {
		source = loaded.File
	}
	fmt.Fprintf(p.err, "settings (%s) and menu (%s, %d nodes) are in order\n", source, flow.ID(), len(flow.Nodes()))
	return nil
}
