package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/config"
	"ikomek109/notice"
	"ikomek109/sqlite"
)

func (p *program) modeCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "mode",
		Short: "Show or set the line's mode",
		Long: `The line is daily, heightened or emergency: what callers hear first, the order of
the menus and the rules of the queue may follow the mode. A mode has an author, a
reason and an end, after which the line is daily by itself. A running line takes up
a change within a second. By telephone: dial *15 from an agent's phone.`,
		Example: `  ikomek109 mode
  ikomek109 mode set emergency --until 6h --reason "төтенше жағдай"`,
		Args: noArgs,
	}
	show := p.modeShow()
	cmd.RunE = show.RunE
	cmd.Flags().AddFlagSet(show.Flags())
	cmd.AddCommand(show, p.modeSet(), p.modeHistory())
	return cmd
}

// withNotices opens the store for a command about modes and bulletins.
func (p *program) withNotices(cmd *cobra.Command, do func(context.Context, *sqlite.Store, config.Settings, *time.Location) error) error {
	loaded, err := p.settings(cmd)
	if err != nil {
		return err
	}
	zone, err := loaded.Settings.Line.Location()
	if err != nil {
		return err
	}
	return p.withStore(cmd, func(ctx context.Context, store *sqlite.Store) error {
		return do(ctx, store, loaded.Settings, zone)
	})
}

func (p *program) modeShow() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "show",
		Short:   "Show the mode in force, and those planned",
		Example: "  ikomek109 mode show --json",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.withNotices(cmd, func(ctx context.Context, store *sqlite.Store, _ config.Settings, zone *time.Location) error {
				now := time.Now()
				current, err := store.Notices().Current(ctx, now)
				if err != nil {
					return err
				}
				in := notice.InForce(current.Switches, now)
				var planned []notice.Switch
				for _, s := range current.Switches {
					if s.From.After(now) {
						planned = append(planned, s)
					}
				}
				if asJSON {
					return writeJSON(p.out, struct {
						notice.Switch
						Planned []notice.Switch `json:"planned"`
					}{in, append([]notice.Switch{}, planned...)})
				}
				fmt.Fprintln(p.out, modeLine(in, zone))
				for _, s := range planned {
					fmt.Fprintln(p.out, "planned:", modeLine(s, zone))
				}
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// modeLine tells a switch in one line.
func modeLine(s notice.Switch, zone *time.Location) string {
	if s.ID == 0 {
		return string(s.Mode)
	}
	until := "no end"
	if !s.Until.IsZero() {
		until = "until " + s.Until.In(zone).Format(time.DateTime)
	}
	since := "since"
	if s.From.After(time.Now()) {
		since = "from"
	}
	return fmt.Sprintf("%s %s %s, %s, by %s (%s): %s", s.Mode, since, s.From.In(zone).Format(time.DateTime), until,
		printable(s.Author), s.By, printable(s.Reason))
}

func (p *program) modeSet() *cobra.Command {
	var from, until, author, reason string
	cmd := &cobra.Command{
		Use:   "set MODE",
		Short: "Set the mode: daily, heightened or emergency",
		Long: `Sets the mode at once, or from a time to come. Every mode but daily needs an end;
before it comes, another end can be set in the same way. Times are the city's.`,
		Example: `  ikomek109 mode set emergency --until 6h --reason "төтенше жағдай"
  ikomek109 mode set heightened --from 18:00 --until 2026-12-31T09:00 --reason "жаңа жыл"
  ikomek109 mode set daily --reason "қауіп сейілді"`,
		Args: exactArgs(1, "a mode: daily, heightened or emergency"),
		RunE: func(cmd *cobra.Command, args []string) error {
			mode, err := notice.ParseMode(args[0])
			if err != nil {
				return usage(err)
			}
			return p.withNotices(cmd, func(ctx context.Context, store *sqlite.Store, _ config.Settings, zone *time.Location) error {
				s := notice.Switch{Mode: mode, Reason: reason, By: notice.ByCommand}
				var errs [3]error
				s.From, errs[0] = parseAhead("from", from, zone)
				s.Until, errs[1] = parseAhead("until", until, zone)
				s.Author, errs[2] = p.author(ctx, store, author, false)
				if err := errors.Join(errs[:]...); err != nil {
					return usage(err)
				}
				s, err := notice.NewBoard(store.Notices(), nil, notice.Rules{}).SetMode(ctx, s)
				if err != nil {
					return ofInput(err)
				}
				_, err = fmt.Fprintln(p.out, modeLine(s, zone))
				return err
			})
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "when it begins (default: now)")
	cmd.Flags().StringVar(&until, "until", "", "when it ends: 6h, 18:00, 2026-01-05T18:00")
	cmd.Flags().StringVar(&reason, "reason", "", "why, in a few words")
	cmd.Flags().StringVar(&author, "author", "", "who decided it (default: your account)")
	return cmd
}

func (p *program) modeHistory() *cobra.Command {
	var asJSON bool
	var limit int
	cmd := &cobra.Command{
		Use:     "history",
		Short:   "List every change of the mode, newest first",
		Example: "  ikomek109 mode history --limit 20",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if limit < 1 {
				return usage(fmt.Errorf("--limit %d cannot be; use 1 or more", limit))
			}
			return p.withNotices(cmd, func(ctx context.Context, store *sqlite.Store, _ config.Settings, zone *time.Location) error {
				all, err := store.Notices().Switches(ctx, limit)
				if err != nil {
					return err
				}
				if asJSON {
					return writeJSON(p.out, append([]notice.Switch{}, all...))
				}
				w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
				fmt.Fprintln(w, "ID\tMODE\tFROM\tUNTIL\tBY\tAUTHOR\tREASON")
				for _, s := range all {
					fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", s.ID, s.Mode, s.From.In(zone).Format(time.DateTime),
						when(s.Until, zone), s.By, printable(s.Author), printable(s.Reason))
				}
				return w.Flush()
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().IntVar(&limit, "limit", 100, "at most so many")
	return cmd
}

// when tells a moment in the city's time; none as a dash.
func when(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return "-"
	}
	return t.In(zone).Format(time.DateTime)
}
