package speech

import (
	"math"
	"slices"
)

// How a clip sounds.
const (
	// targetLoudness is that of all clips, in LUFS: loud enough for a bad line,
	// with room for the peaks of speech.
	targetLoudness = -20.0
	// ceiling is the highest peak, about 1 dB below full scale.
	ceiling = 0.89
	// headMS and tailMS of quiet are kept around the sound, so that words
	// follow one another as in speech.
	headMS, tailMS = 20, 70
	// fadeMS is the ramp at both ends, against clicks.
	fadeMS = 5
	// silentBelow the loudest 10 ms is silence, as a power ratio: -40 dB.
	silentBelow = 1e-4
	// inaudible is a power that nobody hears: -70 dBFS.
	inaudible = 1e-7
)

// trimBounds finds where the sound begins and ends, with the quiet that is to
// be kept, which may reach beyond the samples. Gate gives the power below which
// 10 ms are silent. Ok is false when there is no sound at all.
func trimBounds(samples []float64, rate int, gate func(powers []float64) float64) (from, to int, ok bool) {
	powers, window := powersOf(samples, rate)
	if len(powers) == 0 || slices.Max(powers) < inaudible {
		return 0, 0, false
	}
	first, last, _ := quietOf(powers, gate)
	from = first*window - rate*headMS/1000
	to = min((last+1)*window, len(samples)) + rate*tailMS/1000
	return from, to, true
}

// powersOf gives the power of each 10 ms, and how many samples these are.
func powersOf(samples []float64, rate int) (powers []float64, window int) {
	window = rate / 100
	for at := 0; at < len(samples); at += window {
		powers = append(powers, meanSquare(samples[at:min(at+window, len(samples))]))
	}
	return powers, window
}

// cut returns samples from and to the given places, faded at the ends, with
// silence where the places lie beyond them.
func cut(samples []float64, rate, from, to int) []float64 {
	out := make([]float64, to-from)
	inside := samples[max(from, 0):min(to, len(samples))]
	at := max(-from, 0)
	copy(out[at:], inside)
	fade(out[at:at+len(inside)], rate)
	return out
}

// level brings samples to the target loudness and holds the peaks below the
// ceiling. It returns new samples.
func level(samples []float64, rate int) []float64 {
	out := make([]float64, len(samples))
	powers := blockPowers(samples, rate)
	gain := 1.0
	for range 6 {
		for i, s := range samples {
			out[i] = s * gain
		}
		now := loudnessOf(powers, gain)
		if limit(out, rate) {
			now = loudness(out, rate)
		}
		missing := targetLoudness - now
		if math.Abs(missing) < 0.1 || math.IsInf(missing, 0) {
			break
		}
		gain *= math.Pow(10, missing/20)
	}
	return out
}

// limit turns the sound down around peaks above the ceiling: 3 ms ahead and
// after, smoothly, so that it is not heard. It tells whether there were any.
func limit(samples []float64, rate int) bool {
	if !slices.ContainsFunc(samples, func(s float64) bool { return math.Abs(s) > ceiling }) {
		return false
	}
	reach := rate * 3 / 1000
	need := make([]float64, len(samples))
	for i, s := range samples {
		need[i] = min(1, ceiling/max(math.Abs(s), 1e-9))
	}
	for i, gain := range slidingMean(slidingMin(need, reach), reach) {
		samples[i] *= gain
	}
	return true
}

// slidingMin gives each place the least value within reach of it.
func slidingMin(in []float64, reach int) []float64 {
	out := make([]float64, len(in))
	queue := make([]int, 0, len(in)) // places of rising values; the first is the least in reach
	first, next := 0, 0
	for i := range in {
		for ; next < min(len(in), i+reach+1); next++ {
			for len(queue) > first && in[queue[len(queue)-1]] >= in[next] {
				queue = queue[:len(queue)-1]
			}
			queue = append(queue, next)
		}
		for queue[first] < i-reach {
			first++
		}
		out[i] = in[queue[first]]
	}
	return out
}

// slidingMean gives each place the mean of the values within reach of it.
func slidingMean(in []float64, reach int) []float64 {
	out := make([]float64, len(in))
	sums := make([]float64, len(in)+1)
	for i, v := range in {
		sums[i+1] = sums[i] + v
	}
	for i := range in {
		from, to := max(0, i-reach), min(len(in), i+reach+1)
		out[i] = (sums[to] - sums[from]) / float64(to-from)
	}
	return out
}

func fade(samples []float64, rate int) {
	n := min(rate*fadeMS/1000, len(samples)/2)
	for i := range n {
		ramp := float64(i) / float64(n)
		samples[i] *= ramp
		samples[len(samples)-1-i] *= ramp
	}
}

// toInt16 rounds samples to 16 bits.
func toInt16(samples []float64) []int16 {
	out := make([]int16, len(samples))
	for i, s := range samples {
		out[i] = int16(math.Round(max(-1, min(1, s)) * 32767))
	}
	return out
}
