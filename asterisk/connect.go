package asterisk

import (
	"context"
	"crypto/rand"
	"errors"
	"math/big"
	"net/http"
	"time"

	"ikomek109/ivr"
)

// firstPause is the pause before the second try to connect; it doubles.
const firstPause = 100 * time.Millisecond

var (
	errDeaf     = errors.New("the event stream was open, and an event that we posted did not come back")
	errReplaced = errors.New("another program has connected to Asterisk under the same application name")
	errDenied   = errors.New("the ARI user or password is refused by Asterisk")
)

// run keeps a connection until ctx ends.
func (s *Switch) run(ctx context.Context, ex ivr.Exchange) {
	defer s.board.set(Down, "stopped")
	tries, replaced := 0, 0
	for ctx.Err() == nil {
		se := &session{s: s, exchange: ex}
		err := se.serve(ctx)
		if ctx.Err() != nil {
			return
		}
		if se.wasUp {
			tries = 0
		}
		replaced++
		if !errors.Is(err, errReplaced) {
			replaced = 0
		}
		s.board.set(Down, s.explain(err))
		timer := time.NewTimer(s.pause(err, tries, replaced))
		tries++
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
		}
	}
}

// explain says for a person why there is no connection, with the cure.
func (s *Switch) explain(err error) string {
	switch {
	case err == nil:
		return "the connection ended"
	case errors.Is(err, errDenied), statusOf(err) == http.StatusUnauthorized, statusOf(err) == http.StatusForbidden:
		return errDenied.Error() + "; compare asterisk.username and asterisk.password with ari.conf, where the user must not be read_only"
	case errors.Is(err, errReplaced):
		return errReplaced.Error() + "; stop the other program, or give this one its own asterisk.app"
	}
	return core(err).Error() + "; look whether Asterisk runs and asterisk.url is its address"
}

// pause says how long to wait before the next try: hardly after a connection
// that was up, longer and longer up to a limit for one that does not come up.
func (s *Switch) pause(err error, tries, replaced int) time.Duration {
	t := s.opts.Timing
	switch {
	case errors.Is(err, errDeaf), replaced == 1:
		// The other one may be an earlier try of our own, given up on, which
		// an Asterisk that was frozen carries out when it thaws.
		return t.Deaf
	case errors.Is(err, errDenied), errors.Is(err, errReplaced):
		return t.Denied
	case tries == 0:
		return 0
	}
	wait := min(firstPause<<min(tries-1, 10), t.Retry)
	// A quarter of it is chance, so that many programs do not come at once.
	n, _ := rand.Int(rand.Reader, big.NewInt(int64(wait/4)+1))
	return wait - time.Duration(n.Int64())
}
