package speech_test

import (
	"math"
	"testing"

	"ikomek109/speech"
)

func tone(hz, amplitude, seconds float64, rate int) []float64 {
	out := make([]float64, int(seconds*float64(rate)))
	for i := range out {
		out[i] = amplitude * math.Sin(2*math.Pi*hz*float64(i)/float64(rate))
	}
	return out
}

// TestLoudnessByTheStandard holds the meter against the values that EBU Tech
// 3341 and BS.1770 give: a tone of 997 Hz at full scale in one channel is
// -3.01 LUFS, and silence around a sound does not count.
func TestLoudnessByTheStandard(t *testing.T) {
	for _, rate := range []int{8000, 16000, 48000} {
		full := tone(997, 1, 5, rate)
		quiet := append(append(make([]float64, 3*rate), tone(997, math.Pow(10, -20.0/20), 3, rate)...), make([]float64, 3*rate)...)
		loudThenSoft := append(tone(997, math.Pow(10, -20.0/20), 4, rate), tone(997, math.Pow(10, -36.0/20), 4, rate)...)
		for name, c := range map[string]struct {
			samples   []float64
			want, tol float64
		}{
			"full scale":     {full, -3.01, 0.1},
			"with silence":   {quiet, -23.01, 0.5},
			"relative gate":  {loudThenSoft, -23.01, 0.2},
			"one short word": {full[:rate/5], -3.01, 0.3},
		} {
			if got := speech.Loudness(c.samples, rate); math.Abs(got-c.want) > c.tol {
				t.Errorf("%s at %d Hz: %.2f LUFS, want %.2f", name, rate, got, c.want)
			}
		}
	}
	if got := speech.Loudness(make([]float64, 8000), 8000); !math.IsInf(got, -1) {
		t.Errorf("silence is %v", got)
	}
	if got := speech.Loudness(nil, 8000); !math.IsInf(got, -1) {
		t.Errorf("nothing is %v", got)
	}
}
