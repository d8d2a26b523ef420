package speech_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"ikomek109/speech"
)

// The fakes are small scripts, since starting the test binary for each clip
// would take most of the time of the tests. In each, $1 and on are the
// arguments; beep.wav and silence.wav lie in $FAKES.
const (
	fakeBeep     = `cat > /dev/null; cat "$FAKES/beep.wav"`
	fakeFiles    = `test -s "$2" && cp "$FAKES/beep.wav" "$3"`
	fakeSilence  = `cat "$FAKES/silence.wav"`
	fakeGarbage  = `echo no voice today`
	fakeNothing  = `exit 0`
	fakeComplain = `echo "no such voice:" >&2; echo " kk" >&2; exit 3`
	fakeFlood    = `cat /dev/zero`
	fakeHang     = `sleep 600 & echo $! > "$1"; wait`
	fakeCurious  = `test -z "$IKOMEK109_ARI_USER" && cat "$FAKES/beep.wav"`
)

// fake returns a command that runs a script.
func fake(t *testing.T, script string, args ...string) speech.Command {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string][]byte{
		"beep.wav":    piped(beep(22050)),
		"silence.wav": piped(make([]int16, 22050)),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return speech.Command{Path: "/bin/sh", Args: append([]string{"-c", script, "fake"}, args...), Env: []string{"FAKES=" + dir}}
}

func fakeSynth(t *testing.T, script string) speech.Synth {
	t.Helper()
	return speech.Synth{Command: fake(t, script, "{lang}"), Settings: "test voice", Version: "1"}
}

// fakeLibrary is a library in fresh folders, unless o says otherwise.
func fakeLibrary(t *testing.T, o speech.Options) *speech.Library {
	t.Helper()
	if o.Cache == "" {
		o.Cache = t.TempDir()
	}
	if o.Synth.Command.Path == "" {
		o.Synth = fakeSynth(t, fakeBeep)
	}
	if o.Sox.Path == "" {
		o.Sox = fakeSox(t, "")
	}
	l, err := speech.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// beep is half a second of a tone with a third of silence on both sides.
func beep(rate int) []int16 {
	quiet := rate / 3
	out := make([]int16, quiet+rate/2+quiet)
	for i := range rate / 2 {
		out[quiet+i] = int16(6000 * math.Sin(2*math.Pi*440*float64(i)/float64(rate)))
	}
	return out
}

// piped is a WAV whose header does not know the length, as programs write it
// to a pipe.
func piped(samples []int16) []byte {
	var b bytes.Buffer
	b.WriteString("RIFF\x24\xf0\xff\x7fWAVEfmt ")
	for _, v := range []any{
		uint32(16), uint16(1), uint16(1), uint32(22050), uint32(44100), uint16(2), uint16(16),
		[]byte("data\x00\xf0\xff\x7f"), samples,
	} {
		if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
			panic(err)
		}
	}
	return b.Bytes()
}

// wave is a WAV file, read back.
type wave struct {
	rate    int
	samples []float64
}

func readWave(t *testing.T, path string) wave {
	t.Helper()
	b, err := os.ReadFile(path) //nolint:gosec // a file of the test
	if err != nil {
		t.Fatal(err)
	}
	if len(b) < 46 || string(b[:4]) != "RIFF" || string(b[36:40]) != "data" ||
		int(binary.LittleEndian.Uint32(b[40:])) != len(b)-44 || b[22] != 1 || b[34] != 16 {
		t.Fatalf("%s is no plain WAV of 16-bit mono", path)
	}
	w := wave{rate: int(binary.LittleEndian.Uint32(b[24:]))}
	for i := 44; i+1 < len(b); i += 2 {
		w.samples = append(w.samples, float64(int16(binary.LittleEndian.Uint16(b[i:])))/32768) //nolint:gosec // two's complement
	}
	return w
}

func (w wave) length() time.Duration {
	return time.Duration(len(w.samples)) * time.Second / time.Duration(w.rate)
}

func (w wave) peak() float64 {
	p := 0.0
	for _, s := range w.samples {
		p = max(p, math.Abs(s))
	}
	return p
}

// alive tells whether a process exists and is no zombie.
func alive(pid string) bool {
	stat, err := os.ReadFile("/proc/" + pid + "/stat")                   //nolint:gosec // a process of the test
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ESRCH) { // ESRCH: it ended while it was read
		return false
	}
	return !bytes.Contains(stat, []byte(") Z "))
}

// voiced is a WAV that sounds a little like speech: syllables of a low tone with
// overtones, at -20 LUFS or so, for that many seconds.
func voiced(rate int, seconds float64) []byte {
	samples := make([]int16, int(seconds*float64(rate)))
	for i := range samples {
		at := float64(i) / float64(rate)
		syllable := math.Abs(math.Sin(2 * math.Pi * 2.5 * at))
		wave := math.Sin(2*math.Pi*180*at) + 0.5*math.Sin(2*math.Pi*540*at+1) + 0.3*math.Sin(2*math.Pi*1260*at+2)
		samples[i] = int16(4500 * syllable * wave)
	}
	return wav(samples, rate)
}

// wav is a plain WAV file.
func wav(samples []int16, rate int) []byte {
	out := piped(samples)
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))   //nolint:gosec // a short sound
	binary.LittleEndian.PutUint32(out[24:], uint32(rate))        //nolint:gosec // a sampling rate
	binary.LittleEndian.PutUint32(out[28:], uint32(2*rate))      //nolint:gosec // a sampling rate
	binary.LittleEndian.PutUint32(out[40:], uint32(len(out)-44)) //nolint:gosec // a short sound
	return out
}

func contextOf(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithCancel(t.Context())
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil { //nolint:gosec // a file of the test
		t.Fatal(err)
	}
}

// until waits for something that has to happen.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !done(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}
