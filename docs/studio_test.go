package docs_test

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"

	"ikomek109/flows"
)

// record puts into the sandbox what a studio would send: the welcome, in both
// languages.
func (l *line) record(t *testing.T) {
	t.Helper()
	flow, findings := flows.Load(flows.Shipped, flows.ShippedName, flows.Known{})
	if flow == nil {
		t.Fatal(findings)
	}
	welcome, ok := flow.Phrase("welcome/text")
	if !ok {
		t.Fatal("the menu has no welcome")
	}
	if err := os.Mkdir(filepath.Join(l.dir, "studio"), 0o700); err != nil {
		t.Fatal(err)
	}
	for file, text := range map[string]string{
		"studio/kk-welcome-text.wav": welcome.Text.KK, "take-3.wav": welcome.Text.RU,
	} {
		sound := syllables(flows.SpokenFor(text).Seconds(), 44100)
		if err := os.WriteFile(filepath.Join(l.dir, file), sound, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// syllables is a WAV that sounds a little like speech: a low tone with overtones
// that swells and fades.
func syllables(seconds float64, rate int) []byte {
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
		s := 0.3 * wave * math.Abs(math.Sin(2.5*at))
		out = binary.LittleEndian.AppendUint16(out, uint16(int16(s*32767))) //nolint:gosec // two's complement is the format
	}
	return out
}
