package main

import (
	"context"

	"ikomek109/ivr"
	"ikomek109/speech"
	prompts "ikomek109/studio" // a renderer of bulletins is called studio here
)

// recordByPhone serves the code by which prompts are recorded.
func (v *service) recordByPhone(ctx context.Context, h *ivr.Handset) error {
	return prompts.ByPhone(ctx, h, prompts.Options{
		Sounds: v.voice, Expected: spokenFor, Log: v.log,
		Clips: func() ([]speech.Clip, error) { return clipsOf(v.menus.Flow()) },
		Open:  v.whoKeyed,
	})
}
