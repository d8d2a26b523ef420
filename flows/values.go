package flows

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// valueType is what a value can be. How each is spoken is the business of the
// voice: a test holds the two together.
type valueType struct {
	// take gives the value in the form in which it is kept; false when it is none.
	take func(s string) (string, bool)
	// form tells an author what to write.
	form string
	// spoken lists the ways in which it can be said, the usual one first.
	spoken []string
	// number tells that conditions count with it.
	number bool
}

// MaxValue bounds a value, in bytes.
const MaxValue = 64

// maxSpokenNumber is the greatest number that can be said.
const maxSpokenNumber = 999_999

func valueTypes() map[string]valueType {
	counted := []string{"number", "place", "minutes", "hours", "days", "seconds"}
	all := map[string]valueType{
		"text":   {take: takeText, form: "a word or two"},
		"digits": {take: takeDigits, form: "digits in quotes, as they are typed", spoken: []string{"digits"}},
		"time":   {take: takeTime, form: "a time of day, in quotes: \"18:00\"", spoken: []string{"time"}},
		"date":   {take: takeDate, form: "a day: 2026-12-31", spoken: []string{"date"}},
	}
	for _, name := range counted {
		spoken := append([]string{name}, slices.DeleteFunc(slices.Clone(counted), func(s string) bool { return s == name })...)
		all[name] = valueType{take: takeNumber, form: "a whole number from 0 to 999999", spoken: append(spoken, "digits"), number: true}
	}
	delete(all, "place") // a way of saying a number, and no type
	return all
}

// ValueTypes lists what a variable can be.
func ValueTypes() []string {
	return []string{"text", "digits", "number", "minutes", "hours", "days", "seconds", "time", "date"}
}

func takeNumber(s string) (string, bool) {
	n, err := strconv.ParseUint(s, 10, 32)
	return strconv.FormatUint(n, 10), err == nil && n <= maxSpokenNumber
}

// maxDigits is the longest number that is read out digit by digit.
const maxDigits = 20

func takeDigits(s string) (string, bool) {
	return s, s != "" && len(s) <= maxDigits && strings.Trim(s, "0123456789") == ""
}

func takeTime(s string) (string, bool) {
	if s == "24:00" {
		return s, true
	}
	t, err := time.Parse("15:04", s)
	return t.Format("15:04"), err == nil
}

func takeDate(s string) (string, bool) {
	t, err := time.Parse(time.DateOnly, s)
	return s, err == nil && t.Year() >= 1900 && t.Year() < 2200
}

func takeText(s string) (string, bool) {
	s = strings.TrimSpace(s)
	bad := func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }
	return s, s != "" && len(s) <= MaxValue && !strings.ContainsFunc(s, bad)
}
