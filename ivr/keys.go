package ivr

import (
	"time"

	"ikomek109/flows"
)

const (
	// maxEarlyKeys bounds the keys kept of a caller who leans on the keypad.
	maxEarlyKeys = 32
	// maxKeysHeeded is how many keys of a call are acted on and written down.
	// Nobody presses that many; a machine can send thousands a second.
	maxKeysHeeded = 1000
	// hiddenKey stands in the journal for a key that is the caller's own business.
	hiddenKey = "•"
)

// pressed keeps a key for whoever listens next. It is written down when it is
// used: only then is it known whether it may be read there.
func (c *call) pressed(key KeyPressed) {
	if len(c.keys) >= maxEarlyKeys {
		c.noteKey(key)
		return
	}
	c.keys = append(c.keys, key)
}

// takeKey uses the oldest key.
func (c *call) takeKey() flows.Key {
	key := c.keys[0]
	c.keys = c.keys[1:]
	c.noteKey(key)
	return flows.Key{Digit: rune(key.Key)}
}

// dropKeys forgets the keys that nobody used.
func (c *call) dropKeys() {
	for len(c.keys) > 0 {
		c.takeKey()
	}
}

// leadsAway tells whether the caller has pressed 0 or *, which mean the same
// everywhere, and drops the keys before it: while a message is recorded, those
// are a cheek on the keypad.
func (c *call) leadsAway() bool {
	for len(c.keys) > 0 {
		if key := c.keys[0].Key; key == '0' || key == '*' {
			return true
		}
		c.takeKey()
	}
	return false
}

// noteKey writes a key into the journal. Digits typed into an input that is not
// public, such as a personal number, are no reading for anybody.
func (c *call) noteKey(key KeyPressed) {
	shown := string(rune(key.Key))
	if c.private && key.Key >= '0' && key.Key <= '9' {
		shown = hiddenKey
	}
	c.rec.noteAt(key.At, KeyPressedKind, "", "key", shown)
}

// spelled gives keys as the saved state has them.
func spelled(keys []KeyPressed) string {
	digits := make([]byte, len(keys))
	for i, key := range keys {
		digits[i] = key.Key
	}
	return string(digits)
}

// earlyKeys takes keys up from a saved state.
func earlyKeys(digits string) []KeyPressed {
	keys := make([]KeyPressed, len(digits))
	for i := range keys {
		keys[i] = KeyPressed{Key: digits[i], At: time.Now()}
	}
	return keys
}
