package speech

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Hint is what a person says beside a file's name about what is in it.
type Hint struct {
	// Lang and ID may each be empty.
	Lang, ID string
}

// NameClip finds out by the name of a file which of the clips is read in it.
// All of these are understood, with any ending:
//
//	kk-017.wav  kk/017.wav            by number; what follows it does not matter:
//	kk-017-topics-say.wav
//	kk-topics-say.wav  topics-say.ru.wav
//	kk/topics/say.wav                 by id
//
// A hint wins over the name.
func NameClip(path string, hint Hint, clips []Clip, numbers *Numbers) (Clip, error) {
	lang, names := readName(path)
	if hint.Lang != "" {
		lang = hint.Lang
	}
	if hint.ID != "" {
		names = []string{hint.ID}
	}
	var fits []Clip
	best := 1
	for _, c := range clips {
		if lang != "" && c.Lang != lang {
			continue
		}
		for _, name := range names {
			switch how := means(name, c, numbers); {
			case how > best:
				fits, best = []Clip{c}, how
			case how == best && !slices.Contains(fits, c):
				fits = append(fits, c)
			}
		}
	}
	file := filepath.Base(path)
	switch {
	case len(fits) == 1:
		return fits[0], nil
	case len(fits) > 1 && lang == "":
		return Clip{}, fmt.Errorf("%q may be %s or %s; add --lang, or put it before the name: kk-%s", file, fits[0], fits[1], file)
	case len(fits) > 1:
		return Clip{}, fmt.Errorf("%q may be %s or %s; add --id", file, fits[0], fits[1])
	default:
		return Clip{}, fmt.Errorf("%q names no phrase of the menu; name the file as `ikomek109 prompts script` says, or add --id and --lang", file)
	}
}

// means tells how surely a name means a clip: 3 by its id, 2 by its number, 1 by
// something like its id, 0 not at all.
func means(name string, c Clip, numbers *Numbers) int {
	digits, _, _ := strings.Cut(flat(name), "-")
	number, err := strconv.Atoi(digits)
	switch {
	case name == c.ID:
		return 3
	case err == nil && number > 0 && numbers.Of(c) == number:
		return 2
	case flat(name) == flat(c.ID):
		return 1
	default:
		return 0
	}
}

// readName takes the language out of a path, and gives what may be the id.
func readName(path string) (lang string, names []string) {
	path = norm.NFC.String(filepath.ToSlash(path)) // some systems part letters from their marks
	path = strings.TrimSuffix(path, filepath.Ext(path))
	parts := strings.Split(path, "/")
	base := parts[len(parts)-1]
	base, _, _ = strings.Cut(base, takeSign) // one of our own
	for _, l := range Languages() {
		if rest, ok := cutLang(base, l); ok {
			return l, []string{rest}
		}
	}
	names = []string{base}
	for i := len(parts) - 2; i >= 0; i-- {
		if slices.Contains(Languages(), parts[i]) {
			inner := append(slices.Clone(parts[i+1:len(parts)-1]), base)
			return parts[i], append(names, strings.Join(inner, "/"))
		}
	}
	return "", names
}

// cutLang takes "kk-" off the front of a name, or ".kk" off its end.
func cutLang(name, lang string) (string, bool) {
	for _, sign := range []string{"-", "_", ".", " "} {
		if rest, ok := strings.CutPrefix(name, lang+sign); ok {
			return rest, true
		}
		if rest, ok := strings.CutSuffix(name, sign+lang); ok {
			return rest, true
		}
	}
	return name, false
}

// flat makes one of all spellings that a file system or a person may give an id.
func flat(name string) string {
	words := strings.FieldsFunc(strings.ToLower(norm.NFC.String(name)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	return strings.Join(words, "-")
}

// FileName is how a recording of a clip may be named so that NameClip knows it.
func FileName(c Clip, numbers *Numbers) string {
	return fmt.Sprintf("%s-%03d-%s.wav", c.Lang, numbers.Of(c), flat(c.ID))
}
