package speech

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// kind is a way in which a value can be spoken.
type kind struct {
	// cased and gendered tell which forms the kind can take.
	cased, gendered bool
	// read understands a value; its error says what was expected.
	read func(value string) (quantity, error)
	// say appends the tokens of a value.
	say func(g grammar, out []string, q quantity, f Form) []string
	// samples are values that together use every token of the kind.
	samples func() []quantity
}

// quantity is a value that has been read; each kind uses its own fields.
type quantity struct {
	n, minute int
	day       day
	digits    string
}

// Limits of what is spoken.
const (
	maxDigits = 20   // the longest number that is read out digit by digit
	minYear   = 1900 // years that can be spoken
	maxYear   = 2199
)

// kindNames lists the kinds for messages, in the order of the package comment.
const kindNames = "number, place, minutes, hours, days, seconds, time, date, digits"

// kindOf returns the kind of that name.
func kindOf(name string) (kind, bool) {
	switch name {
	case "number":
		return kind{cased: true, gendered: true, read: readNumber, say: sayNumber, samples: sampleNumbers}, true
	case "place":
		return kind{cased: true, gendered: true, read: readNumber, say: sayPlace, samples: sampleNumbers}, true
	case "minutes", "hours", "days", "seconds":
		return kind{cased: true, read: readNumber, say: sayCounted(name), samples: sampleNumbers}, true
	case "time":
		return kind{cased: true, read: readTime, say: sayTime, samples: sampleTimes}, true
	case "date":
		return kind{cased: true, read: readDate, say: sayDate, samples: sampleDates}, true
	case "digits":
		return kind{read: readDigits, say: sayDigits, samples: sampleDigits}, true
	default:
		return kind{}, false
	}
}

func readNumber(value string) (quantity, error) {
	n, err := strconv.ParseUint(value, 10, 32)
	if err != nil || n > MaxNumber {
		return quantity{}, fmt.Errorf("give a whole number from 0 to %d", MaxNumber)
	}
	return quantity{n: int(n)}, nil
}

func sayNumber(g grammar, out []string, q quantity, f Form) []string {
	return g.cardinal(out, q.n, f)
}

func sayPlace(g grammar, out []string, q quantity, f Form) []string {
	return g.ordinal(out, q.n, f)
}

// sayCounted says a number with its noun. The noun's gender rules in Russian;
// in Kazakh the case falls on the noun alone.
func sayCounted(noun string) func(grammar, []string, quantity, Form) []string {
	return func(g grammar, out []string, q quantity, f Form) []string {
		number := Form{}
		if len(g.genders()) > 1 {
			number.Case = f.Case
			if noun == "minutes" || noun == "seconds" {
				number.Gender = Feminine
			}
		}
		return g.noun(g.cardinal(out, q.n, number), q.n, noun, f.Case)
	}
}

func readTime(value string) (quantity, error) {
	if value == "24:00" { // «до двадцати четырёх часов»
		return quantity{n: 24}, nil
	}
	t, err := time.Parse("15:04", value)
	if err != nil {
		return quantity{}, fmt.Errorf("give a time of day from 00:00 to 24:00")
	}
	return quantity{n: t.Hour(), minute: t.Minute()}, nil
}

func sayTime(g grammar, out []string, q quantity, f Form) []string {
	return g.clock(out, q.n, q.minute, f.Case)
}

func readDate(value string) (quantity, error) {
	if t, err := time.Parse("2006-01-02", value); err == nil && t.Year() >= minYear && t.Year() <= maxYear {
		return quantity{day: day{t.Year(), int(t.Month()), t.Day()}}, nil
	}
	// Without a year; 2000 was a leap year, so that 02-29 is a date.
	if t, err := time.Parse("2006-01-02", "2000-"+value); err == nil {
		return quantity{day: day{month: int(t.Month()), day: t.Day()}}, nil
	}
	return quantity{}, fmt.Errorf("give a date as 2022-01-05 (years %d to %d) or 01-05", minYear, maxYear)
}

func sayDate(g grammar, out []string, q quantity, f Form) []string {
	return g.date(out, q.day, f.Case)
}

func readDigits(value string) (quantity, error) {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -()", r) {
			return -1
		}
		return r
	}, value)
	bare := strings.TrimPrefix(digits, "+")
	if bare == "" || len(bare) > maxDigits || strings.Trim(bare, "0123456789") != "" {
		return quantity{}, fmt.Errorf("give 1 to %d digits, with a plus before them if need be", maxDigits)
	}
	return quantity{digits: digits}, nil
}

func sayDigits(g grammar, out []string, q quantity, _ Form) []string {
	for _, r := range q.digits {
		if r == '+' {
			out = append(out, g.plus())
			continue
		}
		out = g.cardinal(out, int(r-'0'), Form{})
	}
	return out
}
