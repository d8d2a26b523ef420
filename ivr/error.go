package ivr

import (
	"errors"
	"strings"
)

// Code says what kind of thing went wrong, so that a caller can decide what to
// do without reading the message. The zero Code means internal: it is logged
// and never shown.
type Code string

// The codes an [Error] can carry.
const (
	Internal    Code = ""            // a fault of ours
	Invalid     Code = "invalid"     // the input can't be right; trying again is no use
	NotFound    Code = "not_found"   // no such call, channel, agent, playback
	Conflict    Code = "conflict"    // exists already, closed already, taken by another
	Unavailable Code = "unavailable" // the switch or the store does not answer now; trying again may help
	Denied      Code = "denied"      // wrong password, no right
	TooNew      Code = "too_new"     // written by a newer version of the program
)

// Error is the one error type of the domain: what was tried, what kind of
// failure it was, what a person should read and do, and the cause.
type Error struct {
	Op      string // the operation, as package.Type.Method or a verb: "open call"
	Code    Code
	Message string // for a person: what happened and where
	Cure    string // for a person: what to do now; may be empty
	Err     error  // the cause; may be nil
}

// Error joins what is known into one line.
func (e *Error) Error() string {
	parts := make([]string, 0, 4)
	if e.Op != "" {
		parts = append(parts, e.Op)
	}
	if e.Message != "" {
		parts = append(parts, e.Message)
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	text := strings.Join(parts, ": ")
	if e.Cure != "" {
		text += "; " + e.Cure
	}
	return text
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf gives the code of the outermost [Error] in err's chain that has one,
// or Internal.
func CodeOf(err error) Code {
	var e *Error
	for errors.As(err, &e) {
		if e.Code != Internal {
			return e.Code
		}
		err = e.Err
	}
	return Internal
}
