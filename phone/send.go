package phone

import (
	"context"
	"time"

	"github.com/pion/rtp"
)

// beat sends what is due: a key, else speech, else silence. The clock calls it.
func (l *line) beat(skipped, frames int) {
	if at, stopped := l.call.timeline.stopped(time.Now()); stopped {
		l.call.happened(at, EventSilence, "")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	if skipped > 0 {
		l.header.Timestamp += uint32(skipped) * frameSamples //nolint:gosec // wraps around by design of RTP
		l.mark = true
	}
	for range frames {
		l.frame()
		l.header.Timestamp += frameSamples
	}
}

// frame sends the packet of one frame. Called with the lock held.
func (l *line) frame() {
	if l.media.dir == inactive {
		return
	}
	if l.key == nil && l.pause == 0 && len(l.queue) > 0 {
		l.key, l.queue = l.queue[0], l.queue[1:]
		l.key.started = l.header.Timestamp
	}
	if l.key != nil {
		l.keyFrame()
		return
	}
	l.pause = max(0, l.pause-1)
	var room [frameSamples]int16
	pcm := room[:]
	if len(l.speech) > 0 {
		l.idle = 0
		l.speechFrame(pcm)
	} else if l.quiet {
		l.idle++
		if l.idle%quietBeat != 1 {
			l.mark = true
			return
		}
	}
	var body [frameSamples]byte
	l.write(l.media.codec.payload(), l.header.Timestamp, encode(body[:0], pcm, l.media.codec))
}

// speechFrame takes the next samples of what is to be said.
func (l *line) speechFrame(pcm []int16) {
	s := l.speech[0]
	n := copy(pcm, s.pcm)
	s.pcm = s.pcm[n:]
	if len(s.pcm) == 0 {
		close(s.done)
		l.speech = l.speech[1:]
	}
}

// write sends one packet. A failure is the network's: the next one may pass.
func (l *line) write(payload uint8, timestamp uint32, body []byte) {
	h := l.header
	h.PayloadType, h.Timestamp, h.Marker = payload, timestamp, l.mark
	l.mark = false
	l.header.SequenceNumber++
	packet := rtp.Packet{Header: h, Payload: body}
	n, err := packet.MarshalTo(l.buf[:])
	if err != nil {
		return
	}
	_, _ = l.conn.WriteToUDPAddrPort(l.buf[:n], l.media.addr)
}

// Say sends sound, 8 kHz samples, after what is already waiting to be said, and
// returns when the last of it was sent. Ending ctx takes the rest back.
func (c *Call) Say(ctx context.Context, pcm []int16) error {
	if _, _, err := c.live(); err != nil {
		return err
	}
	s := &speech{pcm: pcm, done: make(chan struct{})}
	if len(pcm) == 0 || !c.line.enqueue(s) {
		return nil
	}
	select {
	case <-s.done:
		return nil
	case <-c.done:
		return ErrEnded
	case <-ctx.Done():
		c.line.drop(s)
		return ctx.Err()
	}
}

// enqueue puts speech behind what is waiting; false when the line is closed.
func (l *line) enqueue(s *speech) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	l.speech = append(l.speech, s)
	return true
}

// drop takes back speech that is not wanted any more.
func (l *line) drop(s *speech) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, other := range l.speech {
		if other == s {
			l.speech = append(l.speech[:i:i], l.speech[i+1:]...)
			return
		}
	}
}
