package ivr_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"ikomek109/ivr"
)

func TestKeyPrintsMasked(t *testing.T) {
	for _, k := range []byte("0123456789*#ABCD") {
		key, want := ivr.Key(k), string(rune(k))
		if k >= '0' && k <= '9' {
			want = "•"
		}
		pressed := ivr.KeyPressed{Channel: "a", Key: key, At: time.Unix(0, 0).UTC()}
		encoded, err := json.Marshal(pressed)
		if err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "key", key)
		for how, got := range map[string]string{
			"%v": fmt.Sprintf("%v", key), "in an event": fmt.Sprintf("%+v", pressed),
			"JSON": string(encoded), "log": log.String(),
		} {
			if !strings.Contains(got, want) || key.Digit() && strings.Contains(got, fmt.Sprintf("Key:%c", k)) {
				t.Errorf("%s of %q is %q", how, k, got)
			}
		}
		if key.Reveal() != rune(k) {
			t.Errorf("%q reveals %q", k, key.Reveal())
		}
	}
}

// TestDroppedKeysAreNoReading: of digits that nobody used it is not known what
// they were meant for, and what follows a number that is the caller's own is a
// part of it.
func TestDroppedKeysAreNoReading(t *testing.T) {
	for name, c := range map[string]struct{ keys, want string }{
		"typed ahead of the queue":         {"087711234567", "0•••••••••••"},
		"while waiting":                    {"0w7711#2", "0••••#•"},
		"more than an input takes":         {"447119999", "4••••••••"},
		"an option chosen after a number":  {"44711ww2", "4••••2"},
		"into a recording":                 {"1ttt77112", "1•••••"},
		"more than anybody presses":        {"0" + strings.Repeat("7", 50), "0" + strings.Repeat("•", 50)},
		"a choice, and a key that is none": {"9w4", "94"},
	} {
		t.Run(name, func(t *testing.T) {
			inOffices(t, func(t *testing.T, o *offices) {
				o.look = func(context.Context, string, map[string]string) (map[string]string, error) {
					return map[string]string{"left": "15"}, nil
				}
				o.startDesk()
				o.arriveAt("", 0)
				for _, k := range c.keys {
					switch k {
					case 'w':
						o.after(5 * time.Second)
					case 't':
						o.after(10 * time.Second)
					default:
						o.press("a", string(k))
					}
				}
				o.after(time.Second)
				o.sw.HangUp("a")
				o.after(time.Minute)
				r := o.only()
				if r.Keys != c.want {
					t.Errorf("keys %q, want %q: %v", r.Keys, c.want, o.kinds())
				}
				for _, e := range o.journal.Entries(r.ID) {
					if key := e.Detail["key"]; key != "" && !strings.Contains(c.want, key) {
						t.Errorf("the journal tells a digit: %+v", e)
					}
				}
			})
		})
	}
}
