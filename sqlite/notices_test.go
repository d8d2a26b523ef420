package sqlite_test

import (
	"testing"
	"time"

	"ikomek109/notice"
	"ikomek109/notice/noticetest"
	"ikomek109/pin"
	"ikomek109/pin/pintest"
	"ikomek109/sqlite"
)

func TestNotices(t *testing.T) {
	noticetest.StoreSuite(t, func(t *testing.T) notice.Store { return open(t, file(t)).Notices() })
}

func TestPins(t *testing.T) {
	pintest.StoreSuite(t, func(t *testing.T) pin.Store { return open(t, file(t)).Pins() })
}

// TestNoticesMoveTheirCounter has a running line see what another program did.
func TestNoticesMoveTheirCounter(t *testing.T) {
	path := file(t)
	s, other := open(t, path), open(t, path).Notices()
	var id int64
	for i, change := range []func() error{
		func() (err error) {
			_, err = other.AddSwitch(t.Context(), noticetest.NewSwitch(notice.Emergency, 0, 1))
			return err
		},
		func() (err error) { id, err = other.AddBulletin(t.Context(), noticetest.NewBulletin()); return err },
		func() error { return other.Release(t.Context(), id, "Тимур", time.Second, noticetest.Start()) },
		func() error { return other.End(t.Context(), id, "Тимур", "қате", noticetest.Start()) },
	} {
		before, err := s.Counters(t.Context())
		ok(t, err)
		ok(t, change())
		after, err := s.Counters(t.Context())
		ok(t, err)
		if after[sqlite.NoticesCounter] <= before[sqlite.NoticesCounter] {
			t.Errorf("change %d was not seen", i)
		}
	}
}
