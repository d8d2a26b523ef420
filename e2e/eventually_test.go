package e2e_test

import (
	"testing"
	"time"
)

// eventually asks until ok or the time has passed, and tells which.
func eventually(t *testing.T, within time.Duration, ok func() bool) bool {
	t.Helper()
	return eventuallyEvery(t, 50*time.Millisecond, within, ok)
}

// eventuallyEvery is for questions that cost much to ask. A pause counts as two
// at most, however long it was: a machine that stood still is given the time.
func eventuallyEvery(t *testing.T, pause, within time.Duration, ok func() bool) bool {
	t.Helper()
	for left := within; !ok(); {
		if left <= 0 {
			return false
		}
		begun := time.Now()
		pass(t, min(pause, left))
		if t.Context().Err() != nil {
			return false
		}
		left -= min(time.Since(begun), 2*pause)
	}
	return true
}

// pass lets time pass, for what can only be shown by that.
func pass(t *testing.T, d time.Duration) {
	t.Helper()
	over := time.NewTimer(d)
	defer over.Stop()
	select {
	case <-over.C:
	case <-t.Context().Done():
	}
}
