package speech_test

import (
	"bytes"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"ikomek109/speech"
)

// studio is a library with recordings, a real sox and a real voice.
type studio struct {
	*speech.Library
	opts speech.Options
}

func newStudio(t *testing.T) *studio {
	t.Helper()
	synth, sox := realVoice(t)
	o := speech.Options{Recordings: t.TempDir(), Cache: t.TempDir(), Synth: synth, Sox: sox}
	return &studio{openLibrary(t, o), o}
}

func openLibrary(t testing.TB, o speech.Options) *speech.Library {
	t.Helper()
	l, err := speech.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// pipe runs a program with a real one's command.
func pipe(t *testing.T, c speech.Command, in []byte, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), c.Path, append(slices.Clone(c.Args), args...)...) //nolint:gosec // a program of ours
	cmd.Env = append(os.Environ(), c.Env...)
	cmd.Stdin = bytes.NewReader(in)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, errs.String())
	}
	return out
}

// said is a sentence as a person in a studio might hand it in: 44.1 kHz, with
// silence around it, then whatever effects do.
func (s *studio) said(t *testing.T, c speech.Clip, effects ...string) []byte {
	t.Helper()
	voice := s.opts.Synth.Command
	voice.Args = slices.Clone(voice.Args)
	for i, a := range voice.Args {
		voice.Args[i] = strings.ReplaceAll(a, "{lang}", c.Lang)
	}
	raw := pipe(t, voice, []byte(c.Text+"\n"))
	return s.sox(t, raw, "wav", append([]string{"gain", "-n", "-6", "pad", "0.7", "0.9"}, effects...)...)
}

// sox turns a WAV into another kind of file. Some kinds cannot be written to a
// pipe.
func (s *studio) sox(t *testing.T, in []byte, kind string, effects ...string) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out."+kind)
	pipe(t, s.opts.Sox, in, append([]string{"-V1", "-D", "-t", "wav", "-", "-r", "44100", out}, effects...)...)
	content, err := os.ReadFile(out) //nolint:gosec // a file of the test
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// TestImportOfEveryKind brings in one sentence in every kind of file that sox
// can write here, and measures what is stored.
func TestImportOfEveryKind(t *testing.T) {
	s := newStudio(t)
	c := sentences()[9]
	raw := s.said(t, c)
	for _, kind := range []string{"wav", "flac", "ogg", "aiff", "aifc", "au", "caf", "w64"} {
		taken, err := s.Import(t.Context(), speech.Take{Clip: c, Sound: s.sox(t, raw, kind), From: "/studio/" + kind})
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		narrow, wide := readWave(t, taken.File), readWave(t, taken.File+"16")
		if narrow.rate != 8000 || wide.rate != 16000 {
			t.Errorf("%s: rates %d and %d", kind, narrow.rate, wide.rate)
		}
		for _, w := range []wave{narrow, wide} {
			if lufs := speech.Loudness(w.samples, w.rate); math.Abs(lufs+20) > 0.5 {
				t.Errorf("%s at %d Hz: %.1f LUFS", kind, w.rate, lufs)
			}
			if head, tail := w.quiet(); head > 80*time.Millisecond || tail > 240*time.Millisecond {
				t.Errorf("%s at %d Hz: quiet for %v before and %v after", kind, w.rate, head, tail)
			}
		}
		if paths, _, err := s.Sounds(c.Lang, c.ID, c.Text, nil); err != nil || paths[0]+".wav" != taken.File {
			t.Errorf("%s: played is %v, %v, not %s", kind, paths, err, taken.File)
		}
	}
	kept, err := filepath.Glob(filepath.Join(s.opts.Recordings, "ru", "b@*.wav"))
	if err != nil || len(kept) != 8 {
		t.Errorf("kept are %v, %v", kept, err)
	}
}

// TestMP3NeedsNoNameOfItsOwn tries a second sox when the first cannot read a
// file, and says what to do when none can.
func TestMP3NeedsNoNameOfItsOwn(t *testing.T) {
	complain := fake(t, `echo "sox FAIL formats: no handler for given file type mp3" >&2; exit 2`)
	c := clip("a", "сөз")
	take := speech.Take{Clip: c, Sound: append([]byte("ID3\x04\x00"), make([]byte, 100)...)}
	reads := fake(t, `cat > /dev/null; cat "$FAKES/beep.wav"`)
	for name, more := range map[string][]speech.Command{"one that can": {reads}, "none": {complain}} {
		l := fakeLibrary(t, speech.Options{Recordings: t.TempDir(), Sox: complain, MoreSox: more})
		_, err := l.Import(t.Context(), take)
		var failed *speech.ImportError
		if !errors.As(err, &failed) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		// With one that reads, the next step fails: the first sox resamples.
		if step := map[string]string{"one that can": "convert", "none": "read"}[name]; failed.Step != step ||
			step == "read" && !strings.Contains(err.Error(), "libsox-fmt-mp3") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAllPromptsAreEquallyLoud holds drafts and recordings of any loudness to
// the same 2 LU.
func TestAllPromptsAreEquallyLoud(t *testing.T) {
	s := newStudio(t)
	clips := sentences()
	effects := [][]string{
		{"gain", "-24"},
		{"gain", "-1"},
		{"bass", "+10", "gain", "-n", "-12"},
		{"channels", "2"},
		{"remix", "1", "0"},
		{"compand", "0.01,0.2", "6:-70,-60,-20", "-5", "-90", "0.2"},
	}
	var recorded []speech.Clip
	for i, c := range clips {
		if i%2 == 1 {
			continue // stays a draft
		}
		sound := s.said(t, c, effects[i/2%len(effects)]...)
		if _, err := s.Import(t.Context(), speech.Take{Clip: c, Sound: sound, Anyway: true}); err != nil {
			t.Fatalf("%v: %v", c, err)
		}
		recorded = append(recorded, c)
	}
	if err := s.Build(t.Context(), clips, nil); err != nil {
		t.Fatal(err)
	}
	softest, loudest := math.Inf(1), math.Inf(-1)
	for _, c := range clips {
		want := speech.Draft
		if slices.Contains(recorded, c) {
			want = speech.Recorded
		}
		if got := s.Status(c); got != want {
			t.Errorf("%v is %v", c, got)
		}
		files, _, err := s.Files(c.Lang, c.ID, c.Text, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{files[0], files[0] + "16"} {
			w := readWave(t, path)
			lufs := speech.Loudness(w.samples, w.rate)
			softest, loudest = min(softest, lufs), max(loudest, lufs)
		}
	}
	if loudest-softest > 2 {
		t.Errorf("from %.2f to %.2f LUFS", softest, loudest)
	}
	t.Logf("from %.2f to %.2f LUFS", softest, loudest)
}

func TestImportRefusesWhatIsFlawed(t *testing.T) {
	s := newStudio(t)
	c := sentences()[9]
	half := s.said(t, c, "trim", "0", "2.5", "pad", "0", "3")
	second := s.said(t, c, "trim", "2.5")
	for name, k := range map[string]struct {
		sound    []byte
		expected time.Duration
		want     []speech.FlawCode
		anyway   bool // it may be taken anyway
	}{
		"good":      {sound: s.said(t, c), expected: 7 * time.Second},
		"clipped":   {sound: s.said(t, c, "gain", "15"), want: []speech.FlawCode{speech.FlawClipped}, anyway: true},
		"softened":  {sound: s.sox(t, s.said(t, c, "gain", "12"), "wav", "gain", "-9"), want: []speech.FlawCode{speech.FlawClipped}, anyway: true},
		"quiet":     {sound: s.said(t, c, "gain", "-32"), want: []speech.FlawCode{speech.FlawQuiet}, anyway: true},
		"paused":    {sound: s.sox(t, joined(half, second), "wav"), want: []speech.FlawCode{speech.FlawSilence}, anyway: true},
		"other":     {sound: s.said(t, c), expected: 20 * time.Second, want: []speech.FlawCode{speech.FlawLength}, anyway: true},
		"too much":  {sound: s.said(t, c), expected: 2 * time.Second, want: []speech.FlawCode{speech.FlawLength}, anyway: true},
		"silent":    {sound: wav(make([]int16, 44100), 44100), want: []speech.FlawCode{speech.FlawSilence}},
		"very long": {sound: s.said(t, c, "repeat", "30"), want: []speech.FlawCode{speech.FlawLength}},
	} {
		t.Run(name, func(t *testing.T) {
			take := speech.Take{Clip: c, Sound: k.sound, Expected: k.expected}
			_, err := s.Import(t.Context(), take)
			if got := codesOf(err); !slices.Equal(got, k.want) || (err == nil) != (k.want == nil) {
				t.Fatalf("%v, want %v: %v", got, k.want, err)
			}
			if take.Anyway = true; k.want == nil {
				return
			}
			_, err = s.Import(t.Context(), take)
			if (err == nil) != k.anyway {
				t.Errorf("anyway: %v", err)
			}
			if flaws, err := s.Inspect(t.Context(), []speech.Clip{c}, true); err != nil || k.anyway && len(flaws) > 0 {
				t.Errorf("what was accepted is told again: %v, %v", flaws, err)
			}
		})
	}
}

// joined puts the samples of a WAV behind those of another.
func joined(a, b []byte) []byte {
	return wav(append(samplesOf(a), samplesOf(b)...), 44100)
}

func samplesOf(wav []byte) []int16 {
	var out []int16
	for at := 44; at+1 < len(wav); at += 2 {
		out = append(out, int16(wav[at])|int16(wav[at+1])<<8)
	}
	return out
}

// codesOf gives the codes of the flaws that an import was refused for.
func codesOf(err error) []speech.FlawCode {
	var refused *speech.FlawError
	if !errors.As(err, &refused) {
		return nil
	}
	var all []speech.FlawCode
	for _, f := range refused.Flaws {
		all = append(all, f.Code)
	}
	return all
}

// TestWhatIsNoSound has an error for every file that a person could name.
func TestWhatIsNoSound(t *testing.T) {
	s := newStudio(t)
	good := s.said(t, clip("a", "бір"))
	for name, sound := range map[string][]byte{
		"nothing":     nil,
		"text":        []byte("this is no sound at all, however long it is"),
		"a picture":   []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
		"a film":      []byte("\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00"),
		"half a WAV":  good[:30],
		"bare WAV":    good[:44],
		"a FLAC":      append([]byte("fLaC"), good...),
		"an MP3":      bytes.Repeat([]byte{0xff, 0xfb, 0x90, 0}, 100),
		"an Ogg":      append([]byte("OggS"), good...),
		"60 channels": append(append([]byte{}, good[:22]...), append([]byte{60, 0}, good[24:]...)...),
	} {
		_, err := s.Import(t.Context(), speech.Take{Clip: clip("a", "бір"), Sound: sound})
		var failed *speech.ImportError
		if !errors.As(err, &failed) || failed.Step != "read" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if left, err := filepath.Glob(filepath.Join(s.opts.Recordings, "kk", "*")); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	_, err := s.Import(t.Context(), speech.Take{Clip: clip("../a", "бір"), Sound: good})
	if !errors.Is(err, speech.ErrTemplate) {
		t.Errorf("a hostile id: %v", err)
	}
}

func TestFilesThatAreNotRead(t *testing.T) {
	dir := t.TempDir()
	pipe, big := filepath.Join(dir, "pipe.wav"), filepath.Join(dir, "big.wav")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(big, []byte("RIFF"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(big, 101<<20); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{
		dir: speech.ErrFormat, pipe: speech.ErrFormat, big: speech.ErrTooBig, "/dev/zero": speech.ErrFormat,
		filepath.Join(dir, "none.wav"): os.ErrNotExist,
	} {
		if _, err := speech.ReadSoundFile(path); !errors.Is(err, want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want %v", path, err, want)
		}
	}
}
