package asterisk

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"ikomek109/ivr"
)

// StatusError is an answer of Asterisk that refuses a request.
type StatusError struct {
	Method  string
	Path    string // without query
	Status  int    // HTTP status
	Message string // Asterisk's own words, may be empty
}

// Error tells the request and the refusal.
func (e *StatusError) Error() string {
	text := fmt.Sprintf("%s %s: Asterisk answered %d", e.Method, e.Path, e.Status)
	if e.Message != "" {
		text += ": " + e.Message
	}
	return text
}

// statusOf gives the HTTP status in err's chain, or 0.
func statusOf(err error) int {
	if refused := refusedBy(err); refused != nil {
		return refused.Status
	}
	return 0
}

// refusedBy gives Asterisk's refusal in err's chain, or nil. The library hides some
// causes behind a method of another name, so both kinds of link are followed.
func refusedBy(err error) *StatusError {
	for err != nil {
		var se *StatusError
		if errors.As(err, &se) {
			return se
		}
		var hidden interface{ Cause() error }
		if !errors.As(err, &hidden) {
			return nil
		}
		err = hidden.Cause()
	}
	return nil
}

// failure makes a domain error of what a command met.
func failure(op string, err error) error {
	if err == nil {
		return nil
	}
	var done *ivr.Error
	if errors.As(err, &done) {
		return err
	}
	e := &ivr.Error{Op: op, Err: core(err)}
	switch status := statusOf(err); {
	case status == http.StatusNotFound, status == http.StatusConflict, status == http.StatusPreconditionFailed:
		// 409 and 412 mean a leg that has left us and is about to end.
		e.Code, e.Message = ivr.NotFound, "the leg, playback or bridge is gone"
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		e.Code, e.Message = ivr.Denied, "Asterisk refuses the ARI user or password"
		e.Cure = "compare asterisk.username and asterisk.password with ari.conf; the user must not be read_only"
	case status >= 400 && status < 500:
		e.Code, e.Message = ivr.Invalid, "Asterisk refused the command"
	default:
		e.Code, e.Message = ivr.Unavailable, "Asterisk does not answer as it should"
		e.Cure = "look whether Asterisk runs and asterisk.url is its address"
	}
	return e
}

// core cuts away what the library and net/http wrap around a fault: an address
// with a scheme nobody knows, and words that say nothing more.
func core(err error) error {
	for inner := err; inner != nil; {
		var refused *StatusError
		if errors.As(inner, &refused) {
			return refused
		}
		var sent *url.Error
		if errors.As(inner, &sent) {
			return sent.Err
		}
		var hidden interface{ Cause() error }
		if !errors.As(inner, &hidden) {
			break
		}
		inner = hidden.Cause()
	}
	return err
}

// unlessGone makes it a success that the thing is not there: for commands that
// only end things. A bridge that is just being deleted gives a conflict.
func unlessGone(op string, err error) error {
	switch statusOf(err) {
	case http.StatusNotFound, http.StatusConflict:
		return nil
	default:
		return failure(op, err)
	}
}

// uncertain tells whether a command that failed may have been carried out.
func uncertain(err error) bool { return err != nil && statusOf(err) == 0 }
