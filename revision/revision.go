package revision

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"ikomek109/ivr"
)

// Revision is a menu that was published. It never changes; the newest is live.
type Revision struct {
	// Number counts from 1; the store gives it.
	Number int64 `json:"number"`
	// Flow is the ID of the flow: of what callers hear. Two revisions that
	// differ in their tests alone have the same.
	Flow string `json:"flow"`
	// Main is the name of the flow's own file among the files.
	Main string `json:"main"`
	// Digest is a hash over all files, names and content.
	Digest string `json:"digest"`
	// Source is where the files lay: a path, or Shipped.
	Source string `json:"source"`
	// Named tells that it was the menu that the settings name.
	Named  bool      `json:"named"`
	By     Way       `json:"by"`
	Of     int64     `json:"of,omitempty"` // the revision that a roll back brought back
	Author string    `json:"author"`
	Note   string    `json:"note,omitempty"`
	At     time.Time `json:"at"`
}

// Shipped is the source of the menu that comes with the program.
const Shipped = "shipped"

// Way is how a revision came to be. The zero value is none and is refused.
type Way string

// The ways to publish.
const (
	ByCommand  Way = "command"
	ByStart    Way = "start"    // the program was started, and the file had changed
	BySignal   Way = "signal"   // SIGHUP
	ByRollback Way = "rollback" // an old revision was published again
)

// Ways lists the ways to publish.
func Ways() []Way { return []Way{ByCommand, ByStart, BySignal, ByRollback} }

// File is one file of a revision.
type File struct {
	// Name is the path below the folder of the flow, with slashes: it satisfies
	// fs.ValidPath.
	Name    string
	Content []byte
}

// Limits of a revision.
const (
	MaxFiles  = 200      // a city has a few dozen departments and partners
	MaxBytes  = 32 << 20 // of all files; several flows of the greatest size
	maxAuthor = 64       // characters
	maxNote   = 500      // characters: a few sentences
)

// Meta is who publishes, and why.
type Meta struct {
	By     Way
	Of     int64 // for ByRollback
	Author string
	Note   string
}

// Check tells what cannot be on record. The error is for a person.
func (m Meta) Check() error {
	switch {
	case strings.TrimSpace(m.Author) == "":
		return invalid("a revision needs an author", "name one with --author")
	case len([]rune(m.Author)) > maxAuthor:
		return invalid(fmt.Sprintf("the author's name has more than %d characters", maxAuthor), "shorten it")
	case len([]rune(m.Note)) > maxNote:
		return invalid(fmt.Sprintf("the note has more than %d characters", maxNote), "shorten it")
	case !utf8.ValidString(m.Author + m.Note), strings.ContainsFunc(m.Author+m.Note, unprintable):
		return invalid("the author or the note has a character that does not print", "write them in one line of plain text")
	}
	return nil
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) }

func invalid(message, cure string) error {
	return &ivr.Error{Op: "publish", Code: ivr.Invalid, Message: message, Cure: cure}
}

// digest hashes files that are sorted by name. Lengths go in, so that no two
// lists of files run together into the same bytes.
func digest(files []File) string {
	sum := sha256.New()
	write := func(b []byte) {
		_ = binary.Write(sum, binary.BigEndian, int64(len(b))) // a hash takes all
		sum.Write(b)
	}
	for _, f := range files {
		write([]byte(f.Name))
		write(f.Content)
	}
	return hex.EncodeToString(sum.Sum(nil))
}
