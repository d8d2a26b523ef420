package phone

import (
	"context"
	"sync"
	"time"

	"github.com/pion/rtp"
	"github.com/zaf/g711"
)

const (
	// soundLevel is the mean amplitude of a packet, of 32767, from which on it
	// counts as sound: about -57 dB, above G.711's silence, below any speech.
	soundLevel = 45
	// soundGap is the silence that parts two spells of sound. Pauses between
	// words are shorter.
	soundGap = 400 * time.Millisecond
	// resync is how far the sender's clock and the arrival may drift apart
	// before a packet is placed by its arrival again.
	resync = rate / 10
	// resyncInRow is the same for a packet that follows the last one without a
	// gap: on a loaded machine packets come in bursts, and their order is truer
	// than the time at which we happened to look.
	resyncInRow = 2 * rate
	// recentSounds is for how many sounding packets the exact time is kept:
	// about ten seconds of speech.
	recentSounds = 512
	// maxSpells bounds the list of spells of sound; further ones are not kept.
	maxSpells = 5000
	// defaultRecord bounds a recording unless the caller says otherwise.
	defaultRecord = 10 * time.Minute
)

// Spell is a stretch of sound with no longer silence in it.
type Spell struct{ From, To time.Time }

// hearing is the time line of what a call heard.
type hearing struct {
	record bool
	limit  int // samples

	mu        sync.Mutex // guards what follows
	start     time.Time
	pcm       []int16
	truncated bool

	synced bool // the placement below holds
	ssrc   uint32
	stamp  uint32 // RTP time of the packet placed at pos
	seq    uint16 // and its number
	pos    int    // sample position of that packet
	end    int    // position after the last sample placed

	speaking bool
	spells   []Spell
	last     time.Time // the last sounding packet
	recent   []time.Time
	oldest   int           // index in recent once it is full
	sound    chan struct{} // closed and replaced at each sounding packet someone waits for
}

func newHearing(record bool, limit time.Duration) *hearing {
	if limit <= 0 {
		limit = defaultRecord
	}
	return &hearing{record: record, limit: int(limit.Seconds() * rate)}
}

// begin sets the start of the time line, unless sound came before the answer.
func (h *hearing) begin(at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.start.IsZero() {
		h.start = at
	}
}

// take puts a packet on the time line and says whether a spell of sound begins.
func (h *hearing) take(at time.Time, head rtp.Header, payload []byte, codec Codec) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.start.IsZero() {
		h.start = at
	}
	if h.record {
		h.put(at, head, payload, codec)
	}
	if !sounds(payload, codec) {
		return false
	}
	return h.sounded(at)
}

// put decodes a packet into its place.
func (h *hearing) put(at time.Time, head rtp.Header, payload []byte, codec Codec) {
	pos := h.place(int(at.Sub(h.start).Seconds()*rate), head)
	if pos < 0 {
		return
	}
	if pos+len(payload) > h.limit {
		h.truncated = true
		return
	}
	if need := pos + len(payload) - len(h.pcm); need > 0 {
		h.pcm = append(h.pcm, make([]int16, need)...)
	}
	for i, b := range payload {
		h.pcm[pos+i] = decode(b, codec)
	}
	h.end = max(h.end, pos+len(payload))
}

// place finds the position of a packet: next to its neighbours by the sender's
// clock, or by its arrival when it begins a stream or the clocks drift apart.
func (h *hearing) place(arrived int, head rtp.Header) int {
	if h.synced && head.SSRC == h.ssrc {
		ahead := int(int32(head.Timestamp - h.stamp)) //nolint:gosec // the difference is signed by design of RTP
		near := resync
		if head.SequenceNumber == h.seq+1 && ahead > 0 && ahead <= 2*frameSamples {
			near = resyncInRow
		}
		pos := h.pos + ahead
		if drift := pos - arrived; drift < near && drift > -near {
			h.pos, h.stamp, h.seq = pos, head.Timestamp, head.SequenceNumber
			return pos
		}
	}
	if arrived < h.end && h.end-arrived < resync {
		arrived = h.end // a little early: behind what is there, not over it
	}
	h.synced, h.ssrc, h.stamp, h.seq, h.pos = true, head.SSRC, head.Timestamp, head.SequenceNumber, arrived
	return arrived
}

// sounded notes a sounding packet and says whether a spell begins.
func (h *hearing) sounded(at time.Time) bool {
	begins := h.last.IsZero() || at.Sub(h.last) > soundGap
	if begins && len(h.spells) < maxSpells {
		h.spells = append(h.spells, Spell{From: at, To: at})
	} else if n := len(h.spells); n > 0 && !begins {
		h.spells[n-1].To = at
	}
	h.last, h.speaking = at, true
	if len(h.recent) < recentSounds {
		h.recent = append(h.recent, at)
	} else {
		h.recent[h.oldest] = at
		h.oldest = (h.oldest + 1) % recentSounds
	}
	if h.sound != nil {
		close(h.sound)
		h.sound = nil
	}
	return begins
}

// stopped says, once, that a spell of sound is over and when it was last heard.
func (h *hearing) stopped(now time.Time) (time.Time, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.speaking || now.Sub(h.last) <= soundGap {
		return time.Time{}, false
	}
	h.speaking = false
	return h.last, true
}

// firstAfter finds the first sounding packet at or after t.
func (h *hearing) firstAfter(t time.Time) (time.Time, bool) {
	if h.last.Before(t) || h.last.IsZero() {
		return time.Time{}, false
	}
	for i := range h.recent {
		at := h.recent[(h.oldest+i)%len(h.recent)]
		if i == 0 && at.After(t) && len(h.recent) == recentSounds {
			break // t is older than the exact times
		}
		if !at.Before(t) {
			return at, true
		}
	}
	for _, s := range h.spells {
		if !s.From.Before(t) {
			return s.From, true
		}
		if !s.To.Before(t) {
			return t, true
		}
	}
	return time.Time{}, false
}

// WaitSound waits for the first sound at or after t and gives its arrival.
func (c *Call) WaitSound(ctx context.Context, t time.Time) (time.Time, error) {
	h := c.timeline
	for {
		h.mu.Lock()
		at, ok := h.firstAfter(t)
		if h.sound == nil {
			h.sound = make(chan struct{})
		}
		news := h.sound
		h.mu.Unlock()
		if ok {
			return at, nil
		}
		select {
		case <-news:
		case <-c.done:
			return time.Time{}, ErrEnded
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		}
	}
}

// WaitSilence waits until nothing was heard for d, counted from now on.
func (c *Call) WaitSilence(ctx context.Context, d time.Duration) error {
	began := time.Now()
	for {
		c.timeline.mu.Lock()
		last := c.timeline.last
		c.timeline.mu.Unlock()
		if last.Before(began) {
			last = began
		}
		left := time.Until(last.Add(d))
		if left <= 0 {
			return nil
		}
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-c.done:
			timer.Stop()
			return ErrEnded
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// Spells gives the stretches of sound so far, oldest first.
func (c *Call) Spells() []Spell {
	c.timeline.mu.Lock()
	defer c.timeline.mu.Unlock()
	return append([]Spell(nil), c.timeline.spells...)
}

// sounds says whether a packet is more than silence.
func sounds(payload []byte, codec Codec) bool {
	sum := 0
	for _, b := range payload {
		s := int(decode(b, codec))
		sum += max(s, -s)
	}
	return sum > soundLevel*len(payload)
}

func decode(b byte, codec Codec) int16 {
	if codec == Ulaw {
		return g711.DecodeUlawFrame(b)
	}
	return g711.DecodeAlawFrame(b)
}
