package main

import (
	"fmt"
	"strconv"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

// keyed is what an agent keys to hand a caller over, apart from colleagues.
type keyed struct {
	Number string `json:"number"`
	Kind   string `json:"kind"` // queue or partner
	Name   string `json:"name"`
}

// listNumbers prints the numbers of the queues and partners that the settings
// name.
func (p *program) listNumbers(cmd *cobra.Command, asJSON bool) error {
	loaded, err := p.settings(cmd)
	if err != nil {
		return err
	}
	var all []keyed
	for i, name := range loaded.Settings.Queues {
		all = append(all, keyed{strconv.Itoa(i + 1), "queue", name})
	}
	for _, partner := range loaded.Settings.Partners {
		all = append(all, keyed{partner.Code, "partner", partner.RU})
	}
	if asJSON {
		return writeJSON(p.out, all)
	}
	w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NUMBER\tKIND\tNAME")
	for _, one := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\n", one.Number, one.Kind, printable(one.Name))
	}
	return w.Flush()
}
