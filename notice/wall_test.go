package notice_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ikomek109/notice"
)

// TestWall follows a mode and a bulletin from the command to the end that comes
// by itself.
func TestWall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board, store, studio := newBoard(notice.Rules{})
		var log bytes.Buffer
		var modes []notice.Mode
		wall := notice.NewWall(notice.WallOptions{
			Source: store, Studio: studio, Log: slog.New(slog.NewTextHandler(&log, nil)),
			Mode: func(m notice.Mode) { modes = append(modes, m) },
		})
		if wall.Mode() != notice.Daily || wall.Bulletins() != nil {
			t.Error("a wall that has read nothing says something")
		}
		go wall.Run(t.Context())
		go follow(t, wall)
		pass(time.Second)
		if _, err := board.SetMode(t.Context(), notice.Switch{Mode: notice.Emergency, Author: "Айгерим", Reason: "ТЖ", By: notice.ByCommand, Until: time.Now().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
		b := fresh("Айгерим")
		b.Until = time.Now().Add(2 * time.Hour)
		if _, err := board.Propose(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		pass(time.Second)
		if wall.Mode() != notice.Emergency || len(wall.Bulletins()) != 1 {
			t.Errorf("a second later: %s, %v", wall.Mode(), wall.Bulletins())
		}
		store.Break(errors.New("locked")) // what ends, ends all the same
		pass(time.Hour)
		if wall.Mode() != notice.Daily || len(wall.Bulletins()) != 1 {
			t.Errorf("an hour later: %s, %v", wall.Mode(), wall.Bulletins())
		}
		pass(time.Hour)
		if len(wall.Bulletins()) != 0 {
			t.Errorf("two hours later: %v", wall.Bulletins())
		}
		if want := []notice.Mode{notice.Daily, notice.Emergency, notice.Daily}; !slices.Equal(modes, want) {
			t.Errorf("told %v, want %v", modes, want)
		}
		for _, want := range []string{"mode=emergency author=Айгерим", "a bulletin is said to every caller", "a bulletin is no longer said"} {
			if strings.Count(log.String(), want) != 1 {
				t.Errorf("the log does not say %q once:\n%s", want, &log)
			}
		}
	})
}

// TestWallWithoutSound says nothing of a bulletin whose sound is lost, until it
// is back.
func TestWallWithoutSound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board, store, studio := newBoard(notice.Rules{})
		if _, err := board.Propose(t.Context(), fresh("Айгерим")); err != nil {
			t.Fatal(err)
		}
		studio.Set(0, errors.New("the file is gone"))
		wall := notice.NewWall(notice.WallOptions{Source: store, Studio: studio, Log: slog.New(slog.DiscardHandler)})
		go wall.Run(t.Context())
		go follow(t, wall)
		pass(time.Second)
		if len(wall.Bulletins()) != 0 || wall.Silent() != 1 {
			t.Errorf("said without sound: %v, silent %d", wall.Bulletins(), wall.Silent())
		}
		studio.Set(time.Second, nil)
		pass(20 * time.Second)
		if len(wall.Bulletins()) != 1 || wall.Silent() != 0 {
			t.Errorf("sound is back: %v, silent %d", wall.Bulletins(), wall.Silent())
		}
	})
}

// hung is a studio whose voice never comes to its end.
type hung struct{}

func (hung) Render(ctx context.Context, _ notice.Bulletin) (time.Duration, error) {
	<-ctx.Done()
	return 0, ctx.Err()
}

// TestModeWaitsForNoSound sets a mode, and ends a bulletin that is said, while
// the sound of another is being made.
func TestModeWaitsForNoSound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board, store, _ := newBoard(notice.Rules{})
		if _, err := board.Propose(t.Context(), fresh("Айгерим")); err != nil {
			t.Fatal(err)
		}
		wall := notice.NewWall(notice.WallOptions{Source: store, Studio: hung{}, Log: slog.New(slog.DiscardHandler)})
		go wall.Run(t.Context())
		go follow(t, wall)
		pass(time.Second)
		if _, err := board.SetMode(t.Context(), notice.Switch{Mode: notice.Emergency, Author: "Айгерим", Reason: "ТЖ", By: notice.ByCommand, Until: time.Now().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
		pass(time.Second)
		if wall.Mode() != notice.Emergency || wall.Silent() != 1 {
			t.Errorf("a second later: %s, %d silent", wall.Mode(), wall.Silent())
		}
	})
}

// follow reads as the running line does when its store has moved.
func follow(t *testing.T, wall *notice.Wall) {
	for tick := time.NewTicker(time.Second / 2); ; {
		_ = wall.Read(t.Context()) // a store that does not answer is asked again
		select {
		case <-tick.C:
		case <-t.Context().Done():
			return
		}
	}
}

// pass lets the time of a bubble go on.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}
