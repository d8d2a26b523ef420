package speech

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

// Options of a Library. Cache, Synth and Sox must be set.
type Options struct {
	// Recordings is the folder of recordings, <lang>/<clip id>.wav; empty or
	// missing when there are none.
	Recordings string
	// Cache is the folder of the drafts. It is made when missing, and may be
	// shared between processes and checkouts.
	Cache string
	// RecordingsSeen and CacheSeen are the same folders as Asterisk sees them,
	// when it runs in another place; empty means the same path.
	RecordingsSeen, CacheSeen string
	// Synth is the draft voice.
	Synth Synth
	// Sox is the command that resamples.
	Sox Command
	// MoreSox are tried after Sox on a file that it cannot read.
	MoreSox []Command
	// Timeout bounds the speaking of one clip, and the shaping of those that
	// share a run of sox; 0 means 30 s.
	Timeout time.Duration
	// Workers render side by side; 0 means one for each processor.
	Workers int
}

// Library knows which file speaks which clip. It is safe for use by many
// goroutines.
type Library struct {
	opts Options
	// version is that of the synthesiser, versionErr why it is not known.
	version    string
	versionErr error

	mu sync.RWMutex // guards all below
	// drafts maps a draft's name to its length.
	drafts map[string]int
	// recordings are those of "lang id", the newest first; a slice is never
	// changed, only replaced.
	recordings map[string][]recording
	// watched tells when the recordings have to be read again.
	watched map[string]stamp
	// What was looked up before; emptied when files change, so many times.
	templates map[Clip]*template
	sounds    map[Clip]sound
	words     map[word]sound
	forgot    int
}

// sound is a clip's file.
type sound struct {
	seen    string // as Asterisk sees it, without ending
	here    string // on this machine, without ending
	samples int    // at 8 kHz
}

// word is the key of a word clip on the way of a call.
type word struct{ lang, token string }

// maxRemembered bounds each of the maps of what was looked up: with more
// phrases than that something feeds us texts that no flow holds.
const maxRemembered = 50_000

// Open reads what lies in the folders. A synthesiser that cannot be run is no
// error here but in Build: a line whose clips are all there needs none.
func Open(ctx context.Context, o Options) (*Library, error) {
	if o.Cache == "" {
		return nil, fmt.Errorf("no folder for the prompt cache is set; name one that this user can write")
	}
	for _, dir := range []*string{&o.Cache, &o.Recordings} {
		if *dir == "" {
			continue
		}
		full, err := filepath.Abs(*dir)
		if err != nil {
			return nil, fmt.Errorf("folder %q: %w", *dir, err)
		}
		*dir = full
	}
	setDefault(&o.CacheSeen, o.Cache)
	setDefault(&o.RecordingsSeen, o.Recordings)
	setDefault(&o.Timeout, 30*time.Second)
	setDefault(&o.Workers, runtime.GOMAXPROCS(0))
	for _, seen := range []string{o.CacheSeen, o.RecordingsSeen} {
		if strings.ContainsAny(seen, ",&\n") {
			return nil, fmt.Errorf("folder %q: Asterisk cannot play from a path with a comma or &; name another folder", seen)
		}
	}
	l := &Library{opts: o, templates: map[Clip]*template{}, sounds: map[Clip]sound{}, words: map[word]sound{}}
	if err := os.MkdirAll(o.Cache, 0o755); err != nil { //nolint:gosec // Asterisk reads it as another user
		return nil, fmt.Errorf("the prompt cache cannot be made: %w; name a folder that this user can write", err)
	}
	l.version, l.versionErr = l.findVersion(ctx)
	return l, l.Refresh()
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// findVersion asks the synthesiser for its version and remembers it in the
// cache, so that drafts are found also where there is no synthesiser.
func (l *Library) findVersion(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, l.opts.Timeout)
	defer cancel()
	sum := sha256.Sum256([]byte(l.opts.Synth.settings()))
	path := filepath.Join(l.opts.Cache, "voice-"+hex.EncodeToString(sum[:8]))
	version, err := l.opts.Synth.version(ctx)
	remembered, readErr := readBounded(path, 1<<10)
	if err != nil {
		return string(remembered), err
	}
	if readErr != nil || string(remembered) != version {
		// A cache that cannot be written is Build's error, if it must write.
		writeWhole(path, []byte(version)) //nolint:errcheck,gosec // see above
	}
	return version, nil
}

// Refresh looks through the folders again, after another process or a person
// has changed them.
func (l *Library) Refresh() error {
	drafts, err := l.scanDrafts()
	if err != nil {
		return err
	}
	l.mu.Lock()
	l.drafts = drafts
	l.mu.Unlock()
	return l.refreshRecordings()
}

// forget empties what was looked up. The caller holds mu.
func (l *Library) forget() {
	clear(l.templates)
	clear(l.sounds)
	clear(l.words)
	l.forgot++
}
