package speech

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"time"
)

// measure is what can be told of a recording by its samples.
type measure struct {
	length   time.Duration
	loudness float64       // LUFS; -Inf when nothing is heard
	clipped  float64       // share of the samples that stand on a flat top
	tops     int           // flat tops
	pause    time.Duration // the longest silence inside
	head     time.Duration // silence before the first sound
	tail     time.Duration // silence after the last
}

// source is a decoded file.
type source struct {
	rate     int
	channels [][]float64
}

// maxChannels bounds a file; a sentence needs one.
const maxChannels = 8

// readSource reads the samples of a 16-bit WAV.
func readSource(wav []byte) (source, error) {
	info, err := readWAVInfo(bytes.NewReader(wav))
	if err != nil {
		return source{}, err
	}
	n := int(info.channels)
	if info.bits != 16 || n < 1 || n > maxChannels || info.rate < 4000 || info.rate > 400_000 {
		return source{}, fmt.Errorf("%w: it has %d channels, %d bits, %d Hz", ErrFormat, n, info.bits, info.rate)
	}
	data := wav[info.dataAt:min(int64(len(wav)), info.dataAt+info.dataLen)]
	frames := len(data) / 2 / n
	if frames == 0 {
		return source{}, errNotSound
	}
	s := source{rate: int(info.rate), channels: make([][]float64, n)}
	for c := range s.channels {
		s.channels[c] = make([]float64, frames)
		for i := range frames {
			at := 2 * (i*n + c)
			s.channels[c][i] = float64(int16(binary.LittleEndian.Uint16(data[at:]))) / 32768 //nolint:gosec // two's complement is the format
		}
	}
	return s, nil
}

// mono mixes the channels.
func (s source) mono() mono {
	if len(s.channels) == 1 {
		return mono{s.rate, s.channels[0]}
	}
	out := make([]float64, len(s.channels[0]))
	for _, channel := range s.channels {
		for i, v := range channel {
			out[i] += v / float64(len(s.channels))
		}
	}
	return mono{s.rate, out}
}

// measure measures a file. What is heard in one channel alone is as loud as if
// it were in all: bringing it to its level is the easy part.
func (s source) measure() measure {
	mixed := s.mono().samples
	m := measure{
		length:   time.Duration(len(mixed)) * time.Second / time.Duration(s.rate),
		loudness: math.Inf(-1),
	}
	for _, channel := range s.channels {
		share, tops := clipping(channel, s.rate)
		m.clipped, m.tops = max(m.clipped, share), max(m.tops, tops)
		m.loudness = max(m.loudness, loudness(channel, s.rate))
	}
	powers, window := powersOf(mixed, s.rate)
	first, last, pause := quietOf(powers, takeGate)
	unit := time.Duration(window) * time.Second / time.Duration(s.rate)
	m.head, m.tail, m.pause = time.Duration(first)*unit, time.Duration(len(powers)-1-last)*unit, time.Duration(pause)*unit
	return m
}

// quietOf finds the first and the last window with sound, and the longest run
// without sound between them, in windows.
func quietOf(powers []float64, gate func([]float64) float64) (first, last, pause int) {
	floor := gate(powers)
	first = -1
	for i, p := range powers {
		if p < floor {
			continue
		}
		if first < 0 {
			first = i
		} else {
			pause = max(pause, i-last-1)
		}
		last = i
	}
	return max(first, 0), last, pause
}

// How a flat top is known: samples in a row that are the highest of all, for
// about a tenth of a millisecond. The tip of a natural wave is there for less.
const (
	topWithin = 0.002
	topRun    = 3
	topRate   = 8000 // samples a second for each one of a run, above the first rates
	softest   = 0.05 // below this peak there is nothing to be clipped
)

// clipping tells which share of the samples stands on flat tops, and how many
// of these there are.
func clipping(samples []float64, rate int) (share float64, tops int) {
	peak := 0.0
	for _, s := range samples {
		peak = max(peak, math.Abs(s))
	}
	if peak < softest {
		return 0, 0
	}
	top := peak * (1 - topWithin)
	need := max(topRun, rate/topRate)
	count, run := 0, 0
	for i, s := range samples {
		if math.Abs(s) >= top && (run == 0 || math.Signbit(s) == math.Signbit(samples[i-1])) {
			run++
			continue
		}
		if run >= need {
			count, tops = count+run, tops+1
		}
		run = 0
	}
	return float64(count) / float64(len(samples)), tops
}

// draftGate is the power below which a draft is silent: the voice has no noise.
func draftGate(powers []float64) float64 { return slices.Max(powers) * silentBelow }

// takeGate is that of a recording, which has the noise of its room: a little
// above its quietest tenth, within reason.
func takeGate(powers []float64) float64 {
	sorted := slices.Sorted(slices.Values(powers))
	loudest, noise := sorted[len(sorted)-1], sorted[len(sorted)/10]
	return max(loudest*silentBelow, min(noise*8, loudest*1e-3))
}
