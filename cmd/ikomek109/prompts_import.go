package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"ikomek109/speech"
)

// importing is one run of the command import.
type importing struct {
	*program
	hint    speech.Hint
	anyway  bool
	book    *book
	numbers *speech.Numbers
	failed  int // files that a program or the disk was in the way of
	refused int // files that are flawed, or that name no prompt
}

func (p *program) promptsImport() *cobra.Command {
	i := &importing{program: p}
	cmd := &cobra.Command{
		Use:   "import FILE…",
		Short: "Bring in recordings from a studio",
		Long: `Takes sound files (` + speech.Formats + `), checks them, cuts the
silence off their ends, brings them to the loudness of all prompts and stores them
in the folder of recordings, for phones of both qualities. Which prompt it is,
the file's name says: the number or the id of "prompts script", with the language
before it (kk-017.wav, ru-welcome.mp3), or --lang and --id.

A recording that is clipped, too quiet, silent for too long, or too long or short
for its words is refused; --anyway takes it if anything is heard in it at all.
Nothing is overwritten: an earlier recording stays, and a menu with its words
plays it. A running line plays the new one within seconds.`,
		Example: "  ikomek109 prompts import studio/*.wav\n  ikomek109 prompts import --lang ru --id welcome/say take-3.flac",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage(errors.New("name the files to bring in; see `ikomek109 prompts import --help`"))
			}
			if i.hint.ID != "" && len(args) > 1 {
				return usage(errors.New("--id is for one FILE"))
			}
			if err := checkLang(i.hint.Lang); err != nil {
				return err
			}
			return i.run(cmd, args)
		},
	}
	cmd.Flags().StringVar(&i.hint.Lang, "lang", "", "the `language` of all files: kk or ru")
	cmd.Flags().StringVar(&i.hint.ID, "id", "", "the `id` of the prompt, as \"prompts list\" has it")
	cmd.Flags().BoolVar(&i.anyway, "anyway", false, "take recordings in spite of their flaws")
	return cmd
}

func (i *importing) run(cmd *cobra.Command, files []string) (err error) {
	ctx := cmd.Context()
	loaded, err := i.settings(cmd)
	if err != nil {
		return err
	}
	if _, err := i.findTools(ctx, loaded.Settings); err != nil { // sox, above all
		return err
	}
	if i.book, err = i.openBook(ctx, cmd); err != nil {
		return err
	}
	if i.numbers, err = i.book.lib.Numbers(); err != nil {
		return err
	}
	for _, file := range files {
		if err := i.one(ctx, file); err != nil {
			fmt.Fprintf(i.err, "%s: %s\n", printable(file), printable(err.Error()))
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	switch {
	case i.failed > 0:
		return &exitError{exitFailed, fmt.Errorf("%d of %d files were not brought in", i.failed+i.refused, len(files))}
	case i.refused > 0:
		return &exitError{exitFindings, fmt.Errorf("%d of %d files were not brought in", i.refused, len(files))}
	}
	return nil
}

// one brings in one file.
func (i *importing) one(ctx context.Context, file string) error {
	clip, err := speech.NameClip(file, i.hint, i.book.clips, i.numbers)
	if err != nil {
		i.refused++
		return err
	}
	sound, err := speech.ReadSoundFile(file)
	if err != nil {
		i.failed++
		return err
	}
	taken, err := i.book.lib.Import(ctx, speech.Take{
		Clip: clip, Sound: sound, From: file, Expected: spokenFor(clip), Anyway: i.anyway,
	})
	var flawed *speech.FlawError
	switch {
	case errors.As(err, &flawed):
		i.refused++
		return err
	case err != nil:
		i.failed++
		return err
	}
	for _, f := range taken.Flaws {
		fmt.Fprintf(i.err, "%s: taken anyway: %s\n", printable(file), f)
	}
	fmt.Fprintf(i.out, "%s\t%s\t%.1f s\t%+.1f dB\t%s\n", clip.Lang, clip.ID, taken.Length.Seconds(), taken.Gain, taken.File)
	return nil
}
