package speech

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// Take is a recording that is to be brought in.
type Take struct {
	// Clip is what is read in it.
	Clip Clip
	// Sound is the content of the file, of any kind that sox can read.
	Sound []byte
	// From names where it comes from, for the note beside it.
	From string
	// Expected is how long the words should take; 0 when nobody knows.
	Expected time.Duration
	// Anyway takes it in spite of flaws that can be lived with.
	Anyway bool
}

// Taken is a recording that was brought in.
type Taken struct {
	// File is the 8 kHz file; that of 16 kHz lies beside it.
	File string
	// Length is what is left after trimming.
	Length time.Duration
	// Gain is how much louder it was made, in dB.
	Gain float64
	// Flaws are those that were accepted.
	Flaws []Flaw
}

// ImportError says which step of an import failed, and what to do about it.
type ImportError struct {
	Clip Clip
	// Step is "read", "convert" or "store".
	Step string
	// Command is what was run, if anything.
	Command string
	Err     error
}

// Error names clip, step, fault and cure.
func (e *ImportError) Error() string {
	with := ""
	if e.Command != "" {
		with = " with " + e.Command
	}
	return fmt.Sprintf("%s: cannot %s the recording%s: %v; %s", e.Clip, e.Step, with, e.Err, e.cure())
}

// Unwrap gives the cause.
func (e *ImportError) Unwrap() error { return e.Err }

func (e *ImportError) cure() string {
	switch {
	case errors.Is(e.Err, ErrFormat), errors.Is(e.Err, errNotSound):
		return "save it as one of " + Formats
	case errors.Is(e.Err, errNoHandler):
		return "save it as WAV or FLAC, or install that kind for sox (for MP3 Debian's libsox-fmt-mp3)"
	case e.Step == "store":
		return "look at the folder of recordings: its disk, and whose it is"
	default:
		return programCure(e.Err, "see whether the file plays elsewhere; save it as WAV")
	}
}

// Import brings a recording in: it is checked, trimmed, brought to the
// loudness of all prompts, stored at 8 and 16 kHz, and noted with the words
// that it speaks. Nothing is overwritten, and a line that is running plays it
// only when it says what its menu says. The error is a *FlawError, an
// *ImportError, or that of a clip that cannot be.
func (l *Library) Import(ctx context.Context, t Take) (Taken, error) {
	if l.opts.Recordings == "" {
		return Taken{}, errors.New("no folder of recordings is set; name one in the settings, speech.recordings")
	}
	if err := checkClips([]Clip{t.Clip}); err != nil {
		return Taken{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, l.opts.Timeout)
	defer cancel()
	wav, with, err := l.decode(ctx, t.Sound)
	if err != nil {
		return Taken{}, &ImportError{Clip: t.Clip, Step: "read", Command: with.String(), Err: err}
	}
	src, err := readSource(wav)
	if err != nil {
		return Taken{}, &ImportError{Clip: t.Clip, Step: "read", Err: err}
	}
	m := src.measure()
	flaws := m.ofSource(t.Clip, t.Expected)
	if len(flaws) > 0 && (!t.Anyway || flaws[0].Mute || m.length > maxSound) {
		return Taken{}, &FlawError{flaws}
	}
	r := l.shape(ctx, []mono{src.mono()}, takeGate)[0]
	if r.err != nil {
		return Taken{}, &ImportError{Clip: t.Clip, Step: "convert", Command: l.opts.Sox.String(), Err: r.err}
	}
	file, err := l.keep(t, r.rendered, codes(flaws))
	if err != nil {
		return Taken{}, &ImportError{Clip: t.Clip, Step: "store", Err: err}
	}
	return Taken{
		File: file, Flaws: flaws, Gain: targetLoudness - m.loudness,
		Length: time.Duration(r.samples) * (time.Second / phoneRate),
	}, nil
}

// keep stores both files under a name of their own and notes the words last:
// until then nobody plays them.
func (l *Library) keep(t Take, r rendered, flaws []FlawCode) (string, error) {
	dir := filepath.Join(l.opts.Recordings, t.Clip.Lang)
	folder := filepath.Dir(l.recordingPath(t.Clip.Lang, t.Clip.ID))
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // Asterisk reads it as another user
		return "", err
	}
	now := time.Now().UTC()
	base, err := freeBase(dir, t.Clip.ID+takeSign+now.Format("20060102-150405"), r.wide)
	if err != nil {
		return "", err
	}
	file := l.recordingPath(t.Clip.Lang, base) + phoneExt
	if err := writeWhole(file, r.phone); err != nil {
		return "", err
	}
	note := noted{Text: t.Clip.Text, At: now, From: filepath.Base(t.From), Flaws: flaws}
	if t.From == "" {
		note.From = ""
	}
	return file, l.note(t.Clip.Lang, map[string]noted{base: note})
}

// mostTakes bounds the recordings of one clip within one second.
const mostTakes = 100

// freeBase stores the wide file under the first name that is free, and so
// takes the name.
func freeBase(dir, base string, wide []byte) (string, error) {
	for n := range mostTakes {
		name := base
		if n > 0 {
			name += "-" + strconv.Itoa(n+1)
		}
		path := filepath.Join(dir, filepath.FromSlash(name))
		switch err := writeNew(path+wideExt, wide); {
		case err == nil:
			return name, nil
		case !errors.Is(err, fs.ErrExist):
			return "", err
		}
	}
	return "", fmt.Errorf("%s: %w", base, syscall.EEXIST)
}
