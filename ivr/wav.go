package ivr

import (
	"encoding/binary"
	"time"
)

// wavHead is the length of a WAV file's header as the switch writes it.
const wavHead = 44

// wavLength is a writer that keeps of a WAV file how long it plays.
type wavLength struct {
	head [wavHead]byte
	size int
}

// Write counts.
func (w *wavLength) Write(p []byte) (int, error) {
	if w.size < wavHead {
		copy(w.head[w.size:], p)
	}
	w.size += len(p)
	return len(p), nil
}

// duration is 0 for what is no WAV file.
func (w *wavLength) duration() time.Duration {
	rate := time.Duration(binary.LittleEndian.Uint32(w.head[28:])) // bytes a second
	if w.size <= wavHead || rate == 0 || string(w.head[:4]) != "RIFF" || string(w.head[8:12]) != "WAVE" {
		return 0
	}
	return time.Duration(w.size-wavHead) * time.Second / rate
}
