package speech

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// pipelineVersion is raised when the steps after the voice change, so that
// clips are rendered again.
const pipelineVersion = "1"

// maxSound bounds a clip: longer is a voice gone wrong.
const maxSound = 3 * time.Minute

// RenderError says which clip could not be rendered, in which step, and what
// to do about it.
type RenderError struct {
	Clip Clip
	// Step is "synthesise", "convert" or "store".
	Step string
	// Command is what was run, empty for "store".
	Command string
	Err     error
}

// Error names clip, step, command, fault and cure.
func (e *RenderError) Error() string {
	with := ""
	if e.Command != "" {
		with = " with " + e.Command
	}
	return fmt.Sprintf("cannot %s clip %q (%s), %q%s: %v; %s",
		e.Step, e.Clip.ID, e.Clip.Lang, shorten(e.Clip.Text, 40), with, e.Err, e.cure())
}

// Unwrap gives the cause.
func (e *RenderError) Unwrap() error { return e.Err }

func (e *RenderError) cure() string {
	switch {
	case errors.Is(e.Err, syscall.ENOSPC), errors.Is(e.Err, syscall.EDQUOT):
		return "make room on the disk of the prompt cache, or place the cache elsewhere"
	case e.Step == "store" && !readOnly(e.Err):
		return "look at the folder of the prompt cache"
	default:
		return programCure(e.Err, "try the command by hand; a recording of the clip does without it")
	}
}

// programCure is what to do about a program that failed.
func programCure(err error, otherwise string) string {
	switch {
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		return "install the program, or name another in the settings"
	case errors.Is(err, context.DeadlineExceeded):
		return "the program hangs: try it by hand, or allow it more time"
	case readOnly(err):
		return "make the folder or the program accessible to this user"
	default:
		return otherwise
	}
}

// say has the voice read a clip.
func (l *Library) say(ctx context.Context, c Clip) (mono, error) {
	ctx, cancel := context.WithTimeout(ctx, l.opts.Timeout)
	defer cancel()
	wav, err := l.opts.Synth.speak(ctx, l.opts.Cache, c.Lang, speakable(c.Text))
	if err == nil {
		err = mendLength(wav)
	}
	if err != nil {
		return mono{}, l.unsaid(c, err)
	}
	src, err := readSource(wav)
	if errors.Is(err, ErrFormat) { // a voice may give more than 16 bits
		if wav, _, err = l.decode(ctx, wav); err == nil {
			src, err = readSource(wav)
		}
	}
	if err != nil {
		return mono{}, l.unshaped(c, err)
	}
	return src.mono(), nil
}

// speakable takes out of a text what a synthesiser would not read as text:
// espeak-ng takes [[…]] for phonemes.
func speakable(text string) string {
	return strings.NewReplacer("[", " ", "]", " ", "<", " ", ">", " ").Replace(text)
}

// unsaid is the error of a clip that the voice could not say.
func (l *Library) unsaid(c Clip, err error) error {
	return &RenderError{Clip: c, Step: "synthesise", Command: l.opts.Synth.Command.String(), Err: err}
}

// unshaped is the error of a clip that was said and could not be shaped.
func (l *Library) unshaped(c Clip, err error) error {
	switch {
	case errors.Is(err, errMute):
		return l.unsaid(c, errors.New("the voice said nothing"))
	case errors.Is(err, errLong):
		return l.unsaid(c, err)
	}
	return &RenderError{Clip: c, Step: "convert", Command: l.opts.Sox.String(), Err: err}
}
