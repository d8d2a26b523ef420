package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"ikomek109/config"
	"ikomek109/revision"
	"ikomek109/sqlite"
)

func (p *program) flowDiff() *cobra.Command {
	return &cobra.Command{
		Use:   "diff [A [B]]",
		Short: "Show what differs between two revisions, or from the file on disk",
		Long: `Shows what B has otherwise than A, file by file. A and B are numbers of
revisions, or "live", or "disk": the menu that the settings name (line.flow), as
it lies there now; the one that ships when they name none. Without B it is the
live one; without both, what publishing the file on disk would change.`,
		Example: "  ikomek109 flow diff\n  ikomek109 flow diff 6 7\n  ikomek109 flow diff 6",
		Args:    atMostArgs(2, "two revisions"),
		RunE: func(cmd *cobra.Command, args []string) error {
			loaded, err := p.settings(cmd)
			if err != nil {
				return err
			}
			sides := [2]string{wordLive, wordDisk}
			if len(args) > 0 {
				sides[1] = wordLive
				copy(sides[:], args)
			}
			return p.withLog(cmd, func(ctx context.Context, store *sqlite.Store, _ *time.Location) error {
				a, err := readSide(ctx, store, loaded.Settings, sides[0])
				if err != nil {
					return err
				}
				b, err := readSide(ctx, store, loaded.Settings, sides[1])
				if err != nil {
					return err
				}
				fmt.Fprintf(p.err, "%s against %s\n", a.what, b.what)
				return p.printDiff(a, b)
			})
		},
	}
}

// side is one of the two that are compared.
type side struct {
	name, what string // the second tells where it is from
	files      map[string][]byte
}

func readSide(ctx context.Context, store *sqlite.Store, s config.Settings, which string) (side, error) {
	if which == wordDisk {
		c := readMenu("", s)
		if c.Source.Default {
			return newSide(revision.Shipped, "the menu that ships (the settings name none in line.flow)", c.Files()), nil
		}
		return newSide(wordDisk, printable(c.Source.Name), c.Files()), nil
	}
	r, files, err := storedRevision(ctx, store.Revisions(), which)
	name := fmt.Sprintf("revision %d", r.Number)
	return newSide(name, name+", from "+printable(r.Source), files), err
}

func newSide(name, what string, files []revision.File) side {
	s := side{name: name, what: what, files: map[string][]byte{}}
	for _, f := range files {
		s.files[f.Name] = f.Content
	}
	return s
}

// printDiff prints the differences as `diff -u` does.
func (p *program) printDiff(a, b side) error {
	all := maps.Clone(a.files)
	maps.Copy(all, b.files)
	same := true
	for _, name := range slices.Sorted(maps.Keys(all)) {
		text := diff.Diff(a.label(name), a.files[name], b.label(name), b.files[name])
		same = same && len(text) == 0
		if _, err := io.WriteString(p.out, printableLines(string(text))); err != nil {
			return err
		}
	}
	if same {
		fmt.Fprintf(p.err, "%s and %s are the same\n", a.name, b.name)
	}
	return nil
}

// label names a file of a side, or says that it has none of that name.
func (s side) label(name string) string {
	if _, ok := s.files[name]; !ok {
		return "/dev/null"
	}
	return s.name + "/" + name
}

// printableLines is printable for text of several lines.
func printableLines(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || unicode.IsPrint(r) {
			return r
		}
		return '·'
	}, s)
}
