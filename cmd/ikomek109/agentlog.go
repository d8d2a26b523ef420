package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/ivr"
	"ikomek109/queue"
	"ikomek109/sqlite"
)

func (p *program) agentLog() *cobra.Command {
	var asJSON bool
	var limit int
	cmd := &cobra.Command{
		Use:   "log [ID]",
		Short: "Print what agents chose and what became of them",
		Long: `Prints the staff journal: each change of an agent's state, by whatever program, in
order. ready, paused and off are what the agent chose (or a supervisor for them);
idle, ringing, talking, on_hold, wrap_up and unreachable are what followed from the calls
and the phone. Nothing in it is ever changed.`,
		Example: "  ikomek109 agent log aigerim --limit 20",
		Args:    atMostArgs(1, "an agent's id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if limit <= 0 {
				return usage(fmt.Errorf("--limit must be more than 0"))
			}
			id := ivr.AgentID(strings.Join(args, ""))
			return p.withLog(cmd, func(ctx context.Context, store *sqlite.Store, zone *time.Location) error {
				changes, err := store.Staff().Changes(ctx, id, limit)
				if err != nil {
					return err
				}
				if asJSON {
					return writeJSON(p.out, append([]queue.Change{}, changes...))
				}
				return listChanges(p.out, changes, zone)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().IntVar(&limit, "limit", 100, "the last so many changes")
	return cmd
}

func listChanges(out io.Writer, changes []queue.Change, zone *time.Location) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "AT\tAGENT\tSTATE\tREASON\tCALL")
	for _, c := range changes {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", c.At.In(zone).Format(time.DateTime), c.Agent, c.Kind, dash(c.Detail), dash(string(c.Call)))
	}
	return w.Flush()
}

// choices are what an agent can be set to, in the order in which they are told.
func choices() []string { return []string{string(ivr.Ready), string(ivr.Paused), string(ivr.Off)} }

func (p *program) agentSet() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:   "set ID ready|paused|off",
		Short: "Set an agent's state in their place",
		Long: `Sets what the agent would choose by *11, *12 or *10, for a supervisor: within a
second it counts. An agent with a caller keeps the caller. Who did it and why is
in ` + "`ikomek109 agent log`" + `.`,
		Example: `  ikomek109 agent set aigerim paused --reason "техникалық үзіліс"`,
		Args:    exactArgs(2, "an agent's id and ready, paused or off"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(choices(), args[1]) {
				return usage(fmt.Errorf("no state %q; use one of %s", args[1], strings.Join(choices(), ", ")))
			}
			why := osUser()
			if reason = strings.TrimSpace(printable(reason)); reason != "" {
				why = reason + " (" + why + ")"
			}
			return p.withStore(cmd, func(ctx context.Context, store *sqlite.Store) error {
				err := store.Staff().Choose(ctx, ivr.AgentID(args[0]), ivr.Chosen(args[1]), why, time.Now())
				return withCure(err, ivr.NotFound, seeAgents)
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why, for the agent and for the record")
	return cmd
}
