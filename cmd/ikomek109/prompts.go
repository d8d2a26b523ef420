package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/config"
	"ikomek109/deploy"
	"ikomek109/flows"
	"ikomek109/speech"
)

func (p *program) promptsCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "prompts",
		Short: "List, render and record what callers hear",
		Long: `Every sentence of the menu is a prompt in each language; one with values in it is
cut into pieces, and the words of the values are prompts too. The draft voice
(speech.command) reads what nobody recorded. A recording wins over it as long as
it says the words that stand in the menu now.`,
		Example: "  ikomek109 prompts list --stale",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.promptsList(), p.promptsScript(), p.promptsBuild(), p.promptsImport())
	return cmd
}

// book is what the commands about prompts work on: the menu of the settings,
// and the sounds that there are.
type book struct {
	settings config.Settings
	lib      *speech.Library
	clips    []speech.Clip
	// within holds, by clip, the phrase of which a clip is a piece.
	within map[speech.Clip]string
}

// openBook opens the sounds as they are and renders nothing.
func (p *program) openBook(ctx context.Context, cmd *cobra.Command) (*book, error) {
	loaded, err := p.settings(cmd)
	if err != nil {
		return nil, err
	}
	flow, err := p.mustFlow(loaded.Settings)
	if err != nil {
		return nil, err
	}
	b := &book{settings: loaded.Settings}
	if b.lib, err = openSounds(ctx, b.settings); err != nil {
		return nil, err
	}
	if b.clips, err = clipsOf(flow); err != nil {
		return nil, err
	}
	b.within, err = withinOf(flow)
	return b, err
}

// openSounds opens the sounds with the programs that are on this machine; the
// sounds can be looked at without any.
func openSounds(ctx context.Context, s config.Settings) (*speech.Library, error) {
	tools, err := deploy.Find(ctx, toolsThere(s))
	if err != nil {
		tools = &deploy.Tools{}
	}
	o := speechOptions(s, tools)
	o.MoreSox = privateSox(ctx, s)
	return speech.Open(ctx, o)
}

// privateSox is the sox of our own copy, which knows more kinds of files than
// that of many machines; none when there is no copy.
func privateSox(ctx context.Context, s config.Settings) []speech.Command {
	tools, err := deploy.Find(ctx, deploy.Options{CacheDir: s.Deploy.Cache, SkipHost: true, NoInstall: true})
	if err != nil {
		return nil
	}
	return []speech.Command{speech.Command(tools.Sox)}
}

// withinOf tells of which phrase each piece is one.
func withinOf(flow *flows.Flow) (map[speech.Clip]string, error) {
	within := map[speech.Clip]string{}
	for _, phrase := range flow.Phrases() {
		for _, language := range flows.Languages() {
			text := phrase.Text.In(language)
			need, err := speech.Needs(string(language), phrase.ID, text)
			if err != nil {
				return nil, err
			}
			for _, c := range need {
				if _, told := within[c]; !told && c.ID != phrase.ID {
					within[c] = text
				}
			}
		}
	}
	return within, nil
}

// inLanguage leaves the clips of one language, or all for none.
func inLanguage(clips []speech.Clip, lang string) []speech.Clip {
	var some []speech.Clip
	for _, c := range clips {
		if lang == "" || c.Lang == lang {
			some = append(some, c)
		}
	}
	return some
}

// langFlag adds --lang to a command.
func langFlag(cmd *cobra.Command, lang *string) {
	cmd.Flags().StringVar(lang, "lang", "", "only this `language`: "+strings.Join(speech.Languages(), " or "))
}

func checkLang(lang string) error {
	if lang == "" {
		return nil
	}
	return oneOf("lang", lang, speech.Languages()...)
}

// spokenFor estimates how long a clip takes to say.
func spokenFor(c speech.Clip) time.Duration { return flows.SpokenFor(c.Text) }

func (p *program) promptsBuild() *cobra.Command {
	var prune bool
	cmd := &cobra.Command{
		Use:   "build",
		Short: "Render the prompts that have no sound yet",
		Long: `Has the draft voice read every prompt of the menu that has neither a recording of
its present words nor a draft. What is there is not rendered again. "run" and
"serve" do the same at their start.`,
		Example: "  ikomek109 prompts build\n  ikomek109 prompts build --prune",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			loaded, err := p.settings(cmd)
			if err != nil {
				return err
			}
			return p.buildPrompts(cmd.Context(), loaded.Settings, prune)
		},
	}
	cmd.Flags().BoolVar(&prune, "prune", false, "delete the drafts that neither this menu nor the live one needs; another menu's are rendered again when it needs them")
	return cmd
}

func (p *program) buildPrompts(ctx context.Context, s config.Settings, prune bool) error {
	flow, err := p.mustFlow(s)
	if err != nil {
		return err
	}
	tools, err := p.findTools(ctx, s)
	if err != nil {
		return err
	}
	begun := time.Now()
	lib, err := p.openVoice(ctx, s, tools, flow)
	if err != nil {
		return err
	}
	clips, err := clipsOf(flow)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.err, "%s, in %.1f s\n", tally(lib, clips), time.Since(begun).Seconds())
	if !prune {
		return nil
	}
	if _, live, err := liveMenu(ctx, s, flows.Known{}); err == nil && live.Flow != nil {
		heard, err := clipsOf(live.Flow)
		if err != nil {
			return err
		}
		clips = append(clips, heard...) // callers hear these, whatever lies on disk
	}
	said, err := bulletinClips(ctx, s)
	if err != nil {
		return err
	}
	gone, err := lib.Prune(append(clips, said...))
	fmt.Fprintf(p.err, "%d files of the draft voice deleted\n", gone)
	return err
}

// tally counts clips by what there is of them.
func tally(lib *speech.Library, clips []speech.Clip) string {
	counts := map[speech.Status]int{}
	for _, c := range clips {
		counts[lib.Status(c)]++
	}
	text := fmt.Sprintf("%d prompts", len(clips))
	for _, status := range speech.Statuses() {
		if counts[status] > 0 {
			text += fmt.Sprintf(", %d %s", counts[status], status)
		}
	}
	return text
}
