package speech_test

import (
	"math"
	"testing"

	"ikomek109/speech"

	"pgregory.net/rapid"
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

// TestLevelHoldsPeaks gives the leveller sounds whose peaks stand far above
// their loudness.
func TestLevelHoldsPeaks(t *testing.T) {
	for _, rate := range []int{8000, 16000} {
		sharp := tone(300, 0.02, 3, rate)
		for i := range 30 {
			for j := range rate / 200 {
				sharp[i*rate/10+j] *= 20
			}
		}
		for name, samples := range map[string][]float64{"sharp": sharp, "soft": tone(300, 0.001, 1, rate), "full": tone(300, 1, 1, rate)} {
			out := speech.Level(samples, rate)
			if got := speech.Loudness(out, rate); math.Abs(got+20) > 1 {
				t.Errorf("%s at %d Hz: %.1f LUFS", name, rate, got)
			}
			if p := (wave{samples: out}).peak(); p > 0.8901 {
				t.Errorf("%s at %d Hz: peak %.3f", name, rate, p)
			}
		}
	}
}

func TestSlidingMin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.SliceOf(rapid.Float64Range(0, 1)).Draw(t, "in")
		reach := rapid.IntRange(0, 10).Draw(t, "reach")
		for i, got := range speech.SlidingMin(in, reach) {
			want := math.Inf(1)
			for _, v := range in[max(0, i-reach):min(len(in), i+reach+1)] {
				want = min(want, v)
			}
			if got != want {
				t.Fatalf("at %d: %v, want %v", i, got, want)
			}
		}
	})
}

// BenchmarkLevel levels ten seconds, with peaks that must be held.
func BenchmarkLevel(b *testing.B) {
	samples := tone(300, 0.05, 10, 16000)
	for i := 0; i < len(samples); i += 4000 {
		samples[i] = 1
	}
	for b.Loop() {
		speech.Level(samples, 16000)
	}
}
