package speech

import (
	"context"
	"errors"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
)

// maxFailures ends a Build: after as many the fault is not in a phrase.
const maxFailures = 5

// Build renders those of the clips that have no sound yet. It reports progress
// to tell (which may be nil) one call at a time, at the start and after each
// clip. A clip that fails does not stop the others; the error joins
// *RenderErrors, the first few of them.
//
// Recordings that a person put into the folder and nobody noted in the manifest
// are noted with the words of their clip, so that they count as stale when the
// words change later.
func (l *Library) Build(ctx context.Context, clips []Clip, tell func(done, total int)) error {
	if err := checkClips(clips); err != nil {
		return err
	}
	noteErr := errors.Join(l.noteUnknown(clips), l.makeTone())
	todo := l.toRender(clips)
	if len(todo) == 0 {
		return noteErr
	}
	if l.versionErr != nil {
		return &RenderError{Clip: todo[0], Step: "synthesise", Command: l.opts.Synth.Command.String(), Err: l.versionErr}
	}
	p := progress{total: len(todo), tell: tell}
	p.report(0)
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(l.opts.Workers)
	for batch := range slices.Chunk(todo, l.batchSize(len(todo))) {
		group.Go(func() error { return l.render(inner, batch, &p) })
	}
	err := group.Wait()
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	l.mu.Lock()
	l.forget()
	l.mu.Unlock()
	return errors.Join(append(p.failures, err, noteErr)...)
}

func checkClips(clips []Clip) error {
	for _, c := range clips {
		if _, err := grammarOf(c.Lang); err != nil {
			return err
		}
		if err := checkID(c.ID); err != nil {
			return &PhraseError{Lang: c.Lang, Phrase: c.ID, Detail: err.Error(), Err: ErrTemplate}
		}
		if _, err := plain(c.Text); err != nil {
			return &PhraseError{Lang: c.Lang, Phrase: c.ID, Detail: err.Error(), Err: ErrTemplate}
		}
	}
	return nil
}

// toRender leaves out clips with a sound, and those that share it with another.
func (l *Library) toRender(clips []Clip) []Clip {
	var todo []Clip
	seen := map[string]bool{}
	for _, c := range l.Missing(clips) {
		if name := l.draftName(c); !seen[name] {
			seen[name] = true
			todo = append(todo, c)
		}
	}
	return todo
}

// maxBatch bounds the clips of a batch: with more of them sox is started hardly
// less often, and progress is told too rarely.
const maxBatch = 32

// batchSize leaves no worker idle while another renders what two could.
func (l *Library) batchSize(clips int) int {
	return min(maxBatch, (clips+l.opts.Workers-1)/l.opts.Workers)
}

// render speaks clips one by one, shapes them together, and stores them. It
// leaves out those that another process has rendered meanwhile.
func (l *Library) render(ctx context.Context, clips []Clip, p *progress) error {
	var said []Clip
	var sounds []mono
	for _, c := range clips {
		var err error
		if _, there := l.find(c); !there {
			var sound mono
			if sound, err = l.say(ctx, c); err == nil {
				said, sounds = append(said, c), append(sounds, sound)
				continue
			}
		}
		if err = p.finish(err); err != nil {
			return err
		}
	}
	for i, s := range l.shape(ctx, sounds, draftGate) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := p.finish(l.keepDraft(said[i], s)); err != nil {
			return err
		}
	}
	return nil
}

// keepDraft stores a clip that was shaped.
func (l *Library) keepDraft(c Clip, s shaped) error {
	if s.err != nil {
		return l.unshaped(c, s.err)
	}
	if err := l.store(c, s.rendered); err != nil {
		return err
	}
	l.know(l.draftName(c), s.samples)
	return nil
}

// progress counts the clips of a Build.
type progress struct {
	total int
	tell  func(done, total int)

	mu       sync.Mutex // guards what follows, and calls of tell
	done     int
	failures []error
}

func (p *progress) report(done int) {
	if p.tell != nil {
		p.tell(done, p.total)
	}
}

// finish counts a clip and keeps its error; it returns one only when there is
// no use in going on.
func (p *progress) finish(err error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil {
		p.done++
		p.report(p.done)
		return nil
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	p.failures = append(p.failures, err)
	if len(p.failures) >= maxFailures {
		return errors.New("too many clips failed; the rest was not tried")
	}
	return nil
}
