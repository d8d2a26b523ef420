package ivr_test

import (
	"slices"
	"testing"
	"time"

	"ikomek109/ivr/ivrtest"
)

// TestTheAgentsPhoneShowsLanguageAndTopic goes to the operator in different
// ways; the first key chooses the language.
func TestTheAgentsPhoneShowsLanguageAndTopic(t *testing.T) {
	for keys, want := range map[string]string{
		"0":    "ҚАЗ/РУС · Басқа сұрақ",
		"10":   "ҚАЗ · Басқа сұрақ",
		"1310": "ҚАЗ · Бағыттар мен жүру уақыты",
		"20":   "РУС · Другой вопрос",
		"230":  "РУС · Общественный транспорт",
		"2320": "РУС · Оплата проезда",
	} {
		t.Run(keys, func(t *testing.T) {
			inBubble(t, func(t *testing.T, b *bench) {
				b.agent("aigerim", ivrtest.Manner{Answer: time.Second})
				b.startDesk()
				b.arrive("a")
				b.press("a", keys)
				b.after(20 * time.Second)
				if got := b.sw.Titles(); !slices.Equal(got, []string{want}) {
					t.Errorf("shown %q, want %q", got, want)
				}
				b.sw.HangUp("a")
				b.after(time.Minute)
			})
		})
	}
}
