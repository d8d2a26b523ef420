package hear

import (
	"math"
	"time"

	"gonum.org/v1/gonum/dsp/fourier"
)

const (
	// segment is how long a piece of a prompt is that is searched for by itself.
	segment = half / 2
	// shortest is the shortest last piece; a shorter rest joins the one before.
	shortest = half / 4
	// block is the length of the FFT; longer ones are no faster per sample.
	block = 8192
	// faint is the strength, of the loudest stretch, under which a stretch of
	// the recording counts as silence and correlates with nothing.
	faint = 1e-4
	// apart is the least distance of two finds of one segment, in samples.
	apart = half / 4
	// taps are the neighbours on each side by which the likeness between two
	// samples is computed: a recording is not cut on our sample grid.
	taps = 8
	// rough is the share of the floor that a place must reach on the grid to be
	// looked at more closely; half a sample off costs up to a third.
	rough = 0.6
)

// Ear is a recording made ready for searching. It is not safe for use by
// several goroutines at once.
type Ear struct {
	sound  []float64
	energy []float64 // energy[i] is that of sound[:i]
	loud   float64   // the strongest stretch of one segment
	fft    *fourier.FFT
	hop    int
	blocks [][]complex128
	in     []float64
	out    []complex128
	steps  [4][2*taps + 1]float64
}

// Listen makes a recording ready for searching.
func Listen(heard []int16) *Ear {
	e := &Ear{steps: steps(), sound: prepare(heard), fft: fourier.NewFFT(block), hop: block - segment - shortest - 2*taps}
	e.in, e.out = make([]float64, block), make([]complex128, block/2+1)
	e.energy = make([]float64, len(e.sound)+1)
	for i, v := range e.sound {
		e.energy[i+1] = e.energy[i] + v*v
	}
	for i := 0; i < len(e.sound); i += segment {
		e.loud = max(e.loud, e.energy[min(i+segment, len(e.sound))]-e.energy[i])
	}
	for from := 0; from < len(e.sound); from += e.hop {
		clear(e.in)
		lead := min(from, taps)
		copy(e.in[taps-lead:], e.sound[from-lead:])
		e.blocks = append(e.blocks, e.fft.Coefficients(nil, e.in))
	}
	return e
}

// peak is a place where a segment was found.
type peak struct {
	at    int // in samples of the halved rate
	score float64
}

// search gives the places where a piece of sound, at most segment+shortest
// long, is found with at least the floor's likeness, in order.
func (e *Ear) search(piece []float64, floor float64) []peak {
	n := len(piece)
	if n == 0 || n > len(e.sound) {
		return nil
	}
	norm := 0.0
	clear(e.in)
	for i, v := range piece {
		e.in[i] = v
		norm += v * v
	}
	if norm == 0 {
		return nil
	}
	norm = math.Sqrt(norm)
	want := e.fft.Coefficients(nil, e.in)
	var found []peak
	for b, spectrum := range e.blocks {
		for i, w := range want {
			e.out[i] = spectrum[i] * complex(real(w), -imag(w))
		}
		corr := e.fft.Sequence(e.in, e.out)
		from := b * e.hop
		for i := range min(e.hop, len(e.sound)-n+1-from) {
			energy := e.energy[from+i+n] - e.energy[from+i]
			scale := block * norm * math.Sqrt(energy)
			if energy <= faint*e.loud || corr[taps+i] < rough*floor*scale {
				continue
			}
			if dot := e.between(corr, taps+i); dot >= floor*scale {
				found = keep(found, peak{at: from + i, score: min(1, dot/scale)})
			}
		}
	}
	return found
}

// between gives the best value of a band-limited sequence around a sample.
func (e *Ear) between(corr []float64, at int) float64 {
	best := corr[at]
	if corr[at-1] > best || corr[at+1] > best {
		return 0 // the top is elsewhere
	}
	for _, weights := range e.steps {
		sum := 0.0
		for k, w := range weights {
			sum += w * corr[at+k-taps]
		}
		best = max(best, sum)
	}
	return best
}

// steps are the interpolation weights for quarter steps around a sample.
func steps() [4][2*taps + 1]float64 {
	var all [4][2*taps + 1]float64
	for s, fraction := range [4]float64{-0.5, -0.25, 0.25, 0.5} {
		for k := range all[s] {
			t := float64(k-taps) - fraction
			window := 0.5 + 0.5*math.Cos(math.Pi*t/(taps+1))
			all[s][k] = window * sinc(t)
		}
	}
	return all
}

// keep adds a find, and keeps only the better of two that are close.
func keep(found []peak, p peak) []peak {
	if last := len(found) - 1; last >= 0 && p.at-found[last].at < apart {
		if p.score > found[last].score {
			found[last] = p
		}
		return found
	}
	return append(found, p)
}

// span turns samples of the halved rate into time.
func span(samples int) time.Duration { return time.Duration(samples) * time.Second / half }
