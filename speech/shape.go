package speech

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// rendered is a clip as it goes to disk.
type rendered struct {
	phone, wide []byte // WAV files of 8 and 16 kHz
	samples     int    // length at 8 kHz
}

// shaped is what became of a sound: a clip, or why it cannot be one.
type shaped struct {
	rendered
	err error
}

// What shape refuses.
var (
	errMute = errors.New("nothing is heard in it")
	errLong = fmt.Errorf("the sound is longer than %v", maxSound)
)

// shape turns each sound into the two files of a clip: trimmed and levelled.
// What can be is resampled together, since starting sox costs more than its work.
func (l *Library) shape(ctx context.Context, sounds []mono, gate func(powers []float64) float64) []shaped {
	out := make([]shaped, 0, len(sounds))
	for len(sounds) > 0 {
		n := inOneRun(sounds)
		out = append(out, l.shapeRun(ctx, sounds[:n], gate)...)
		sounds = sounds[n:]
	}
	return out
}

// shapeRun is shape for sounds that share a run of sox.
func (l *Library) shapeRun(ctx context.Context, sounds []mono, gate func(powers []float64) float64) []shaped {
	ctx, cancel := context.WithTimeout(ctx, l.opts.Timeout)
	defer cancel()
	out := make([]shaped, len(sounds))
	wide, err := l.resample(ctx, sounds, wideRate)
	var phone [][]float64
	if err == nil {
		phone, err = l.resample(ctx, sounds, phoneRate)
	}
	for i := range out {
		if err != nil {
			out[i].err = err
			continue
		}
		out[i].rendered, out[i].err = finish(phone[i], wide[i], gate)
	}
	return out
}

// finish trims, levels and encodes both rates of a clip.
func finish(phone, wide []float64, gate func(powers []float64) float64) (rendered, error) {
	// A soft consonant at an end may be heard in one of the two alone.
	from, to, ok := trimBounds(phone, phoneRate, gate)
	fromWide, toWide, okWide := trimBounds(wide, wideRate, gate)
	if !ok || !okWide {
		return rendered{}, errMute
	}
	from, to = min(from, fromWide/2), max(to, toWide/2)
	if to-from > phoneRate*int(maxSound/time.Second) {
		return rendered{}, errLong
	}
	return rendered{
		phone:   encodeWAV(toInt16(level(cut(phone, phoneRate, from, to), phoneRate)), phoneRate),
		wide:    encodeWAV(toInt16(level(cut(wide, wideRate, 2*from, 2*to), wideRate)), wideRate),
		samples: to - from,
	}, nil
}
