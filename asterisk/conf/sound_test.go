package conf_test

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// beep writes half a second of a tone as 8 kHz WAV, and gives its path the way
// Asterisk wants it, without extension.
func beep(t *testing.T, dir, name string, hertz float64) string {
	t.Helper()
	const rate, samples = 8000, 4000
	raw := []byte("RIFF....WAVEfmt ")
	raw = binary.LittleEndian.AppendUint32(raw, 16)
	for _, v := range []uint16{1, 1} {
		raw = binary.LittleEndian.AppendUint16(raw, v)
	}
	raw = binary.LittleEndian.AppendUint32(raw, rate)
	raw = binary.LittleEndian.AppendUint32(raw, rate*2)
	raw = binary.LittleEndian.AppendUint16(raw, 2)
	raw = binary.LittleEndian.AppendUint16(raw, 16)
	raw = append(raw, "data"...)
	raw = binary.LittleEndian.AppendUint32(raw, samples*2)
	for i := range samples {
		v := 12000 * math.Sin(2*math.Pi*hertz*float64(i)/rate)
		raw = binary.LittleEndian.AppendUint16(raw, uint16(int16(v))) //nolint:gosec // two's complement is meant
	}
	binary.LittleEndian.PutUint32(raw[4:], uint32(len(raw)-8)) //nolint:gosec // some kilobytes
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path+".wav", raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
