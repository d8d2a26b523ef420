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
		Short: "See who is to be called back; add and cancel",
		Long: `Lists who asked to be called back and was not yet, the longest waiting first. The
running line calls them when it is their turn, if callback.dial of the settings
says how. add notes somebody, or all who gave up waiting; cancel calls somebody
back no more. Phone numbers are masked; show --reveal shows one, on record. Times
are the city's (line.time_zone).`,
		Example: "  ikomek109 callbacks\n  ikomek109 callbacks --all --json\n  ikomek109 callbacks add --abandoned --since 2h\n  ikomek109 callbacks cancel 17",
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
	cmd.PersistentFlags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&f.All, "all", false, "also those that have ended")
	cmd.Flags().StringVar(&f.Queue, "queue", "", "only those for this `queue`")
	cmd.Flags().IntVar(&f.Limit, "limit", 100, "at most so many")
	cmd.AddCommand(p.callbacksShow(&asJSON), p.callbacksAdd(), p.callbacksCancel())
	return cmd
}

func listCallbacks(out io.Writer, all []ivr.Callback, zone *time.Location) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNUMBER\tWAITING SINCE\tASKED\tLANG\tQUEUE\tCATEGORY\tSTATE\tTRIES\tWHY")
	for _, cb := range all {
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\n", cb.ID, printable(cb.Number.String()),
			cb.Since.In(zone).Format(time.DateTime), cb.AskedAt.In(zone).Format(time.DateTime),
			dash(string(cb.Language)), dash(cb.Queue), dash(cb.Category), cb.State, cb.Tries, dash(cb.Why))
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
			id, err := callbackID(args[0])
			if err != nil {
				return err
			}
			return p.withStore(cmd, func(ctx context.Context, store *sqlite.Store) error {
				return withCure(store.Callbacks().Cancel(ctx, id, osUser()), ivr.NotFound, seeCallbacks)
			})
		},
	}
}

// seeCallbacks is the cure for a number that no callback has.
const seeCallbacks = "`ikomek109 callbacks` shows the numbers"

// callbackID reads the number of a callback in the list.
func callbackID(arg string) (int64, error) {
	id, err := strconv.ParseInt(arg, 10, 64)
	if err != nil || id < 1 {
		return 0, usage(fmt.Errorf("%q is no number of the list; `ikomek109 callbacks` shows it", printable(arg)))
	}
	return id, nil
}
