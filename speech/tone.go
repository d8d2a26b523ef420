package speech

import (
	"math"
	"os"
	"path/filepath"
	"time"
)

const (
	// toneName is changed with the tone, so that no cache keeps an old one.
	toneName   = "tone-1"
	toneHertz  = 660
	toneLength = 300 * time.Millisecond
	toneEdge   = 20 * time.Millisecond // fades in and out, so that it does not click
	toneLoud   = 8000                  // of 32767: as loud as speech
)

// Tone gives the sound after which a caller may speak, as Asterisk sees it, and
// how long it plays.
func (l *Library) Tone() (path string, length time.Duration) {
	return filepath.Join(l.opts.CacheSeen, toneName), toneLength
}

// makeTone puts the tone into the cache, unless it is there.
func (l *Library) makeTone() error {
	for ext, rate := range map[string]int{phoneExt: phoneRate, wideExt: wideRate} {
		path := filepath.Join(l.opts.Cache, toneName+ext)
		if _, err := os.Stat(path); err == nil {
			continue
		}
		if err := writeWhole(path, encodeWAV(tone(rate), rate)); err != nil {
			return err
		}
	}
	return nil
}

func tone(rate int) []int16 {
	samples := make([]int16, int(toneLength.Seconds()*float64(rate)))
	edge := toneEdge.Seconds() * float64(rate)
	for i := range samples {
		fade := min(1, float64(i)/edge, float64(len(samples)-i)/edge)
		samples[i] = int16(fade * toneLoud * math.Sin(2*math.Pi*toneHertz*float64(i)/float64(rate)))
	}
	return samples
}
