package sqlite_test

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestIdleReadersAreClosed: what a busy hour opened is closed when it is over.
func TestIdleReadersAreClosed(t *testing.T) {
	path := file(t)
	synctest.Test(t, func(t *testing.T) {
		s := open(t, path)
		if err := s.ReadAtOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := s.Reading(); n < 2 {
			t.Fatalf("%d connections read", n)
		}
		time.Sleep(time.Minute)
		if n := s.Reading(); n != 0 {
			t.Errorf("%d connections are kept for nothing", n)
		}
	})
}
