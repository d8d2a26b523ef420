package speech

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
)

// manifestName is the file beside the recordings of a language that tells
// which words were read in each.
const manifestName = "manifest.json"

// maxManifest bounds that file, in bytes.
const maxManifest = 16 << 20

// recording is a file that a person recorded.
type recording struct {
	samples int
	// text is what was read, as far as known.
	text  string
	known bool
	// broken says why the file cannot be played.
	broken error
}

// noted is an entry of the manifest.
type noted struct {
	// Text holds the words that were read in the recording.
	Text string `json:"text"`
}

// scanRecordings looks through the folder of recordings; keys are "lang id".
func (l *Library) scanRecordings() (map[string]recording, error) {
	found := map[string]recording{}
	if l.opts.Recordings == "" {
		return found, nil
	}
	for _, lang := range Languages() {
		dir := filepath.Join(l.opts.Recordings, lang)
		texts, err := readManifest(dir)
		if err != nil {
			return nil, err
		}
		err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) && path == dir {
				return fs.SkipAll
			}
			base, isPhone := strings.CutSuffix(path, phoneExt)
			if err != nil || d.IsDir() || !isPhone {
				return err
			}
			id, err := filepath.Rel(dir, base)
			if err != nil {
				return err
			}
			id = filepath.ToSlash(id)
			note, known := texts[id]
			found[lang+" "+id] = newRecording(base, note.Text, known)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("the recordings cannot be read: %w", err)
		}
	}
	return found, nil
}

// newRecording probes the file of a recording. The wide file may be missing:
// Asterisk then makes do with the other.
func newRecording(base, text string, known bool) recording {
	r := recording{text: text, known: known}
	r.samples, r.broken = probe(base+phoneExt, phoneRate)
	if r.broken == nil {
		if _, err := probe(base+wideExt, wideRate); err != nil && !errors.Is(err, fs.ErrNotExist) {
			r.broken = err
		}
	}
	if r.broken != nil {
		r.broken = fmt.Errorf("recording %w; store it as 16-bit mono, 8000 Hz (.wav) and 16000 Hz (.wav16)", r.broken)
	}
	return r
}

// says tells whether the recording speaks these words. One that nobody noted
// is believed; Build notes it.
func (r recording) says(text string) bool { return !r.known || r.text == text }

func readManifest(dir string) (map[string]noted, error) {
	path := filepath.Join(dir, manifestName)
	content, err := readBounded(path, maxManifest)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]noted{}, nil
	}
	texts := map[string]noted{}
	if err == nil {
		err = json.Unmarshal(content, &texts)
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w; mend it or delete it", path, err)
	}
	return texts, nil
}

// NoteRecorded writes into the manifest that the recordings of these clips
// speak their texts. Whoever stores a recording calls it.
func (l *Library) NoteRecorded(clips ...Clip) error {
	if l.opts.Recordings == "" {
		return errors.New("no folder of recordings is set; name one in the settings")
	}
	for _, lang := range Languages() {
		dir := filepath.Join(l.opts.Recordings, lang)
		texts, err := readManifest(dir)
		if err != nil {
			return err
		}
		changed := false
		for _, c := range clips {
			if c.Lang == lang && (texts[c.ID].Text != c.Text) {
				texts[c.ID], changed = noted{Text: c.Text}, true
			}
		}
		if !changed {
			continue
		}
		content, err := json.MarshalIndent(texts, "", "  ")
		if err == nil {
			err = writeWhole(filepath.Join(dir, manifestName), append(content, '\n'))
		}
		if err != nil {
			return fmt.Errorf("the manifest of the recordings cannot be written: %w", err)
		}
	}
	return l.Refresh()
}
