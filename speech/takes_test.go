package speech_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ikomek109/speech"
)

// TestWordsBeforeAndAfter goes the way of a sentence that changes: each menu
// plays what says its words, and the draft voice speaks in between.
func TestWordsBeforeAndAfter(t *testing.T) {
	s := newStudio(t)
	before, after := clip("welcome/say", "Қайырлы күн!"), clip("welcome/say", "Қайырлы кеш, Астана!")
	bring := func(c speech.Clip) string {
		taken, err := s.Import(t.Context(), speech.Take{Clip: c, Sound: s.said(t, c)})
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSuffix(taken.File, ".wav")
	}
	heard := func(l *speech.Library, c speech.Clip) string {
		paths, _, err := l.Sounds(c.Lang, c.ID, c.Text, nil)
		if err != nil {
			t.Fatal(err)
		}
		return paths[0]
	}
	first := bring(before)
	if err := s.Build(t.Context(), []speech.Clip{before, after}, nil); err != nil {
		t.Fatal(err)
	}
	if got := heard(s.Library, before); got != first {
		t.Errorf("the words of the recording are said by %s", got)
	}
	if got := heard(s.Library, after); strings.HasPrefix(got, s.opts.Recordings) || s.Status(after) != speech.Stale {
		t.Errorf("the new words are said by %s (%v)", got, s.Status(after))
	}
	flaws, err := s.Inspect(t.Context(), []speech.Clip{after}, false)
	if err != nil || len(flaws) != 1 || flaws[0].Code != speech.FlawStale || flaws[0].File != first+".wav" ||
		!strings.Contains(flaws[0].Message, before.Text) || !strings.Contains(flaws[0].Message, after.Text) {
		t.Errorf("%v, %v", flaws, err)
	}
	second := bring(after)
	for name, l := range map[string]*speech.Library{"the same": s.Library, "a new process": openLibrary(t, s.opts)} {
		if a, b := heard(l, before), heard(l, after); a != first || b != second {
			t.Errorf("%s: the words before are said by %s, those after by %s", name, a, b)
		}
	}
	entry := s.Entry(after)
	if entry.Status != speech.Recorded || entry.Recorded != after.Text || entry.File != second+".wav" || entry.At.IsZero() {
		t.Errorf("%+v", entry)
	}
}

func TestManyImportAtOnce(t *testing.T) {
	s := newStudio(t)
	sound := s.said(t, clip("a", "бір, екі, үш"))
	var wg sync.WaitGroup
	for n := range 6 {
		l := openLibrary(t, s.opts)
		wg.Go(func() {
			if _, err := l.Import(t.Context(), speech.Take{Clip: clip("a", fmt.Sprint("сөз ", n)), Sound: sound}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	l := openLibrary(t, s.opts)
	for n := range 6 {
		if c := clip("a", fmt.Sprint("сөз ", n)); l.Status(c) != speech.Recorded {
			t.Errorf("%q is %v", c.Text, l.Status(c))
		}
	}
}

// TestRunningLineSeesWhatIsImported follows a folder that is not there yet, and
// one whose manifest breaks.
func TestRunningLineSeesWhatIsImported(t *testing.T) {
	s := newStudio(t)
	s.opts.Recordings = filepath.Join(t.TempDir(), "later", "recordings")
	line := openLibrary(t, s.opts)
	c := clip("welcome", "Қайырлы күн, Астана!")
	if err := line.Build(t.Context(), []speech.Clip{c}, nil); err != nil {
		t.Fatal(err)
	}
	changes := make(chan error, 100)
	var wg sync.WaitGroup
	defer wg.Wait()
	ctx, cancel := contextOf(t)
	defer cancel()
	wg.Go(func() { line.Follow(ctx, 5*time.Millisecond, func(err error) { changes <- err }) })
	if _, err := openLibrary(t, s.opts).Import(ctx, speech.Take{Clip: c, Sound: s.said(t, c)}); err != nil {
		t.Fatal(err)
	}
	until(t, "the recording is played", func() bool { return line.Status(c) == speech.Recorded })
	manifest := filepath.Join(s.opts.Recordings, "kk", "manifest.json")
	good, err := os.ReadFile(manifest) //nolint:gosec // a file of the test
	if err != nil {
		t.Fatal(err)
	}
	next := func() (err error, told bool) {
		select {
		case err = <-changes:
			return err, true
		case <-time.After(100 * time.Millisecond):
			return nil, false
		}
	}
	write(t, manifest, []byte("{"))
	until(t, "the fault is told", func() bool {
		err, told := next()
		return told && err != nil && strings.Contains(err.Error(), "manifest.json")
	})
	if line.Status(c) != speech.Recorded {
		t.Error("a broken manifest takes away what was known")
	}
	write(t, manifest, good)
	until(t, "it is mended", func() bool { err, told := next(); return told && err == nil })
}
