package speech

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// tempPrefix begins the names of files that are being written.
const tempPrefix = ".tmp-"

// draftName names the file of a synthesised clip after all that its sound
// depends on, so that it is rendered again when any of it changes, and never
// otherwise.
func (l *Library) draftName(c Clip) string {
	sum := sha256.Sum256([]byte(strings.Join(
		[]string{pipelineVersion, c.Lang, l.opts.Synth.settings(), l.version, c.Text}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// draftPath is the file of a draft on this machine, without its ending.
func (l *Library) draftPath(lang, name string) string {
	return filepath.Join(l.opts.Cache, lang, name)
}

// probePair returns the length at 8 kHz of a clip that lies on disk in both
// rates, whole.
func probePair(path string) (int, error) {
	wide, err := probe(path+wideExt, wideRate)
	if err != nil {
		return 0, err
	}
	phone, err := probe(path+phoneExt, phoneRate)
	if err != nil {
		return 0, err
	}
	if d := wide - 2*phone; d < -wideRate/10 || d > wideRate/10 {
		return 0, fmt.Errorf("%s: its two rates differ in length", path)
	}
	return phone, nil
}

// scanDrafts looks through the cache. What is cut off or no sound is left out,
// and so will be rendered again.
func (l *Library) scanDrafts() (map[string]int, error) {
	found := map[string]int{}
	for _, lang := range Languages() {
		dir := filepath.Join(l.opts.Cache, lang)
		if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // Asterisk reads it as another user
			return nil, fmt.Errorf("the prompt cache cannot be made: %w; name a folder that this user can write", err)
		}
		files, err := os.ReadDir(dir)
		if err != nil {
			return nil, fmt.Errorf("the prompt cache cannot be read: %w", err)
		}
		for _, f := range files {
			name, isPhone := strings.CutSuffix(f.Name(), phoneExt)
			if !isPhone || strings.HasPrefix(name, ".") {
				continue
			}
			if n, err := probePair(filepath.Join(dir, name)); err == nil {
				found[name] = n
			}
		}
	}
	return found, nil
}

// store writes both files of a clip, the phone's last: a clip counts only when
// both are there. Each appears under its name whole or not at all, so that
// several processes may share the cache.
func (l *Library) store(c Clip, r rendered) error {
	path := l.draftPath(c.Lang, l.draftName(c))
	err := writeWhole(path+wideExt, r.wide)
	if err == nil {
		err = writeWhole(path+phoneExt, r.phone)
	}
	if err != nil {
		return &RenderError{Clip: c, Step: "store", Err: err}
	}
	return nil
}

// writeWhole writes a file by way of a temporary one beside it.
func writeWhole(path string, content []byte) error { return writeBy(os.Rename, path, content) }

// writeNew is writeWhole for a name that must not be taken; then the error is
// fs.ErrExist.
func writeNew(path string, content []byte) error {
	return writeBy(func(temp, path string) error {
		err := os.Link(temp, path)
		if err == nil {
			_ = os.Remove(temp) // Prune takes it, else
		}
		return err
	}, path, content)
}

// writeBy writes a temporary file, to be put into its place by place.
func writeBy(place func(temp, path string) error, path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), tempPrefix)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Chmod(0o644)
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = place(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // the first error tells more
	}
	return err
}

// Prune deletes drafts of clips that are not among keep, as well as what an
// interrupted process left behind, and returns how many files went. Another
// checkout that shares the cache renders again what it misses.
func (l *Library) Prune(keep []Clip) (int, error) {
	wanted := map[string]bool{}
	for _, c := range keep {
		wanted[l.draftName(c)] = true
	}
	root, err := os.OpenRoot(l.opts.Cache)
	if err != nil {
		return 0, fmt.Errorf("the prompt cache cannot be read: %w", err)
	}
	defer root.Close() //nolint:errcheck // only a handle on a folder
	removed := 0
	err = fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !superfluous(d, wanted) {
			return err
		}
		removed++
		err = root.RemoveAll(path)
		if err == nil && d.IsDir() {
			err = fs.SkipDir
		}
		return err
	})
	return removed, errors.Join(err, l.Refresh())
}

// superfluous tells whether Prune takes a file or folder: a draft that nobody
// wants, or what was being written and is no more.
func superfluous(d fs.DirEntry, wanted map[string]bool) bool {
	if strings.HasPrefix(d.Name(), tempPrefix) {
		return abandoned(d)
	}
	ext := filepath.Ext(d.Name())
	name := strings.TrimSuffix(d.Name(), ext)
	return !d.IsDir() && (ext == phoneExt || ext == wideExt) && isDraftName(name) && !wanted[name]
}

func isDraftName(name string) bool {
	raw, err := hex.DecodeString(name)
	return err == nil && len(raw) == 16
}

// abandoned tells whether nobody can be writing the file any more.
func abandoned(d fs.DirEntry) bool {
	info, err := d.Info()
	return err == nil && time.Since(info.ModTime()) > time.Hour
}
