package sqlite_test

import (
	"testing"

	"ikomek109/notice/noticetest"
	"ikomek109/pin"
	"ikomek109/pin/pintest"
)

func TestNotices(t *testing.T) {
	noticetest.StoreSuite(t, func(t *testing.T) noticetest.Full { return open(t, file(t)).Notices() })
}

func TestPins(t *testing.T) {
	pintest.StoreSuite(t, func(t *testing.T) pin.Store { return open(t, file(t)).Pins() })
}
