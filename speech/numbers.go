package speech

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// numbersName is the file beside the recordings that gives each clip a number.
const numbersName = "numbers.json"

// Numbers gives every clip a short number, by which a person in a studio or at
// a telephone names it. A number never changes, and is never given twice.
type Numbers struct {
	byClip map[string]int
	byNum  map[int]string
}

// numbersFile is what lies on disk.
type numbersFile struct {
	// Numbers are by "lang id".
	Numbers map[string]int `json:"numbers"`
}

// Numbers reads the numbers that were given so far.
func (l *Library) Numbers() (*Numbers, error) {
	n := &Numbers{byClip: map[string]int{}, byNum: map[int]string{}}
	if l.opts.Recordings == "" {
		return n, nil
	}
	path := filepath.Join(l.opts.Recordings, numbersName)
	var file numbersFile
	if err := readJSON(path, &file); err != nil {
		return nil, err
	}
	for name, number := range file.Numbers {
		if other, twice := n.byNum[number]; twice {
			return nil, fmt.Errorf("%s gives the number %d to %q and to %q; give one of them another", path, number, other, name)
		}
		n.byClip[name], n.byNum[number] = number, name
	}
	return n, nil
}

// Number gives a number to each of the clips that has none yet, in their order,
// and returns all numbers.
func (l *Library) Number(clips []Clip) (*Numbers, error) {
	if l.opts.Recordings == "" {
		return nil, errors.New("no folder of recordings is set; name one in the settings, speech.recordings")
	}
	known, err := l.Numbers()
	if err != nil || known.all(clips) {
		return known, err
	}
	if err := os.MkdirAll(l.opts.Recordings, 0o755); err != nil { //nolint:gosec // Asterisk reads what lies in it as another user
		return nil, err
	}
	unlock, err := lockFolder(l.opts.Recordings)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if known, err = l.Numbers(); err != nil {
		return nil, err
	}
	last := 0
	for number := range known.byNum {
		last = max(last, number)
	}
	for _, c := range clips {
		if name := c.String(); known.byClip[name] == 0 {
			last++
			known.byClip[name], known.byNum[last] = last, name
		}
	}
	return known, writeJSON(filepath.Join(l.opts.Recordings, numbersName), numbersFile{known.byClip})
}

func (n *Numbers) all(clips []Clip) bool {
	for _, c := range clips {
		if n.byClip[c.String()] == 0 {
			return false
		}
	}
	return true
}

// Of gives the number of a clip, 0 when it has none yet.
func (n *Numbers) Of(c Clip) int { return n.byClip[c.String()] }

// Clip gives language and id of the clip with that number.
func (n *Numbers) Clip(number int) (lang, id string, ok bool) {
	name, ok := n.byNum[number]
	lang, id, _ = strings.Cut(name, " ")
	return lang, id, ok
}
