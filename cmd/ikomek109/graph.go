package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (p *program) graphCmd() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "graph [FILE]",
		Short: "Draw a menu",
		Long: `Prints a menu as a picture for Mermaid, or for Graphviz (dot): its nodes with
their kinds, and the ways between them with their keys or reasons. Without FILE
it is the menu of the settings.`,
		Example: "  ikomek109 graph flows/109.yaml\n  ikomek109 graph --format dot flows/109.yaml",
		Args:    atMostArgs(1, "one FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("format", format, "mermaid", "dot"); err != nil {
				return err
			}
			flow, err := p.chosenFlow(cmd, args)
			if err != nil {
				return err
			}
			text := flow.Mermaid()
			if format == "dot" {
				text = flow.DOT()
			}
			_, err = fmt.Fprint(p.out, text)
			return err
		},
	}
	cmd.Flags().StringVar(&format, "format", "mermaid", "mermaid or dot")
	return cmd
}
