package asterisk_test

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/phone"
)

// spoken is what a caller says, at 8 kHz.
func spoken(length time.Duration) []int16 {
	voice := make([]int16, int(length.Seconds()*8000))
	for i := range voice {
		voice[i] = int16(8000 * (i/8%2*2 - 1))
	}
	return voice
}

// lengthOf checks that a recording is a WAV file as promised, and how much of
// it is sound.
func lengthOf(t *testing.T, wav []byte) (length, sound time.Duration) {
	t.Helper()
	const head = 44
	if len(wav) < head || string(wav[:4]) != "RIFF" || string(wav[8:12]) != "WAVE" {
		t.Fatalf("%d bytes that are no WAV file", len(wav))
	}
	if rate, bits := binary.LittleEndian.Uint32(wav[24:]), binary.LittleEndian.Uint16(wav[34:]); rate != 8000 || bits != 16 {
		t.Errorf("%d Hz, %d bits", rate, bits)
	}
	loud := 0
	for at := head; at+1 < len(wav); at += 2 {
		if v := int16(binary.LittleEndian.Uint16(wav[at:])); v > 1000 || v < -1000 { //nolint:gosec // two bytes are a sample
			loud++
		}
	}
	const rate = 8000
	return time.Duration((len(wav)-head)/2) * time.Second / rate, time.Duration(loud) * time.Second / rate
}

// TestRecord has a caller leave messages that end in every way there is.
func TestRecord(t *testing.T) {
	r := newRig(t)
	d := newDesk()
	s := begin(t, r.options(), d)
	up(t, s)
	call := r.dial(phone.DialOptions{Record: true})
	a, in := d.arrived(t)
	fetch := func(id ivr.RecordingID) (length, sound time.Duration) {
		t.Helper()
		var wav bytes.Buffer
		if err := s.FetchRecording(t.Context(), id, &wav); err != nil {
			t.Fatal(err)
		}
		return lengthOf(t, wav.Bytes())
	}
	begun := func(id ivr.RecordingID, limit, silence time.Duration) {
		t.Helper()
		if err := s.Record(t.Context(), ivr.Taping{ID: id, Channel: a.Channel, Max: limit, Silence: silence}); err != nil {
			t.Fatal(err)
		}
	}
	ended := func(id ivr.RecordingID) ivr.RecordingEnded {
		t.Helper()
		got := next[ivr.RecordingEnded](t, in)
		if got.Recording != id || got.Channel != a.Channel || got.Failed {
			t.Errorf("got %+v", got)
		}
		return got
	}
	t.Run("ended by a key", func(t *testing.T) {
		begun("call-1", time.Minute, 0)
		if err := s.Record(t.Context(), ivr.Taping{ID: "call-1", Channel: a.Channel, Max: time.Minute}); ivr.CodeOf(err) != ivr.Conflict {
			t.Errorf("the same recording twice: %v", err)
		}
		if err := call.Say(t.Context(), spoken(2500*time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		if _, err := call.SendKey(t.Context(), '#', phone.RFC4733); err != nil {
			t.Fatal(err)
		}
		if key := next[ivr.KeyPressed](t, in); key.Key != '#' {
			t.Errorf("got %+v", key)
		}
		ended("call-1")
		if _, sound := fetch("call-1"); sound < 2*time.Second || sound > 3*time.Second {
			t.Errorf("it holds %s of sound", sound)
		}
	})
	t.Run("played back", func(t *testing.T) {
		began := time.Now()
		if err := s.Play(t.Context(), ivr.Play{ID: "back", Channel: a.Channel, Recording: "call-1", Length: 3 * time.Second}); err != nil {
			t.Fatal(err)
		}
		if _, err := call.WaitSound(t.Context(), began); err != nil {
			t.Fatal(err)
		}
		if got := next[ivr.PlayEnded](t, in); got.Failed {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("ended by silence", func(t *testing.T) {
		begun("call-2", time.Minute, 2*time.Second)
		if err := call.Say(t.Context(), spoken(time.Second)); err != nil {
			t.Fatal(err)
		}
		ended("call-2")
	})
	t.Run("ended by its longest length", func(t *testing.T) {
		begun("call-3", 3*time.Second, 0)
		ended("call-3")
		if length, _ := fetch("call-3"); length < 1500*time.Millisecond || length > 4500*time.Millisecond {
			t.Errorf("it lasts %s", length)
		}
	})
	t.Run("ended by us", func(t *testing.T) {
		begun("call-4", time.Minute, 0)
		if err := s.EndRecording(t.Context(), "call-4"); err != nil {
			t.Fatal(err)
		}
		ended("call-4")
		if err := s.EndRecording(t.Context(), "call-4"); err != nil {
			t.Errorf("ending what has ended: %v", err)
		}
	})
	t.Run("listed and erased", func(t *testing.T) {
		ids, err := s.ListRecordings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(ids)
		if want := []ivr.RecordingID{"call-1", "call-2", "call-3", "call-4"}; !slices.Equal(ids, want) {
			t.Errorf("it lists %v", ids)
		}
		for _, id := range append(ids, "call-1", "never-was") {
			if err := s.EraseRecording(t.Context(), id); err != nil {
				t.Error(err)
			}
		}
		if ids, err := s.ListRecordings(t.Context()); err != nil || len(ids) > 0 {
			t.Errorf("it lists %v, %v", ids, err)
		}
		if err := s.FetchRecording(t.Context(), "call-1", new(bytes.Buffer)); ivr.CodeOf(err) != ivr.NotFound {
			t.Errorf("fetching what is erased: %v", err)
		}
	})
	t.Run("the caller hangs up in the middle", func(t *testing.T) {
		begun("call-5", time.Minute, 0)
		if err := call.Say(t.Context(), spoken(3*time.Second)); err != nil {
			t.Fatal(err)
		}
		if err := call.Hangup(t.Context()); err != nil {
			t.Fatal(err)
		}
		ended("call-5")
		next[ivr.Gone](t, in)
		if _, sound := fetch("call-5"); sound < 2*time.Second {
			t.Errorf("it holds %s of sound", sound)
		}
	})
	t.Run("nobody is there", func(t *testing.T) {
		tries := 0
		eventually(t, 5*time.Second, "recording nobody is refused", func() bool { // the end is told a moment before
			tries++
			id := ivr.RecordingID("call-6-" + strconv.Itoa(tries))
			return ivr.CodeOf(s.Record(t.Context(), ivr.Taping{ID: id, Channel: a.Channel, Max: time.Second})) == ivr.NotFound
		})
	})
}

// TestRecordingNames lets no name leave the folder of recordings.
func TestRecordingNames(t *testing.T) {
	f := newFake(t)
	s := begin(t, f.options(), newDesk())
	up(t, s)
	for _, id := range []ivr.RecordingID{"", "../x", "a/b", "a.b", "a b", "a%2fb", "ә", ivr.RecordingID(bytes.Repeat([]byte{'a'}, 200))} {
		for _, err := range []error{
			s.Record(t.Context(), ivr.Taping{ID: id, Channel: "c1"}), s.EndRecording(t.Context(), id),
			s.EraseRecording(t.Context(), id), s.FetchRecording(t.Context(), id, new(bytes.Buffer)),
		} {
			if ivr.CodeOf(err) != ivr.Invalid {
				t.Errorf("%q became %v", id, err)
			}
		}
	}
	f.answer("GET /recordings/stored", say(200, `[{"name":"ikomek109-ok-1"},{"name":"ikomek109-../x"},{"name":"other-1"},{"name":"ikomek109"}]`))
	if ids, err := s.ListRecordings(t.Context()); err != nil || !slices.Equal(ids, []ivr.RecordingID{"ok-1"}) {
		t.Errorf("it lists %v, %v", ids, err)
	}
}

// TestRecordingWithoutEnd asks after a recording whose end was not told.
func TestRecordingWithoutEnd(t *testing.T) {
	for name, c := range map[string]struct {
		stored int
		failed bool
	}{"it is there": {200, false}, "it is not": {404, true}} {
		t.Run(name, func(t *testing.T) {
			tidy(t)
			f := newFake(t)
			o := f.options()
			o.Timing.Grace = 50 * time.Millisecond
			d := newDesk()
			s := begin(t, o, d)
			up(t, s)
			f.answer("GET /recordings/live/ikomek109-r", say(404, "{}"))
			f.answer("GET /recordings/stored/ikomek109-r", say(c.stored, `{"name":"ikomek109-r"}`))
			f.send(stasisStart("c1", "citizen"))
			_, in := d.arrived(t)
			if err := s.Record(t.Context(), ivr.Taping{ID: "r", Channel: "c1", Max: time.Second}); err != nil {
				t.Fatal(err)
			}
			if got := next[ivr.RecordingEnded](t, in); got.Failed != c.failed || got.Recording != "r" {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// TestRecordingEndedTooEarly ends a recording before its first sample: Asterisk
// says yes, and records on until it is told again.
func TestRecordingEndedTooEarly(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	s := begin(t, f.options(), d)
	up(t, s)
	const live, stop = "GET /recordings/live/ikomek109-r", "POST /recordings/live/ikomek109-r/stop"
	var stops atomic.Int32
	f.answer(stop, func(w http.ResponseWriter, r *http.Request) {
		if stops.Add(1) == 2 {
			f.answer(live, say(404, "{}"))
		}
		say(204, "")(w, r)
	})
	f.answer(live, say(200, `{"name":"ikomek109-r","state":"recording"}`))
	f.answer("GET /recordings/stored/ikomek109-r", say(200, `{"name":"ikomek109-r"}`))
	f.send(stasisStart("c1", "citizen"))
	_, in := d.arrived(t)
	if err := s.Record(t.Context(), ivr.Taping{ID: "r", Channel: "c1", Max: time.Minute}); err != nil {
		t.Fatal(err)
	}
	if err := s.EndRecording(t.Context(), "r"); err != nil {
		t.Fatal(err)
	}
	if got := next[ivr.RecordingEnded](t, in); got.Recording != "r" || got.Failed || stops.Load() != 2 {
		t.Errorf("got %+v after %d stops", got, stops.Load())
	}
}

// TestRecordingUncertain erases what may have begun to nobody's knowledge.
func TestRecordingUncertain(t *testing.T) {
	tidy(t)
	f := newFake(t)
	o := f.options()
	o.Timing.Request = time.Second
	d := newDesk()
	s := begin(t, o, d)
	up(t, s)
	f.answer("POST /channels/c1/record", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	err := s.Record(t.Context(), ivr.Taping{ID: "r", Channel: "c1", Max: time.Second})
	if ivr.CodeOf(err) != ivr.Unavailable {
		t.Errorf("got %v", err)
	}
	eventually(t, 5*time.Second, "it is erased", func() bool {
		return f.asked("DELETE /recordings/live/ikomek109-r") > 0 && f.asked("DELETE /recordings/stored/ikomek109-r") > 0
	})
	if n := f.asked("POST /channels/c1/record"); n != 1 {
		t.Errorf("it was sent %d times", n)
	}
}
