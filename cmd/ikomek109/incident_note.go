package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/config"
	"ikomek109/incident"
	"ikomek109/ivr"
	"ikomek109/queue"
	"ikomek109/sqlite"
)

// seeIncidents is the cure for a number that no incident has.
const seeIncidents = "`ikomek109 incident list` shows the numbers"

func incidentID(arg string) (int64, error) {
	id, err := strconv.ParseInt(arg, 10, 64)
	if err != nil || id < 1 {
		return 0, usage(fmt.Errorf("%q is no number of an incident; %s", printable(arg), seeIncidents))
	}
	return id, nil
}

// noteIncident is a command that adds to what happened to an incident.
func (p *program) noteIncident(cmd *cobra.Command, arg string, e incident.Event, check func(context.Context, *sqlite.Store, config.Settings) error) error {
	id, err := incidentID(arg)
	if err != nil {
		return err
	}
	return p.withNotices(cmd, func(ctx context.Context, store *sqlite.Store, s config.Settings, _ *time.Location) error {
		e.At, e.Author = time.Now(), self()
		if err := e.Check(); err != nil {
			return usage(err)
		}
		if err := check(ctx, store, s); err != nil {
			return err
		}
		return withCure(store.Incidents().Note(ctx, id, e), ivr.NotFound, seeIncidents)
	})
}

func (p *program) incidentHandover() *cobra.Command {
	e := incident.Event{Kind: incident.Asked}
	var agent string
	cmd := &cobra.Command{
		Use:   "handover ID",
		Short: "Have an agent hand an incident over to a partner by telephone",
		Long: `Has the running line ring the agent's phone, which hears the number of the incident,
its topic and the partner, then ring the partner, and join both. Who accepted it
when is on record as soon as the partner picks up; when nobody does, that is on
record, and the incident is open still. ` + "`ikomek109 incident show`" + ` tells what came of
it. While no line runs nobody is rung, and after ten minutes nobody is any more.`,
		Example: "  ikomek109 incident handover 17 --to 104 --agent aigerim",
		Args:    exactArgs(1, "an incident's number, from `ikomek109 incident list`"),
		RunE: func(cmd *cobra.Command, args []string) error {
			e.Agent = ivr.AgentID(agent)
			return p.noteIncident(cmd, args[0], e, func(ctx context.Context, store *sqlite.Store, s config.Settings) error {
				if !slices.Contains(known(s).Partners, e.Partner) {
					return usage(fmt.Errorf("--to %q is no partner; the settings name them under partners", printable(e.Partner)))
				}
				all, _, err := store.Staff().Agents(ctx)
				if err == nil && !slices.ContainsFunc(all, func(a queue.Agent) bool { return a.ID == e.Agent }) {
					return usage(fmt.Errorf("--agent %q is no agent; `ikomek109 agent list` shows them", printable(agent)))
				}
				return err
			})
		},
	}
	cmd.Flags().StringVar(&e.Partner, "to", "", "the `code` of the partner, such as 104")
	cmd.Flags().StringVar(&agent, "agent", "", "`who` hands it over: an agent's id")
	return cmd
}

func (p *program) incidentAccept() *cobra.Command {
	e := incident.Event{Kind: incident.AcceptedKind}
	cmd := &cobra.Command{
		Use:     "accept ID",
		Short:   "Say who at a partner accepted an incident, by radio or on paper",
		Example: `  ikomek109 incident accept 17 --partner 102 --by "дежурный Серіков"`,
		Args:    exactArgs(1, "an incident's number, from `ikomek109 incident list`"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.noteIncident(cmd, args[0], e, func(context.Context, *sqlite.Store, config.Settings) error { return nil })
		},
	}
	cmd.Flags().StringVar(&e.Partner, "partner", "", "`which` service it is; it need not be in the settings")
	cmd.Flags().StringVar(&e.By, "by", "", "`who` there accepted it")
	return cmd
}

func (p *program) incidentClose() *cobra.Command {
	e := incident.Event{Kind: incident.ClosedKind}
	cmd := &cobra.Command{
		Use:     "close ID",
		Short:   "Close an incident",
		Example: `  ikomek109 incident close 17 --note "құбыр жөнделді"`,
		Args:    exactArgs(1, "an incident's number, from `ikomek109 incident list`"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.noteIncident(cmd, args[0], e, func(context.Context, *sqlite.Store, config.Settings) error { return nil })
		},
	}
	cmd.Flags().StringVar(&e.Note, "note", "", "how it ended, in a few words")
	return cmd
}
