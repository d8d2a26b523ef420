package sqlite

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"ikomek109/ivr"
)

// The sound of a message lies in a file beside the store, named by its id.

func (m *Messages) file(id ivr.RecordingID) string {
	return filepath.Join(m.dir, filepath.Base(string(id))+".wav")
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

// writeSound puts a file in place, whole and on disk, for the owner alone.
func (m *Messages) writeSound(id ivr.RecordingID, wav []byte) error {
	if err := os.MkdirAll(m.dir, 0o700); err != nil {
		return soundFault(m.dir, err)
	}
	temp, err := os.CreateTemp(m.dir, ".message-*") // mode 0600
	if err != nil {
		return soundFault(m.dir, err)
	}
	defer os.Remove(temp.Name()) //nolint:errcheck // gone once it has its name
	_, err = temp.Write(wav)
	err = errors.Join(err, temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), m.file(id))
	}
	if err == nil {
		err = syncDir(m.dir)
	}
	return soundFault(m.file(id), err)
}

// eraseSound removes the sound of a message, if there is one.
func (m *Messages) eraseSound(id ivr.RecordingID) error {
	err := os.Remove(m.file(id))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil:
		err = syncDir(m.dir)
	}
	if err == nil {
		return nil
	}
	return &ivr.Error{
		Op: "delete message", Code: ivr.Unavailable, Message: "its sound can't be removed", Err: err,
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
		Op: "keep message", Code: ivr.Unavailable, Message: "the sound can't be written to " + path, Err: err,
		Cure: "see that there is room on the disk and that the folder is the program's own",
	}
}
