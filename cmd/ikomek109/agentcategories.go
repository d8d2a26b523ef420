package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"ikomek109/flows"
)

func (p *program) agentCategories() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "categories",
		Short: "List the topics by the two digits that agents key",
		Long: `Lists the topics of the menu in the settings with the two digits by which an
agent sets the topic of a call, after the conversation or by *14. The digits go by
the place in the menu's list, so they stay the same as long as new topics are put
last: of the first level below all, of the second below those of their first level.`,
		Example: "  ikomek109 agent categories",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			loaded, err := p.settings(cmd)
			if err != nil {
				return err
			}
			flow, err := p.mustFlow(loaded.Settings)
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(p.out, flow.Categories())
			}
			w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "KEYS\tCATEGORY\tҚАЗАҚША\tРУССКИЙ")
			for _, c := range flow.Categories() {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", dash(c.Number), c.Code, c.Name.In(flows.Kazakh), c.Name.In(flows.Russian))
			}
			return w.Flush()
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
