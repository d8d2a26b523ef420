package notice

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"ikomek109/flows"
	"ikomek109/ivr"
)

// The limits, after the public-alert rules of 2025.
const (
	// MaxSpoken bounds what one caller has to hear before the menu: all
	// bulletins that are live at the same time, both languages together.
	MaxSpoken = 5 * time.Minute
	// MaxRepeats is how often one caller hears one bulletin within RepeatsWithin.
	MaxRepeats    = 3
	RepeatsWithin = time.Hour
	// MaxLasts bounds how long a mode or a bulletin may be set for at once.
	MaxLasts = 31 * 24 * time.Hour
	// maxAhead bounds how far ahead one may be planned.
	maxAhead = 366 * 24 * time.Hour
	// maxReason and maxAuthor bound what people write beside, in characters.
	maxReason, maxAuthor = 300, 80
)

func invalid(op, message, cure string) error {
	return &ivr.Error{Op: op, Code: ivr.Invalid, Message: message, Cure: cure}
}

// checkSpan refuses times that no one can mean.
func checkSpan(op string, now, from, until time.Time) error {
	switch {
	case !until.After(now):
		return invalid(op, "its end has passed already", "give --until a time to come, such as 6h or 2026-01-05T18:00")
	case !until.After(from):
		return invalid(op, "it would end before it begins", "give --until a time after --from")
	case until.Sub(from) > MaxLasts:
		return invalid(op, fmt.Sprintf("it would last longer than %d days", int(MaxLasts.Hours()/24)),
			"choose an earlier end; it can be set anew before then")
	case from.Sub(now) > maxAhead:
		return invalid(op, "it would begin in more than a year", "look at the year of --from")
	}
	return nil
}

// checkNote refuses an author or a reason that would be no record.
func checkNote(op, author, reason string) error {
	for _, n := range []struct {
		what, text, cure string
		most             int
	}{
		{"author", author, "say who decided it: --author NAME", maxAuthor},
		{"reason", reason, "say why in a few words: --reason \"…\"", maxReason},
	} {
		switch {
		case strings.TrimSpace(n.text) == "":
			return invalid(op, "no "+n.what+" is given", n.cure)
		case utf8.RuneCountInString(n.text) > n.most:
			return invalid(op, fmt.Sprintf("the %s has more than %d characters", n.what, n.most), "shorten it")
		case !plain(n.text):
			return invalid(op, "the "+n.what+" holds a character that does not print", "write it as plain text on one line")
		}
	}
	return nil
}

// CheckText refuses a bulletin that could not be said as it is written: by the
// rules for the words of a menu.
func CheckText(t flows.Text) error {
	const op = "write bulletin"
	for _, l := range flows.Languages() {
		if !plain(t.In(l)) {
			return invalid(op, fmt.Sprintf("the text in %q holds a character that does not print", string(l)), "write it as plain text on one line")
		}
	}
	for _, f := range flows.CheckBulletin(t) {
		return invalid(op, f.Message, f.Cure)
	}
	return nil
}

func checkLength(op string, length time.Duration, how string) error {
	if length <= MaxSpoken {
		return nil
	}
	return invalid(op, fmt.Sprintf("callers would hear bulletins for %s, %s, before anything else; at most %s is allowed",
		length.Round(time.Second), how, MaxSpoken), "shorten the text, or end another bulletin first")
}

// recordingForm is what the name of a recording may be: it is a file's, too, and
// no number, which is how bulletins without one are called.
var recordingForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

func checkRecording(op, name string) error {
	if name == "" || recordingForm.MatchString(name) {
		return nil
	}
	return invalid(op, fmt.Sprintf("a recording can't be called %q", clip(name)),
		"use small Latin letters, digits and dashes, a letter first, such as flood-7")
}

func plain(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}

// clip makes a stranger's text short enough for a message.
func clip(text string) string {
	if r := []rune(text); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return text
}
