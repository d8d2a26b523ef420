package phone

import (
	"errors"
	"fmt"
)

// Errors that callers tell apart with errors.Is.
var (
	// ErrClosed says that the phone was closed before or while the work was done.
	ErrClosed = errors.New("the phone is closed; make a new one with phone.New")
	// ErrEnded says that the call is over, so nothing can be done in it any more.
	ErrEnded = errors.New("the call has ended")
	// ErrNotAnswered says that the work needs a call that was answered.
	ErrNotAnswered = errors.New("the call is not answered yet; wait for Answered first")
	// ErrNoKeys says that the other side takes no keys in the sound stream.
	ErrNoKeys = errors.New("the other side offers no telephone-event (RFC 4733); send the key by INFO")
)

// StatusError is a SIP answer that refuses a request.
type StatusError struct {
	Method string // the request that was refused, "INVITE" for a call
	Target string // where it was sent
	Code   int    // the SIP status, 300 to 699
	Reason string // the words the other side put beside the code
}

// Error names the request, the answer and, for the usual codes, the cure.
func (e *StatusError) Error() string {
	text := fmt.Sprintf("%s %s was refused with %d %q", e.Method, e.Target, e.Code, e.Reason)
	if cure := cures(e.Code); cure != "" {
		text += "; " + cure
	}
	return text
}

// StatusCode gives the SIP status inside err, or 0 when there is none.
func StatusCode(err error) int {
	if status, ok := errors.AsType[*StatusError](err); ok {
		return status.Code
	}
	return 0
}

// cures gives the next thing to try for a status a person is likely to meet.
func cures(code int) string {
	switch code {
	case 401, 403, 407:
		return "check the user name and the password"
	case 404:
		return "check the number that was dialled"
	case 408, 480:
		return "nobody is reachable there now; check that it is registered"
	case 486, 600:
		return "the line is busy; try later"
	case 488, 415:
		return "the sides share no codec; allow alaw or ulaw on both"
	case 503:
		return "the switch is overloaded or starting; try again in a moment"
	}
	return ""
}
