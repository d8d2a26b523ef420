package ivrtest

import (
	"context"
	"encoding/binary"
	"io"
	"maps"
	"slices"
	"time"

	"ikomek109/ivr"
)

// tape is a recording, under way or stored.
type tape struct {
	id    ivr.RecordingID
	leg   ivr.ChannelID
	talk  ivr.BridgeID // of whom it is, when it is of a conversation
	begun time.Time
	spoke time.Duration // 0: until the end
	live  bool
	timer *time.Timer
	wav   []byte
}

// Speak sets for how long a caller speaks into a recording, from its beginning;
// one of whom nothing is said does not stop.
func (s *Switch) Speak(leg ivr.ChannelID, length time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.speech[leg] = length
}

// Record implements [ivr.Recordings].
func (s *Switch) Record(_ context.Context, t ivr.Taping) error {
	return s.command("record", t.Channel, func() error {
		if s.tapes[t.ID] != nil {
			return failure("record", ivr.Conflict, "there is a recording %s", t.ID)
		}
		one := &tape{id: t.ID, leg: t.Channel, begun: time.Now(), live: true}
		length := t.Max
		if spoke, ok := s.speech[t.Channel]; ok && t.Silence > 0 && spoke+t.Silence < t.Max {
			length, one.spoke = spoke+t.Silence, spoke
		}
		one.timer = time.AfterFunc(length, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.endTape(one)
		})
		s.tapes[t.ID] = one
		return nil
	})
}

// RecordBridge implements [ivr.Recordings].
func (s *Switch) RecordBridge(_ context.Context, id ivr.RecordingID, bridge ivr.BridgeID, most time.Duration) error {
	return s.command("record bridge", "", func() error {
		if s.tapes[id] != nil || s.bridges[bridge] == nil {
			return failure("record bridge", ivr.Conflict, "no conversation %s, or a recording %s", bridge, id)
		}
		one := &tape{id: id, talk: bridge, begun: time.Now(), live: true}
		one.timer = time.AfterFunc(most, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.endTape(one)
		})
		s.tapes[id] = one
		return nil
	})
}

// EndRecording implements [ivr.Recordings].
func (s *Switch) EndRecording(_ context.Context, id ivr.RecordingID) error {
	return s.command("end recording", "", func() error {
		if t := s.tapes[id]; t != nil {
			s.endTape(t)
		}
		return nil
	})
}

// FetchRecording implements [ivr.Recordings].
func (s *Switch) FetchRecording(_ context.Context, id ivr.RecordingID, to io.Writer) error {
	return s.command("fetch recording", "", func() error {
		t := s.tapes[id]
		if t == nil || t.live {
			return failure("fetch recording", ivr.NotFound, "no recording %s", id)
		}
		_, err := to.Write(t.wav)
		return err
	})
}

// EraseRecording implements [ivr.Recordings].
func (s *Switch) EraseRecording(_ context.Context, id ivr.RecordingID) error {
	return s.command("erase recording", "", func() error {
		if t := s.tapes[id]; t != nil {
			t.timer.Stop()
			delete(s.tapes, id)
		}
		return nil
	})
}

// ListRecordings implements [ivr.Recordings].
func (s *Switch) ListRecordings(context.Context) (ids []ivr.RecordingID, err error) {
	err = s.command("list recordings", "", func() error {
		ids = slices.Sorted(maps.Keys(s.tapes))
		return nil
	})
	return ids, err
}

// Tapes gives the recordings that the switch has.
func (s *Switch) Tapes() []ivr.RecordingID {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.tapes))
}

// endTapesOf ends what is recorded of a leg.
func (s *Switch) endTapesOf(leg ivr.ChannelID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.tapes {
		if t.leg == leg {
			s.endTape(t)
		}
	}
}

// endTape stores a recording and tells its leg. The caller holds mu.
func (s *Switch) endTape(t *tape) {
	if !t.live {
		return
	}
	t.live = false
	s.listen()
	t.timer.Stop()
	length := time.Since(t.begun)
	if t.spoke > 0 {
		length = min(length, t.spoke)
	}
	t.wav = WAV(length)
	if in := s.inboxes[t.leg]; in != nil {
		in.Put(ivr.RecordingEnded{Channel: t.leg, Recording: t.id, Length: length.Truncate(time.Second)})
	}
}

// WAV gives a sound file of a length, as a switch stores it.
func WAV(length time.Duration) []byte {
	const rate, head = 16000, 44 // bytes a second: 8 kHz of 16 bits
	wav := make([]byte, head+int(length.Seconds()*rate))
	copy(wav, "RIFF")
	copy(wav[8:], "WAVEfmt ")
	binary.LittleEndian.PutUint32(wav[28:], rate)
	return wav
}

var _ ivr.Recordings = (*Switch)(nil)
