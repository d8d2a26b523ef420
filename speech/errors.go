package speech

import (
	"errors"
	"fmt"
)

// What can be wrong with a phrase or a value. Errors of this package wrap one
// of them where the caller may want to tell them apart.
var (
	// ErrLanguage is a language that the line does not speak.
	ErrLanguage = errors.New("unknown language")
	// ErrTemplate is a phrase that its author must correct: braces that do not
	// match, a kind or a form that does not exist, a text that is too long.
	ErrTemplate = errors.New("the phrase cannot be read")
	// ErrNoValue is a value that the phrase asks for and nobody gave.
	ErrNoValue = errors.New("the value is missing")
	// ErrUnknownValue is a value that was given and that the phrase has no
	// place for.
	ErrUnknownValue = errors.New("the phrase has no such value")
	// ErrRange is a value that cannot be spoken.
	ErrRange = errors.New("the value is out of range")
	// ErrMissing is a clip for which there is no sound.
	ErrMissing = errors.New("there is no sound for the clip")
)

// PhraseError tells which phrase is wrong, and how.
type PhraseError struct {
	Lang, Phrase string
	// Value is the name of the value at fault, or empty.
	Value string
	// Detail says what was found and what to do about it. It never holds what
	// was dialled: a phone number is nobody's to log.
	Detail string
	// Err is one of ErrTemplate, ErrNoValue, ErrUnknownValue, ErrRange.
	Err error
}

// Error names the phrase, the value, the fault and its cure.
func (e *PhraseError) Error() string {
	where := fmt.Sprintf("phrase %q (%s)", e.Phrase, e.Lang)
	if e.Value != "" {
		where += fmt.Sprintf(", value %q", e.Value)
	}
	return fmt.Sprintf("%s: %v: %s", where, e.Err, e.Detail)
}

// Unwrap gives the kind of fault.
func (e *PhraseError) Unwrap() error { return e.Err }

// MissingError names the clip that has no sound. It is an ErrMissing.
type MissingError struct {
	Clip Clip
}

// Error names the clip and the cure.
func (e *MissingError) Error() string {
	return fmt.Sprintf("%v %q (%s), %q: record it, or build the prompts again",
		ErrMissing, e.Clip.ID, e.Clip.Lang, shorten(e.Clip.Text, 60))
}

// Unwrap gives ErrMissing.
func (e *MissingError) Unwrap() error { return ErrMissing }

// shorten cuts text to at most n letters.
func shorten(text string, n int) string {
	letters := []rune(text)
	if len(letters) <= n {
		return text
	}
	return string(letters[:n-1]) + "…"
}
