package main

import (
	"github.com/spf13/cobra"

	"ikomek109/flows"
)

func (p *program) schemaCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON schema of menu files, for editors",
		Long: `Prints the JSON schema (draft 7) of menu files. An editor takes completion, help
and first warnings from it; what counts is ikomek109 check. In VS Code, with the
extension "YAML" by Red Hat, put the schema beside the menu and make this the
menu's first line:

  # yaml-language-server: $schema=flow.schema.json`,
		Example: "  ikomek109 schema > flow.schema.json",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			text, err := flows.Schema()
			if err != nil {
				return err
			}
			_, err = p.out.Write(text)
			return err
		},
	}
}
