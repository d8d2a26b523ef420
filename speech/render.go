package speech

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os/exec"
	"strconv"
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

// rendered is a clip as it goes to disk.
type rendered struct {
	phone, wide []byte // WAV files of 8 and 16 kHz
	samples     int    // length at 8 kHz
}

// render speaks one clip and brings it into shape.
func (l *Library) render(ctx context.Context, c Clip) (rendered, error) {
	ctx, cancel := context.WithTimeout(ctx, l.opts.Timeout)
	defer cancel()
	fail := func(step string, with Command, err error) (rendered, error) {
		return rendered{}, &RenderError{Clip: c, Step: step, Command: with.String(), Err: err}
	}
	wav, err := l.opts.Synth.speak(ctx, l.opts.Cache, c.Lang, speakable(c.Text))
	if err == nil {
		err = mendLength(wav)
	}
	if err != nil {
		return fail("synthesise", l.opts.Synth.Command, err)
	}
	r, err := l.shape(ctx, wav, draftGate)
	switch {
	case errors.Is(err, errMute):
		return fail("synthesise", l.opts.Synth.Command, errors.New("the voice said nothing"))
	case errors.Is(err, errLong):
		return fail("synthesise", l.opts.Synth.Command, err)
	case err != nil:
		return fail("convert", l.opts.Sox, err)
	}
	return r, nil
}

// What shape refuses.
var (
	errMute = errors.New("nothing is heard in it")
	errLong = fmt.Errorf("the sound is longer than %v", maxSound)
)

// shape turns a sound into the two files of a clip: mono, trimmed, levelled.
func (l *Library) shape(ctx context.Context, wav []byte, gate func(powers []float64) float64) (rendered, error) {
	wide, err := l.resample(ctx, wav, wideRate)
	if err != nil {
		return rendered{}, err
	}
	phone, err := l.resample(ctx, wav, phoneRate)
	if err != nil {
		return rendered{}, err
	}
	// A soft consonant at an end may be heard in one of the two alone.
	from, to, ok := trimBounds(phone, phoneRate, gate)
	fromWide, toWide, okWide := trimBounds(wide, wideRate, gate)
	if !ok || !okWide {
		return rendered{}, errMute
	}
	from, to = min(from, fromWide/2), max(to, toWide/2)
	if to-from > phoneRate*int(maxSound/time.Second) {
		return rendered{}, errLong
	}
	return rendered{
		phone:   finish(phone, phoneRate, from, to),
		wide:    finish(wide, wideRate, 2*from, 2*to),
		samples: to - from,
	}, nil
}

// finish cuts, levels and encodes one rate of a clip.
func finish(samples []float64, rate, from, to int) []byte {
	return encodeWAV(toInt16(level(cut(samples, rate, from, to), rate)), rate)
}

// speakable takes out of a text what a synthesiser would not read as text:
// espeak-ng takes [[…]] for phonemes.
func speakable(text string) string {
	return strings.NewReplacer("[", " ", "]", " ", "<", " ", ">", " ").Replace(text)
}

// resample turns any WAV into mono samples of the given rate, a little quieter
// so that the filter cannot clip.
func (l *Library) resample(ctx context.Context, wav []byte, rate int) ([]float64, error) {
	out, err := l.opts.Sox.run(ctx, wav, "-V1", "-D", "-t", "wav", "-",
		"-t", "raw", "-e", "floating-point", "-b", "32", "-L", "-c", "1", "-r", strconv.Itoa(rate), "-",
		"gain", "-3", "rate", "-h", strconv.Itoa(rate))
	if err != nil {
		return nil, err
	}
	samples := make([]float64, len(out)/4)
	for i := range samples {
		s := float64(math.Float32frombits(binary.LittleEndian.Uint32(out[4*i:])))
		if math.IsNaN(s) || math.IsInf(s, 0) {
			return nil, errors.New("it gave something that is no sound")
		}
		samples[i] = s
	}
	return samples, nil
}
