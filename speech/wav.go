package speech

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// The two rates in which every clip lies on disk, as Asterisk chooses between
// them by the ending of the file.
const (
	phoneRate = 8000
	wideRate  = 16000
	phoneExt  = ".wav"
	wideExt   = ".wav16"
)

const wavHeaderSize = 44

// errNotSound is what a file or an output is that cannot be played.
var errNotSound = errors.New("not a WAV file of 16-bit mono sound")

// encodeWAV writes 16-bit mono samples as a WAV file.
func encodeWAV(samples []int16, rate int) []byte {
	size := 2 * len(samples)
	out := make([]byte, 0, wavHeaderSize+size)
	le := binary.LittleEndian
	out = append(out, "RIFF"...)
	out = le.AppendUint32(out, uint32(36+size)) //nolint:gosec // a clip is bounded by maxSound
	out = append(out, "WAVEfmt "...)
	out = le.AppendUint32(out, 16)
	out = le.AppendUint16(out, 1)              // PCM
	out = le.AppendUint16(out, 1)              // mono
	out = le.AppendUint32(out, uint32(rate))   //nolint:gosec // 8000 or 16000
	out = le.AppendUint32(out, uint32(rate*2)) //nolint:gosec // 8000 or 16000
	out = le.AppendUint16(out, 2)
	out = le.AppendUint16(out, 16)
	out = append(out, "data"...)
	out = le.AppendUint32(out, uint32(size)) //nolint:gosec // a clip is bounded by maxSound
	for _, s := range samples {
		out = le.AppendUint16(out, uint16(s)) //nolint:gosec // two's complement is the format
	}
	return out
}

// wavInfo is what the header of a WAV file says.
type wavInfo struct {
	format, channels, bits uint16
	rate                   uint32
	dataAt, dataLen        int64
}

// readWAVInfo walks the chunks of a WAV file up to its data. DataLen is what
// the header claims, which need not be there.
func readWAVInfo(r io.ReaderAt) (wavInfo, error) {
	var info wavInfo
	var head [12]byte
	if _, err := r.ReadAt(head[:], 0); err != nil || string(head[:4]) != "RIFF" || string(head[8:]) != "WAVE" {
		return info, errNotSound
	}
	at := int64(12)
	for range 64 { // a file with more chunks before its sound is hostile
		var chunk [8]byte
		if _, err := r.ReadAt(chunk[:], at); err != nil {
			return info, errNotSound
		}
		size := int64(binary.LittleEndian.Uint32(chunk[4:]))
		at += 8
		switch string(chunk[:4]) {
		case "fmt ":
			if err := info.readFormat(r, at); err != nil {
				return info, err
			}
		case "data":
			info.dataAt, info.dataLen = at, size
			return info, nil
		}
		at += size + size%2
	}
	return info, errNotSound
}

func (w *wavInfo) readFormat(r io.ReaderAt, at int64) error {
	var f [16]byte
	if _, err := r.ReadAt(f[:], at); err != nil {
		return errNotSound
	}
	w.format = binary.LittleEndian.Uint16(f[0:])
	w.channels = binary.LittleEndian.Uint16(f[2:])
	w.rate = binary.LittleEndian.Uint32(f[4:])
	w.bits = binary.LittleEndian.Uint16(f[14:])
	return nil
}

// probe returns how many samples the file at path plays at the given rate. A
// file that Asterisk would not play, or would play only in part, is an error.
func probe(path string, rate uint32) (int, error) {
	f, err := os.Open(path) //nolint:gosec // the path is built from checked ids
	if err != nil {
		return 0, err
	}
	defer f.Close() //nolint:errcheck // only read
	st, err := f.Stat()
	if err != nil {
		return 0, err
	}
	info, err := readWAVInfo(f)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%s: %w", path, err)
	case info.format != 1 || info.channels != 1 || info.bits != 16 || info.rate != rate:
		return 0, fmt.Errorf("%s: %w at %d Hz: it has %d channels, %d bits, %d Hz",
			path, errNotSound, rate, info.channels, info.bits, info.rate)
	case info.dataLen == 0 || info.dataAt+info.dataLen > st.Size():
		return 0, fmt.Errorf("%s: %w: it is cut off", path, errNotSound)
	}
	return int(info.dataLen / 2), nil
}

// mendLength puts the true length into a WAV that was written to a pipe, whose
// writer could not know it. It refuses what is no WAV, and one without sound.
func mendLength(wav []byte) error {
	info, err := readWAVInfo(bytes.NewReader(wav))
	if err != nil {
		return err
	}
	there := int64(len(wav)) - info.dataAt
	if there <= 0 {
		return errNotSound
	}
	if info.dataLen > there || info.dataLen == 0 {
		binary.LittleEndian.PutUint32(wav[info.dataAt-4:], uint32(there)) //nolint:gosec // bounded by maxOutput
		binary.LittleEndian.PutUint32(wav[4:], uint32(len(wav)-8))        //nolint:gosec // bounded by maxOutput
	}
	return nil
}
