package speech_test

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ikomek109/speech"
)

// both reads the two files that a library has for a clip.
func both(t *testing.T, l *speech.Library, c speech.Clip) (phone, wide wave) {
	t.Helper()
	files, _, err := l.Files(c.Lang, c.ID, c.Text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return readWave(t, files[0]), readWave(t, files[0]+"16")
}

// sameSound fails unless two sounds differ by no more than a rounding.
func sameSound(t *testing.T, what string, a, b wave) {
	t.Helper()
	if a.rate != b.rate || len(a.samples) != len(b.samples) {
		t.Errorf("%s: %d samples of %d Hz, and %d of %d Hz", what, len(a.samples), a.rate, len(b.samples), b.rate)
		return
	}
	worst := 0.0
	for i, s := range a.samples {
		worst = max(worst, math.Abs(s-b.samples[i]))
	}
	if worst > 1.5/32768 {
		t.Errorf("%s differs by %.1f steps", what, worst*32768)
	}
}

// TestNeighboursAreNotHeard renders sentences together, and each alone.
func TestNeighboursAreNotHeard(t *testing.T) {
	synth, sox := realVoice(t)
	together := openLibrary(t, speech.Options{Cache: t.TempDir(), Synth: synth, Sox: sox, Workers: 1})
	if err := together.Build(t.Context(), sentences(), nil); err != nil {
		t.Fatal(err)
	}
	alone := openLibrary(t, speech.Options{Cache: t.TempDir(), Synth: synth, Sox: sox})
	for _, c := range sentences() {
		if err := alone.Build(t.Context(), []speech.Clip{c}, nil); err != nil {
			t.Fatal(err)
		}
		phone, wide := both(t, alone, c)
		phoneOfAll, wideOfAll := both(t, together, c)
		sameSound(t, c.String()+" at 8 kHz", phone, phoneOfAll)
		sameSound(t, c.String()+" at 16 kHz", wide, wideOfAll)
	}
}

// TestVoiceOfALanguageIsItsFile guards against an espeak-ng that keeps its
// voices elsewhere, and so would speak with another one.
func TestVoiceOfALanguageIsItsFile(t *testing.T) {
	espeak, sox := realVoice(t)
	asked := openLibrary(t, speech.Options{Cache: t.TempDir(), Synth: speech.Synth{Command: espeak.Command}, Sox: sox})
	named := openLibrary(t, speech.Options{Cache: t.TempDir(), Synth: espeak, Sox: sox})
	for _, c := range []speech.Clip{sentences()[0], sentences()[8]} {
		for _, l := range []*speech.Library{asked, named} {
			if err := l.Build(t.Context(), []speech.Clip{c}, nil); err != nil {
				t.Fatal(err)
			}
		}
		a, _ := both(t, asked, c)
		b, _ := both(t, named, c)
		sameSound(t, c.String(), a, b)
	}
}

// fakeMoody fails, is silent, or speaks, by what it is to say.
const fakeMoody = `case "$(cat)" in
	*fail*) echo "no such word" >&2; exit 3;;
	*mute*) cat "$FAKES/silence.wav";;
	*other*) cat "$FAKES/other.wav";;
	*) cat "$FAKES/beep.wav";;
esac`

// moody is a voice that speaks by fakeMoody, with a sound of the test's own.
func moody(t *testing.T, other []byte) speech.Synth {
	t.Helper()
	synth := fakeSynth(t, fakeMoody)
	write(t, filepath.Join(strings.TrimPrefix(synth.Command.Env[0], "FAKES="), "other.wav"), other)
	return synth
}

// TestBadClipsAmongGood has a clip on both sides of each that cannot be, as
// loud as can be from its first sample to its last.
func TestBadClipsAmongGood(t *testing.T) {
	_, sox := realVoice(t)
	loud := make([]int16, 22050)
	for i := range loud {
		loud[i] = int16(32000 * math.Cos(2*math.Pi*440*float64(i)/22050))
	}
	l := fakeLibrary(t, speech.Options{Synth: moody(t, wav(loud, 22050)), Sox: sox, Workers: 1})
	bad := []speech.Clip{clip("b", "fail"), clip("d", "mute")}
	clips := []speech.Clip{clip("a", "other"), bad[0], clip("c", "other 2"), bad[1], clip("e", "other 3")}
	done := 0
	err := l.Build(t.Context(), clips, func(n, _ int) { done = n })
	for _, tells := range []string{`"b" (kk)`, "no such word", `"d" (kk)`, "said nothing"} {
		if err == nil || !strings.Contains(err.Error(), tells) {
			t.Errorf("%q is not told: %v", tells, err)
		}
	}
	if missing := l.Missing(clips); len(missing) != 2 || missing[0] != bad[0] || missing[1] != bad[1] || done != 3 {
		t.Errorf("done %d, missing %v", done, missing)
	}
}

// TestSoundsOfManyRates has a voice that changes its rate between clips.
func TestSoundsOfManyRates(t *testing.T) {
	_, sox := realVoice(t)
	l := fakeLibrary(t, speech.Options{Synth: moody(t, wav(beep(11025), 11025)), Sox: sox, Workers: 1})
	clips := []speech.Clip{clip("a", "бір"), clip("b", "other"), clip("c", "екі")}
	if err := l.Build(t.Context(), clips, nil); err != nil {
		t.Fatal(err)
	}
	first, _ := both(t, l, clips[0])
	for _, c := range clips[1:] {
		phone, wide := both(t, l, c)
		for _, w := range []wave{phone, wide} {
			if d := (w.length() - first.length()).Abs(); d > 20*time.Millisecond {
				t.Errorf("%v at %d Hz is %v long, the first %v", c, w.rate, w.length(), first.length())
			}
			if lufs := speech.Loudness(w.samples, w.rate); math.Abs(lufs+20) > 0.5 {
				t.Errorf("%v at %d Hz: %.1f LUFS", c, w.rate, lufs)
			}
		}
	}
}

// TestVoiceOfMoreBits has a voice that gives what only sox can read.
func TestVoiceOfMoreBits(t *testing.T) {
	_, sox := realVoice(t)
	for _, kind := range [][]string{{"-e", "floating-point", "-b", "32"}, {"-b", "24"}, {"-e", "a-law"}, {"-c", "2"}} {
		other := pipe(t, sox, wav(beep(22050), 22050), append(append([]string{"-t", "wav", "-", "-t", "wav"}, kind...), "-")...)
		l := fakeLibrary(t, speech.Options{Synth: moody(t, other), Sox: sox})
		c := clip("a", "other")
		if err := l.Build(t.Context(), []speech.Clip{c}, nil); err != nil {
			t.Errorf("%v: %v", kind, err)
			continue
		}
		if w, _ := both(t, l, c); math.Abs(speech.Loudness(w.samples, w.rate)+20) > 0.5 || w.length() < 500*time.Millisecond {
			t.Errorf("%v: %.1f LUFS, %v long", kind, speech.Loudness(w.samples, w.rate), w.length())
		}
	}
}

// TestSoxIsStartedTwiceForMany counts the starts of sox for clips that are
// resampled together.
func TestSoxIsStartedTwiceForMany(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	l := fakeLibrary(t, speech.Options{Sox: fakeSox(t, log), Workers: 1})
	var clips []speech.Clip
	for n := range 20 {
		clips = append(clips, clip("a", strings.Repeat("бір ", n+1)))
	}
	if err := l.Build(t.Context(), clips, nil); err != nil {
		t.Fatal(err)
	}
	starts, err := os.ReadFile(log) //nolint:gosec // a file of the test
	if err != nil || strings.Count(string(starts), "\n") != 2 {
		t.Errorf("%v, started for:\n%s", err, starts)
	}
}

func TestSoxThatFails(t *testing.T) {
	hangs := filepath.Join(t.TempDir(), "pid")
	for name, c := range map[string]struct {
		sox   speech.Command
		is    error
		tells string
	}{
		"complains":      {sox: fake(t, fakeComplain), tells: "no such voice"},
		"says nothing":   {sox: fake(t, `cat > /dev/null`), tells: "it gave 0 samples"},
		"is cut off":     {sox: fake(t, `head -c 1000`), tells: "it gave 250 samples"},
		"gives no sound": {sox: fake(t, `cat > /dev/null; yes "$(printf '\377\377\377\377')" | tr -d '\n' | head -c 1000000`), tells: "no sound"},
		"hangs":          {sox: fake(t, fakeHang, hangs), is: context.DeadlineExceeded, tells: "the program hangs"},
	} {
		timeout := 30 * time.Second
		if c.is != nil {
			timeout = 5 * time.Second // the voice has as long, on a busy machine too
		}
		l := fakeLibrary(t, speech.Options{Sox: c.sox, Timeout: timeout, Workers: 1})
		err := l.Build(t.Context(), []speech.Clip{clip("a", "бір"), clip("b", "екі")}, nil)
		var failed *speech.RenderError
		if !errors.As(err, &failed) || failed.Step != "convert" || failed.Command != c.sox.String() {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, tells := range []string{`"a" (kk)`, `"b" (kk)`, c.tells} {
			if !strings.Contains(err.Error(), tells) {
				t.Errorf("%s: %q is not told: %v", name, tells, err)
			}
		}
		if c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%s: %v", name, err)
		}
	}
	pid, err := os.ReadFile(hangs) //nolint:gosec // a file of the test
	if err != nil {
		t.Fatal(err)
	}
	until(t, "the sox that hangs is ended", func() bool { return !alive(strings.TrimSpace(string(pid))) })
}
