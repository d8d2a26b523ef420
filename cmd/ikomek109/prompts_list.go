package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/speech"
)

// prompt is a prompt as JSON has it.
type prompt struct {
	Number   int               `json:"number,omitempty"` // in the studio's script; none before there was one
	Lang     string            `json:"lang"`
	ID       string            `json:"id"`
	Status   string            `json:"status"`
	Text     string            `json:"text"`
	Within   string            `json:"within,omitempty"` // the phrase of which it is a piece
	File     string            `json:"file,omitempty"`   // what is played now
	Seconds  float64           `json:"seconds,omitempty"`
	Recorded string            `json:"recorded,omitempty"` // the words of its newest recording
	At       time.Time         `json:"recorded_at,omitzero"`
	Accepted []speech.FlawCode `json:"accepted,omitempty"` // flaws of it that somebody lived with
}

func (p *program) promptsList() *cobra.Command {
	var lang string
	var asJSON bool
	wanted := map[speech.Status]*bool{}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the prompts of the menu, and who speaks them",
		Long: `Lists every prompt of the menu: recorded (by a person), draft (the draft voice),
stale (a recording of other words; the draft voice speaks), broken (a recording
that cannot be played; the draft voice speaks), missing (no sound yet).
NO is its number in the studio's script. Several flags add up.`,
		Example: "  ikomek109 prompts list --missing --stale\n  ikomek109 prompts list --lang kk --json",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLang(lang); err != nil {
				return err
			}
			b, err := p.openBook(cmd.Context(), cmd)
			if err != nil {
				return err
			}
			all, err := b.prompts(inLanguage(b.clips, lang), wanted)
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(p.out, all)
			}
			fmt.Fprintln(p.err, tally(b.lib, inLanguage(b.clips, lang)))
			return listPrompts(p.out, all)
		},
	}
	langFlag(cmd, &lang)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	for _, status := range speech.Statuses() {
		wanted[status] = cmd.Flags().Bool(status.String(), false, "those that are "+status.String())
	}
	return cmd
}

// prompts gives the prompts of the wanted statuses, or all when none is wanted.
func (b *book) prompts(clips []speech.Clip, wanted map[speech.Status]*bool) ([]prompt, error) {
	numbers, err := b.lib.Numbers()
	if err != nil {
		return nil, err
	}
	any := slices.ContainsFunc(speech.Statuses(), func(s speech.Status) bool { return *wanted[s] })
	all := []prompt{}
	for _, c := range clips {
		e := b.lib.Entry(c)
		if any && !*wanted[e.Status] {
			continue
		}
		all = append(all, prompt{
			Number: numbers.Of(c), Lang: c.Lang, ID: c.ID, Status: e.Status.String(), Text: c.Text,
			Within: b.within[c], File: e.File, Seconds: e.Length.Seconds(),
			Recorded: e.Recorded, At: e.At, Accepted: e.Accepted,
		})
	}
	return all, nil
}

func listPrompts(out io.Writer, all []prompt) error {
	if len(all) == 0 {
		return nil
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NO\tLANG\tSTATUS\tLENGTH\tID\tTEXT")
	for _, one := range all {
		number, length := "-", "-"
		if one.Number > 0 {
			number = fmt.Sprint(one.Number)
		}
		if one.Seconds > 0 {
			length = fmt.Sprintf("%.1fs", one.Seconds)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", number, one.Lang, one.Status, length, printable(one.ID), printable(shortened(one.Text, 60)))
	}
	return w.Flush()
}

// shortened cuts a text to at most n letters.
func shortened(text string, n int) string {
	letters := []rune(text)
	if len(letters) <= n {
		return text
	}
	return string(letters[:n-1]) + "…"
}
