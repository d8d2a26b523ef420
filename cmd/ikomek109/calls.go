package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/config"
	"ikomek109/ivr"
	"ikomek109/sqlite"
)

func (p *program) callsCmd() *cobra.Command {
	var asJSON, abandoned bool
	f := sqlite.Filter{}
	var since, outcome string
	cmd := &cobra.Command{
		Use:   "calls",
		Short: "List the calls, newest first",
		Long: `Lists the calls of the log, newest first, also those that are in progress.
Those that the line itself makes, to call somebody back, are among them. With
--abandoned it lists who gave up waiting in the last 24 hours, or since --since, was
turned out of a queue or cut off by a fault, and was neither served nor noted to be
called back since: each number once, by its latest call. Phone numbers are masked.
Times are the city's (line.time_zone).`,
		Example: "  ikomek109 calls --since 24h --outcome abandoned\n  ikomek109 calls --abandoned --since 2h\n  ikomek109 calls --json --limit 1000",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if f.Since, err = p.since(cmd, since); err != nil {
				return err
			}
			if f.Limit < 1 || f.Limit > sqlite.MaxCalls {
				return usage(fmt.Errorf("--limit %d cannot be; use 1 to %d", f.Limit, sqlite.MaxCalls))
			}
			if f.Outcome, err = parseOutcome(outcome); err != nil {
				return usage(err)
			}
			if abandoned && (outcome != "" || f.Live) {
				return usage(errors.New("--abandoned goes with neither --outcome nor --live"))
			}
			if abandoned {
				return p.listAbandoned(cmd, f, asJSON)
			}
			return p.withLog(cmd, func(ctx context.Context, store *sqlite.Store, zone *time.Location) error {
				calls, err := store.Calls(ctx, f)
				if err != nil {
					return err
				}
				return p.printCalls(calls, asJSON, zone)
			})
		},
	}
	cmd.PersistentFlags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().StringVar(&since, "since", "", "only calls that arrived since then: 24h ago, or 2022-01-05, or 2022-01-05T08:00:00+06:00")
	cmd.Flags().StringVar(&outcome, "outcome", "", "only calls with this `outcome`: "+outcomeNames())
	cmd.Flags().StringVar(&f.Category, "category", "", "only calls of this `category`, such as transport/fare")
	cmd.Flags().BoolVar(&f.Live, "live", false, "only calls in progress")
	cmd.Flags().BoolVar(&abandoned, "abandoned", false, "only who gave up waiting, or was turned out or cut off, and was not helped since")
	cmd.Flags().IntVar(&f.Limit, "limit", 100, "at most so many")
	cmd.AddCommand(p.callsShow(&asJSON), p.callsClose())
	return cmd
}

// abandonedSince is how far back those who gave up are listed where nobody says.
const abandonedSince = 24 * time.Hour

// listAbandoned lists who gave up and was not helped since.
func (p *program) listAbandoned(cmd *cobra.Command, f sqlite.Filter, asJSON bool) error {
	loaded, err := p.settings(cmd)
	if err != nil {
		return err
	}
	if f.Since.IsZero() {
		f.Since = time.Now().Add(-abandonedSince)
	}
	return withReadStore(cmd.Context(), loaded.Settings, func(ctx context.Context, store *sqlite.Store, zone *time.Location) error {
		all, err := gaveUp(ctx, store, loaded.Settings, f.Since)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(r ivr.Record) bool { return f.Category != "" && r.Category != f.Category })
		return p.printCalls(all[:min(f.Limit, len(all))], asJSON, zone)
	})
}

func (p *program) printCalls(calls []ivr.Record, asJSON bool, zone *time.Location) error {
	if asJSON {
		return writeJSON(p.out, append([]ivr.Record{}, calls...))
	}
	return listCalls(p.out, calls, zone)
}

func outcomeNames() string {
	var names []string
	for _, o := range ivr.Outcomes() {
		names = append(names, string(o))
	}
	return strings.Join(names, ", ")
}

func parseOutcome(s string) (ivr.Outcome, error) {
	if s == "" || slices.Contains(ivr.Outcomes(), ivr.Outcome(s)) {
		return ivr.Outcome(s), nil
	}
	return "", fmt.Errorf("no outcome %q; use one of %s", s, outcomeNames())
}

// since reads what --since says, in the city's zone.
func (p *program) since(cmd *cobra.Command, s string) (time.Time, error) {
	loaded, err := p.settings(cmd)
	if err != nil {
		return time.Time{}, err
	}
	zone, err := loaded.Settings.Line.Location()
	if err != nil {
		return time.Time{}, err
	}
	at, err := parseSince(s, zone)
	if err != nil {
		return time.Time{}, usage(err)
	}
	return at, nil
}

// parseSince reads a time, how long ago it was, or a day, which begins when it
// does in the zone.
func parseSince(s string, zone *time.Location) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if d, err := time.ParseDuration(s); err == nil && d > 0 {
		return time.Now().Add(-d), nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("--since %q is no time; use 24h, 2022-01-05 or 2022-01-05T08:00:00+06:00", s)
}

// withLog opens the store for reading.
func (p *program) withLog(cmd *cobra.Command, do func(context.Context, *sqlite.Store, *time.Location) error) error {
	loaded, err := p.settings(cmd)
	if err != nil {
		return err
	}
	return withReadStore(cmd.Context(), loaded.Settings, do)
}

// withReadStore opens the store of the settings for reading.
func withReadStore(ctx context.Context, s config.Settings, do func(context.Context, *sqlite.Store, *time.Location) error) error {
	zone, err := s.Line.Location()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	store, err := sqlite.Open(ctx, sqlite.Options{Path: s.Store.Path, ReadOnly: true})
	if err != nil {
		return err
	}
	defer store.Close(context.WithoutCancel(ctx)) //nolint:errcheck // it was only read
	return do(ctx, store, zone)
}

func listCalls(out io.Writer, calls []ivr.Record, zone *time.Location) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tARRIVED\tCALLER\tLANG\tCATEGORY\tOUTCOME\tREASON\tWAIT\tTALK\tAGENT")
	for _, r := range calls {
		outcome := string(r.Outcome)
		if r.Live() {
			outcome = "in progress"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.ID, r.ArrivedAt.In(zone).Format(time.DateTime),
			printable(r.Caller.String()), dash(string(r.Language)), dash(r.Category), outcome, dash(string(r.Reason)),
			seconds(r.Wait), seconds(r.Talk), dash(string(r.Agent)))
	}
	return w.Flush()
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return printable(s)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1fs", d.Seconds()) }

func (p *program) callsShow(asJSON *bool) *cobra.Command {
	return &cobra.Command{
		Use:   "show ID",
		Short: "Print one call's timeline",
		Long: `Prints what happened in one call, step by step. The id may be cut short as long
as it names one call.`,
		Example: "  ikomek109 calls show 0197b1c2",
		Args:    exactArgs(1, "a call's id, or its beginning, from `ikomek109 calls`"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withLog(cmd, func(ctx context.Context, store *sqlite.Store, zone *time.Location) error {
				record, entries, err := store.Call(ctx, ivr.CallID(args[0]))
				if err != nil {
					return withCure(err, ivr.NotFound, "`ikomek109 calls` shows the ids")
				}
				if *asJSON {
					return writeJSON(p.out, struct {
						ivr.Record
						Journal []ivr.Entry `json:"journal"`
					}{record, entries})
				}
				return showCall(p.out, record, entries, zone)
			})
		},
	}
}

// score is the mark that a caller gave.
func score(n int) string {
	if n == 0 {
		return "-"
	}
	return strconv.Itoa(n)
}

func showCall(out io.Writer, r ivr.Record, entries []ivr.Entry, zone *time.Location) error {
	outcome := "in progress"
	if !r.Live() {
		outcome = string(r.Outcome) + ", " + string(r.Reason)
	}
	fmt.Fprintf(out, "call      %s\narrived   %s\ncaller    %s\nlanguage  %s\ncategory  %s\nkeys      %s\npath      %s\nwait      %s\ntalk      %s\nhold      %s\nwrap-up   %s\nagent     %s\nhanded by %s\npartner   %s\nscore     %s\noutcome   %s\n\n",
		r.ID, r.ArrivedAt.In(zone).Format(time.DateTime), printable(r.Caller.String()), dash(string(r.Language)), dash(r.Category),
		dash(r.Keys), dash(strings.Join(r.Path, " > ")), seconds(r.Wait), seconds(r.Talk), seconds(r.Hold), seconds(r.WrapUp), dash(string(r.Agent)), dash(string(r.HandedBy)),
		dash(r.Partner), score(r.Score), outcome)
	if r.Origin == ivr.ByCallback {
		fmt.Fprintf(out, "made for  callback %d, asked for in call %s\n\n", r.Callback, dash(string(r.First)))
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, e := range entries {
		var detail []string
		for _, k := range slices.Sorted(maps.Keys(e.Detail)) {
			detail = append(detail, k+"="+printable(e.Detail[k]))
		}
		fmt.Fprintf(w, "%+8.3fs\t%s\t%s\t%s\n", e.At.Sub(r.ArrivedAt).Seconds(), e.Kind, e.Node, strings.Join(detail, " "))
	}
	return w.Flush()
}
