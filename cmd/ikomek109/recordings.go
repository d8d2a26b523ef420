package main

import (
	"context"
	"os"

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
		found = append(found, findingOf(f, s.Speech.Recordings))
	}
	return found, err
}

// findingOf is a flaw as a finding. It is an error when the caller would hear
// nothing, or when the settings forbid what they would hear.
func findingOf(f speech.Flaw, folder string) flows.Finding {
	found := flows.Finding{
		File: f.File, Severity: flows.Warning, Code: flows.Code(f.Code),
		Message: f.Clip.String() + ": " + f.Message, Cure: f.Cure,
	}
	if found.File == "" {
		found.File = folder
	}
	if f.Mute || f.Code == speech.FlawMissing {
		found.Severity = flows.Error
	}
	return found
}

func isFolder(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.IsDir()
}
