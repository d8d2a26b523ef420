package main

import (
	"context"
	"fmt"
	"time"

	"ikomek109/asterisk/conf"
	"ikomek109/config"
	"ikomek109/deploy"
	"ikomek109/flows"
	"ikomek109/speech"
)

// termFindings are answers that are out of term today, or soon.
func termFindings(flow *flows.Flow) flows.Findings {
	if flow == nil {
		return nil
	}
	return flow.CheckTerms(time.Now())
}

// findTools looks for the programs we need, and gets those that are missing.
func (p *program) findTools(ctx context.Context, s config.Settings) (*deploy.Tools, error) {
	bar := newProgress(p.err)
	defer bar.end()
	o := toolsThere(s)
	o.NoInstall, o.Modules, o.Optional = false, conf.Modules(), conf.OptionalModules()
	o.Mirror, o.Progress = s.Deploy.Mirror, bar.install
	return deploy.Find(ctx, o)
}

// toolsThere looks for the programs that are on this machine already.
func toolsThere(s config.Settings) deploy.Options {
	return deploy.Options{
		Asterisk: s.Asterisk.Program, Elsewhere: s.Asterisk.Given(), CacheDir: s.Deploy.Cache, NoInstall: true,
	}
}

// openVoice opens the prompts and renders those that the flow needs and that
// are not there yet.
func (p *program) openVoice(ctx context.Context, s config.Settings, tools *deploy.Tools, flow *flows.Flow) (*speech.Library, error) {
	lib, err := speech.Open(ctx, speechOptions(s, tools))
	if err != nil {
		return nil, err
	}
	clips, err := p.render(ctx, lib, flow)
	if err != nil {
		return nil, err
	}
	return lib, p.tellFlaws(ctx, s, lib, clips)
}

// render renders what a flow needs and is not there yet, and gives all that it
// needs.
func (p *program) render(ctx context.Context, lib *speech.Library, flow *flows.Flow) ([]speech.Clip, error) {
	clips, err := clipsOf(flow)
	if err != nil {
		return nil, err
	}
	bar := newProgress(p.err)
	defer bar.end()
	if err := lib.Build(ctx, clips, bar.prompts); err != nil {
		return nil, fmt.Errorf("the prompts could not all be rendered: %w", err)
	}
	if missing := lib.Missing(clips); len(missing) > 0 {
		return nil, fmt.Errorf("%d prompts have no sound, the first is %s; run `ikomek109 check`", len(missing), missing[0])
	}
	return clips, nil
}

func speechOptions(s config.Settings, tools *deploy.Tools) speech.Options {
	o := speech.Options{
		Recordings: s.Speech.Recordings, RecordingsSeen: s.Asterisk.RecordingPrefix,
		Cache: s.Speech.Cache, CacheSeen: s.Asterisk.SoundPrefix,
	}
	if tools != nil {
		o.Synth = speech.Espeak(speech.Command(tools.Espeak))
		o.Sox = speech.Command(tools.Sox)
	}
	if cmd := s.Speech.Command; len(cmd) > 0 {
		o.Synth = speech.Synth{Command: speech.Command{Path: cmd[0], Args: cmd[1:]}}
	}
	return o
}

// clipsOf gives every piece of sound that a call on the flow may need.
func clipsOf(flow *flows.Flow) ([]speech.Clip, error) {
	var clips []speech.Clip
	seen := map[speech.Clip]bool{}
	for _, phrase := range flow.Phrases() {
		for _, language := range flows.Languages() {
			need, err := speech.Needs(string(language), phrase.ID, phrase.Text.In(language))
			if err != nil {
				return nil, err
			}
			for _, c := range need {
				if !seen[c] {
					seen[c] = true
					clips = append(clips, c)
				}
			}
		}
	}
	return clips, nil
}
