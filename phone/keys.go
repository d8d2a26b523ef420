package phone

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/pion/rtp"
)

// digits are the keys of a telephone in the order of their RFC 4733 events.
const digits = "0123456789*#ABCD"

const (
	keyTime    = 100 * time.Millisecond // how long a key is pressed
	keyPause   = 3                      // frames between two keys
	keyVolume  = 10                     // dBm0 below zero, the usual strength
	keyRepeats = 3                      // RFC 4733: the end is sent three times
)

// KeyMethod is how a key travels.
type KeyMethod int

// The zero KeyMethod is unset and refused.
const (
	RFC4733 KeyMethod = iota + 1 // within the sound stream
	INFO                         // as a SIP INFO request beside it
)

// String is the method's usual name.
func (m KeyMethod) String() string {
	switch m {
	case RFC4733:
		return "RFC 4733"
	case INFO:
		return "SIP INFO"
	}
	return fmt.Sprintf("method(%d)", int(m))
}

// Key is one key the other side pressed.
type Key struct {
	Digit    byte // one of 0-9 * # A-D
	Method   KeyMethod
	At       time.Time     // when we learned that it was released
	Duration time.Duration // as the other side tells it; 0 when it does not
}

// String is the key and how it came.
func (k Key) String() string { return fmt.Sprintf("%c by %s", k.Digit, k.Method) }

// eventOf gives the RFC 4733 event of a key.
func eventOf(digit byte) (uint8, error) {
	if digit >= 'a' && digit <= 'd' {
		digit -= 'a' - 'A'
	}
	i := strings.IndexByte(digits, digit)
	if i < 0 {
		return 0, fmt.Errorf("%q is no key of a telephone; use 0-9, *, # or A-D", rune(digit))
	}
	return uint8(i), nil //nolint:gosec // at most 15
}

// pressing is a key on its way out.
type pressing struct {
	event    uint8
	started  uint32 // RTP time of its first packet
	duration uint16 // samples so far
	total    uint16 // samples in all
	ended    chan time.Time
}

// SendKey presses one key for a tenth of a second and gives the time at which
// it ended, from which the answer's delay is counted. Keys sent at once by
// several goroutines go out one after another.
func (c *Call) SendKey(ctx context.Context, digit byte, method KeyMethod) (time.Time, error) {
	event, err := eventOf(digit)
	if err != nil {
		return time.Time{}, err
	}
	if _, _, err := c.live(); err != nil {
		return time.Time{}, fmt.Errorf("key %c: %w", digit, err)
	}
	var at time.Time
	switch method {
	case RFC4733:
		at, err = c.press(ctx, event)
	case INFO:
		at, err = c.sendInfo(ctx, event)
	default:
		err = fmt.Errorf("%s is unknown; use phone.RFC4733 or phone.INFO", method)
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("key %c: %w", digit, err)
	}
	c.happened(at, EventKey, string(digits[event])+" by "+method.String())
	return at, nil
}

// press hands the key to the line and waits for its end.
func (c *Call) press(ctx context.Context, event uint8) (time.Time, error) {
	if c.line.agreed().keys == 0 {
		return time.Time{}, ErrNoKeys
	}
	k := &pressing{event: event, total: uint16(keyTime.Seconds() * rate), ended: make(chan time.Time, 1)}
	c.line.mu.Lock()
	c.line.queue = append(c.line.queue, k)
	c.line.mu.Unlock()
	select {
	case at := <-k.ended:
		return at, nil
	case <-c.done:
		return time.Time{}, ErrEnded
	case <-ctx.Done():
		return time.Time{}, ctx.Err()
	}
}

// keyFrame sends the packet of one frame of a key, or its end three times.
// Called with the line's lock held.
func (l *line) keyFrame() {
	k := l.key
	k.duration += frameSamples
	l.mark = l.mark || k.duration == frameSamples
	body := [4]byte{k.event, keyVolume}
	binary.BigEndian.PutUint16(body[2:], k.duration)
	if k.duration < k.total {
		l.write(l.media.keys, k.started, body[:])
		return
	}
	body[1] |= 0x80
	for range keyRepeats {
		l.write(l.media.keys, k.started, body[:])
	}
	k.ended <- time.Now()
	l.key, l.pause, l.mark = nil, keyPause, true
}

// sendInfo sends the key beside the sound and gives the time it was sent.
func (c *Call) sendInfo(ctx context.Context, event uint8) (time.Time, error) {
	dlg, target, err := c.live()
	if err != nil {
		return time.Time{}, err
	}
	c.requests.Lock()
	defer c.requests.Unlock()
	req := c.newRequest(sip.INFO, target)
	req.AppendHeader(sip.NewHeader("Content-Type", "application/dtmf-relay"))
	req.SetBody(fmt.Appendf(nil, "Signal=%c\r\nDuration=%d\r\n", digits[event], keyTime.Milliseconds()))
	at := time.Now()
	res, err := dlg.Do(ctx, req)
	if err != nil {
		return at, err
	}
	if !res.IsSuccess() {
		return at, &StatusError{Method: "INFO", Target: target.Addr(), Code: res.StatusCode, Reason: res.Reason}
	}
	return at, nil
}

// keyReader makes keys of RFC 4733 packets: each key once, though its end is
// sent three times, and also when all three are lost but the next key comes.
type keyReader struct {
	open  bool
	seen  bool
	stamp uint32
}

// read takes one packet and gives the key when it has ended.
func (r *keyReader) read(head rtp.Header, payload []byte) (Key, bool) {
	if len(payload) < 4 || int(payload[0]) >= len(digits) {
		return Key{}, false
	}
	if !r.seen || head.Timestamp != r.stamp {
		r.seen, r.open, r.stamp = true, true, head.Timestamp
	}
	if payload[1]&0x80 == 0 || !r.open {
		return Key{}, false
	}
	r.open = false
	samples := binary.BigEndian.Uint16(payload[2:])
	return Key{
		Digit: digits[payload[0]], Method: RFC4733,
		Duration: time.Duration(samples) * time.Second / rate,
	}, true
}

// keyOfInfo reads a key from an INFO of either usual kind.
func keyOfInfo(contentType string, body []byte) (Key, error) {
	kind, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	signal, millis := "", ""
	switch strings.TrimSpace(kind) {
	case "application/dtmf":
		signal = string(body)
	case "application/dtmf-relay":
		for line := range strings.Lines(string(body)) {
			name, value, _ := strings.Cut(line, "=")
			switch strings.ToLower(strings.TrimSpace(name)) {
			case "signal":
				signal = value
			case "duration":
				millis = value
			}
		}
	default:
		return Key{}, errors.New("not a key: application/dtmf-relay or application/dtmf is expected")
	}
	signal = strings.TrimSpace(signal)
	if len(signal) != 1 {
		return Key{}, fmt.Errorf("the signal is %d characters long; one key is expected", len(signal))
	}
	event, err := eventOf(signal[0])
	if err != nil {
		return Key{}, err
	}
	n, _ := strconv.ParseUint(strings.TrimSpace(millis), 10, 16) // missing or odd: unknown
	return Key{Digit: digits[event], Method: INFO, Duration: time.Duration(n) * time.Millisecond}, nil
}
