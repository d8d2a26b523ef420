package speech

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// manifestName is the file beside the recordings of a language that tells
// which words were read in each.
const manifestName = "manifest.json"

// lockName is the file by which those who write take turns.
const lockName = ".lock"

// maxManifest bounds that file, in bytes.
const maxManifest = 16 << 20

// noted is an entry of the manifest, by the name of the recording's file
// without its ending.
type noted struct {
	// Text holds the words that were read in the recording.
	Text string `json:"text"`
	// At is when it came.
	At time.Time `json:"at,omitzero"`
	// From is the name of the file that it was imported from.
	From string `json:"from,omitempty"`
	// Flaws are those that were known and accepted.
	Flaws []FlawCode `json:"flaws,omitempty"`
	// Sum is that of the 8 kHz file when a person put it there, so that
	// another under the same name is seen.
	Sum string `json:"sum,omitempty"`
}

func readManifest(dir string) (map[string]noted, error) {
	notes := map[string]noted{}
	return notes, readJSON(filepath.Join(dir, manifestName), &notes)
}

// readJSON reads a file of ours into v; one that is not there leaves v alone.
func readJSON(path string, v any) error {
	content, err := readBounded(path, maxManifest)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal(content, v)
	}
	if err != nil {
		return fmt.Errorf("%s cannot be read: %w; mend it or delete it", path, err)
	}
	return nil
}

// writeJSON writes a file of ours, whole or not at all.
func writeJSON(path string, v any) error {
	content, err := json.MarshalIndent(v, "", "  ")
	if err == nil {
		err = writeWhole(path, append(content, '\n'))
	}
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", path, err)
	}
	return nil
}

// note adds to the manifest of a language and reads the folder again.
func (l *Library) note(lang string, more map[string]noted) error {
	if len(more) == 0 {
		return nil
	}
	dir := filepath.Join(l.opts.Recordings, lang)
	unlock, err := lockFolder(dir)
	if err != nil {
		return err
	}
	defer unlock()
	notes, err := readManifest(dir)
	if err != nil {
		return err
	}
	for base, n := range more {
		notes[base] = n
	}
	if err := writeJSON(filepath.Join(dir, manifestName), notes); err != nil {
		return err
	}
	return l.refreshRecordings()
}

// lockFolder waits for the right to write into a folder. The kernel lets go of
// the lock when the process ends, however it ends.
func lockFolder(dir string) (unlock func(), err error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600) //nolint:gosec // a path of ours
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { _ = f.Close() }, nil // nothing was written to it
}

// sumOf tells two files apart.
func sumOf(path string) (string, error) {
	f, err := os.Open(path) //nolint:gosec // a path of ours
	if err != nil {
		return "", err
	}
	defer f.Close() //nolint:errcheck // only read
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// readOnly tells whether a folder is not ours to write.
func readOnly(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
}
