package e2e_test

import (
	"testing"
	"time"
)

// eventually asks until ok or the time has passed, and tells which.
func eventually(t *testing.T, within time.Duration, ok func() bool) bool {
	t.Helper()
	late := time.NewTimer(within)
	defer late.Stop()
	again := time.NewTicker(50 * time.Millisecond)
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
