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
	// block is the length of the FFT of the rough search, at a quarter of the
	// telephone's rate.
	block = 4096
	// hop is how many places one block decides on.
	hop = block - (segment+shortest)/2
	// faint is the strength, of the loudest stretch, under which a stretch of
	// the recording counts as silence and correlates with nothing.
	faint = 1e-4
	// apart is the least distance of two finds of one segment, in samples.
	apart = half / 4
	// taps are the neighbours on each side by which the likeness between two
	// samples is computed: a recording is not cut on our sample grid.
	taps = 8
	// reach is how far around a rough find the fine search looks, in samples.
	reach = 2
	// pad is the silence put around the recording, in samples, so that the fine
	// search never meets its edge.
	pad = 2 * (reach + taps)
	// rough is the likeness at which the rough search points to a place, for the
	// fine search to decide.
	rough = 0.5
	// offGrid is the share of its likeness that a place keeps when it lies half
	// a sample beside the grid of the rough search.
	offGrid = 0.4
)

// Ear is a recording made ready for searching. It is not safe for use by
// several goroutines at once.
type Ear struct {
	sound  []float64 // at half the rate
	energy []float64 // energy[i] is that of sound[:i]
	loud   float64   // that of the strongest stretch of one segment
	coarse []float64 // at a quarter of the rate
	faded  []float64 // energy of coarse[:i]
	fft    *fourier.FFT
	blocks [][]complex128 // spectra of the coarse sound
	in     []float64
	out    []complex128
	steps  [4][2*taps + 1]float64
}

// Listen makes a recording ready for searching.
func Listen(heard []int16) *Ear {
	padded := make([]int16, len(heard)+4*pad)
	copy(padded[2*pad:], heard)
	e := &Ear{sound: prepare(padded), fft: fourier.NewFFT(block), steps: steps()}
	e.in, e.out = make([]float64, block), make([]complex128, block/2+1)
	e.coarse = decimate(e.sound)
	e.energy, e.faded = running(e.sound), running(e.coarse)
	for i := 0; i < len(e.sound); i += segment {
		e.loud = max(e.loud, e.energy[min(i+segment, len(e.sound))]-e.energy[i])
	}
	for from := 0; from < len(e.coarse); from += hop {
		clear(e.in)
		copy(e.in, e.coarse[from:])
		e.blocks = append(e.blocks, e.fft.Coefficients(nil, e.in))
	}
	return e
}

// running gives the energy before each sample.
func running(x []float64) []float64 {
	sum := make([]float64, len(x)+1)
	for i, v := range x {
		sum[i+1] = sum[i] + v*v
	}
	return sum
}

// peak is a place where a segment was found.
type peak struct {
	at    int // in samples of the halved rate
	score float64
}

// search gives the places where a piece of a prompt is found with at least the
// floor's likeness, in order.
func (e *Ear) search(p piece) []peak {
	n := len(p.coarse)
	norm := math.Sqrt(running(p.coarse)[n])
	if n == 0 || n > len(e.coarse) || len(p.sound) > len(e.sound) || norm == 0 {
		return nil
	}
	clear(e.in)
	copy(e.in, p.coarse)
	want := e.fft.Coefficients(nil, e.in)
	var found []peak
	enough := rough * rough * block * block * norm * norm
	maybe := enough * offGrid * offGrid
	for b, spectrum := range e.blocks {
		for i, w := range want {
			e.out[i] = spectrum[i] * complex(real(w), -imag(w))
		}
		corr := e.fft.Sequence(e.in, e.out)
		from := b * hop
		for i := range min(hop, len(e.coarse)-n+1-from) {
			energy := e.faded[from+i+n] - e.faded[from+i]
			if energy <= faint*e.loud/2 || corr[i] <= 0 || corr[i]*corr[i] < energy*maybe {
				continue // half as many samples have about half the energy
			}
			if i > 0 && corr[i-1] > corr[i] || i < hop-1 && corr[i+1] > corr[i] {
				continue // the top is elsewhere
			}
			if i >= taps && math.Pow(e.between(corr, i), 2) < energy*enough {
				continue
			}
			if score := e.fine(p.sound, 2*(from+i)); score.score >= floor {
				score.at -= pad
				found = keep(found, score)
			}
		}
	}
	return found
}

// fine compares a piece with the recording around a place, also between samples.
func (e *Ear) fine(sound []float64, around int) peak {
	var corr [2*(reach+taps) + 1]float64
	n := len(sound)
	for i := range corr {
		at := around + i - reach - taps
		if at < 0 || at+n > len(e.sound) {
			continue
		}
		for k, v := range e.sound[at : at+n] {
			corr[i] += v * sound[k]
		}
	}
	norm := running(sound)[n]
	best := peak{}
	for i := taps; i <= taps+2*reach; i++ {
		at := max(0, min(around+i-reach-taps, len(e.sound)-n))
		energy := e.energy[at+n] - e.energy[at]
		if energy <= faint*e.loud {
			continue
		}
		score := min(1, e.between(corr[:], i)/math.Sqrt(norm*energy))
		if score > best.score {
			best = peak{at: at, score: score}
		}
	}
	return best
}

// between gives the best value of a band-limited sequence around a sample.
func (e *Ear) between(corr []float64, at int) float64 {
	best := corr[at]
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
