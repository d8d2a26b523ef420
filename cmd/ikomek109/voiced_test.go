package main

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// voiced is "voiced FILE SECONDS RATE [LOUDNESS]": writes a WAV that sounds a
// little like speech. Above a loudness of 1 its tops are cut off.
func voiced(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: voiced FILE SECONDS RATE [LOUDNESS]")
	}
	numbers := []float64{0, 0, 0.3}
	for i, text := range args[1:] {
		n, err := strconv.ParseFloat(text, 64)
		ts.Check(err)
		numbers[i] = n
	}
	path := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o700))
	ts.Check(os.WriteFile(path, syllables(numbers[0], int(numbers[1]), numbers[2]), 0o600))
}

// syllables is a low tone with overtones that swells and fades.
func syllables(seconds float64, rate int, loudness float64) []byte {
	size := 2 * int(seconds*float64(rate))
	out := append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(36+size))...) //nolint:gosec // a short sound
	out = append(out, "WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00"...)
	for _, n := range []int{rate, 2 * rate} {
		out = binary.LittleEndian.AppendUint32(out, uint32(n)) //nolint:gosec // a sampling rate
	}
	out = append(append(out, 2, 0, 16, 0), "data"...)
	out = binary.LittleEndian.AppendUint32(out, uint32(size)) //nolint:gosec // a short sound
	for i := range size / 2 {
		at := 2 * math.Pi * float64(i) / float64(rate)
		wave := (math.Sin(180*at) + 0.5*math.Sin(540*at+1) + 0.3*math.Sin(1260*at+2)) / 1.8
		s := max(-1, min(1, loudness*wave*math.Abs(math.Sin(2.5*at))))
		out = binary.LittleEndian.AppendUint16(out, uint16(int16(s*32767))) //nolint:gosec // two's complement is the format
	}
	return out
}
