package speech

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// A recording lies at <lang>/<clip id>.wav when a person put it there, and at
// <lang>/<clip id>@<time>.wav when it was imported: no sign of an id is "@". An
// imported file is never written again, so that a call that plays it, and a
// menu that is rolled back to its words, find it as it was.
const takeSign = "@"

// recording is a file that a person recorded.
type recording struct {
	// base is the file's name below the folder of its language, without ending.
	base    string
	samples int
	// note is what the manifest says of it; known is false when it says nothing.
	note  noted
	known bool
	// came is when it was noted; before that, when it was put into the folder.
	came time.Time
	// broken says why the file cannot be played.
	broken error
}

// byHand tells whether a person put the file there.
func (r recording) byHand() bool { return !strings.Contains(r.base, takeSign) }

// says tells whether the recording speaks these words. A file that a person
// put there is believed, until Build notes it.
func (r recording) says(text string) bool {
	if !r.known {
		return r.byHand()
	}
	return r.note.Text == text
}

// speaks finds among the recordings of a clip the newest that can be played
// and says its words.
func speaks(all []recording, text string) (recording, bool) {
	for _, r := range all {
		if r.broken == nil && r.says(text) {
			return r, true
		}
	}
	return recording{}, false
}

// scan is what was found in the folder of recordings.
type scan struct {
	// found holds the recordings by "lang id", the newest first.
	found map[string][]recording
	// watched are the folders and files in which a change is seen, as they
	// were just before they were read.
	watched map[string]stamp
}

// scanRecordings looks through the folder of recordings.
func (l *Library) scanRecordings() (scan, error) {
	s := scan{found: map[string][]recording{}, watched: map[string]stamp{}}
	if l.opts.Recordings == "" {
		return s, nil
	}
	s.watch(l.opts.Recordings)
	for _, lang := range Languages() {
		dir := filepath.Join(l.opts.Recordings, lang)
		s.watch(filepath.Join(dir, manifestName))
		notes, err := readManifest(dir)
		if err != nil {
			return s, err
		}
		if err := s.walk(lang, dir, notes); err != nil {
			return s, fmt.Errorf("the recordings cannot be read: %w", err)
		}
	}
	for _, all := range s.found {
		slices.SortFunc(all, newerFirst)
	}
	return s, nil
}

func (s *scan) watch(path string) { s.watched[path] = stampOf(path) }

// newerFirst puts the newest recording first.
func newerFirst(a, b recording) int {
	return cmp.Or(b.came.Compare(a.came), cmp.Compare(b.base, a.base))
}

func (s *scan) walk(lang, dir string, notes map[string]noted) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path == dir {
			return fs.SkipAll
		}
		if err != nil {
			return err
		}
		if d.IsDir() {
			s.watch(path)
			return nil
		}
		file, isPhone := strings.CutSuffix(path, phoneExt)
		if !isPhone || strings.HasPrefix(d.Name(), ".") {
			return nil
		}
		base, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		base = filepath.ToSlash(base)
		was := stampOf(path)
		r := newRecording(file, base, notes)
		if r.broken != nil {
			s.watched[path] = was // it may be half copied
		}
		id, _, _ := strings.Cut(base, takeSign)
		s.found[lang+" "+id] = append(s.found[lang+" "+id], r)
		return nil
	})
}

// newRecording probes the file of a recording. The wide file may be missing:
// Asterisk then makes do with the other. A note about a file that was changed
// by hand since is void.
func newRecording(file, base string, notes map[string]noted) recording {
	r := recording{base: base}
	r.note, r.known = notes[base]
	r.samples, r.broken = probe(file+phoneExt, phoneRate)
	if r.broken == nil {
		if _, err := probe(file+wideExt, wideRate); err != nil && !errors.Is(err, fs.ErrNotExist) {
			r.broken = err
		}
	}
	if r.broken == nil && r.known && r.note.Sum != "" {
		if sum, err := sumOf(file + phoneExt); err != nil || sum != r.note.Sum {
			r.note, r.known = noted{}, false
		}
	}
	if r.came = r.note.At; !r.known {
		r.came = placed(file + phoneExt)
	}
	return r
}

// placed is when a file came to where it is; its own time may be older.
func placed(path string) time.Time {
	var st syscall.Stat_t
	if err := syscall.Stat(path, &st); err != nil {
		return time.Time{}
	}
	return time.Unix(st.Ctim.Unix())
}

// recordingsOf gives the recordings of a clip, the newest first.
func (l *Library) recordingsOf(c Clip) []recording {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.recordings[c.Lang+" "+c.ID]
}

// noteUnknown notes what persons put into the folder and nobody noted, with
// the words of its clip, where it can.
func (l *Library) noteUnknown(clips []Clip) error {
	now := time.Now().UTC().Truncate(time.Second)
	for _, lang := range Languages() {
		notes := map[string]noted{}
		for _, c := range clips {
			if c.Lang != lang {
				continue
			}
			for _, r := range l.recordingsOf(c) {
				if r.known || !r.byHand() || r.broken != nil {
					continue
				}
				sum, err := sumOf(l.recordingPath(lang, r.base) + phoneExt)
				if err != nil {
					return err
				}
				notes[r.base] = noted{Text: c.Text, At: now, Sum: sum}
			}
		}
		if err := l.note(lang, notes); err != nil && !readOnly(err) {
			return err
		}
	}
	return nil
}

// recordingPath is the file of a recording on this machine, without its ending.
func (l *Library) recordingPath(lang, base string) string {
	return filepath.Join(l.opts.Recordings, lang, filepath.FromSlash(base))
}
