package speech

import "math"

// loudness returns the loudness of mono samples in LUFS, by ITU-R BS.1770-4
// with both gates. A sound shorter than one block of 400 ms, as most words are,
// is measured as a whole. Silence is -Inf.
func loudness(samples []float64, rate int) float64 {
	return loudnessOf(blockPowers(samples, rate), 1)
}

// blockPowers gives the power of each block, as it is heard.
func blockPowers(samples []float64, rate int) []float64 {
	weighted := kWeighted(samples, rate)
	block, step := rate*4/10, rate/10
	if len(weighted) <= block {
		return []float64{meanSquare(weighted)}
	}
	var powers []float64
	for at := 0; at+block <= len(weighted); at += step {
		powers = append(powers, meanSquare(weighted[at:at+block]))
	}
	return powers
}

// loudnessOf returns the loudness of blocks that are amplified by gain.
func loudnessOf(powers []float64, gain float64) float64 {
	if len(powers) == 1 {
		return lufs(powers[0] * gain * gain)
	}
	amplified := make([]float64, len(powers))
	for i, p := range powers {
		amplified[i] = p * gain * gain
	}
	floor := gatedMean(amplified, math.Pow(10, (-70+0.691)/10))
	return lufs(gatedMean(amplified, floor/10))
}

func lufs(power float64) float64 { return -0.691 + 10*math.Log10(power) }

func meanSquare(samples []float64) float64 {
	if len(samples) == 0 {
		return 0
	}
	sum := 0.0
	for _, s := range samples {
		sum += s * s
	}
	return sum / float64(len(samples))
}

// gatedMean averages the powers above the gate.
func gatedMean(powers []float64, gate float64) float64 {
	sum, n := 0.0, 0
	for _, p := range powers {
		if p > gate {
			sum += p
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// biquad is a filter of second order in its normal form.
type biquad struct{ b0, b1, b2, a1, a2 float64 }

// kWeighted filters samples as BS.1770 asks. The standard gives coefficients
// for 48 kHz; these are the same analogue filters at any rate.
func kWeighted(samples []float64, rate int) []float64 {
	return highPass(rate).apply(headShelf(rate).apply(samples))
}

func headShelf(rate int) biquad {
	const f0, gain, q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
	k := math.Tan(math.Pi * f0 / float64(rate))
	vh := math.Pow(10, gain/20)
	vb := math.Pow(vh, 0.4996667741545416)
	a0 := 1 + k/q + k*k
	return biquad{
		b0: (vh + vb*k/q + k*k) / a0,
		b1: 2 * (k*k - vh) / a0,
		b2: (vh - vb*k/q + k*k) / a0,
		a1: 2 * (k*k - 1) / a0,
		a2: (1 - k/q + k*k) / a0,
	}
}

func highPass(rate int) biquad {
	const f0, q = 38.13547087602444, 0.5003270373238773
	k := math.Tan(math.Pi * f0 / float64(rate))
	a0 := 1 + k/q + k*k
	return biquad{b0: 1, b1: -2, b2: 1, a1: 2 * (k*k - 1) / a0, a2: (1 - k/q + k*k) / a0}
}

func (f biquad) apply(in []float64) []float64 {
	out := make([]float64, len(in))
	var x1, x2, y1, y2 float64
	for i, x := range in {
		y := f.b0*x + f.b1*x1 + f.b2*x2 - f.a1*y1 - f.a2*y2
		x2, x1, y2, y1 = x1, x, y1, y
		out[i] = y
	}
	return out
}
