package notice_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/notice"
	"ikomek109/notice/noticetest"
)

func newBoard(rules notice.Rules) (*notice.Board, *noticetest.Store, *noticetest.Studio) {
	store, studio := &noticetest.Store{}, &noticetest.Studio{}
	studio.Set(10*time.Second, nil)
	return notice.NewBoard(store, studio, rules), store, studio
}

// fresh is a bulletin of the next hours.
func fresh(author string) notice.Bulletin {
	b := noticetest.NewBulletin()
	b.Author, b.From, b.Until = author, time.Time{}, time.Now().Add(6*time.Hour)
	return b
}

func refused(t *testing.T, err error, code ivr.Code, want string) {
	t.Helper()
	if ivr.CodeOf(err) != code || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v; want %q of kind %q", err, want, code)
	}
}

func TestSetMode(t *testing.T) {
	in := func(d time.Duration) time.Time { return time.Now().Add(d) }
	for name, c := range map[string]struct {
		s    notice.Switch
		want string // empty: taken
	}{
		"emergency":    {notice.Switch{Mode: notice.Emergency, Author: "a", Reason: "r", Until: in(time.Hour)}, ""},
		"daily":        {notice.Switch{Mode: notice.Daily, Author: "a", Reason: "r"}, ""},
		"planned":      {notice.Switch{Mode: notice.Heightened, Author: "a", Reason: "r", From: in(time.Hour), Until: in(2 * time.Hour)}, ""},
		"no mode":      {notice.Switch{Mode: "panic", Author: "a", Reason: "r", Until: in(time.Hour)}, "use daily, heightened or emergency"},
		"no end":       {notice.Switch{Mode: notice.Emergency, Author: "a", Reason: "r"}, "needs an end"},
		"past":         {notice.Switch{Mode: notice.Emergency, Author: "a", Reason: "r", Until: in(-time.Hour)}, "has passed"},
		"ends first":   {notice.Switch{Mode: notice.Emergency, Author: "a", Reason: "r", From: in(2 * time.Hour), Until: in(time.Hour)}, "before it begins"},
		"for ever":     {notice.Switch{Mode: notice.Emergency, Author: "a", Reason: "r", Until: in(1000 * time.Hour)}, "longer than 31 days"},
		"another year": {notice.Switch{Mode: notice.Emergency, Author: "a", Reason: "r", From: in(9000 * time.Hour), Until: in(9001 * time.Hour)}, "in more than a year"},
		"daily ends":   {notice.Switch{Mode: notice.Daily, Author: "a", Reason: "r", Until: in(time.Hour)}, "has no end"},
		"no author":    {notice.Switch{Mode: notice.Daily, Author: " ", Reason: "r"}, "no author"},
		"no reason":    {notice.Switch{Mode: notice.Daily, Author: "a"}, "no reason"},
		"long reason":  {notice.Switch{Mode: notice.Daily, Author: "a", Reason: strings.Repeat("я", 301)}, "more than 300"},
		"steering":     {notice.Switch{Mode: notice.Daily, Author: "a\u202e", Reason: "r"}, "does not print"},
	} {
		t.Run(name, func(t *testing.T) {
			board, store, _ := newBoard(notice.Rules{})
			_, err := board.SetMode(t.Context(), c.s)
			all, _ := store.Switches(t.Context(), 10)
			if c.want == "" {
				if err != nil || len(all) != 1 || all[0].At.IsZero() || all[0].From.IsZero() {
					t.Errorf("%v, %v", all, err)
				}
				return
			}
			refused(t, err, ivr.Invalid, c.want)
			if len(all) != 0 {
				t.Errorf("kept all the same: %v", all)
			}
		})
	}
}

func TestProposeReleasesAtOnce(t *testing.T) {
	board, store, _ := newBoard(notice.Rules{})
	if _, err := board.Propose(t.Context(), fresh("Айгерим")); err != nil {
		t.Fatal(err)
	}
	all, _ := store.Bulletins(t.Context(), 1)
	if live := notice.LiveAt(all, time.Now()); len(live) != 1 || live[0].ReleasedBy != "Айгерим" || live[0].Length != 10*time.Second {
		t.Errorf("live: %v", live)
	}
}

func TestSecondPersonReleases(t *testing.T) {
	board, store, _ := newBoard(notice.Rules{SecondPerson: true, Persons: func(context.Context) ([]string, error) {
		return []string{"Айгерим", "Тимур", "Асель"}, nil
	}})
	b, err := board.Propose(t.Context(), fresh("Айгерим"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = board.Release(t.Context(), b.ID, " айгерим")
	refused(t, err, ivr.Denied, "a second person has to release it")
	all, _ := store.Bulletins(t.Context(), 1)
	if all[0].State(time.Now()) != notice.Proposed {
		t.Errorf("it is %s", all[0].State(time.Now()))
	}
	_, err = board.Release(t.Context(), b.ID, "aigerim") // the same, as an account is called
	refused(t, err, ivr.Denied, "nobody with a PIN is called aigerim")
	if _, err := board.Release(t.Context(), b.ID, "тимур "); err != nil {
		t.Fatal(err)
	}
	_, err = board.Release(t.Context(), b.ID, "Асель")
	refused(t, err, ivr.Conflict, "released already, by Тимур")
	_, err = board.Release(t.Context(), b.ID+1, "Асель")
	refused(t, err, ivr.NotFound, "bulletin list")
}

// TestWhoCannotBeToldApart neither writes nor releases.
func TestWhoCannotBeToldApart(t *testing.T) {
	down := errors.New("the store is locked")
	for name, c := range map[string]struct {
		persons func(context.Context) ([]string, error)
		want    string
	}{
		"nobody is known": {nil, "nobody with a PIN is called root"},
		"somebody else":   {func(context.Context) ([]string, error) { return []string{"Тимур"}, nil }, "`ikomek109 pin set NAME`"},
		"not to be read":  {func(context.Context) ([]string, error) { return nil, down }, down.Error()},
	} {
		board, store, _ := newBoard(notice.Rules{SecondPerson: true, Persons: c.persons})
		if _, err := board.Propose(t.Context(), fresh("root")); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if all, _ := store.Bulletins(t.Context(), 1); len(all) != 0 {
			t.Errorf("%s: written all the same", name)
		}
	}
}

func TestNoSoundNoRelease(t *testing.T) {
	board, store, studio := newBoard(notice.Rules{})
	studio.Set(0, errors.New("espeak-ng is gone"))
	b, err := board.Propose(t.Context(), fresh("Айгерим"))
	refused(t, err, ivr.Unavailable, "is not released: espeak-ng is gone; see what `ikomek109 doctor` says, then `ikomek109 bulletin release 1`")
	all, _ := store.Bulletins(t.Context(), 1)
	if len(notice.LiveAt(all, time.Now())) != 0 {
		t.Error("a bulletin without sound is live")
	}
	studio.Set(time.Second, nil)
	if _, err := board.Release(t.Context(), b.ID, "Айгерим"); err != nil {
		t.Error(err)
	}
}

func TestFiveMinutesInAll(t *testing.T) {
	board, _, studio := newBoard(notice.Rules{})
	studio.Set(3*time.Minute, nil)
	first, err := board.Propose(t.Context(), fresh("Айгерим"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := board.Propose(t.Context(), fresh("Айгерим"))
	refused(t, err, ivr.Invalid, "for 6m0s, with those that are said at the same time")
	later := fresh("Айгерим")
	later.From, later.Until = time.Now().Add(7*time.Hour), time.Now().Add(8*time.Hour)
	if _, err := board.Propose(t.Context(), later); err != nil {
		t.Errorf("not at the same time: %v", err)
	}
	if _, err := board.End(t.Context(), first.ID, "Тимур", "су берілді"); err != nil {
		t.Fatal(err)
	}
	if _, err := board.Release(t.Context(), second.ID, "Айгерим"); err != nil {
		t.Errorf("the first has ended: %v", err)
	}
	studio.Set(6*time.Minute, nil)
	_, err = board.Propose(t.Context(), fresh("Айгерим"))
	refused(t, err, ivr.Invalid, "as it was rendered")
}

func TestProposeRefuses(t *testing.T) {
	board, store, _ := newBoard(notice.Rules{})
	for want, change := range map[string]func(*notice.Bulletin){
		"needs an end":                  func(b *notice.Bulletin) { b.Until = time.Time{} },
		"has passed":                    func(b *notice.Bulletin) { b.Until = time.Now().Add(-time.Hour) },
		"no author":                     func(b *notice.Bulletin) { b.Author = "" },
		"has no words":                  func(b *notice.Bulletin) { b.Text.RU = "" },
		`can't be called "../x"`:        func(b *notice.Bulletin) { b.Recording = "../x" },
		`can't be called "7"`:           func(b *notice.Bulletin) { b.Recording = "7" },
		"use small Latin letters, digi": func(b *notice.Bulletin) { b.Recording = strings.Repeat("a", 41) },
	} {
		b := fresh("Айгерим")
		change(&b)
		_, err := board.Propose(t.Context(), b)
		refused(t, err, ivr.Invalid, want)
	}
	if all, _ := store.Bulletins(t.Context(), 9); len(all) != 0 {
		t.Errorf("kept all the same: %v", all)
	}
}

func TestEndOnce(t *testing.T) {
	board, store, _ := newBoard(notice.Rules{})
	b, err := board.Propose(t.Context(), fresh("Айгерим"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = board.End(t.Context(), b.ID, "Тимур", "")
	refused(t, err, ivr.Invalid, "no reason")
	if _, err := board.End(t.Context(), b.ID, "Тимур", "қате"); err != nil {
		t.Fatal(err)
	}
	_, err = board.End(t.Context(), b.ID, "Тимур", "қате")
	refused(t, err, ivr.Conflict, "")
	_, err = board.Release(t.Context(), b.ID, "Тимур")
	refused(t, err, ivr.Conflict, "is ended")
	store.Break(errors.New("no disk"))
	if _, err := board.End(t.Context(), b.ID, "Тимур", "қате"); err == nil {
		t.Error("a store that fails ended it")
	}
}
