package main

import (
	"context"
	"sync"

	"ikomek109/config"
	"ikomek109/deploy"
	"ikomek109/flows"
	"ikomek109/speech"
)

// renderer is [revision.Voice]: the prompts' library, opened when it is first
// asked, so that a menu with errors is refused before anything is fetched.
type renderer struct {
	program  *program
	settings config.Settings

	mu    sync.Mutex
	tools *deploy.Tools   // guarded by mu; nil before it was opened
	lib   *speech.Library // guarded by mu
}

// open gives the library and the tools that it renders with.
func (r *renderer) open(ctx context.Context) (*speech.Library, *deploy.Tools, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lib != nil {
		return r.lib, r.tools, nil
	}
	tools, err := r.program.findTools(ctx, r.settings)
	if err != nil {
		return nil, nil, err
	}
	lib, err := speech.Open(ctx, speechOptions(r.settings, tools))
	if err != nil {
		return nil, nil, err
	}
	r.lib, r.tools = lib, tools
	return lib, tools, nil
}

// Missing tells how many pieces of sound a call on the flow may need and has not.
// The error names a phrase that cannot be said at all.
func (r *renderer) Missing(ctx context.Context, flow *flows.Flow) (int, error) {
	lib, _, err := r.open(ctx)
	if err != nil {
		return 0, err
	}
	clips, err := clipsOf(flow)
	if err != nil {
		return 0, err
	}
	return len(lib.Missing(clips)), nil
}

// Render implements [revision.Voice].
func (r *renderer) Render(ctx context.Context, flow *flows.Flow) error {
	lib, _, err := r.open(ctx)
	if err != nil {
		return err
	}
	_, err = r.program.render(ctx, lib, flow)
	return err
}
