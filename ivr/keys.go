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
	// oneNumber is how soon after a digit of the caller's own business another
	// one belongs to it, whoever takes it: who typed too many meant no option.
	oneNumber = 2 * time.Second
)

// pressed keeps a key for whoever listens next. It is written down when it is
// used: only then is it known whether it may be read there.
func (c *call) pressed(key KeyPressed) {
	if len(c.keys) >= maxEarlyKeys {
		c.noteKey(key, key.Key.String())
		return
	}
	c.keys = append(c.keys, key)
}

// takeKey uses the oldest key.
func (c *call) takeKey() flows.Key {
	key := c.keys[0]
	c.keys = c.keys[1:]
	c.hidden = c.hides(key)
	c.noteKey(key, c.shown(string(key.Key.Reveal())))
	return flows.Key{Digit: key.Key.Reveal()}
}

// hides tells whether a key that is used is a reading for nobody: a digit typed
// into an input that is not public, such as a personal number, or right after it.
func (c *call) hides(key KeyPressed) bool {
	if !key.Key.Digit() {
		c.ownKey = time.Time{} // it ends a number
		return false
	}
	if !c.private && (c.ownKey.IsZero() || key.At.Sub(c.ownKey) >= oneNumber) {
		return false
	}
	c.ownKey = key.At
	return true
}

// shown is the key used last as it may stand in the journal.
func (c *call) shown(key string) string {
	if c.hidden && key != "" {
		return hiddenKey
	}
	return key
}

// dropKey forgets the oldest key, which nobody uses. What it was meant for is
// not known, so that its digit is written down nowhere.
func (c *call) dropKey() {
	key := c.keys[0]
	c.keys = c.keys[1:]
	c.noteKey(key, key.Key.String())
}

// dropKeys forgets the keys that nobody used.
func (c *call) dropKeys() {
	for len(c.keys) > 0 {
		c.dropKey()
	}
	c.rec.state.Keys = ""
}

// leadsAway tells whether the caller has pressed 0 or *, which mean the same
// everywhere, and drops the keys before it: while a message is recorded, those
// are a cheek on the keypad.
func (c *call) leadsAway() bool {
	for len(c.keys) > 0 {
		if key := c.keys[0].Key; key == '0' || key == '*' {
			return true
		}
		c.dropKey()
	}
	return false
}

func (c *call) noteKey(key KeyPressed, shown string) {
	c.rec.noteAt(key.At, KeyPressedKind, "", "key", shown)
}

// spelled gives keys as the saved state has them, which nobody reads but the
// program that takes the call up.
func spelled(keys []KeyPressed) string {
	digits := make([]byte, len(keys))
	for i, key := range keys {
		digits[i] = byte(key.Key)
	}
	return string(digits)
}

// earlyKeys takes keys up from a saved state.
func earlyKeys(digits string) []KeyPressed {
	keys := make([]KeyPressed, len(digits))
	for i := range keys {
		keys[i] = KeyPressed{Key: Key(digits[i]), At: time.Now()}
	}
	return keys
}
