package speech_test

import (
	"math"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"ikomek109/deploy"
	"ikomek109/speech"
)

// realVoice finds espeak-ng and sox: those of the host, else those of the
// private copy that the project installs.
func realVoice(t testing.TB) (speech.Synth, speech.Command) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs espeak-ng and sox")
	}
	voice, errVoice := exec.LookPath("espeak-ng")
	sox, errSox := exec.LookPath("sox")
	if errVoice == nil && errSox == nil {
		return speech.Espeak(speech.Command{Path: voice}), speech.Command{Path: sox}
	}
	tools, err := deploy.Find(t.Context(), deploy.Options{NoInstall: true})
	if err != nil {
		t.Fatalf("espeak-ng and sox are not here: %v; let make test get them, or run go test -short", err)
	}
	return speech.Espeak(speech.Command(tools.Espeak)), speech.Command(tools.Sox)
}

func realLibrary(t testing.TB) *speech.Library {
	t.Helper()
	synth, sox := realVoice(t)
	l, err := speech.Open(t.Context(), speech.Options{Cache: t.TempDir(), Synth: synth, Sox: sox})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// sentences are short, long, loud and soft.
func sentences() []speech.Clip {
	return []speech.Clip{
		{Lang: "kk", ID: "n/бір", Text: "бір"},
		{Lang: "kk", ID: "n/үш", Text: "үш"},
		{Lang: "kk", ID: "n/қырқыншы", Text: "қырқыншы"},
		{Lang: "kk", ID: "a", Text: "Өмірге қауіп төнсе, бір жүз он екі нөміріне қоңырау шалыңыз."},
		{Lang: "kk", ID: "b", Text: "Қоғамдық көлік күн сайын таңғы алтыдан түнгі он бірге дейін жүреді, жолақыны карточкамен төлеуге болады."},
		{Lang: "ru", ID: "n/сто", Text: "сто"},
		{Lang: "ru", ID: "n/шесть", Text: "шесть"},
		{Lang: "ru", ID: "n/четырнадцать", Text: "четырнадцать"},
		{Lang: "ru", ID: "a", Text: "При угрозе жизни звоните сто двенадцать."},
		{Lang: "ru", ID: "b", Text: "Общественный транспорт работает ежедневно с шести утра до одиннадцати вечера, проезд можно оплатить картой."},
	}
}

func TestRealVoiceIsLevelAndTrimmed(t *testing.T) {
	l := realLibrary(t)
	clips := sentences()
	if err := l.Build(t.Context(), clips, nil); err != nil {
		t.Fatal(err)
	}
	for _, c := range clips {
		files, _, err := l.Files(c.Lang, c.ID, c.Text, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{files[0], files[0] + "16"} {
			w := readWave(t, path)
			if lufs := speech.Loudness(w.samples, w.rate); math.Abs(lufs+20) > 0.5 {
				t.Errorf("%v at %d Hz: %.1f LUFS, want -20", c, w.rate, lufs)
			}
			if p := w.peak(); p > 0.9 {
				t.Errorf("%v at %d Hz: peak %.2f", c, w.rate, p)
			}
			head, tail := w.quiet()
			if head > 60*time.Millisecond || tail < 40*time.Millisecond || tail > 220*time.Millisecond {
				t.Errorf("%v at %d Hz: quiet for %v before and %v after", c, w.rate, head, tail)
			}
			if n := w.length(); n < 150*time.Millisecond || n > time.Duration(len([]rune(c.Text)))*200*time.Millisecond+time.Second {
				t.Errorf("%v at %d Hz: %v long", c, w.rate, n)
			}
		}
	}
}

// quiet measures how long a sound is 30 dB below its peak at both ends; a soft
// «ть» may be.
func (w wave) quiet() (head, tail time.Duration) {
	gate := w.peak() / 31
	first, last := -1, 0
	for i, s := range w.samples {
		if math.Abs(s) < gate {
			continue
		}
		if first < 0 {
			first = i
		}
		last = i
	}
	unit := time.Second / time.Duration(w.rate)
	return time.Duration(first) * unit, time.Duration(len(w.samples)-1-last) * unit
}

// TestSilentVoice has a voice that says nothing at all.
func TestSilentVoice(t *testing.T) {
	_, sox := realVoice(t)
	l := fakeLibrary(t, speech.Options{Synth: fakeSynth(t, fakeSilence), Sox: sox})
	err := l.Build(t.Context(), []speech.Clip{clip("a", "бір")}, nil)
	if err == nil || !strings.Contains(err.Error(), "said nothing") {
		t.Errorf("%v", err)
	}
}

// TestRealVoiceSpeaksTwoLanguages guards against a voice that falls back to
// another language and says the same for both.
func TestRealVoiceSpeaksTwoLanguages(t *testing.T) {
	l := realLibrary(t)
	var waves []wave
	for _, lang := range speech.Languages() {
		c := speech.Clip{Lang: lang, ID: "same", Text: "Астана қаласы, бір жүз тоғыз"}
		if err := l.Build(t.Context(), []speech.Clip{c}, nil); err != nil {
			t.Fatal(err)
		}
		files, _, err := l.Files(lang, c.ID, c.Text, nil)
		if err != nil {
			t.Fatal(err)
		}
		waves = append(waves, readWave(t, files[0]))
	}
	differ := len(waves[0].samples) != len(waves[1].samples)
	for i := 0; !differ && i < len(waves[0].samples); i++ {
		differ = waves[0].samples[i] != waves[1].samples[i]
	}
	if !differ {
		t.Error("Kazakh and Russian sound the same")
	}
}

// BenchmarkSounds is what a call pays for one phrase with a value.
func BenchmarkSounds(b *testing.B) {
	self := speech.Options{Cache: b.TempDir(), Synth: speech.Synth{Version: "1"}}
	dir := b.TempDir()
	self.Recordings = dir
	const text = "Күту уақыты {from:number|abl} {minutes|dat} дейін."
	needs, err := speech.Needs("kk", "queue/wait", text)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range needs {
		record(b, dir, "kk/"+c.ID+".wav", 8000)
	}
	l, err := speech.Open(b.Context(), self)
	if err != nil {
		b.Fatal(err)
	}
	for name, phrase := range map[string]string{"fixed": strings.Split(text, " {")[0], "values": text} {
		b.Run(name, func(b *testing.B) {
			var values map[string]string
			id := "queue/wait/1"
			if name == "values" {
				id, values = "queue/wait", map[string]string{"from": "21", "minutes": "35"}
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := l.Sounds("kk", id, phrase, values); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestAnotherTemplateOfAVoice starts a real synthesiser in the other way that a
// template allows: text and sound go by files.
func TestAnotherTemplateOfAVoice(t *testing.T) {
	espeak, sox := realVoice(t)
	// Whatever stands before the voice's own arguments starts the program.
	at := slices.Index(espeak.Command.Args, "-v")
	c := espeak.Command
	c.Args = append(slices.Clone(c.Args[:at]), "-v", "{lang}", "-s", "130", "-f", "{text-file}", "-w", "{out}")
	cache := t.TempDir()
	l := openLibrary(t, speech.Options{Cache: cache, Synth: speech.Synth{Command: c}, Sox: sox})
	clips := sentences()
	if err := l.Build(t.Context(), clips, nil); err != nil {
		t.Fatal(err)
	}
	first := openLibrary(t, speech.Options{Cache: cache, Synth: espeak, Sox: sox})
	if m := first.Missing(clips); len(m) != len(clips) {
		t.Errorf("the drafts of another voice are taken for those of espeak-ng: only %d are missing", len(m))
	}
	for _, c := range clips {
		files, _, err := l.Files(c.Lang, c.ID, c.Text, nil)
		if err != nil {
			t.Fatal(err)
		}
		w := readWave(t, files[0])
		if lufs := speech.Loudness(w.samples, w.rate); math.Abs(lufs+20) > 0.5 {
			t.Errorf("%v: %.1f LUFS", c, lufs)
		}
	}
}
