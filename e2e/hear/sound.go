package hear

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-audio/wav"
)

const (
	// Rate is the rate of all sound here, in samples a second.
	Rate = 8000
	// half is the rate at which sounds are compared: most of speech's strength
	// lies below 2 kHz, and half the samples are a quarter of the work.
	half = Rate / 2
	// maxFile bounds a sound file; nothing longer than an hour is looked at.
	maxFile = 128 << 20
)

// Load reads a prompt: a WAV file of 8 or 16 kHz, 16 bits, one channel. One of
// 16 kHz is brought to 8.
func Load(path string) ([]int16, error) {
	f, err := os.Open(path) //nolint:gosec // the test names its own file
	if err != nil {
		return nil, fmt.Errorf("load sound: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	if info, err := f.Stat(); err != nil || info.Size() > maxFile {
		return nil, fmt.Errorf("load sound %s: unreadable or larger than %d bytes", path, maxFile)
	}
	dec := wav.NewDecoder(f)
	if !dec.IsValidFile() || dec.NumChans != 1 || dec.BitDepth != 16 || dec.SampleRate != Rate && dec.SampleRate != 2*Rate {
		return nil, fmt.Errorf("load sound %s: not a WAV file of 8000 or 16000 Hz, 16 bits, one channel; convert it first", path)
	}
	buf, err := dec.FullPCMBuffer()
	if err != nil {
		return nil, fmt.Errorf("load sound %s: %w; the file is damaged", path, err)
	}
	pcm := make([]int16, len(buf.Data))
	for i, v := range buf.Data {
		pcm[i] = int16(v) //nolint:gosec // the file's samples are 16 bits, checked above
	}
	if dec.SampleRate == Rate {
		return pcm, nil
	}
	return toInt16(decimate(toFloat(pcm))), nil
}

// LoadAll reads every .wav file of 8 kHz under a folder, named by its path in
// the folder without the ending, with slashes: "kk/welcome".
func LoadAll(folder string) (map[string][]int16, error) {
	library := make(map[string][]int16)
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".wav" {
			return err
		}
		pcm, err := Load(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, path)
		library[filepath.ToSlash(strings.TrimSuffix(name, ".wav"))] = pcm
		return err
	})
	if err == nil && len(library) == 0 {
		err = errors.New("no .wav file there")
	}
	if err != nil {
		return nil, fmt.Errorf("load sounds of %s: %w", folder, err)
	}
	return library, nil
}

// Length is how long a sound of n samples is.
func Length(pcm []int16) time.Duration { return time.Duration(len(pcm)) * time.Second / Rate }

func toFloat(pcm []int16) []float64 {
	x := make([]float64, len(pcm))
	for i, v := range pcm {
		x[i] = float64(v)
	}
	return x
}

func toInt16(x []float64) []int16 {
	pcm := make([]int16, len(x))
	for i, v := range x {
		pcm[i] = int16(max(-32768, min(32767, math.Round(v))))
	}
	return pcm
}

// decimate halves the rate, after a low pass that keeps the upper half out.
func decimate(x []float64) []float64 {
	const taps = 15 // on each side
	var filter [2*taps + 1]float64
	sum := 0.0
	for i := range filter {
		t := float64(i - taps)
		window := 0.54 + 0.46*math.Cos(math.Pi*t/(taps+1))
		filter[i] = window * sinc(t/2)
		sum += filter[i]
	}
	y := make([]float64, len(x)/2)
	for i := range y {
		acc := 0.0
		for k, f := range filter {
			if j := 2*i + k - taps; j >= 0 && j < len(x) {
				acc += f * x[j]
			}
		}
		y[i] = acc / sum
	}
	return y
}

func sinc(t float64) float64 {
	if t == 0 {
		return 1
	}
	return math.Sin(math.Pi*t) / (math.Pi * t)
}

// sharpen lifts the upper part of the speech, so that a common pitch alone does
// not make two vowels alike.
func sharpen(x []float64) []float64 {
	y := make([]float64, len(x))
	last := 0.0
	for i, v := range x {
		y[i] = v - 0.9*last
		last = v
	}
	return y
}

// prepare brings sound to the form in which it is compared.
func prepare(pcm []int16) []float64 { return sharpen(decimate(toFloat(pcm))) }
