package main

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/speech"
)

func (p *program) promptsScript() *cobra.Command {
	var lang, format string
	var all bool
	cmd := &cobra.Command{
		Use:   "script",
		Short: "Print what to read in the studio",
		Long: `Prints, for each language, what a speaker has to read: every prompt without a
recording of its present words, with a number that stays, the name under which
the studio saves it, and how long it takes. "prompts import" knows the files by
these names. A piece of a sentence, and a word of a number, is to be read as it
is said inside the sentence that stands below it.`,
		Example: "  ikomek109 prompts script --lang kk\n  ikomek109 prompts script --all --format html",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLang(lang); err != nil {
				return err
			}
			if err := oneOf("format", format, "text", "csv", "html"); err != nil {
				return err
			}
			b, err := p.openBook(cmd.Context(), cmd)
			if err != nil {
				return err
			}
			sheets, err := b.sheets(lang, all)
			if err != nil {
				return err
			}
			return map[string]func(io.Writer, []sheet) error{
				"text": scriptText, "csv": scriptCSV, "html": scriptHTML,
			}[format](p.out, sheets)
		},
	}
	langFlag(cmd, &lang)
	cmd.Flags().BoolVar(&all, "all", false, "also what is recorded already")
	cmd.Flags().StringVar(&format, "format", "text", "text, csv or html")
	return cmd
}

// sheet is what a speaker of one language reads.
type sheet struct {
	Lang, Title, Inside string
	Lines               []line
	Length              time.Duration
}

// line is one prompt of a sheet.
type line struct {
	Number                 int
	File, ID, Text, Within string
	Status                 string
	Length                 time.Duration
}

// sheets numbers the prompts and lays out what is to be read.
func (b *book) sheets(lang string, recordedToo bool) ([]sheet, error) {
	numbers, err := b.lib.Number(b.clips)
	if err != nil {
		return nil, err
	}
	var all []sheet
	for _, l := range speech.Languages() {
		if lang != "" && l != lang {
			continue
		}
		s := sheet{Lang: l, Title: "iKOMEK 109: қазақша мәтіндер", Inside: "сөйлем ішінде"}
		if l == speech.Russian {
			s.Title, s.Inside = "iKOMEK 109: тексты на русском", "внутри фразы"
		}
		for _, c := range inLanguage(b.clips, l) {
			status := b.lib.Status(c)
			if status == speech.Recorded && !recordedToo {
				continue
			}
			one := line{
				Number: numbers.Of(c), File: speech.FileName(c, numbers), ID: c.ID, Text: c.Text,
				Within: b.within[c], Status: status.String(), Length: spokenFor(c),
			}
			s.Lines, s.Length = append(s.Lines, one), s.Length+one.Length
		}
		all = append(all, s)
	}
	return all, nil
}

func scriptText(out io.Writer, sheets []sheet) error {
	for _, s := range sheets {
		fmt.Fprintf(out, "%s (%d, ~%s)\n\n", s.Title, len(s.Lines), s.Length.Round(time.Second))
		for _, one := range s.Lines {
			fmt.Fprintf(out, "%4d  %s  ~%.0f s\n      %s\n", one.Number, one.File, one.Length.Seconds(), printable(one.Text))
			if one.Within != "" {
				fmt.Fprintf(out, "      (%s: %s)\n", s.Inside, printable(one.Within))
			}
			fmt.Fprintln(out)
		}
	}
	return nil
}

func scriptCSV(out io.Writer, sheets []sheet) error {
	w := csv.NewWriter(out)
	rows := [][]string{{"number", "lang", "file", "id", "status", "seconds", "text", "within"}}
	for _, s := range sheets {
		for _, one := range s.Lines {
			rows = append(rows, []string{
				fmt.Sprint(one.Number), s.Lang, cell(one.File), cell(one.ID), one.Status,
				fmt.Sprintf("%.1f", one.Length.Seconds()), cell(one.Text), cell(one.Within),
			})
		}
	}
	return w.WriteAll(rows)
}

// cell keeps a spreadsheet from taking a text for a formula.
func cell(text string) string {
	if text != "" && strings.ContainsAny(text[:1], "=+-@\t\r") {
		return "'" + text
	}
	return text
}

//go:embed script.html
var scriptPage string

func scriptHTML(out io.Writer, sheets []sheet) error {
	page, err := template.New("script").Parse(scriptPage)
	if err != nil {
		return err
	}
	return page.Execute(out, sheets)
}
