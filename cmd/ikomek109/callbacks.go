package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/ivr"
	"ikomek109/sqlite"
)

func (p *program) callbacksCmd() *cobra.Command {
	var asJSON bool
	f := sqlite.CallbackFilter{}
	cmd := &cobra.Command{
		Use:   "callbacks",
		Short: "List who wants to be called back, and cancel",
		Long: `Lists who asked to be called back and was not yet, the longest waiting first.
Phone numbers are masked. Times are the city's (line.time_zone).`,
		Example: "  ikomek109 callbacks\n  ikomek109 callbacks --all --json\n  ikomek109 callbacks cancel 17",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.Limit < 1 || f.Limit > sqlite.MaxCalls {
				return usage(fmt.Errorf("--limit %d cannot be; use 1 to %d", f.Limit, sqlite.MaxCalls))
			}
			return p.withLog(cmd, func(ctx context.Context, store *sqlite.Store, zone *time.Location) error {
				all, err := store.Callbacks().List(ctx, f)
				if err != nil {
					return err
				}
				if asJSON {
					return writeJSON(p.out, append([]ivr.Callback{}, all...))
				}
				return listCallbacks(p.out, all, zone)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&f.All, "all", false, "also those that have ended")
	cmd.Flags().StringVar(&f.Queue, "queue", "", "only those for this `queue`")
	cmd.Flags().IntVar(&f.Limit, "limit", 100, "at most so many")
	cmd.AddCommand(p.callbacksCancel())
	return cmd
}

func listCallbacks(out io.Writer, all []ivr.Callback, zone *time.Location) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNUMBER\tWAITING SINCE\tASKED\tLANG\tQUEUE\tCATEGORY\tSTATE\tTRIES")
	for _, cb := range all {
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\n", cb.ID, printable(cb.Number.String()),
			cb.Since.In(zone).Format(time.DateTime), cb.AskedAt.In(zone).Format(time.DateTime),
			dash(string(cb.Language)), dash(cb.Queue), dash(cb.Category), cb.State, cb.Tries)
	}
	return w.Flush()
}

func (p *program) callbacksCancel() *cobra.Command {
	return &cobra.Command{
		Use:     "cancel ID",
		Short:   "Call somebody back no more",
		Example: "  ikomek109 callbacks cancel 17",
		Args:    exactArgs(1, "a callback's number in the list"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil || id < 1 {
				return usage(fmt.Errorf("%q is no number of the list; `ikomek109 callbacks` shows it", printable(args[0])))
			}
			return p.withStore(cmd, func(ctx context.Context, store *sqlite.Store) error {
				return withCure(store.Callbacks().Cancel(ctx, id, ""), ivr.NotFound, "`ikomek109 callbacks` shows the numbers")
			})
		},
	}
}
