package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/config"
	"ikomek109/incident"
	"ikomek109/ivr"
	"ikomek109/sqlite"
)

func (p *program) incidentCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "incident",
		Short: "Hand over to partner services what no citizen called about",
		Long: `Enters an incident that the situation centre has seen, has an agent hand it over to
a partner service by telephone, and puts down who accepted it when. An incident is
never deleted, and all that happens to it is kept.`,
		Example: `  ikomek109 incident add --category utilities/water --place "Сарыарқа, 12" --text "Құбыр жарылды, көшені су басты"
  ikomek109 incident handover 17 --to 104 --agent aigerim
  ikomek109 incident list --open`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.incidentAdd(), p.incidentList(), p.incidentShow(), p.incidentHandover(), p.incidentAccept(), p.incidentClose())
	return cmd
}

func (p *program) incidentAdd() *cobra.Command {
	var i incident.Incident
	cmd := &cobra.Command{
		Use:     "add",
		Short:   "Enter an incident, and print its number",
		Example: `  ikomek109 incident add --category utilities/water --place "Сарыарқа, 12" --text "Құбыр жарылды, көшені су басты"`,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.withNotices(cmd, func(ctx context.Context, store *sqlite.Store, s config.Settings, _ *time.Location) error {
				if err := knownCategory(s, i.Category); err != nil {
					return err
				}
				i.At, i.By = time.Now(), self()
				if err := i.Check(); err != nil {
					return usage(err)
				}
				id, err := store.Incidents().Enter(ctx, i)
				if err == nil {
					fmt.Fprintln(p.out, id)
				}
				return err
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&i.Category, "category", "", "the topic, as the menu's categories name it, such as utilities/water")
	f.StringVar(&i.Place, "place", "", "where it is")
	f.StringVar(&i.Text, "text", "", "what has happened")
	return cmd
}

// knownCategory refuses a topic that the menu does not have; a menu that cannot
// be read refuses none.
func knownCategory(s config.Settings, code string) error {
	menu, _ := loadMenu(s.Line.Flow, known(s))
	if code == "" || menu == nil {
		return nil
	}
	if _, known := menu.Category(code); known {
		return nil
	}
	return usage(fmt.Errorf("--category %q is none of the menu's; its categories stand under categories in the menu's file", printable(code)))
}

// mostListed is how much of a text a list shows, in characters.
const mostListed = 60

func (p *program) incidentList() *cobra.Command {
	var asJSON bool
	f := incident.Filter{}
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List incidents, newest first",
		Example: "  ikomek109 incident list --open\n  ikomek109 incident list --json",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.Limit < 1 || f.Limit > sqlite.MaxCalls {
				return usage(fmt.Errorf("--limit %d cannot be; use 1 to %d", f.Limit, sqlite.MaxCalls))
			}
			return p.withLog(cmd, func(ctx context.Context, store *sqlite.Store, zone *time.Location) error {
				all, err := store.Incidents().List(ctx, f)
				if err != nil {
					return err
				}
				if asJSON {
					return writeJSON(p.out, append([]incident.Incident{}, all...))
				}
				w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
				fmt.Fprintln(w, "ID\tAT\tSTATE\tPARTNER\tACCEPTED BY\tCATEGORY\tPLACE\tTEXT")
				for _, i := range all {
					fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", i.ID, when(i.At, zone), i.State, dash(i.Partner),
						dash(i.AcceptedBy), dash(i.Category), printable(i.Place), shortened(printable(i.Text), mostListed))
				}
				return w.Flush()
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&f.Open, "open", false, "only those that are not closed")
	cmd.Flags().IntVar(&f.Limit, "limit", incident.DefaultLimit, "at most so many")
	return cmd
}

func (p *program) incidentShow() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "show ID",
		Short:   "Show an incident and what happened to it",
		Example: "  ikomek109 incident show 17",
		Args:    exactArgs(1, "an incident's number, from `ikomek109 incident list`"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := incidentID(args[0])
			if err != nil {
				return err
			}
			return p.withLog(cmd, func(ctx context.Context, store *sqlite.Store, zone *time.Location) error {
				i, events, err := store.Incidents().Find(ctx, id)
				if err != nil {
					return withCure(err, ivr.NotFound, seeIncidents)
				}
				if asJSON {
					return writeJSON(p.out, struct {
						incident.Incident
						Events []incident.Event `json:"events"`
					}{i, append([]incident.Event{}, events...)})
				}
				return p.printIncident(i, events, zone)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (p *program) printIncident(i incident.Incident, events []incident.Event, zone *time.Location) error {
	fmt.Fprintf(p.out, "incident  %d\nat        %s\nby        %s\ncategory  %s\nplace     %s\ntext      %s\nstate     %s\npartner   %s\naccepted  %s %s\n\n",
		i.ID, when(i.At, zone), printable(i.By), dash(i.Category), printable(i.Place), printable(i.Text), i.State, dash(i.Partner),
		when(i.AcceptedAt, zone), dash(i.AcceptedBy))
	w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "AT\tWHAT\tAUTHOR\tPARTNER\tAGENT\tBY\tNOTE")
	for _, e := range events {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", when(e.At, zone), e.Kind, printable(e.Author), dash(e.Partner),
			dash(string(e.Agent)), dash(e.By), dash(e.Note))
	}
	return w.Flush()
}
