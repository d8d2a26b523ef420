package speech_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"ikomek109/speech"
)

// TestTone finds the tone where Build has put it, in both rates, as long as it
// is said to be.
func TestTone(t *testing.T) {
	cache := t.TempDir()
	l := fakeLibrary(t, speech.Options{Cache: cache})
	if err := l.Build(t.Context(), nil, nil); err != nil {
		t.Fatal(err)
	}
	path, length := l.Tone()
	if filepath.Dir(path) != cache || length <= 0 {
		t.Errorf("it is %s, %s", path, length)
	}
	for ext, second := range map[string]int64{".wav": 16000, ".wav16": 32000} {
		info, err := os.Stat(path + ext)
		if err != nil {
			t.Fatal(err)
		}
		const head = 44
		if got := time.Duration(info.Size()-head) * time.Second / time.Duration(second); got != length {
			t.Errorf("%s plays %s, not %s", ext, got, length)
		}
	}
}
