package ivr_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

// TestMessagesGoWhenTheirTermHasPassed wants each gone within an hour of its
// term, with a word on those that nobody saw to, also after a store that failed.
func TestMessagesGoWhenTheirTermHasPassed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var said bytes.Buffer
		m := new(ivrtest.Messages)
		for _, id := range []ivr.RecordingID{"m-done", "m-unseen"} {
			one := ivrtest.NewMessage(id)
			one.LeftAt = time.Now()
			must(t, m.Promise(t.Context(), one))
			must(t, m.Keep(t.Context(), id, time.Second, ivrtest.WAV(time.Second)))
		}
		must(t, m.Done(t.Context(), "m-done", "aigerim"))
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		const day = 24 * time.Hour
		go ivr.KeepTerms(ctx, m, ivr.MessageTerms{Done: 2 * day, Any: 10 * day}, slog.New(slog.NewTextHandler(&said, nil)))
		for _, c := range []struct {
			after  time.Duration
			broken error
			want   int
		}{
			{2*day - time.Minute, nil, 2},
			{time.Hour + 2*time.Minute, nil, 1},
			{7 * day, errors.New("no disk"), 1},
			{2 * day, errors.New("no disk"), 1},
			{time.Hour, nil, 0},
		} {
			m.Break(func(string) error { return c.broken })
			time.Sleep(c.after)
			synctest.Wait()
			if all := m.All(); len(all) != c.want {
				t.Errorf("%s later: %d are left, want %d: %+v", c.after, len(all), c.want, all)
			}
		}
		cancel()
		synctest.Wait()
		for _, want := range []string{"nobody has seen to", "m-unseen", "it is tried again"} {
			if !strings.Contains(said.String(), want) {
				t.Errorf("the log does not say %q:\n%s", want, said.String())
			}
		}
		if strings.Contains(said.String(), "m-done") || strings.Contains(said.String(), "1234567") {
			t.Errorf("the log says too much:\n%s", said.String())
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
