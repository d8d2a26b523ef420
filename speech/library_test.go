package speech_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"ikomek109/speech"
)

func clip(id, text string) speech.Clip { return speech.Clip{Lang: "kk", ID: id, Text: text} }

func TestBuildRendersOnceAndSoundsTellsFiles(t *testing.T) {
	l := fakeLibrary(t, speech.Options{CacheSeen: "/far/away"})
	const text = "Сіз кезекте {place} тұрсыз."
	values := map[string]string{"place": "21"}
	clips, err := speech.Split("kk", "queue/place", text, values)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = l.Sounds("kk", "queue/place", text, values)
	var missing *speech.MissingError
	if !errors.As(err, &missing) || missing.Clip.ID != "queue/place/1" {
		t.Fatalf("before the build: %v", err)
	}
	if got := l.Missing(clips); len(got) != len(clips) {
		t.Errorf("missing: %v", got)
	}
	var told []int
	if err := l.Build(t.Context(), append(clips, clips...), func(done, total int) {
		if total != len(clips) {
			t.Errorf("total %d, want %d", total, len(clips))
		}
		told = append(told, done)
	}); err != nil {
		t.Fatal(err)
	}
	if want := []int{0, 1, 2, 3, 4}; !slices.Equal(told, want) {
		t.Errorf("progress %v, want %v", told, want)
	}
	paths, length, err := l.Sounds("kk", "queue/place", text, values)
	if err != nil || len(paths) != 4 {
		t.Fatalf("sounds: %v, %v", paths, err)
	}
	files, _, err := l.Files("kk", "queue/place", text, values)
	if err != nil {
		t.Fatal(err)
	}
	var sum time.Duration
	for i, f := range files {
		if want := "/far/away/kk/" + strings.TrimSuffix(filepath.Base(f), ".wav"); paths[i] != want {
			t.Errorf("Asterisk sees %s, want %s", paths[i], want)
		}
		narrow, wide := readWave(t, f), readWave(t, f+"16")
		if narrow.rate != 8000 || wide.rate != 16000 {
			t.Errorf("rates %d and %d", narrow.rate, wide.rate)
		}
		if d := (narrow.length() - wide.length()).Abs(); d > time.Millisecond {
			t.Errorf("the rates differ by %v", d)
		}
		sum += narrow.length()
	}
	if sum != length {
		t.Errorf("length %v, files play %v", length, sum)
	}
	if err := l.Build(t.Context(), clips, func(int, int) { t.Error("rendered again") }); err != nil {
		t.Error(err)
	}
}

func TestSecondCheckoutSharesTheCache(t *testing.T) {
	dir := t.TempDir()
	clips := []speech.Clip{clip("a", "бір"), clip("b", "екі"), clip("c", "үш")}
	first := fakeLibrary(t, speech.Options{Cache: dir})
	second := fakeLibrary(t, speech.Options{Cache: dir})
	var wg sync.WaitGroup
	for _, l := range []*speech.Library{first, second} {
		wg.Go(func() {
			if err := l.Build(t.Context(), clips, nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	late := fakeLibrary(t, speech.Options{Cache: dir, Synth: fakeSynth(t, fakeComplain)})
	if m := late.Missing(clips); len(m) > 0 {
		t.Errorf("a third one misses %v", m)
	}
	for name, change := range map[string]func(*speech.Synth){
		"version":  func(s *speech.Synth) { s.Version = "2" },
		"settings": func(s *speech.Synth) { s.Settings = "slower" },
	} {
		synth := fakeSynth(t, fakeBeep)
		change(&synth)
		if m := fakeLibrary(t, speech.Options{Cache: dir, Synth: synth}).Missing(clips); len(m) != 3 {
			t.Errorf("another %s of the voice finds the drafts of the first", name)
		}
	}
	leftovers, err := filepath.Glob(filepath.Join(dir, "kk", ".tmp-*"))
	if err != nil || len(leftovers) > 0 {
		t.Errorf("left behind: %v %v", leftovers, err)
	}
}

func TestRunningLineSeesWhatAnotherRendered(t *testing.T) {
	dir := t.TempDir()
	line := fakeLibrary(t, speech.Options{Cache: dir})
	c := clip("late", "кейін")
	if s := line.Status(c); s != speech.Missing {
		t.Fatalf("status %v", s)
	}
	if err := fakeLibrary(t, speech.Options{Cache: dir}).Build(t.Context(), []speech.Clip{c}, nil); err != nil {
		t.Fatal(err)
	}
	if _, _, err := line.Sounds("kk", "late", "кейін", nil); err != nil {
		t.Error(err)
	}
	if s := line.Status(c); s != speech.Draft {
		t.Errorf("status %v", s)
	}
}

func TestDamagedDraftsAreRenderedAgain(t *testing.T) {
	for name, damage := range map[string]func(path string) error{
		"cut off":      func(p string) error { return os.Truncate(p, 1000) },
		"empty":        func(p string) error { return os.Truncate(p, 0) },
		"other bytes":  func(p string) error { return os.WriteFile(p, make([]byte, 4000), 0o600) },
		"gone":         os.Remove,
		"wide is gone": func(p string) error { return os.Remove(p + "16") },
		"wide cut off": func(p string) error { return os.Truncate(p+"16", 1001) },
	} {
		dir := t.TempDir()
		c := []speech.Clip{clip("a", "бір")}
		if err := fakeLibrary(t, speech.Options{Cache: dir}).Build(t.Context(), c, nil); err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(dir, "kk", "*.wav"))
		if err != nil || len(files) != 1 {
			t.Fatalf("%v %v", files, err)
		}
		if err := damage(files[0]); err != nil {
			t.Fatal(err)
		}
		l := fakeLibrary(t, speech.Options{Cache: dir})
		if len(l.Missing(c)) != 1 {
			t.Errorf("%s: the damage was not seen", name)
		}
		if err := l.Build(t.Context(), c, nil); err != nil || len(l.Missing(c)) != 0 {
			t.Errorf("%s: not mended: %v", name, err)
		}
	}
}

func TestPruneKeepsWhatIsWanted(t *testing.T) {
	dir := t.TempDir()
	l := fakeLibrary(t, speech.Options{Cache: dir})
	clips := []speech.Clip{clip("a", "бір"), clip("b", "екі")}
	if err := l.Build(t.Context(), clips, nil); err != nil {
		t.Fatal(err)
	}
	old, fresh, foreign := filepath.Join(dir, "kk", ".tmp-1"), filepath.Join(dir, "kk", ".tmp-2"), filepath.Join(dir, "kk", "mine.wav")
	for _, f := range []string{old, fresh, foreign} {
		if err := os.WriteFile(f, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	past := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(old, past, past); err != nil {
		t.Fatal(err)
	}
	if n, err := l.Prune(clips[:1]); n != 3 || err != nil { // two files of b, one old temporary
		t.Errorf("removed %d, %v", n, err)
	}
	if m := l.Missing(clips); len(m) != 1 || m[0] != clips[1] {
		t.Errorf("missing after: %v", m)
	}
	for _, f := range []string{fresh, foreign} {
		if _, err := os.Stat(f); err != nil {
			t.Errorf("%s went too", f)
		}
	}
}

func TestVoicesThatFail(t *testing.T) {
	for _, c := range []struct {
		script string
		tells  []string
	}{
		{fakeComplain, []string{"exit status 3: no such voice: kk", "synthesise", `"welcome"`, "(kk)", "try the command"}},
		{fakeGarbage, []string{"not a WAV", "synthesise"}},
		{fakeNothing, []string{"not a WAV"}},
		{fakeFlood, []string{"printed more than"}},
	} {
		l := fakeLibrary(t, speech.Options{Synth: fakeSynth(t, c.script)})
		err := l.Build(t.Context(), []speech.Clip{clip("welcome", "Қайырлы күн")}, nil)
		var render *speech.RenderError
		if !errors.As(err, &render) || render.Clip.ID != "welcome" {
			t.Errorf("%s: %v", c.script, err)
			continue
		}
		for _, want := range c.tells {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q does not tell %q", c.script, err, want)
			}
		}
	}
}

func TestProgramsThatAreMissing(t *testing.T) {
	nowhere := speech.Command{Path: filepath.Join(t.TempDir(), "nowhere")}
	for name, o := range map[string]speech.Options{
		"the voice":          {Synth: speech.Synth{Command: nowhere, Version: "1"}},
		"espeak-ng":          {Synth: speech.Espeak(nowhere)},
		"espeak-ng, unnamed": {Synth: speech.Espeak(speech.Command{Path: "no-such-program"})},
		"sox":                {Sox: nowhere},
	} {
		err := fakeLibrary(t, o).Build(t.Context(), []speech.Clip{clip("a", "бір")}, nil)
		var render *speech.RenderError
		if !errors.As(err, &render) || !strings.Contains(err.Error(), "install the program") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestVoiceThatHangsIsKilledWithItsChildren(t *testing.T) {
	pidFile := filepath.Join(t.TempDir(), "pid")
	synth := speech.Synth{Command: fake(t, fakeHang, pidFile), Version: "1"}
	l := fakeLibrary(t, speech.Options{Synth: synth, Timeout: 5 * time.Second})
	err := l.Build(t.Context(), []speech.Clip{clip("a", "бір")}, nil)
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "hangs") {
		t.Errorf("%v", err)
	}
	text, err := os.ReadFile(pidFile) //nolint:gosec // a file of the test
	if err != nil {
		t.Fatal(err)
	}
	pid := strings.TrimSpace(string(text))
	if _, err := strconv.Atoi(pid); err != nil {
		t.Fatalf("the voice wrote %q", text)
	}
	until(t, "its child has ended", func() bool { return !alive(pid) })
}

func TestBuildStopsWhenTold(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("the user pressed Ctrl-C")
	var clips []speech.Clip
	for n := range 40 {
		clips = append(clips, clip("a", strings.Repeat("бір ", n+1)))
	}
	last := 0
	err := fakeLibrary(t, speech.Options{Workers: 1}).Build(ctx, clips, func(done, _ int) {
		if last = done; done == 2 {
			cancel(why)
		}
	})
	if !errors.Is(err, why) || last > 3 {
		t.Errorf("%d done, %v", last, err)
	}
}

func TestOneBadClipDoesNotStopTheOthers(t *testing.T) {
	dir := t.TempDir()
	l := fakeLibrary(t, speech.Options{Cache: dir})
	if err := l.Build(t.Context(), []speech.Clip{clip("a", "бір"), {Lang: "kk", ID: "../b", Text: "екі"}}, nil); !errors.Is(err, speech.ErrTemplate) {
		t.Errorf("a hostile id: %v", err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "ru")); err != nil {
		t.Fatal(err)
	}
	clips := []speech.Clip{{Lang: "ru", ID: "b", Text: "два"}, clip("a", "бір")}
	err := l.Build(t.Context(), clips, nil)
	var render *speech.RenderError
	if !errors.As(err, &render) || render.Step != "store" || render.Clip != clips[0] {
		t.Errorf("%v", err)
	}
	if m := l.Missing(clips); len(m) != 1 {
		t.Errorf("missing %v", m)
	}
}

func TestManyFailuresEndTheBuild(t *testing.T) {
	var clips []speech.Clip
	for n := range 30 {
		clips = append(clips, clip("a", strings.Repeat("бір ", n+1)))
	}
	err := fakeLibrary(t, speech.Options{Workers: 2, Synth: fakeSynth(t, fakeComplain)}).Build(t.Context(), clips, nil)
	if n := strings.Count(err.Error(), "exit status 3"); n < 5 || n > 8 || !strings.Contains(err.Error(), "rest was not tried") {
		t.Errorf("%d failures told: %v", n, err)
	}
}

func TestVoiceByFilesAndWithoutSecrets(t *testing.T) {
	t.Setenv("IKOMEK109_ARI_USER", "nobody else's business")
	for name, synth := range map[string]speech.Synth{
		"files":   {Command: fake(t, fakeFiles, "{lang}", "{text-file}", "{out}")},
		"secrets": {Command: fake(t, fakeCurious)},
	} {
		dir := t.TempDir()
		l := fakeLibrary(t, speech.Options{Cache: dir, Synth: synth})
		if err := l.Build(t.Context(), []speech.Clip{clip("a", "бір; rm -rf $HOME `id`")}, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		left, err := filepath.Glob(filepath.Join(dir, ".tmp-*"))
		if err != nil || len(left) > 0 {
			t.Errorf("%s left %v %v", name, left, err)
		}
	}
}

func TestFoldersThatWillNotDo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for cache, tells := range map[string]string{
		"":                                "no folder",
		file:                              "cannot be made",
		filepath.Join(t.TempDir(), "a,b"): "comma",
	} {
		if _, err := speech.Open(t.Context(), speech.Options{Cache: cache}); err == nil || !strings.Contains(err.Error(), tells) {
			t.Errorf("cache %q: %v", cache, err)
		}
	}
}
