package revision_test

import (
	"fmt"
	"io"
	"io/fs"
	"testing"
	"testing/fstest"

	"ikomek109/flows"
	"ikomek109/revision"
)

// edited counts how often each file is opened.
type edited struct {
	fstest.MapFS
	opened map[string]int
}

func (e *edited) Open(name string) (fs.File, error) {
	if e.opened == nil {
		e.opened = map[string]int{}
	}
	e.opened[name]++
	return e.MapFS.Open(name)
}

// endless is a folder in which every file has no end.
type endless struct{}

func (endless) Open(name string) (fs.File, error) { return &tape{name: name}, nil }

type tape struct {
	fs.FileInfo
	name string
	read int
}

func (t *tape) Stat() (fs.FileInfo, error) { return t, nil }
func (t *tape) Close() error               { return nil }
func (t *tape) Read(p []byte) (int, error) {
	if t.read > 2*flows.MaxFile {
		return 0, io.ErrNoProgress
	}
	clear(p)
	t.read += len(p)
	return len(p), nil
}

// TestEndless reads no more than a flow may have.
func TestEndless(t *testing.T) {
	c := revision.Read(revision.Source{Files: endless{}, Main: "109.yaml", Name: "109.yaml"}, flows.Known{})
	if c.Flow != nil || len(c.Findings) != 1 || c.Findings[0].Code != flows.CodeTooBig {
		t.Errorf("%v", c.Findings)
	}
}

// TestDigest tells apart what differs in a name, a border or a byte.
func TestDigest(t *testing.T) {
	seen := map[string]string{}
	for _, files := range []fstest.MapFS{
		folder("flow: x", ""), folder("flow: y", ""), folder("flow: x ", ""),
		folder(menu("Бір.", "Один."), ""), folder(menu("Бір.", "Один."), tests), folder(menu("Бір.", "Один."), tests+"\n"),
	} {
		c := revision.Read(revision.Source{Files: files, Main: "109.yaml", Name: "109.yaml"}, flows.Known{})
		name := fmt.Sprint(files)
		if other, same := seen[c.Digest]; same {
			t.Errorf("%s and %s have the same digest", name, other)
		}
		seen[c.Digest] = name
		again := revision.Read(revision.Source{Files: files, Main: "109.yaml", Name: "elsewhere"}, flows.Known{})
		if again.Digest != c.Digest {
			t.Error("the same files have two digests")
		}
	}
}
