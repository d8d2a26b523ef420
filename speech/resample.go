package speech

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"
)

// mono is a sound of one channel at any rate.
type mono struct {
	rate    int
	samples []float64
}

const (
	// maxRun bounds the sounds that share a run of sox, for memory's sake.
	maxRun = 3 * time.Minute
	// apart is the silence behind each of them, ten times what the filter of
	// sox reaches.
	apart = 250 * time.Millisecond
)

// inOneRun tells how many of the first sounds can be resampled in one run: they
// are of one rate. It is at least one.
func inOneRun(sounds []mono) int {
	rate, room := sounds[0].rate, len(sounds[0].samples)
	for n, s := range sounds {
		room += s.place()
		if n > 0 && (s.rate != rate || room > rate*int(maxRun/time.Second)) {
			return n
		}
	}
	return len(sounds)
}

// place is how many samples a sound takes among others. The next one begins
// where both rates of a clip have a sample, so that it comes out as it would
// alone.
func (s mono) place() int {
	grid := s.rate / gcd(s.rate, phoneRate)
	room := len(s.samples) + s.rate*int(apart/time.Millisecond)/1000
	return (room + grid - 1) / grid * grid
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// resample turns sounds of one rate into samples of another, a little quieter
// so that the filter cannot clip. Sox gets them in a row and in one run.
func (l *Library) resample(ctx context.Context, sounds []mono, rate int) ([][]float64, error) {
	format := []string{"-t", "raw", "-e", "floating-point", "-b", "32", "-L", "-c", "1"}
	args := append([]string{"-V1", "-D"}, format...)
	args = append(args, "-r", strconv.Itoa(sounds[0].rate), "-")
	args = append(args, format...)
	args = append(args, "-r", strconv.Itoa(rate), "-", "gain", "-3", "rate", "-h", strconv.Itoa(rate))
	raw, err := l.opts.Sox.run(ctx, inARow(sounds), args...)
	if err != nil {
		return nil, err
	}
	out, at := make([][]float64, len(sounds)), 0
	for i, s := range sounds {
		n := (len(s.samples)*rate + s.rate/2) / s.rate
		if len(raw) < 4*(at+n) {
			return nil, fmt.Errorf("it gave %d samples of %d Hz and not %d", len(raw)/4, rate, at+n)
		}
		if out[i], err = readFloats(raw[4*at : 4*(at+n)]); err != nil {
			return nil, err
		}
		at += s.place() * rate / s.rate
	}
	return out, nil
}

// inARow gives the samples of all sounds as sox reads them, each in its place.
func inARow(sounds []mono) []byte {
	size := 0
	for _, s := range sounds {
		size += 4 * s.place()
	}
	out, at := make([]byte, size), 0
	for _, s := range sounds {
		for i, v := range s.samples {
			binary.LittleEndian.PutUint32(out[at+4*i:], math.Float32bits(float32(v)))
		}
		at += 4 * s.place()
	}
	return out
}

// readFloats reads what sox gives.
func readFloats(raw []byte) ([]float64, error) {
	samples := make([]float64, len(raw)/4)
	for i := range samples {
		s := float64(math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:])))
		if math.IsNaN(s) || math.IsInf(s, 0) {
			return nil, errors.New("it gave something that is no sound")
		}
		samples[i] = s
	}
	return samples, nil
}
