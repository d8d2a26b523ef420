package speech

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

// maxSoundFile bounds a file that is imported, in bytes: three minutes of the
// best that a studio gives are less.
const maxSoundFile = 100 << 20

// Why a file cannot be imported, whatever it says.
var (
	// ErrFormat is a file that is none of the sounds that can be read.
	ErrFormat = errors.New("not a sound file of a known kind")
	// ErrTooBig is a file that no recording of a sentence can be.
	ErrTooBig = fmt.Errorf("larger than %d MB", maxSoundFile>>20)
)

// Formats lists the kinds of files that can be imported, for messages.
const Formats = "WAV, FLAC, OGG, Opus, MP3, AIFF, AU, CAF, AMR"

// ReadSoundFile reads a file that is to be imported. Whatever is no plain file
// (a folder, a pipe that never ends) is refused.
func ReadSoundFile(path string) ([]byte, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: %w: it is no plain file", path, ErrFormat)
	}
	f, err := os.Open(path) //nolint:gosec // the file that a person named
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	content, err := io.ReadAll(io.LimitReader(f, maxSoundFile+1))
	if err == nil && len(content) > maxSoundFile {
		err = ErrTooBig
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return content, nil
}

// soundType tells by its first bytes what a file is, in the words of sox. The
// name of a file is not asked: it may say anything.
func soundType(content []byte) (string, bool) {
	for _, known := range []struct{ at0, at8, name string }{
		{"RIFF", "WAVE", "wav"},
		{"RF64", "WAVE", "wav"},
		{"FORM", "AIFF", "aiff"},
		{"FORM", "AIFC", "aiff"},
		{"fLaC", "", "flac"},
		{".snd", "", "au"},
		{"caff", "", "caf"},
		{"riff\x2e\x91\xcf\x11", "", "w64"},
		{"#!AMR-WB\n", "", "amr-wb"},
		{"#!AMR\n", "", "amr-nb"},
		{"ID3", "", "mp3"},
	} {
		if bytes.HasPrefix(content, []byte(known.at0)) &&
			(known.at8 == "" || len(content) >= 12 && string(content[8:12]) == known.at8) {
			return known.name, true
		}
	}
	switch {
	case bytes.HasPrefix(content, []byte("OggS")) && bytes.Contains(content[:min(64, len(content))], []byte("OpusHead")):
		return "opus", true
	case bytes.HasPrefix(content, []byte("OggS")):
		return "ogg", true
	case len(content) > 3 && content[0] == 0xff && content[1]&0xe6 == 0xe2: // a frame of layer III
		return "mp3", true
	}
	return "", false
}

// decode turns a file of any known kind into a WAV of 16 bits, at its own rate
// and with its own channels. Sox is given the content alone, never a name. The
// programs are tried in turn, since they know different kinds.
func (l *Library) decode(ctx context.Context, content []byte) (wav []byte, with Command, err error) {
	kind, known := soundType(content)
	if !known {
		return nil, Command{}, ErrFormat
	}
	in, err := l.nameless(content)
	if err != nil {
		return nil, Command{}, err
	}
	defer in.Close() //nolint:errcheck // a file without a name
	for i, sox := range append([]Command{l.opts.Sox}, l.opts.MoreSox...) {
		if _, err := in.Seek(0, io.SeekStart); err != nil {
			return nil, Command{}, err
		}
		// A second more than may be, so that what is too long is told as such.
		out, e := sox.runOn(ctx, in, "-V1", "-D", "-t", kind, "-",
			"-t", "wav", "-e", "signed-integer", "-b", "16", "-", "trim", "0", seconds(maxSound+time.Second))
		if e == nil {
			e = mendLength(out)
		}
		if e == nil || i == 0 || errors.Is(err, errNoHandler) {
			wav, with, err = out, sox, noHandler(e)
		}
		if err == nil || ctx.Err() != nil {
			break
		}
	}
	return wav, with, err
}

// nameless is a file without a name that holds content: a pipe will not do for
// kinds of files that are read back and forth.
func (l *Library) nameless(content []byte) (*os.File, error) {
	f, err := os.CreateTemp(l.opts.Cache, tempPrefix)
	if err != nil {
		return nil, err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, os.Remove(f.Name())); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// errNoHandler is a sox that was built without a kind of file.
var errNoHandler = errors.New("this sox cannot read that kind of file")

// noHandler knows sox's own words for it; it has no other way to tell.
func noHandler(err error) error {
	if err != nil && strings.Contains(err.Error(), "no handler for") {
		return fmt.Errorf("%w: %w", errNoHandler, err)
	}
	return err
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) }
