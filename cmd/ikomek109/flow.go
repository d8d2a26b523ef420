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

	"ikomek109/ivr"
	"ikomek109/revision"
	"ikomek109/sqlite"
)

func (p *program) flowCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "flow",
		Short: "Bring a menu to the callers, look back, go back",
		Long: `What callers hear is a revision: a menu with all its files as they were when it
was published. A running line takes up a new one within a second; calls in
progress end on the one that they began with. None is ever changed or lost.`,
		Example: `  ikomek109 flow diff
  ikomek109 flow publish --note "су туралы жаңа жауап"
  ikomek109 flow rollback`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.flowPublish(), p.flowRollback(), p.flowList(), p.flowShow(), p.flowDiff())
	return cmd
}

// maxListed bounds one answer of `flow list`.
const maxListed = 10_000

func (p *program) flowList() *cobra.Command {
	var asJSON bool
	var limit int
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the revisions, newest first: the first is live",
		Example: "  ikomek109 flow list --json",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if limit < 1 || limit > maxListed {
				return usage(fmt.Errorf("--limit %d cannot be; use 1 to %d", limit, maxListed))
			}
			return p.withLog(cmd, func(ctx context.Context, store *sqlite.Store, zone *time.Location) error {
				all, err := store.Revisions().List(ctx, 0, limit)
				if err != nil {
					return err
				}
				if asJSON {
					return writeJSON(p.out, append([]revision.Revision{}, all...))
				}
				return listRevisions(p.out, all, zone)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().IntVar(&limit, "limit", 100, "at most so many")
	return cmd
}

func listRevisions(out io.Writer, all []revision.Revision, zone *time.Location) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "REVISION\tPUBLISHED\tBY\tAUTHOR\tFLOW\tNOTE")
	for i, r := range all {
		number := strconv.FormatInt(r.Number, 10)
		if i == 0 {
			number += " live"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", number, r.At.In(zone).Format(time.DateTime), wayText(r),
			printable(r.Author), printable(r.Flow), dash(r.Note))
	}
	return w.Flush()
}

// wayText tells how a revision came to be.
func wayText(r revision.Revision) string {
	if r.Of != 0 {
		return fmt.Sprintf("%s to %d", r.By, r.Of)
	}
	return string(r.By)
}

func (p *program) flowShow() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show [N [FILE]]",
		Short: "Tell of a revision, or print one of its files",
		Long: `Tells who published revision N, when and why, and lists its files. With FILE
that file is printed as it was. Without N it is the live one.`,
		Example: "  ikomek109 flow show 7\n  ikomek109 flow show 7 109.yaml > old.yaml",
		Args:    atMostArgs(2, "a revision's number and the name of a file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if asJSON && len(args) == 2 {
				return usage(errors.New("--json tells of a revision; a FILE is printed as it was"))
			}
			return p.withLog(cmd, func(ctx context.Context, store *sqlite.Store, zone *time.Location) error {
				which := wordLive
				if len(args) > 0 {
					which = args[0]
				}
				r, files, err := storedRevision(ctx, store.Revisions(), which)
				switch {
				case err != nil:
					return err
				case asJSON:
					return writeJSON(p.out, withFiles(r, files))
				case len(args) == 2:
					return printFile(p.out, r, files, args[1])
				default:
					return showRevision(p.out, r, files, zone)
				}
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// fileSize is a file of a revision as JSON has it.
type fileSize struct {
	Name  string `json:"name"`
	Bytes int    `json:"bytes"`
}

// withFiles is a revision and the files that it has.
func withFiles(r revision.Revision, files []revision.File) any {
	all := []fileSize{}
	for _, f := range files {
		all = append(all, fileSize{f.Name, len(f.Content)})
	}
	return struct {
		revision.Revision
		Files []fileSize `json:"files"`
	}{r, all}
}

// wordLive and wordDisk name what has no number.
const (
	wordLive = "live"
	wordDisk = "disk"
)

// storedRevision gives a revision by its number, or the live one.
func storedRevision(ctx context.Context, store revision.Store, which string) (r revision.Revision, files []revision.File, err error) {
	if which == wordLive {
		r, err = store.Newest(ctx)
		err = withCure(err, ivr.NotFound, "publish one by `ikomek109 flow publish`, or start the line once")
	} else {
		number, e := parseRevision(which)
		if e != nil {
			return r, nil, e
		}
		r, err = store.Get(ctx, number)
		err = withCure(err, ivr.NotFound, "`ikomek109 flow list` has those that there are")
	}
	if err != nil {
		return r, nil, err
	}
	files, err = store.Files(ctx, r.Number)
	return r, files, err
}

func parseRevision(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return 0, usage(fmt.Errorf("%q is no revision; name one by its number, from `ikomek109 flow list`", s))
	}
	return n, nil
}

func showRevision(out io.Writer, r revision.Revision, files []revision.File, zone *time.Location) error {
	fmt.Fprintf(out, "revision   %d\npublished  %s\nby         %s\nauthor     %s\nnote       %s\nflow       %s\nsource     %s\n\n",
		r.Number, r.At.In(zone).Format(time.DateTime), wayText(r), printable(r.Author), dash(r.Note), printable(r.Flow), printable(r.Source))
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, f := range files {
		fmt.Fprintf(w, "%d\t  %s\n", len(f.Content), printable(f.Name))
	}
	return w.Flush()
}

// printFile prints a file of a revision. The name is looked for among those of
// the revision, never on a disk.
func printFile(out io.Writer, r revision.Revision, files []revision.File, name string) error {
	for _, f := range files {
		if f.Name == name {
			_, err := out.Write(f.Content)
			return err
		}
	}
	return &ivr.Error{
		Op: "show", Code: ivr.NotFound, Message: fmt.Sprintf("revision %d has no file %s", r.Number, printable(name)),
		Cure: fmt.Sprintf("`ikomek109 flow show %d` lists its files", r.Number),
	}
}
