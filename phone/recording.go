package phone

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/go-audio/audio"
	"github.com/go-audio/wav"
)

// Recording is what a call heard, on its time line: sample i was heard at
// Start + i/Rate, and where nothing came there is silence.
type Recording struct {
	Start     time.Time // when the call was answered, or the first sound before
	Rate      int       // samples a second, 8000
	PCM       []int16
	Truncated bool // it was longer than it may be; the rest is not kept
}

// Heard gives a copy of everything heard so far. It is empty unless the call
// was made with Record.
func (c *Call) Heard() Recording { return c.HeardSince(time.Time{}) }

// HeardSince gives a copy of what was heard from t on.
func (c *Call) HeardSince(t time.Time) Recording {
	h := c.timeline
	h.mu.Lock()
	defer h.mu.Unlock()
	from := 0
	if t.After(h.start) && !h.start.IsZero() {
		from = min(int(t.Sub(h.start).Seconds()*rate), len(h.pcm))
	}
	return Recording{
		Start: h.start.Add(time.Duration(from) * time.Second / rate), Rate: rate,
		PCM: slices.Clone(h.pcm[from:]), Truncated: h.truncated,
	}
}

// Length is how long the recording is.
func (r Recording) Length() time.Duration {
	return time.Duration(len(r.PCM)) * time.Second / rate
}

// WriteWAV stores the recording as a WAV file, 16 bits, one channel. Other
// people cannot read it: it may hold what a caller said.
func (r Recording) WriteWAV(path string) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) //nolint:gosec // the caller names the file on purpose
	if err != nil {
		return fmt.Errorf("store the recording: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	enc := wav.NewEncoder(f, r.Rate, 16, 1, 1)
	data := make([]int, len(r.PCM))
	for i, s := range r.PCM {
		data[i] = int(s)
	}
	buf := &audio.IntBuffer{Format: &audio.Format{NumChannels: 1, SampleRate: r.Rate}, Data: data, SourceBitDepth: 16}
	if err := errors.Join(enc.Write(buf), enc.Close()); err != nil {
		return fmt.Errorf("store the recording in %s: %w", path, err)
	}
	return nil
}
