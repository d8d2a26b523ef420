package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/config"
	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/notice"
	"ikomek109/sqlite"
)

func (p *program) bulletinCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bulletin",
		Short: "Put up what every caller hears first",
		Long: `A bulletin is said at the beginning of every call, in both languages, Kazakh
first, until its end; a key cuts it. It is read by the draft voice, or by the
recordings bulletin/NAME. All that are live at once may last five minutes, and no
caller hears the same one more than three times in an hour. With
modes.second_person somebody other than its author has to release it; both prove by
their PINs who they are.`,
		Example: `  ikomek109 bulletin add --until 6h --reason "авария" --kk "Бүгін сол жағалауда су болмайды." --ru "Сегодня на левом берегу не будет воды."
  ikomek109 bulletin list`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.bulletinAdd(), p.bulletinList(), p.bulletinShow(), p.bulletinRelease(), p.bulletinEnd())
	return cmd
}

// withBoard opens what bulletins are put up with. A voice is opened only where
// something is to be said.
func (p *program) withBoard(cmd *cobra.Command, voiced bool, do func(context.Context, boardOf) error) error {
	return p.withNotices(cmd, func(ctx context.Context, store *sqlite.Store, s config.Settings, zone *time.Location) error {
		b := boardOf{store: store, zone: zone, second: s.Modes.SecondPerson}
		var st notice.Studio
		if voiced {
			lib, err := openSounds(ctx, s)
			if err != nil {
				return err
			}
			st = studio{lib}
		}
		b.Board = notice.NewBoard(store.Notices(), st, notice.Rules{SecondPerson: b.second, Persons: persons(store.Pins())})
		return do(ctx, b)
	})
}

// boardOf is a board with what the commands need beside it.
type boardOf struct {
	*notice.Board
	store  *sqlite.Store
	zone   *time.Location
	second bool // a second person has to release
}

func (p *program) bulletinAdd() *cobra.Command {
	var n notice.Bulletin
	var from, until string
	cmd := &cobra.Command{
		Use:   "add",
		Short: "Write a bulletin, have it rendered, and put it up",
		Long: `Writes a bulletin in both languages and has it rendered. It is said as soon as it
has sound; with modes.second_person its author's PIN is asked for, and it waits for
its release. Without sound it is kept and not said.`,
		Example: `  ikomek109 bulletin add --until 6h --reason "авария" --kk "Бүгін сол жағалауда су болмайды." --ru "Сегодня на левом берегу не будет воды."`,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.withBoard(cmd, true, func(ctx context.Context, b boardOf) error {
				var errs [3]error
				n.From, errs[0] = parseAhead("from", from, b.zone)
				n.Until, errs[1] = parseAhead("until", until, b.zone)
				n.Author, errs[2] = p.author(ctx, b.store, n.Author, b.second)
				if err := errors.Join(errs[:]...); err != nil {
					return err
				}
				n.By = notice.ByCommand
				put, err := b.Propose(ctx, n)
				if err != nil && put.ID == 0 {
					return ofInput(err)
				}
				if err != nil { // it is written down, and waits
					return err
				}
				return p.printBulletin(put, b.zone)
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&n.Text.KK, "kk", "", "the `words` in Kazakh")
	f.StringVar(&n.Text.RU, "ru", "", "the `words` in Russian")
	f.StringVar(&n.Recording, "recording", "", "the `name` of recordings that speak these words: bulletin/NAME in both languages")
	f.StringVar(&from, "from", "", "when it begins (default: now)")
	f.StringVar(&until, "until", "", "when it ends: 6h, 18:00, 2026-01-05T18:00")
	f.StringVar(&n.Reason, "reason", "", "why, in a few words")
	f.StringVar(&n.Author, "author", "", "who wrote it (default: your account)")
	return cmd
}

func (p *program) bulletinRelease() *cobra.Command {
	var author string
	cmd := &cobra.Command{
		Use:   "release ID",
		Short: "Release a bulletin, as a second person",
		Long: `Has a bulletin said that waits for its release. With modes.second_person its author
may not do so: who releases it proves by their PIN, asked for here, who they are.`,
		Example: "  ikomek109 bulletin release 7 --author timur",
		Args:    exactArgs(1, "a bulletin's number, from `ikomek109 bulletin list`"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.onBulletin(cmd, args[0], true, func(ctx context.Context, b boardOf, id int64) (notice.Bulletin, error) {
				who, err := p.author(ctx, b.store, author, b.second)
				if err != nil {
					return notice.Bulletin{}, err
				}
				return b.Release(ctx, id, who)
			})
		},
	}
	cmd.Flags().StringVar(&author, "author", "", "who releases it (default: your account)")
	return cmd
}

func (p *program) bulletinEnd() *cobra.Command {
	var author, reason string
	cmd := &cobra.Command{
		Use:     "end ID",
		Short:   "End a bulletin before its time",
		Example: `  ikomek109 bulletin end 7 --reason "су берілді"`,
		Args:    exactArgs(1, "a bulletin's number, from `ikomek109 bulletin list`"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.onBulletin(cmd, args[0], false, func(ctx context.Context, b boardOf, id int64) (notice.Bulletin, error) {
				who, err := p.author(ctx, b.store, author, false)
				if err != nil {
					return notice.Bulletin{}, err
				}
				n, err := b.End(ctx, id, who, reason)
				return n, ofInput(err)
			})
		},
	}
	cmd.Flags().StringVar(&author, "author", "", "who ends it (default: your account)")
	cmd.Flags().StringVar(&reason, "reason", "", "why, in a few words")
	return cmd
}

// onBulletin does something with one bulletin and prints what became of it.
func (p *program) onBulletin(cmd *cobra.Command, arg string, voiced bool, do func(context.Context, boardOf, int64) (notice.Bulletin, error)) error {
	id, err := strconv.ParseInt(arg, 10, 64)
	if err != nil || id < 1 {
		return usage(fmt.Errorf("%q is no bulletin's number; `ikomek109 bulletin list` shows them", arg))
	}
	return p.withBoard(cmd, voiced, func(ctx context.Context, b boardOf) error {
		n, err := do(ctx, b, id)
		if err != nil {
			return err
		}
		return p.printBulletin(n, b.zone)
	})
}

func (p *program) printBulletin(n notice.Bulletin, zone *time.Location) error {
	state, until := n.State(time.Now()), ""
	if n.EndedAt.IsZero() {
		until = ", until " + when(n.Until, zone)
	}
	_, err := fmt.Fprintf(p.out, "bulletin %d is %s%s\n", n.ID, state, until)
	return err
}

// maxBulletins bounds the bulletins of one list.
const maxBulletins = 10_000

func (p *program) bulletinList() *cobra.Command {
	var asJSON, all bool
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the bulletins that are said, wait, or are planned",
		Example: "  ikomek109 bulletin list --all --json",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.withBoard(cmd, false, func(ctx context.Context, b boardOf) error {
				found, err := b.store.Notices().Bulletins(ctx, maxBulletins)
				if err != nil {
					return err
				}
				var some []stated
				for _, n := range found {
					if state := n.State(time.Now()); all || state != notice.Ended && state != notice.Expired {
						some = append(some, stated{n, state})
					}
				}
				if asJSON {
					return writeJSON(p.out, append([]stated{}, some...))
				}
				return listBulletins(p.out, some, b.zone)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&all, "all", false, "also those that ended")
	return cmd
}

// stated is a bulletin and where it stands.
type stated struct {
	notice.Bulletin
	State notice.State `json:"state"`
}

func listBulletins(out io.Writer, all []stated, zone *time.Location) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tSTATE\tFROM\tUNTIL\tPLAYS\tAUTHOR\tRELEASED BY\tREASON")
	for _, n := range all {
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%d\t%s\t%s\t%s\n", n.ID, n.State, when(n.From, zone), when(n.Until, zone),
			n.Plays, printable(n.Author), dash(n.ReleasedBy), printable(n.Reason))
	}
	return w.Flush()
}

func (p *program) bulletinShow() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "show ID",
		Short:   "Print one bulletin whole",
		Example: "  ikomek109 bulletin show 7",
		Args:    exactArgs(1, "a bulletin's number, from `ikomek109 bulletin list`"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withBoard(cmd, false, func(ctx context.Context, b boardOf) error {
				found, err := b.store.Notices().Bulletins(ctx, maxBulletins)
				if err != nil {
					return err
				}
				for _, n := range found {
					if strconv.FormatInt(n.ID, 10) != args[0] {
						continue
					}
					if asJSON {
						return writeJSON(p.out, stated{n, n.State(time.Now())})
					}
					return showBulletin(p.out, n, b.zone)
				}
				return &ivr.Error{Op: "show bulletin", Code: ivr.NotFound, Message: "no bulletin " + strconv.Quote(args[0]), Cure: "`ikomek109 bulletin list --all` shows them"}
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func showBulletin(out io.Writer, n notice.Bulletin, zone *time.Location) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range [][2]string{
		{"bulletin", strconv.FormatInt(n.ID, 10)},
		{"state", string(n.State(time.Now()))},
		{"kk", printable(n.Text.In(flows.Kazakh))},
		{"ru", printable(n.Text.In(flows.Russian))},
		{"recording", dash(n.Recording)},
		{"plays for", seconds(n.Length)},
		{"from", when(n.From, zone)},
		{"until", when(n.Until, zone)},
		{"written", fmt.Sprintf("%s, by %s (%s): %s", when(n.At, zone), printable(n.Author), n.By, printable(n.Reason))},
		{"released", when(n.ReleasedAt, zone) + " " + printable(n.ReleasedBy)},
		{"ended", when(n.EndedAt, zone) + " " + printable(n.EndedBy) + " " + printable(n.EndReason)},
		{"begun", fmt.Sprintf("%d times", n.Plays)},
	} {
		fmt.Fprintf(w, "%s\t%s\n", row[0], row[1])
	}
	return w.Flush()
}
