package ivr

import "time"

// Voice turns a phrase into sound files. It is asked on the path of a call and
// must answer from memory.
type Voice interface {
	// Sounds gives the files for a text in a language, in order, and their
	// length together. id names the phrase for recordings; values fill the
	// text's braces. An error names the missing piece; nothing is ever left
	// out silently.
	Sounds(lang, id, text string, values map[string]string) (paths []string, length time.Duration, err error)
	// Tone gives the sound after which a caller may speak.
	Tone() (path string, length time.Duration)
}
