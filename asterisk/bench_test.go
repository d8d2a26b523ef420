package asterisk_test

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/CyCoreSystems/ari/v5"

	"ikomek109/ivr"
)

// BenchmarkLibraryDecode is how the library reads an event, to set beside
// BenchmarkEvent, which is the whole way from the socket to the mailbox.
func BenchmarkLibraryDecode(b *testing.B) {
	message := []byte(event("ChannelDtmfReceived", "c1", `"digit":"1","duration_ms":100`))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ari.DecodeEvent(message); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEvent sends keys to one call. The time includes the sender's.
func BenchmarkEvent(b *testing.B) {
	f, d := newFake(b), newDesk()
	s := begin(b, f.options(), d)
	up(b, s)
	f.send(stasisStart("c1", "citizen"))
	_, box := d.arrived(b)
	message := event("ChannelDtmfReceived", "c1", `"digit":"1","duration_ms":100`)
	b.ReportAllocs()
	b.ResetTimer()
	sent := 0
	cpu := used(b, func() {
		for b.Loop() {
			f.send(message)
			sent++
		}
		for range sent {
			if _, err := take(b.Context(), box); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.ReportMetric(float64(cpu.Microseconds())/float64(sent), "cpu-µs/op")
}

// BenchmarkCommand gives commands to a real Asterisk and counts only this
// process's CPU.
func BenchmarkCommand(b *testing.B) {
	r := newRig(b)
	s := begin(b, r.options(), newDesk())
	up(b, s)
	for name, do := range map[string]func(i int) error{
		"refused": func(int) error { return s.Hangup(b.Context(), "nobody") },
		"bridge":  func(i int) error { return s.Part(b.Context(), ivr.BridgeID(fmt.Sprint("b", i))) },
		"play": func(int) error {
			err := s.Play(b.Context(), ivr.Play{ID: "p", Channel: "nobody", Sounds: []string{"/a"}, Length: time.Second})
			if ivr.CodeOf(err) == ivr.NotFound {
				return nil
			}
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			cpu := used(b, func() {
				for b.Loop() {
					n++
					if err := do(n); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.ReportMetric(float64(cpu.Microseconds())/float64(n), "cpu-µs/op")
		})
	}
}

// BenchmarkCommandsAtOnce is the same under load: many calls, each with its own
// goroutine, as in a busy hour.
func BenchmarkCommandsAtOnce(b *testing.B) {
	r := newRig(b)
	s := begin(b, r.options(), newDesk())
	up(b, s)
	b.SetParallelism(16)
	b.ReportAllocs()
	b.ResetTimer()
	cpu := used(b, func() {
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if err := s.Part(b.Context(), "none"); err != nil {
					b.Error(err)
				}
			}
		})
	})
	b.ReportMetric(float64(cpu.Microseconds())/float64(b.N), "cpu-µs/op")
}

// used gives the CPU time this process spent on something.
func used(b *testing.B, do func()) time.Duration {
	b.Helper()
	before := spent(b)
	do()
	return spent(b) - before
}

func spent(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
