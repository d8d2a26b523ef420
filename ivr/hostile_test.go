package ivr_test

import (
	"testing"
	"time"

	"ikomek109/ivr"
)

// TestKeysWithoutEndFillNoDisk: a machine can send thousands of keys a second
// by SIP INFO for as long as it likes.
func TestKeysWithoutEndFillNoDisk(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.startDesk()
		b.arrive("a")
		b.press("a", "10")
		b.after(20 * time.Second)
		for range 500 {
			for range 100 {
				b.sw.Press("a", "5")
			}
			b.after(10 * time.Millisecond)
		}
		b.sw.HangUp("a")
		b.after(time.Second)
		r := b.only()
		if n := len(b.journal.Entries(r.ID)); n > 1200 {
			t.Errorf("%d entries in the journal of one call", n)
		}
		if r.Outcome != ivr.Abandoned {
			t.Errorf("record %+v", r)
		}
		b.settled()
	})
}

func TestNumberThatSteersATerminal(t *testing.T) {
	for raw, want := range map[string]ivr.Number{
		"+7701\x1b[2J1234567":         "+7701[2J1234567",
		"+7701\u009b2J1234567":        "+77012J1234567",
		"+7701\u202e1234567":          "+77011234567",
		"+7701\u200b123\u00a04567":    "+77011234567",
		"\u2028\u2029":                "",
		"Айгерім Нұрланқызы":          "Айгерім Нұрланқызы",
		"sip:0@x\r\nTo: <sip:e@evil>": "sip:0@xTo: <sip:e@evil>",
	} {
		if got := ivr.NewNumber(raw); got != want {
			t.Errorf("%q became %q, want %q", raw, got.Reveal(), want.Reveal())
		}
	}
}
