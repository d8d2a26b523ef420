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

// eventuallyEvery is for questions that cost much to ask.
func eventuallyEvery(t *testing.T, pause, within time.Duration, ok func() bool) bool {
	t.Helper()
	late := time.NewTimer(within)
	defer late.Stop()
	again := time.NewTicker(pause)
	defer again.Stop()
	for !ok() {
		select {
		case <-again.C:
		case <-late.C:
			return ok()
		case <-t.Context().Done():
			return false
		}
	}
	return true
}

// pass lets time pass, for what can only be shown by that.
func pass(t *testing.T, d time.Duration) {
	t.Helper()
	eventually(t, d, func() bool { return false })
}
