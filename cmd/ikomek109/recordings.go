package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"ikomek109/config"
	"ikomek109/flows"
	"ikomek109/speech"
)

// recordingFindings are flaws of the recordings that the menu plays, or would.
func recordingFindings(ctx context.Context, s config.Settings, flow *flows.Flow) (flows.Findings, error) {
	if flow == nil || !s.Speech.RecordedOnly && !isFolder(s.Speech.Recordings) {
		return nil, nil
	}
	lib, err := openSounds(ctx, s)
	if err != nil {
		return nil, err
	}
	clips, err := clipsOf(flow)
	if err != nil {
		return nil, nil // told already, with its place
	}
	flaws, err := lib.Inspect(ctx, clips, s.Speech.RecordedOnly)
	var found flows.Findings
	for _, f := range flaws {
		found = append(found, findingOf(f, s.Speech))
	}
	return found, err
}

// inspector is what a publisher looks at prompts with.
func inspector(s config.Settings) func(context.Context, *flows.Flow) (flows.Findings, error) {
	return func(ctx context.Context, flow *flows.Flow) (flows.Findings, error) {
		return recordingFindings(ctx, s, flow)
	}
}

// findingOf is a flaw as a finding. It is an error when the caller would hear
// nothing, or when the settings forbid what they would hear.
func findingOf(f speech.Flaw, s config.Speech) flows.Finding {
	found := flows.Finding{
		File: f.File, Severity: flows.Warning, Code: flows.Code(f.Code),
		Message: f.Clip.String() + ": " + f.Message, Cure: f.Cure,
	}
	if found.File == "" {
		found.File = s.Recordings
	}
	draft := f.Code == speech.FlawMissing || f.Code == speech.FlawStale || f.Code == speech.FlawBroken
	if f.Mute || draft && s.RecordedOnly {
		found.Severity = flows.Error
	}
	return found
}

func isFolder(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.IsDir()
}

// tellFlaws prints what is wrong with the recordings of clips. The line goes on:
// the draft voice, or the recording as it is, speaks.
func (p *program) tellFlaws(ctx context.Context, s config.Settings, lib *speech.Library, clips []speech.Clip) error {
	flaws, err := lib.Inspect(ctx, clips, false)
	for _, f := range flaws {
		fmt.Fprintln(p.err, findingOf(f, s.Speech))
	}
	return err
}

// followEvery is how often a running line looks for new recordings.
const followEvery = 2 * time.Second

// startRecordings has the line play what is imported while it runs.
func (v *service) startRecordings(context.Context) error {
	v.aside("the watch of the recordings", 10*time.Second, func(ctx context.Context) {
		v.voice.Follow(ctx, followEvery, func(err error) { v.recordingsChanged(ctx, err) })
	})
	return nil
}

// recordingsChanged notes what a person put into the folder, and renders what a
// recording that was taken away leaves without a voice.
func (v *service) recordingsChanged(ctx context.Context, err error) {
	clips, e := clipsOf(v.menus.Flow())
	if err == nil {
		err = e
	}
	if err == nil {
		err = v.voice.Build(ctx, clips, nil)
	}
	if err != nil {
		v.log.Warn("the recordings have changed, and not all can be played", "err", err)
		return
	}
	v.log.Info("the recordings have changed", "prompts", tally(v.voice, clips))
}
