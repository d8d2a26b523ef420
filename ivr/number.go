package ivr

import (
	"encoding/json"
	"log/slog"
	"strings"
	"unicode"
)

// Number is a phone number as the network gave it: personal data, and text
// that a stranger chose. It prints, logs and marshals masked; whoever may see
// it asks for it by name ([Number.Reveal]).
type Number string

// maxNumber bounds what is kept of a caller's number; E.164 has 15 digits, and
// SIP user parts that are longer are noise or an attack.
const maxNumber = 64

// NewNumber makes a Number from what the network sent: what does not print goes
// (a control character steers a terminal, one of direction or no width makes a
// number look like another), and what is longer than any number is cut.
func NewNumber(raw string) Number {
	clean := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(raw, ""))
	clean = strings.TrimSpace(clean)
	if len(clean) > maxNumber {
		clean = strings.ToValidUTF8(clean[:maxNumber], "")
	}
	return Number(clean)
}

// Reveal gives the number in the clear, to be stored or dialled.
func (n Number) Reveal() string { return string(n) }

// maxHead is how much of a number's beginning is shown: country and operator.
// A text that is no number may hold one anywhere.
const maxHead = 5

// String masks the number: "+7701•••••67". One that is empty prints as
// "withheld", one too short to mask without telling it whole as dots.
func (n Number) String() string {
	r := []rune(string(n))
	switch {
	case len(r) == 0:
		return "withheld"
	case len(r) < 7:
		return strings.Repeat("•", len(r))
	}
	head := 2
	if len(r) >= 11 {
		head = min(len(r)-7, maxHead)
	}
	return string(r[:head]) + strings.Repeat("•", len(r)-head-2) + string(r[len(r)-2:])
}

// LogValue keeps the number masked in every log.
func (n Number) LogValue() slog.Value { return slog.StringValue(n.String()) }

// MarshalJSON keeps the number masked in every JSON output.
func (n Number) MarshalJSON() ([]byte, error) { return json.Marshal(n.String()) }
