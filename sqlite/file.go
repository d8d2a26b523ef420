package sqlite

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"ikomek109/ivr"
)

// magic begins every SQLite file.
const magic = "SQLite format 3\x00"

// lookAt checks the file before SQLite does: the system's own words about a
// file that can't be opened are clearer, and a file that is no database is left
// alone. A missing file is made when write is set, readable by its owner alone:
// it holds phone numbers.
func lookAt(path string, write bool) (err error) {
	flags := os.O_RDONLY
	if write {
		flags = os.O_RDWR | os.O_CREATE
	}
	f, err := os.OpenFile(path, flags, 0o600) //nolint:gosec // the path is the owner's setting
	if err != nil {
		return missing(path, write, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return fileFault(path, err)
	}
	if !info.Mode().IsRegular() {
		return fileFault(path, syscall.EISDIR)
	}
	head := make([]byte, len(magic))
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fileFault(path, err)
	}
	if n > 0 && string(head[:n]) != magic {
		return notAStore(path)
	}
	return nil
}

// missing explains why the file can't be opened: for reading, one that is not
// there yet is no fault of the folder.
func missing(path string, write bool, err error) error {
	if !write && errors.Is(err, os.ErrNotExist) {
		return &ivr.Error{
			Op: "open store", Code: ivr.NotFound, Message: fmt.Sprintf("there is no store %s yet", path),
			Cure: "start the program once, it makes one", Err: err,
		}
	}
	return fileFault(path, err)
}

func notAStore(path string) error {
	return &ivr.Error{
		Op: "open store", Code: ivr.Invalid, Message: path + " is not a store of this program",
		Cure: "name another file in the settings, or move this one away",
	}
}
