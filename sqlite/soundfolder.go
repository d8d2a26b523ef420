package sqlite

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"ikomek109/ivr"
)

// soundFolder is a folder beside the store with one WAV file for each recording,
// named by its id. It is made when the first one comes.
type soundFolder struct{ dir string }

func (f soundFolder) file(id ivr.RecordingID) string {
	return filepath.Join(f.dir, filepath.Base(string(id))+".wav")
}

// soundName accepts what can be the name of a file, and nothing that leads out
// of the folder.
func soundName(id ivr.RecordingID) bool {
	if id == "" || len(id) > maxID/2 {
		return false
	}
	for _, r := range id {
		if r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return false
		}
	}
	return true
}

// write puts a file in place, whole and on disk, for the owner alone. An error of
// fill is given back as it is.
func (f soundFolder) write(id ivr.RecordingID, fill func(io.Writer) error) error {
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return soundFault(f.dir, err)
	}
	temp, err := os.CreateTemp(f.dir, unfinished+"*") // mode 0600
	if err != nil {
		return soundFault(f.dir, err)
	}
	defer os.Remove(temp.Name()) //nolint:errcheck // gone once it has its name
	if err := fill(temp); err != nil {
		_ = temp.Close() // it is removed
		return err
	}
	err = errors.Join(temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), f.file(id))
	}
	if err == nil {
		err = syncDir(f.dir)
	}
	return soundFault(f.file(id), err)
}

// unfinished begins the name of a file that is being written, and leftAfter is the
// age from which nobody writes it any more: who did was killed.
const (
	unfinished = ".recording-"
	leftAfter  = time.Hour
)

// sweep removes what was left half written, which is somebody's voice as well.
func (f soundFolder) sweep() error {
	there, err := os.ReadDir(f.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // nothing was recorded yet
	}
	if err != nil {
		return notErased(err)
	}
	for _, e := range there {
		if !e.Type().IsRegular() || !strings.HasPrefix(e.Name(), unfinished) {
			continue
		}
		info, err := e.Info()
		if err == nil && time.Since(info.ModTime()) > leftAfter {
			err = os.Remove(filepath.Join(f.dir, e.Name()))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return notErased(err)
		}
	}
	return nil
}

// erase removes the sound of a recording, if there is one.
func (f soundFolder) erase(id ivr.RecordingID) error {
	err := os.Remove(f.file(id))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil:
		err = syncDir(f.dir)
	}
	if err == nil {
		return nil
	}
	return notErased(err)
}

func notErased(err error) error {
	return &ivr.Error{
		Op: "delete recording", Code: ivr.Unavailable, Message: "its sound can't be removed", Err: err,
		Cure: "see that the folder is the program's own",
	}
}

// syncDir puts a folder's list of names on disk.
func syncDir(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // the owner's setting
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func soundFault(path string, err error) error {
	if err == nil {
		return nil
	}
	return &ivr.Error{
		Op: "keep recording", Code: ivr.Unavailable, Message: "the sound can't be written to " + path, Err: err,
		Cure: "see that there is room on the disk and that the folder is the program's own",
	}
}
