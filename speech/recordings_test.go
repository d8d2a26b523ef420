package speech_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ikomek109/speech"
)

// record stores a recording of half a second at the given rate.
func record(t testing.TB, dir, name string, rate int) string {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	wav := piped(make([]int16, rate/2))
	binary.LittleEndian.PutUint32(wav[24:], uint32(rate)) //nolint:gosec // a sampling rate
	binary.LittleEndian.PutUint32(wav[40:], uint32(rate)) //nolint:gosec // half a second of two bytes each
	if err := os.WriteFile(path, wav, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRecordingWinsUntilItsTextChanges(t *testing.T) {
	dir := t.TempDir()
	record(t, dir, "kk/welcome/say.wav", 8000)
	record(t, dir, "kk/welcome/say.wav16", 16000)
	o := speech.Options{Recordings: dir, RecordingsSeen: "/seen", Cache: t.TempDir()}
	l := fakeLibrary(t, o)
	before := clip("welcome/say", "Қайырлы күн!")
	if err := l.Build(t.Context(), []speech.Clip{before}, func(int, int) { t.Error("rendered what is recorded") }); err != nil {
		t.Fatal(err)
	}
	paths, length, err := l.Sounds("kk", before.ID, before.Text, nil)
	if err != nil || len(paths) != 1 || paths[0] != "/seen/kk/welcome/say" || length.Milliseconds() != 500 {
		t.Errorf("%v %v %v", paths, length, err)
	}
	if s := l.Status(before); s != speech.Recorded {
		t.Errorf("status %v", s)
	}
	after := clip("welcome/say", "Қайырлы кеш!")
	// A new process knows from the manifest which words were recorded.
	l = fakeLibrary(t, o)
	if s := l.Status(after); s != speech.Stale {
		t.Errorf("status of the new words: %v", s)
	}
	if m := l.Missing([]speech.Clip{after}); len(m) != 1 {
		t.Error("the old words would be played")
	}
	if err := l.Build(t.Context(), []speech.Clip{after}, nil); err != nil {
		t.Fatal(err)
	}
	paths, _, err = l.Sounds("kk", after.ID, after.Text, nil)
	if err != nil || strings.HasPrefix(paths[0], "/seen") {
		t.Errorf("the new words: %v %v", paths, err)
	}
	// Another file in its place is believed to say what stands there now.
	if err := os.WriteFile(filepath.Join(dir, "kk/welcome/say.wav"), voiced(8000, 0.4), 0o600); err != nil {
		t.Fatal(err)
	}
	l = fakeLibrary(t, o)
	if s := l.Status(after); s != speech.Recorded {
		t.Errorf("after the new recording: %v", s)
	}
	if err := l.Build(t.Context(), []speech.Clip{after}, nil); err != nil {
		t.Fatal(err)
	}
	if s := fakeLibrary(t, o).Status(before); s != speech.Stale {
		t.Errorf("the words before: %v", s)
	}
}

func TestRecordedWordOfANumber(t *testing.T) {
	dir := t.TempDir()
	record(t, dir, "kk/n/жиырма.wav", 8000)
	l := fakeLibrary(t, speech.Options{Recordings: dir})
	paths, _, err := l.Sounds("kk", "a/b", "{number}", map[string]string{"number": "20"})
	if err != nil || len(paths) != 1 || paths[0] != filepath.Join(dir, "kk/n/жиырма") {
		t.Errorf("%v %v", paths, err)
	}
}

func TestRecordingsThatCannotBePlayed(t *testing.T) {
	dir := t.TempDir()
	record(t, dir, "kk/rate.wav", 44100)
	if err := os.Truncate(record(t, dir, "kk/cut.wav", 8000), 3000); err != nil {
		t.Fatal(err)
	}
	record(t, dir, "kk/wide.wav", 8000)
	record(t, dir, "kk/wide.wav16", 8000)
	if err := os.WriteFile(filepath.Join(dir, "kk/text.wav"), bytes.Repeat([]byte("no sound "), 50), 0o600); err != nil {
		t.Fatal(err)
	}
	l := fakeLibrary(t, speech.Options{Recordings: dir})
	for _, id := range []string{"rate", "cut", "wide", "text"} {
		c := clip(id, "сөз")
		if s := l.Status(c); s != speech.Broken {
			t.Errorf("%s is %v", id, s)
		}
		if err := l.Build(t.Context(), []speech.Clip{c}, nil); err != nil {
			t.Error(err)
		}
		if _, _, err := l.Sounds("kk", id, "сөз", nil); err != nil {
			t.Errorf("%s: the draft does not stand in: %v", id, err)
		}
	}
	flaws, err := l.Inspect(t.Context(), []speech.Clip{clip("cut", "сөз")}, false)
	if err != nil || len(flaws) != 1 || flaws[0].Code != speech.FlawBroken || !strings.Contains(flaws[0].Message, "cut.wav: not a WAV file") {
		t.Errorf("flaws: %v, %v", flaws, err)
	}
}

func TestNoFolderOfRecordings(t *testing.T) {
	_, err := fakeLibrary(t, speech.Options{}).Import(t.Context(), speech.Take{Clip: clip("a", "сөз"), Sound: piped(beep(22050))})
	if err == nil || !strings.Contains(err.Error(), "no folder") {
		t.Errorf("%v", err)
	}
}

func TestManifestThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	record(t, dir, "ru/a.wav", 8000)
	if err := os.WriteFile(filepath.Join(dir, "ru/manifest.json"), []byte(`{"a":`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := speech.Open(t.Context(), speech.Options{Recordings: dir, Cache: t.TempDir()})
	if err == nil || !strings.Contains(err.Error(), "manifest.json cannot be read") {
		t.Errorf("%v", err)
	}
}
