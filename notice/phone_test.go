package notice_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/notice"
	"ikomek109/notice/noticetest"
)

// keypad is a telephone on which keys were pressed ahead; a dash is a silence.
type keypad struct {
	keys string
	said []string
}

func (k *keypad) Agent() ivr.AgentID { return "aigerim" }

func (k *keypad) Say(_ context.Context, said ...ivr.Said) error {
	for _, s := range said {
		k.said = append(k.said, strings.TrimPrefix(s.ID, "agent/"))
	}
	return nil
}

func (k *keypad) Key(context.Context, time.Duration) (byte, bool, error) {
	if k.keys == "" {
		return 0, false, nil
	}
	key := k.keys[0]
	k.keys = k.keys[1:]
	return key, key != '-', nil
}

func (k *keypad) Digits(ctx context.Context, most int, within time.Duration) (string, error) {
	var all []byte
	for len(all) < most {
		key, ok, _ := k.Key(ctx, within)
		if !ok || key == '#' {
			break
		}
		all = append(all, key)
	}
	return string(all), nil
}

// open knows one person, and is locked for another.
func openDoor(_ context.Context, keyed, place string) (string, error) {
	switch {
	case place != "agent aigerim":
		return "", &ivr.Error{Message: "another place"}
	case keyed == "10274906":
		return "Айгерим", nil
	case strings.HasPrefix(keyed, "99"):
		return "", &ivr.Error{Code: ivr.Conflict}
	}
	return "", &ivr.Error{Code: ivr.Denied}
}

func TestByPhone(t *testing.T) {
	offer := "mode/is/daily mode/to/daily key/1 mode/to/heightened key/2 mode/to/emergency key/3"
	for name, c := range map[string]struct {
		keys string
		want notice.Mode // empty: nothing is set
		said string
	}{
		"emergency":           {"10274906#3", notice.Emergency, "pin " + offer + " mode/set/emergency mode/until"},
		"heightened":          {"10274906#2", notice.Heightened, "pin " + offer + " mode/set/heightened mode/until"},
		"daily is set":        {"10274906#1", "", "pin " + offer + " mode/same"},
		"wrong, then right":   {"10274907#10274906#3", notice.Emergency, "pin pin_wrong pin " + offer + " mode/set/emergency mode/until"},
		"wrong three times":   {"1#2#3#10274906#3", "", "pin pin_wrong pin pin_wrong pin pin_wrong"},
		"locked":              {"99111111#10274906#3", "", "pin pin_locked"},
		"nothing keyed in":    {"", "", "pin pin pin"},
		"a key that is none":  {"10274906#93", notice.Emergency, "pin " + offer + " " + offer + " mode/set/emergency mode/until"},
		"no key for the mode": {"10274906#", "", "pin " + offer + " " + offer + " " + offer + " mode/same"},
	} {
		t.Run(name, func(t *testing.T) {
			store := &noticetest.Store{}
			phone := &keypad{keys: c.keys}
			err := notice.ByPhone(t.Context(), phone, notice.ByPhoneOptions{
				Board: notice.NewBoard(store, nil, notice.Rules{}), Mode: func() notice.Mode { return notice.Daily },
				Open: openDoor, Lasts: 12 * time.Hour, Zone: time.UTC, Log: slog.New(slog.DiscardHandler),
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(phone.said, " "); got != c.said {
				t.Errorf("said %q, want %q", got, c.said)
			}
			all, _ := store.Switches(t.Context(), 9)
			if c.want == "" {
				if len(all) > 0 {
					t.Errorf("set: %v", all)
				}
				return
			}
			if len(all) != 1 || all[0].Mode != c.want || all[0].Author != "Айгерим" || all[0].By != notice.ByTelephone || all[0].Reason != "by phone" {
				t.Fatalf("set: %v", all)
			}
			if lasts := all[0].Until.Sub(all[0].At).Round(time.Minute); lasts != 12*time.Hour {
				t.Errorf("it lasts %s", lasts)
			}
		})
	}
}

// TestByPhoneIsSaid: every phrase that the telephone may say is the program's.
func TestByPhoneIsSaid(t *testing.T) {
	for _, m := range notice.Modes() {
		for _, what := range []string{"is", "to", "set"} {
			if id := "agent/mode/" + what + "/" + string(m); !slices.Contains(systemPhrases(t), id) {
				t.Errorf("the program has no phrase %s", id)
			}
		}
	}
}

// systemPhrases lists what the program can say.
func systemPhrases(t *testing.T) []string {
	t.Helper()
	flow, findings := flows.Load(flows.Shipped, flows.ShippedName, flows.Known{})
	if flow == nil {
		t.Fatal(findings)
	}
	var ids []string
	for _, p := range flow.Phrases() {
		ids = append(ids, p.ID)
	}
	return ids
}
