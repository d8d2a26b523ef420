package ivr

import (
	"encoding/json"
	"log/slog"
)

// Key is a key of a telephone: '0' to '9', '*', '#', 'A' to 'D'. A digit may be
// part of a telephone number, a personal number or a PIN: it prints, logs and
// marshals as a dot. Whoever may see it asks for it by name ([Key.Reveal]).
type Key byte

// hiddenKey stands for a digit that is the caller's own business.
const hiddenKey = "•"

// Digit tells whether the key is one of 0 to 9.
func (k Key) Digit() bool { return k >= '0' && k <= '9' }

// Reveal gives the key in the clear, to be acted on, or written down where it
// was a choice.
func (k Key) Reveal() rune { return rune(k) }

// String masks a digit.
func (k Key) String() string {
	if k.Digit() {
		return hiddenKey
	}
	return string(rune(k))
}

// LogValue keeps digits masked in every log.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarshalJSON keeps digits masked in every JSON output.
func (k Key) MarshalJSON() ([]byte, error) { return json.Marshal(k.String()) }
