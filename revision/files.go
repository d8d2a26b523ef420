package revision

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"time"

	"ikomek109/flows"
)

// snapshot reads each file of another file system once, and gives what it read
// from then on: what is checked is what is tested and stored, whatever an
// editor writes meanwhile. It is for one goroutine.
type snapshot struct {
	from fs.FS
	read map[string][]byte
	size int
}

func newSnapshot(from fs.FS) *snapshot { return &snapshot{from: from, read: map[string][]byte{}} }

// errTooMuch ends the reading of a flow that draws in a whole disk.
var errTooMuch = errors.New("the flow has more files, or larger ones, than a revision may have")

// Open implements [fs.FS].
func (s *snapshot) Open(name string) (fs.File, error) {
	data, ok := s.read[name]
	if !ok {
		var err error
		if data, err = s.fetch(name); err != nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: err}
		}
		s.read[name] = data
		s.size += len(data)
	}
	return newMemoryFile(name, data), nil
}

// fetch reads a file, at most one byte more than a flow may have: the loader
// then says that it is too big.
func (s *snapshot) fetch(name string) (data []byte, err error) {
	if len(s.read) >= MaxFiles || s.size > MaxBytes {
		return nil, errTooMuch
	}
	f, err := s.from.Open(name)
	if err != nil {
		return nil, bare(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	data, err = io.ReadAll(io.LimitReader(f, flows.MaxFile+1))
	return data, bare(err)
}

// bare takes the path off an error that gets one again.
func bare(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// files lists what was read, sorted by name.
func (s *snapshot) files() []File {
	all := make([]File, 0, len(s.read))
	for name, data := range s.read {
		all = append(all, File{Name: name, Content: data})
	}
	slices.SortFunc(all, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// memory is the files of a revision as a file system.
type memory []File

// Open implements [fs.FS].
func (m memory) Open(name string) (fs.File, error) {
	for _, f := range m {
		if f.Name == name {
			return newMemoryFile(name, f.Content), nil
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// memoryFile is an open file of bytes, and its own description.
type memoryFile struct {
	*bytes.Reader
	name string
}

func newMemoryFile(name string, data []byte) memoryFile {
	return memoryFile{Reader: bytes.NewReader(data), name: path.Base(name)}
}

func (f memoryFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f memoryFile) Close() error               { return nil }
func (f memoryFile) Name() string               { return f.name }
func (f memoryFile) Mode() fs.FileMode          { return 0o444 }
func (f memoryFile) ModTime() time.Time         { return time.Time{} }
func (f memoryFile) IsDir() bool                { return false }
func (f memoryFile) Sys() any                   { return nil }
